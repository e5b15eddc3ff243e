"""A runtime that dies, one that is not there, a viewer who closes the window: the show
continues."""

from __future__ import annotations

import os
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.peers.monado.audience import SHOW, Performance
from tests.peers.monado.stand import Screen, Service, own_network
from xrdrama.show.take import read_take
from xrdrama.wire.events import DeviceFound, DeviceLost, Presented

pytestmark = pytest.mark.peer
FALL_BACK = 2.0


def test_a_service_that_is_killed_gives_way_to_a_window_on_the_same_beat(tmp_path: Path) -> None:
    with (
        own_network(),
        closing(Screen(tmp_path)) as screen,
        closing(Service(tmp_path)) as service,
        closing(
            Performance(tmp_path / "out", service.viewer_environment(screen), "vr", SHOW)
        ) as show,
    ):
        # By now the window that stands by is ready, too.
        before = show.wait(lambda frame: frame.number > 144, 90.0)
        service.kill()
        killed = time.monotonic()
        while screen.picture()[200:800, 400:1500].std() < 10.0:  # no street in it yet
            assert time.monotonic() < killed + 10.0
            time.sleep(0.02)  # the poll interval
        took = time.monotonic() - killed
        after = show.frame
        result = show.end()
    assert took < FALL_BACK, took
    assert after.beat == before.beat
    assert [change["to"] for change in result["viewer"]["changes"]] == ["window"]
    assert "OpenXR runtime was lost" in result["viewer"]["changes"][0]["reason"]
    take = read_take(Path(result["take"]).read_bytes())
    entries = [entry for entry in take.entries if not isinstance(entry.event, Presented)]
    kinds = [type(entry.event) for entry in entries]
    assert kinds == [DeviceLost, DeviceFound]
    seen = [entry for entry in take.entries if isinstance(entry.event, Presented)]
    again = next(entry for entry in seen if entry.at > entries[0].at)
    assert again.at - entries[0].at < FALL_BACK * 1e9
    numbers = [ticked.number for ticked in take.ticks]
    assert numbers == list(range(len(numbers)))  # the show has not missed a frame


def test_without_a_runtime_the_show_is_seen_in_a_window(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XR")}
    environment["XR_RUNTIME_JSON"] = str(tmp_path / "none.json")
    with closing(Screen(tmp_path)) as screen:
        environment["DISPLAY"] = screen.name
        arguments = ("vr", SHOW, "--seconds", "2")
        with closing(Performance(tmp_path / "out", environment, *arguments)) as show:
            result = show.result(90.0)
    assert result["viewer"]["on"] == "window" and result["viewer"]["report"]["presented"] > 0
    assert "no OpenXR runtime was found" in show.said.read_text("utf-8")


def test_without_a_runtime_or_a_screen_the_show_goes_on_and_says_so(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XR", "DISPLAY"))}
    environment["XR_RUNTIME_JSON"] = str(tmp_path / "none.json")
    arguments = ("vr", SHOW, "--seconds", "2")
    with closing(Performance(tmp_path / "out", environment, *arguments)) as show:
        result = show.result(90.0)
    assert result["frames"] == 48 and result["viewer"]["on"] == ""
    assert "no viewer is left" in show.said.read_text("utf-8")
