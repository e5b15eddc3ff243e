"""Where a viewer of a window looks: by mouse, keys and gamepads, and with reduced motion."""

from __future__ import annotations

from math import hypot
from typing import Final

import msgspec

from xrdrama.adapters.panda.gamepads import PadInput
from xrdrama.adapters.panda.window import Touched
from xrdrama.spatial import Pose, Quat, Vec3

UP_DOWN: Final = 50.0
"""Vertical field of view in degrees."""
STEEPEST: Final = 80.0
PACE: Final = 1.2
"""Metres per second."""
ROOM: Final = 1.5
"""Greatest distance from the standpoint in metres: sets are built to be seen from there."""
TURN: Final = 75.0
"""Degrees per second of a gamepad's stick at its end, and of its shoulder buttons."""
SNAP, STRIDE = 30.0, 0.4
"""Degrees and metres of a step with reduced motion."""
_STEPS: Final = {
    "w": (0.0, 1.0), "arrow_up": (0.0, 1.0),
    "s": (0.0, -1.0), "arrow_down": (0.0, -1.0),
    "a": (-1.0, 0.0), "arrow_left": (-1.0, 0.0),
    "d": (1.0, 0.0), "arrow_right": (1.0, 0.0),
}  # fmt: skip
_SHOULDERS: Final = {"lshoulder": 1.0, "rshoulder": -1.0}
_NO_PAD: Final = PadInput()


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


def moved(
    look: Look,
    touched: Touched,
    seconds: float,
    height: int,
    pad: PadInput = _NO_PAD,
    *,
    chooses: bool = False,
    reduced: bool = False,
) -> Look:
    """The look after mouse, keys and gamepads; a drag over the window's height turns by its field
    of view.

    While a viewer `chooses`, arrows and the left stick do not step. With `reduced` motion each
    press is one step or turn, and there is no view of the film camera, which moves by itself.
    """
    if ("f" in touched.pressed or "face_x" in pad.pressed) and not reduced:
        return msgspec.structs.replace(look, films=not look.films)
    if "home" in touched.pressed or "rstick" in pad.pressed:
        return Look()
    scale = UP_DOWN / height
    # The picture follows the mouse: a drag to the right turns the view to the left.
    pan = look.pan + touched.dragged[0] * scale
    tilt = look.tilt - touched.dragged[1] * scale
    if reduced:
        pan += SNAP * sum(_SHOULDERS.get(name, 0.0) for name in pad.pressed)
        steps = [_STEPS[key] for key in _stepping(touched.pressed, chooses=chooses)]
        far = STRIDE
    else:
        pan += TURN * seconds * (_shoulders(pad) - pad.turn[0])
        tilt += TURN * seconds * pad.turn[1]
        steps = [_STEPS[key] for key in _stepping(touched.held, chooses=chooses)]
        steps += [] if chooses else [pad.step]
        far = PACE * seconds
    turn = Quat.from_angles(pan=pan)
    way = turn.rotate(Vec3(sum(s[0] for s in steps), sum(s[1] for s in steps), 0.0))
    x, y = look.x + way.x * far, look.y + way.y * far
    beyond = hypot(x, y) / ROOM
    if beyond > 1.0:
        x, y = x / beyond, y / beyond
    return Look(pan, max(-STEEPEST, min(STEEPEST, tilt)), x, y, look.films and not reduced)


def is_jump(before: Look, after: Look, touched: Touched) -> bool:
    """True when the view changed by more than the mouse dragged it: it is faded in."""
    stood = (before.x, before.y) == (after.x, after.y)
    return not stood or (before.pan != after.pan and touched.dragged == (0.0, 0.0))


def _stepping(keys: tuple[str, ...] | frozenset[str], *, chooses: bool) -> list[str]:
    return [k for k in keys if k in _STEPS and not (chooses and k.startswith("arrow"))]


def _shoulders(pad: PadInput) -> float:
    return sum(_SHOULDERS.get(name, 0.0) for name in pad.held)
