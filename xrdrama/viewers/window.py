"""Shows a show in a window, with mouse, keys and gamepads.

Drag to look around, arrows or WASD for small steps; 1 to 9, a click, or Tab and Enter to pick; L
for the languages, T for more time, F for the film camera's view, Home to return to the standpoint,
F11 for full screen and Esc to leave it, H or F1 for the list of keys.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from contextlib import nullcontext
from math import radians, tan
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.gamepads import Gamepads, PadInput
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.pictures import prepared, warm_up_words
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.adapters.panda.window import Area, Touched, ViewerWindow
from xrdrama.errors import UsageError
from xrdrama.processes.statuses import Report
from xrdrama.show.ports import Stop
from xrdrama.spatial import Pose
from xrdrama.viewers.choosing import Chooser
from xrdrama.viewers.following import SIGN, Follower
from xrdrama.viewers.keys import keys_of
from xrdrama.viewers.looking import UP_DOWN, Look, is_jump, moved
from xrdrama.viewers.programme import Programme
from xrdrama.viewers.sights import SightFile, Smoothed
from xrdrama.viewers.texts import Texts, style_of
from xrdrama.wire.frame import Frame, Projection

SIZE: Final = (1280, 720)
SMALL: Final = (960, 540)
"""Size without a graphics card: half as many pixels."""
FOLDED: Final = (160, 90)
PERIOD: Final = 1 / 60
MIRRORED: Final = 1 / 24
"""Seconds between two pictures of a presenter's window, which must not slow a headset."""
LAST: Final = 10
"""How much later than others a presenter's process is scheduled (nice)."""
STALE: Final = 1.0
"""Seconds without a pose after which a presenter's window says so."""
_AREA = re.compile(r"(-?[0-9]{1,5}),(-?[0-9]{1,5}),([0-9]{1,5}),([0-9]{1,5})")
RESIZES: Final = 4
"""Number of pictures after which a window has its requested size."""


class Opening(msgspec.Struct, frozen=True):
    """How a window opens: full screen on an area of the desktop, or as a presenter's window that
    mirrors the viewer who writes the file `mirrors`."""

    full: bool = False
    area: Area | None = None
    """The display to fill; None: the one where the window opens."""
    mirrors: Path | None = None


def opening_of(area: str, mirrors: Path | None) -> Opening:
    """How a window opens, from the options of its process: `area` is LEFT,TOP,WIDTH,HEIGHT, `on` or
    ""; UsageError for another."""
    found = _AREA.fullmatch(area)
    if area and area != "on" and not found:
        raise UsageError(f"--area {area!r} is not valid", "write LEFT,TOP,WIDTH,HEIGHT, or on")
    return Opening(bool(area), Area(*map(int, found.groups())) if found else None, mirrors)


def show_in_window(
    programme: Programme,
    follower: Follower,
    stop: Stop,
    called: Callable[[], bool] | None,
    on_report: Callable[[Report], None],
    opening: Opening = Opening(),  # noqa: B008 - a frozen value
) -> None:
    """Show a show in a window until `stop` is set or the window is closed; `on_report` is called at
    the end. DeviceError without a display.

    With `called` it is a small window until it is loaded and warmed up, then minimised on standby,
    until `called` returns True to open or False to end.
    """
    graphics = open_graphics(FOLDED if called else SMALL)
    mirror = SightFile(opening.mirrors) if opening.mirrors else None
    if mirror and hasattr(os, "nice"):
        os.nice(LAST)
    try:
        window = ViewerWindow(graphics)
        window.title(f"{programme.title}: presenter" if mirror else programme.title)
        figures = Figures(programme.figures, programme.performers, graphics, "draft")
        sets = Sets(
            graphics, programme.sets, "draft", programme.plates, fades=programme.fades,
            visiting=figures,
        )  # fmt: skip
        viewer = _Viewer(window, sets, programme, follower, mirror)
        if called:
            viewer.warm_up()  # not in the task bar, where nothing is drawn
            window.fold()
            if not called():
                return
        window.unfold(*(SIZE if graphics.has_card else SMALL))
        if opening.full:
            window.turn_fullscreen(True, opening.area)
        if not called:  # it opens in the middle of a show and must be quick
            viewer.warm_up()
        made = prepared(graphics)
        follower.begin()
        period = MIRRORED if mirror else PERIOD
        while not stop.is_set() and not window.closed:
            began = time.monotonic()
            viewer.turn()
            stop.wait(max(0.001, period - (time.monotonic() - began)))
        late = {name: count - made[name] for name, count in prepared(graphics).items()}
        counts = follower.presented, follower.unsaid
        late_plates = sets.plates_late()
        on_report(Report("window", *counts, drawn=viewer.drawn, late=late, plates_late=late_plates))
    finally:
        graphics.close()
        if mirror:
            mirror.close()


