"""A runtime that hangs without dying and comes back: the show continues in window or headset."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.peers.monado.audience import SHOW, Performance
from tests.peers.monado.stand import Screen, Service, own_network
from tests.waiting import stays_false, wait_until
from xrdrama.adapters.openxr.watchdog import CALL_TIMEOUT_S
from xrdrama.processes.viewers import FOUND
from xrdrama.show.take import Take, read_take
from xrdrama.timing import NS
from xrdrama.wire.events import DeviceFound, DeviceLost, Presented

pytestmark = pytest.mark.peer


def run(
    folder: Path, happens: Callable[[Performance, Service, Screen], None]
) -> tuple[dict[str, Any], Take, str]:
    """A show with a headset, in which something happens: its result, its take, what it said."""
    with (
        own_network(),
        closing(Screen(folder)) as screen,
        closing(Service(folder)) as service,
        closing(
            Performance(folder / "out", service.viewer_environment(screen), "vr", SHOW)
        ) as show,
    ):
        # By now the window that stands by is ready, too.
        show.wait(lambda frame: frame.number > 144, 90.0)
        happens(show, service, screen)
        result = show.end()
    take = read_take(Path(result["take"]).read_bytes())
    numbers = [ticked.number for ticked in take.ticks]
    assert numbers == list(range(len(numbers)))  # the show has not missed a frame
    return result, take, show.said.read_text("utf-8")


def has_street(screen: Screen) -> bool:
    """Whether the street can be seen in a window."""
    return bool(screen.picture()[200:800, 400:1500].std() >= 10.0)


def wait_for_window(screen: Screen, timeout_s: float) -> float:
    """Seconds until there is a street in the window."""
    began = time.monotonic()
    while not has_street(screen):
        assert time.monotonic() < began + timeout_s, "no window"
        time.sleep(0.02)  # the poll interval
    return time.monotonic() - began


def kinds(take: Take) -> list[type]:
    """What happened to devices, in order."""
    events = [entry.event for entry in take.entries]
    return [type(event) for event in events if not isinstance(event, Presented)]


def eyes(take: Take, count: int) -> list[int]:
    """When frames were shown to so many eyes, in nanoseconds of the show."""
    seen = [(entry.at, entry.event) for entry in take.entries]
    return [at for at, e in seen if isinstance(e, Presented) and len(e.poses) == count]


def test_a_service_that_hangs_gives_way_to_a_window_and_comes_back(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    def happens(show: Performance, service: Service, screen: Screen) -> None:
        before = show.frame
        service.stop()  # in the middle of a frame, most likely: it waits for the next
        took = wait_for_window(screen, 20.0)
        record_property("seconds until the window", round(took, 2))
        assert show.frame is not None and before is not None and show.frame.beat == before.beat
        # The watchdog counts its own steps, which a busy machine makes longer.
        assert CALL_TIMEOUT_S <= took < 4 * CALL_TIMEOUT_S, took
        time.sleep(1.0)  # it hangs for a while longer
        service.go_on()
        began = time.monotonic()
        wait_until(lambda: FOUND in show.said.read_text("utf-8"), 60.0, "the headset again")
        record_property("seconds until the headset", round(time.monotonic() - began, 2))
        show.wait_until_shown_to(2)
        assert service.runs

    result, take, said = run(tmp_path, happens)
    changes = result["viewer"]["changes"]
    assert [change["to"] for change in changes] == ["window", "headset"]
    assert "has not answered for 3 s: restart the runtime" in changes[0]["reason"]
    assert "returns to the headset when it is available again" in said
    assert result["viewer"]["on"] == "headset"
    assert kinds(take) == [DeviceLost, DeviceFound, DeviceFound]
    both, one = eyes(take, 2), eyes(take, 1)
    assert both[0] < one[0] < one[-1] < both[-1]  # headset, window, headset


def test_a_service_that_stumbles_keeps_its_headset(tmp_path: Path) -> None:
    """The control: a runtime that hangs for less than the timeout is not lost."""

    def happens(show: Performance, service: Service, screen: Screen) -> None:
        service.stop()
        time.sleep(CALL_TIMEOUT_S * 0.5)  # hangs for less than it may
        service.go_on()
        stays_false(lambda: has_street(screen), CALL_TIMEOUT_S + 1.0, "a window", every=0.1)

    result, take, _ = run(tmp_path, happens)
    assert result["viewer"]["changes"] == [] and result["viewer"]["on"] == "headset"
    assert kinds(take) == []
    both = eyes(take, 2)
    gap, over = max((later - sooner, later) for sooner, later in pairwise(both))
    assert gap > NS
    assert len([at for at in both if at > over]) > 3


def test_a_service_that_was_started_again_gets_the_show_back(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    def happens(show: Performance, service: Service, screen: Screen) -> None:
        service.kill()
        wait_for_window(screen, 10.0)
        service.start()
        began = time.monotonic()
        wait_until(lambda: FOUND in show.said.read_text("utf-8"), 60.0, "the headset again")
        record_property("seconds until the headset", round(time.monotonic() - began, 2))
        time.sleep(3.0)  # until a window is on standby again, which nobody says
        service.kill()  # and a second time: a window stands by again
        wait_for_window(screen, 10.0)
        show.wait_until_seen(2)

    result, take, _ = run(tmp_path, happens)
    changes = result["viewer"]["changes"]
    assert [change["to"] for change in changes] == ["window", "headset", "window"]
    both, one = eyes(take, 2), eyes(take, 1)
    assert both[0] < one[0] < both[-1] < one[-1]
