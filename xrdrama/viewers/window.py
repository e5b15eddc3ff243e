"""Shows a show in a window, with mouse and keys.

Drag to look around, arrows or WASD for small steps, 1 to 9 or a click to pick, F for the film
camera's view, Home to return to the standpoint, F11 for full screen and Esc to leave it, H for the
list of keys.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from math import hypot, radians, tan
from typing import Final

import msgspec

from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.pictures import prepared, warm_up_words
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.adapters.panda.window import Touched, ViewerWindow
from xrdrama.processes.statuses import Report
from xrdrama.show.ports import Stop
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.viewers.following import SIGN, Follower, aimed_at, say
from xrdrama.viewers.keys import HELP, Help, keys_of, keys_text
from xrdrama.viewers.programme import Programme
from xrdrama.wire.frame import Frame, Projection

SIZE: Final = (1280, 720)
SMALL: Final = (960, 540)
"""Size without a graphics card: half as many pixels."""
FOLDED: Final = (160, 90)
UP_DOWN: Final = 50.0
"""Vertical field of view in degrees."""
STEEPEST: Final = 80.0
PACE: Final = 1.2
"""Metres per second."""
ROOM: Final = 1.5
"""Greatest distance from the standpoint in metres: sets are built to be seen from there."""
PERIOD: Final = 1 / 60
RESIZES: Final = 4
"""Number of pictures after which a window has its requested size."""
_STEPS: Final = {
    "w": (0.0, 1.0), "arrow_up": (0.0, 1.0),
    "s": (0.0, -1.0), "arrow_down": (0.0, -1.0),
    "a": (-1.0, 0.0), "arrow_left": (-1.0, 0.0),
    "d": (1.0, 0.0), "arrow_right": (1.0, 0.0),
}  # fmt: skip


class Look(msgspec.Struct, frozen=True):
    """A viewer's view: degrees to the left and up, metres from the standpoint."""

    pan: float = 0.0
    tilt: float = 0.0
    x: float = 0.0
    y: float = 0.0
    films: bool = False
    """True for the film camera's view."""

    def pose(self, standpoint: Pose) -> Pose:
        """The pose of the eye."""
        turn = Quat.from_angles(pan=self.pan, tilt=self.tilt)
        return standpoint * Pose(Vec3(self.x, self.y, 0.0), turn)


def moved(look: Look, touched: Touched, seconds: float, height: int) -> Look:
    """The look after mouse and keys; a drag over the window's height turns by its field of view."""
    if "f" in touched.pressed:
        return msgspec.structs.replace(look, films=not look.films)
    if "home" in touched.pressed:
        return Look()
    scale = UP_DOWN / height
    # The picture follows the mouse: a drag to the right turns the view to the left.
    pan = look.pan + touched.dragged[0] * scale
    tilt = max(-STEEPEST, min(STEEPEST, look.tilt - touched.dragged[1] * scale))
    steps = [_STEPS[key] for key in touched.held if key in _STEPS]
    turn = Quat.from_angles(pan=pan)
    way = turn.rotate(Vec3(sum(s[0] for s in steps), sum(s[1] for s in steps), 0.0))
    x, y = look.x + way.x * PACE * seconds, look.y + way.y * PACE * seconds
    far = hypot(x, y) / ROOM
    if far > 1.0:
        x, y = x / far, y / far
    return Look(pan, tilt, x, y, look.films)


def picked(frame: Frame, touched: Touched, aimed: str) -> tuple[str, str]:
    """The picked option and its trigger (`key` or `pointer`), or two empty strings."""
    if frame.open_choice is None:
        return "", ""
    for key in touched.pressed:
        for option in frame.open_choice.options:
            if key == str(option.number):
                return option.id, "key"
    return (aimed, "pointer") if touched.clicked and aimed else ("", "")