class _Viewer:
    def __init__(
        self,
        window: ViewerWindow,
        sets: Sets,
        programme: Programme,
        follower: Follower,
        mirror: SightFile | None,
    ) -> None:
        self._window, self._sets = window, sets
        self._programme, self._follower, self._mirror = programme, follower, mirror
        self._view = sets.add_view(window.target)
        self._look, self._smoothed = Look(), Smoothed()
        self._then = time.monotonic()
        self._pads = Gamepads() if mirror is None else None
        self._chooser = Chooser(programme.rule.scan / 1e9)
        self._texts = Texts(programme, follower, mirrors=mirror is not None)
        self._reduced = programme.rule.motion == "reduced"
        self.drawn = 0

    def warm_up(self) -> None:
        """Draw everything that the show can reach, behind the sign that it begins soon."""
        programme, window = self._programme, self._window
        for _ in range(RESIZES):  # until the window and its overlay have their final size
            window.draw()
        overlay = window.overlay
        overlay.hints, overlay.style = programme.hints, style_of(programme.rule)
        opening = self._texts.shown(programme.rehearsal.opening, "")
        overlay.show(opening, programme.names, keys=keys_of(opening))
        words = (self._texts.shown(frame, "") for frame in programme.rehearsal.words)
        for _ in warm_up_words(overlay, words, programme.names, window.draw):
            pass
        overlay.say(*SIGN)
        self._view.place(Pose(), Projection(-1.0, 1.0, -1.0, 1.0, 0.05, 300.0))
        for _ in self._sets.warm_up(programme.rehearsal.sets, lambda first: nullcontext()):
            window.draw()
        window.draw()

    def turn(self) -> None:
        """Handle the viewer's actions and draw one picture of the newest frame."""
        self._follower.check()
        touched, now = self._window.touched(), time.monotonic()
        pad = self._pads.read() if self._pads else PadInput()
        step, self._then = min(0.25, now - self._then), now
        if "f11" in touched.pressed:
            self._window.turn_fullscreen()
        if "escape" in touched.pressed:
            self._window.turn_fullscreen(False)
        frame = self._follower.frame
        self._texts.handle(frame, touched, pad, now)
        if frame is None:
            self._window.overlay.say(*SIGN)
            self._window.draw()
            return
        self._act(frame, touched, pad, step, now)
        trouble = self._place(frame, step, now)
        self._write(frame, touched, pad, trouble, now)
        self._window.draw()
        self.drawn += 1
        if self._mirror is None:
            self._follower.present(frame, (self._eye(frame, frame.scene),))

    def _act(self, frame: Frame, touched: Touched, pad: PadInput, step: float, now: float) -> None:
        """Look around and pick."""
        if self._mirror is not None:
            return
        before, chooses = self._look, frame.open_choice is not None
        self._look = moved(
            before, touched, step, self._window.size[1], pad,
            chooses=chooses, reduced=self._reduced,
        )  # fmt: skip
        if self._reduced:
            if is_jump(before, self._look, touched):
                self._texts.step(now)
            if "f" in touched.pressed:
                self._texts.note("no film camera: it moves, and motion is reduced", now)
        picked = self._chooser.turn(frame, touched, pad, self._aimed(touched), now)
        if picked:
            self._follower.pick(picked.option, picked.by)

    def _place(self, frame: Frame, step: float, now: float) -> str:
        """Place the view in the set, and update it; returns what is wrong with the picture."""
        width, height = self._window.size
        up = tan(radians(UP_DOWN) / 2)
        across = up * width / height
        projection = Projection(-across, across, -up, up, 0.05, 300.0)
        self._sets.update(frame, self._follower.seconds(frame))
        leaving = self._eye(frame, frame.fade.scene) if frame.fade else None
        trouble, pose = "", self._eye(frame, frame.scene)
        if self._mirror is not None:
            sight = self._mirror.read()
            if sight is None or now - sight.at > STALE:
                trouble = "no picture from the viewer"
            if sight is not None and sight.scene == frame.scene:
                pose = self._smoothed.follow(sight, step)
        self._view.place(pose, projection, leaving=leaving)
        return trouble

    def _write(
        self, frame: Frame, touched: Touched, pad: PadInput, trouble: str, now: float
    ) -> None:
        """The texts over the picture."""
        overlay = self._window.overlay  # it is replaced when the window's size changes
        overlay.joins = True
        overlay.hints, overlay.style = self._programme.hints, style_of(self._programme.rule)
        gamepad = bool(self._pads and self._pads.names)
        keys = self._texts.keys(frame, touched, pad, now, gamepad=gamepad)
        if frame.panic and not keys:
            overlay.say(*SIGN)
            return
        shown = self._texts.shown(frame, self._chooser.option if frame.open_choice else "")
        notes = self._texts.notes(frame, now, trouble)
        overlay.show(shown, self._programme.names, keys=keys, notes=notes)

    def _eye(self, frame: Frame, scene: str) -> Pose:
        """The pose of the eye in a set of the frame."""
        if self._look.films:
            inner = next((view.pose for view in frame.views if view.target == "inner"), None)
            if inner is not None:
                return inner
        return self._look.pose(self._programme.standpoints[scene])

    def _aimed(self, touched: Touched) -> str:
        """The option whose card is under the mouse in the last picture, or ""."""
        if touched.mouse is None:
            return ""
        x, y = touched.mouse
        for option, (left, bottom, right, top) in self._window.overlay.cards.items():
            if left <= x <= right and bottom <= y <= top:
                return option
        return ""
