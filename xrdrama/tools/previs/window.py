"""A previsualisation in a window: it plays in real time, or as fast as this machine draws."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace

from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.picture_window import PictureInWindow
from xrdrama.adapters.panda.window import ViewerWindow
from xrdrama.errors import DeviceError
from xrdrama.show.ports import Stop
from xrdrama.timing import NS
from xrdrama.tools.previs.drawing import Drawing
from xrdrama.tools.previs.keys import STEP_S, Action, keys_of, keys_text, next_lens, pressed
from xrdrama.tools.previs.live import open_live
from xrdrama.tools.previs.opening import Wanted, open_previs
from xrdrama.viewers.keys import Help
from xrdrama.wire.frame import Frame

WITH_CARD: Final = (1280, 720)
WITHOUT_CARD: Final = (960, 540)
"""Pixels of the picture without a graphics card: it is drawn about twice as often."""
PERIOD_S: Final = 1 / 30
PAUSED_S: Final = 1 / 10
"""Seconds between two pictures while it is paused."""


class Shown(msgspec.Struct, frozen=True):
    """What was shown in the window until it was closed."""

    show: str
    camera: str
    """The last one."""
    frames: int
    """Pictures that were drawn."""
    skipped: int
    """Frames of the show that were not drawn, because drawing takes longer."""
    layers: dict[str, bool]
    """As they were at the end."""
    notices: tuple[str, ...]
    live_fault: str = ""
    simulated: bool = True


def show_previs(
    wanted: Wanted, stop: Stop, *, draft: bool, on_notice: Callable[[str], None]
) -> Shown:
    """Show a previsualisation in a window until it is closed or `stop` is set.

    Raises as `open_previs` and `open_live`, and DeviceError without a display.
    """
    previs = open_previs(wanted)
    live = open_live(wanted.live) if wanted.live else None
    graphics = open_graphics(WITH_CARD)
    try:
        size = wanted.size or (WITH_CARD if graphics.has_card else WITHOUT_CARD)
        window = ViewerWindow(graphics)
        window.title(f"{previs.production.id}: previsualisation, simulated")
        window.unfold(*size)
        picture = PictureInWindow(graphics, window)
        window.overlay.say("loading the sets")
        window.draw()
        sized = replace(previs, wanted=replace(wanted, size=size))
        drawing = Drawing(sized, wanted.layers, live, draft=draft, graphics=graphics)
        viewer = _Viewer(window, picture, drawing)
        for notice in (*previs.notices, keys_text(len(previs.stage.cameras))):
            on_notice(notice)
        while not stop.is_set() and viewer.turned():
            stop.wait(viewer.rest_s)
        return viewer.shown()
    finally:
        graphics.close()
        if live is not None:
            live.close()


class _Viewer:
    def __init__(self, window: ViewerWindow, picture: PictureInWindow, drawing: Drawing) -> None:
        self._window, self._picture, self._drawing = window, picture, drawing
        self._help = Help()
        self._clock = 0.0
        """Seconds of the show."""
        self._then = time.monotonic()
        self._frame: Frame = drawing.playback.step()
        self.paused = False
        self._drawn = self._skipped = 0
        self._undrawn = 1
        """Frames that were computed since the last picture, on the way of the clock."""
        self._sought = False
        """The clock was set to another time since the last picture."""

    def turned(self) -> bool:
        """Handle keys and draw a picture; False once the window is closed."""
        try:
            if not self._window.closed:
                self._turn()
        except DeviceError:
            if not self._window.closed:
                raise
        return not self._window.closed

    @property
    def rest_s(self) -> float:
        """Seconds to wait until the next picture."""
        period = PAUSED_S if self.paused else PERIOD_S
        return max(0.001, period - (time.monotonic() - self._then))

    def _turn(self) -> None:
        touched = self._window.touched()
        now = time.monotonic()
        for key in touched.pressed:
            self._press(key)
        if not self.paused:
            self._clock += now - self._then
        self._then = now
        self._catch_up()
        picture, _ = self._drawing.draw(self._frame)
        self._drawn += 1
        self._skipped += max(0, self._undrawn - 1)
        self._undrawn, self._sought = 0, False
        overlay = self._window.overlay  # it is replaced when the window's size changes
        cameras = len(self._drawing.previs.stage.cameras)
        keys = keys_of(cameras) if self._help.is_shown(now) else ()
        plain = replace(self._frame, captions=(), choice=None)
        overlay.show(plain, {}, keys=keys)
        self._picture.show(picture)

    def _catch_up(self) -> None:
        """Compute the frames up to the clock; begin again after the last."""
        playback, rate = self._drawing.playback, self._drawing.production.rate
        if self._clock > self._drawing.previs.seconds:
            self._to(0.0)
        while playback.number <= rate.frame_at(round(self._clock * NS)):
            self._frame = playback.step()
            self._undrawn += not self._sought

    def _to(self, seconds: float) -> None:
        """Continue from a time of the show; picks that were made after it are undone."""
        drawing = self._drawing
        self._clock = min(max(0.0, seconds), drawing.previs.seconds)
        self._sought = True
        frame = drawing.production.rate.frame_at(round(self._clock * NS))
        if drawing.playback.number > frame:
            drawing.playback.restart(keep_until=frame if seconds > 0.0 else -1)
            if drawing.live is not None:
                drawing.live.restart()

    def _press(self, key: str) -> None:
        done = pressed(key)
        if done.layer:
            self._drawing.layers ^= {done.layer}
        elif done.number and self._frame.open_choice is not None:
            for option in self._frame.open_choice.options:
                if option.number == done.number:
                    self._drawing.playback.press(option.id)
        else:
            self._act(done.action)

    def _act(self, action: Action) -> None:
        drawing, window = self._drawing, self._window
        actions: dict[Action, Callable[[], object]] = {
            "pause": self._pause,
            "restart": lambda: self._to(0.0),
            "back": lambda: self._to(self._clock - STEP_S),
            "forward": lambda: self._to(self._clock + STEP_S),
            "camera": drawing.turn_to_next,
            "longer": lambda: drawing.set_lens(next_lens(drawing.chosen, longer=True)),
            "wider": lambda: drawing.set_lens(next_lens(drawing.chosen, longer=False)),
            "own_lens": lambda: drawing.set_lens(None),
            "help": lambda: self._help.toggle(self._then),
            "fullscreen": window.turn_fullscreen,
            "window": lambda: window.turn_fullscreen(False),
        }
        if action in actions:
            actions[action]()

    def _pause(self) -> None:
        self.paused = not self.paused

    def shown(self) -> Shown:
        """What was shown so far."""
        drawing = self._drawing
        return Shown(
            show=drawing.production.id,
            camera=drawing.camera,
            frames=self._drawn,
            skipped=self._skipped,
            layers=drawing.switched(),
            notices=drawing.previs.notices,
            live_fault=drawing.live.fault if drawing.live else "",
        )