def show_in_window(
    programme: Programme,
    follower: Follower,
    stop: Stop,
    called: Callable[[], bool] | None,
    on_report: Callable[[Report], None],
) -> None:
    """Show a show in a window until `stop` is set or the window is closed; `on_report` is called at
    the end. DeviceError without a display.

    With `called` it is a small window until it is loaded and warmed up, then minimised on standby,
    until `called` returns True to open or False to end.
    """
    graphics = open_graphics(FOLDED if called else SMALL)
    try:
        window = ViewerWindow(graphics)
        window.title(programme.title)
        figures = Figures(programme.figures, programme.performers, graphics, "draft")
        sets = Sets(
            graphics, programme.sets, "draft", programme.plates, fades=programme.fades,
            visiting=figures,
        )  # fmt: skip
        viewer = _Viewer(window, sets, programme, follower)
        if called:
            viewer.warm_up()  # not in the task bar, where nothing is drawn
            window.fold()
            if not called():
                return
        window.unfold(*(SIZE if graphics.has_card else SMALL))
        if not called:  # it opens in the middle of a show and must be quick
            viewer.warm_up()
        made = prepared(graphics)
        follower.begin()
        while not stop.is_set() and not window.closed:
            began = time.monotonic()
            viewer.turn()
            stop.wait(max(0.001, PERIOD - (time.monotonic() - began)))
        late = {name: count - made[name] for name, count in prepared(graphics).items()}
        counts = follower.presented, follower.unsaid
        late_plates = sets.plates_late()
        on_report(Report("window", *counts, drawn=viewer.drawn, late=late, plates_late=late_plates))
    finally:
        graphics.close()


class _Viewer:
    def __init__(
        self, window: ViewerWindow, sets: Sets, programme: Programme, follower: Follower
    ) -> None:
        self._window, self._sets = window, sets
        self._programme, self._follower = programme, follower
        self._view = sets.add_view(window.target)
        self._look = Look()
        self._then = time.monotonic()
        self._help = Help()
        self._has_printed_keys = False
        self.drawn = 0

    def warm_up(self) -> None:
        """Draw everything that the show can reach, behind the sign that it begins soon."""
        programme, window = self._programme, self._window
        for _ in range(RESIZES):  # until the window and its overlay have their final size
            window.draw()
        overlay = window.overlay
        overlay.hints = programme.hints
        overlay.show(
            programme.rehearsal.opening,
            programme.names,
            keys=keys_of(programme.rehearsal.opening),
        )
        for _ in warm_up_words(overlay, programme.rehearsal.words, programme.names, window.draw):
            pass
        overlay.say(*SIGN)
        self._view.place(Pose(), Projection(-1.0, 1.0, -1.0, 1.0, 0.05, 300.0))
        for _ in self._sets.warm_up(programme.rehearsal.sets, lambda first: nullcontext()):
            window.draw()
        window.draw()

    def turn(self) -> None:
        """Handle the viewer's actions and draw one picture of the newest frame."""
        self._follower.check()
        touched = self._window.touched()
        now = time.monotonic()
        width, height = self._window.size
        self._look = moved(self._look, touched, min(0.25, now - self._then), height)
        self._then = now
        if "f11" in touched.pressed:
            self._window.turn_fullscreen()
        if "escape" in touched.pressed:
            self._window.turn_fullscreen(False)
        frame = self._follower.frame
        if frame is None:
            self._window.overlay.say(*SIGN)
            self._window.draw()
            return
        aimed = self._aimed(touched)
        option, by = picked(frame, touched, aimed)
        if option:
            self._follower.pick(option, by)
        pose = self._eye(frame, frame.scene)
        leaving = self._eye(frame, frame.fade.scene) if frame.fade else None
        up = tan(radians(UP_DOWN) / 2)
        across = up * width / height
        self._sets.update(frame, self._follower.seconds(frame))
        projection = Projection(-across, across, -up, up, 0.05, 300.0)
        self._view.place(pose, projection, leaving=leaving)
        overlay = self._window.overlay  # it is replaced when the window's size changes
        overlay.hints = self._programme.hints
        keys = keys_of(frame) if self._helps(frame, touched, now) else ()
        if frame.panic and not keys:
            overlay.say(*SIGN)
        else:
            overlay.show(aimed_at(frame, aimed), self._programme.names, keys=keys)
        self._window.draw()
        self.drawn += 1
        self._follower.present(frame, (pose,))

    def _helps(self, frame: Frame, touched: Touched, now: float) -> bool:
        """True when the keys are shown; when that starts, they are also printed at the terminal."""
        begins = not self._has_printed_keys
        if {HELP, "?", "shift-/"} & set(touched.pressed):
            begins = self._help.toggle(now) or begins
        if begins:
            self._has_printed_keys = True
            say(keys_text(frame))
        return self._help.is_shown(now)

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
