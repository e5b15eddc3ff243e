"""Which frames of a previsualisation in a window count as skipped, without a display."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from xrdrama.timing import FrameRate
from xrdrama.tools.previs import window
from xrdrama.tools.previs.opening import Previs, Wanted, open_previs
from xrdrama.tools.previs.playing import Playback


@pytest.fixture(scope="module")
def previs() -> Previs:
    return open_previs(Wanted("lantern_demo", seconds=20.0))


class Window:
    """A window that is never closed; the test presses its keys."""

    closed = False

    def __init__(self) -> None:
        self.keys: tuple[str, ...] = ()
        self.turn_fullscreen = None
        self.overlay = SimpleNamespace(show=lambda *_, **__: None)

    def touched(self) -> SimpleNamespace:
        keys, self.keys = self.keys, ()
        return SimpleNamespace(pressed=keys)


class Seen:
    """A viewer whose clock the test turns."""

    def __init__(self, previs: Previs, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(window.time, "monotonic", lambda: self.now)
        playback = Playback(previs.production, previs.samples, previs.latency.lag_ns)
        drawing: Any = SimpleNamespace(
            previs=previs, playback=playback, production=previs.production, live=None,
            camera=previs.camera, draw=lambda frame: (None, None), switched=dict,
            turn_to_next=None,
        )  # fmt: skip
        self.window: Any = Window()
        picture: Any = SimpleNamespace(show=lambda picture: None)
        self.viewer = window._Viewer(self.window, picture, drawing)

    def turn(self, seconds: float, *keys: str) -> None:
        self.now += seconds
        self.window.keys = keys
        assert self.viewer.turned()

    @property
    def counts(self) -> tuple[int, int]:
        shown = self.viewer.shown()
        return shown.frames, shown.skipped


def test_frames_that_are_drawn_twice_do_not_hide_skipped_ones(
    previs: Previs, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(previs, monkeypatch)
    assert previs.production.rate == FrameRate(24)
    seen.turn(0.0)
    for _ in range(10):
        seen.turn(0.001)  # the same frame again
    assert seen.counts == (11, 0)
    seen.turn(1.0)  # 24 frames later: one of them is drawn
    assert seen.counts == (12, 23)


def test_frames_on_the_way_to_another_time_are_not_skipped(
    previs: Previs, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(previs, monkeypatch)
    seen.turn(0.0)
    seen.turn(0.01, "arrow_right")
    assert seen.viewer._frame.number >= 24 and seen.counts == (2, 0)
    seen.turn(0.01, "arrow_left")
    assert seen.viewer._frame.number < 24 and seen.counts == (3, 0)
    short = Seen(replace(previs, seconds=1.0), monkeypatch)
    for _ in range(60):
        short.turn(1 / 30)
    assert short.counts[1] == 0, "it begins again after the end"
