"""The viewer's window on a real X screen: look, step, pick with a key and a click, close."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.peers.monado.audience import Performance, names
from tests.peers.monado.stand import Screen
from tests.peers.monado.typist import Typist
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.show.take import read_take
from xrdrama.viewers.window import SMALL
from xrdrama.wire.events import Presented, Pressed

pytestmark = pytest.mark.peer
TITLE = "One Lantern Too Many, from within"


class Watched:
    """A show that was watched in a window: what was done to it, and its take."""

    def __init__(self, folder: Path) -> None:
        with closing(Screen(folder)) as screen:
            environment = {**os.environ, "DISPLAY": screen.name}
            command = ("run", "lantern_headset", "--window")
            with closing(Performance(folder / "out", environment, *command)) as show:
                self._watch(screen, show)
        self.take = read_take(Path(self.result["take"]).read_bytes())

    def _watch(self, screen: Screen, show: Performance) -> None:
        show.wait_until_seen(timeout_s=180.0)
        typist = Typist(screen.name, TITLE)
        show.wait_until_seen(2)
        self.before = screen.picture()
        typist.drag((300, 200), (500, 260))
        show.wait_until_seen(2)
        self.turned = screen.picture()
        typist.key("w", 1.0)
        typist.key("space")
        first = show.wait(lambda frame: frame.choice is not None, 60.0)
        assert first.choice is not None
        show.wait_until_seen(2)
        typist.key("2")
        self.by_key = first.choice.options[1].id
        second = show.wait(
            lambda frame: frame.choice is not None and frame.beat != first.beat, 90.0
        )
        assert second.choice is not None
        show.wait_until_seen(2)
        overlay = Overlay(SMALL)
        overlay.show(msgspec.structs.replace(second, captions=()), names())
        self.by_click, (left, bottom, right, top) = next(iter(overlay.cards.items()))
        at = round((left + right) / 2), round(SMALL[1] - (bottom + top) / 2)
        typist.click(*at)
        show.wait(lambda frame: frame.beat != second.beat, 10.0)
        typist.close_window()
        self.result: dict[str, Any] = show.result()
        typist.leave()

    def events(self, kind: type) -> list[Any]:
        return [entry.event for entry in self.take.entries if isinstance(entry.event, kind)]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    return Watched(tmp_path_factory.mktemp("window"))


def test_a_key_and_a_click_pick(watched: Watched) -> None:
    pressed = [(press.source, press.option) for press in watched.events(Pressed)]
    assert pressed == [
        ("viewer.key", watched.by_key),
        ("viewer.pointer", watched.by_click),
    ]
    assert [pick["option"] for pick in watched.result["picks"]] == [one for _, one in pressed]


def test_a_drag_turns_the_view_and_a_key_steps(watched: Watched) -> None:
    poses = [event.poses[0] for event in watched.events(Presented)]
    start, end = poses[0], poses[-1]
    pan, tilt, roll = end.rotation.angles()
    degrees = 50.0 / SMALL[1]
    assert pan == pytest.approx(200 * degrees, abs=1.5)  # dragged to the right: looks to the left
    assert tilt == pytest.approx(60 * degrees, abs=1.5)
    assert roll == pytest.approx(0.0, abs=1e-3)
    step = end.position - start.position
    assert 0.2 < step.length() <= 1.5 and step.z == pytest.approx(0.0, abs=1e-6)
    assert end.rotation.conjugate().rotate(step).y > 0.0  # forwards
    changed = abs(watched.turned.astype(int) - watched.before.astype(int)).mean()
    assert changed > 1.0


def test_closing_the_window_ends_the_show_and_closes_its_take(watched: Watched) -> None:
    assert watched.take.closed is not None and not watched.take.torn
    assert watched.result["viewer"]["on"] == "window"
    assert watched.result["viewer"]["changes"] == []
    assert watched.result["ending"] == ""
