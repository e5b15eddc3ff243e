"""The channels of a performer: named joint angles, the same for a figure, a robot and a live face.

A channel is in radians; 0 everywhere is standing upright, arms hanging at the sides, palms to the
thighs, looking ahead. Signs are those of `xrdrama.spatial`: pan is positive to the performer's own
left, tilt up, roll clockwise seen from behind. `crouch` is a share of the length of the legs.
"""

from __future__ import annotations

from math import radians
from typing import Final

import msgspec


class Limit(msgspec.Struct, frozen=True):
    """What a channel can do: radians, radians per second, radians per second squared."""

    least: float
    most: float
    speed: float
    acceleration: float


def _limit(least: float, most: float, speed: float, acceleration: float) -> Limit:
    return Limit(radians(least), radians(most), radians(speed), radians(acceleration))


# Degrees. Ranges of motion of healthy adults, rounded (American Academy of Orthopaedic Surgeons,
# "Joint Motion: Method of Measuring and Recording"); speeds of unhurried movement on a stage.
_MIDDLE: Final = {
    "head_pan": _limit(-75, 75, 320, 2600),
    "head_tilt": _limit(-50, 45, 260, 2200),
    "head_roll": _limit(-40, 40, 240, 2000),
    "eyes_pan": _limit(-35, 35, 700, 20000),
    "eyes_tilt": _limit(-30, 25, 700, 20000),
    "spine_pan": _limit(-45, 45, 180, 1400),
    "spine_tilt": _limit(-85, 25, 160, 1200),
    "spine_roll": _limit(-35, 35, 160, 1200),
    "hips_pan": _limit(-40, 40, 180, 1400),
    "hips_tilt": _limit(-40, 20, 160, 1200),
    "hips_roll": _limit(-20, 20, 160, 1200),
}
_SIDE: Final = {
    "shrug": _limit(-10, 30, 200, 1800),
    "arm_swing": _limit(-55, 175, 420, 3600),
    "arm_raise": _limit(-25, 175, 420, 3600),
    "arm_twist": _limit(-90, 80, 480, 4200),
    "elbow": _limit(0, 148, 520, 4600),
    "wrist_bend": _limit(-70, 80, 520, 4600),
    "wrist_turn": _limit(-85, 90, 560, 5000),
    "thumb": _limit(0, 60, 500, 5000),
    "index": _limit(0, 95, 600, 6000),
    "fingers": _limit(0, 95, 600, 6000),
    "hip_swing": _limit(-25, 115, 360, 3200),
    "hip_raise": _limit(-25, 45, 300, 2600),
    "hip_twist": _limit(-40, 40, 300, 2600),
    "knee": _limit(0, 140, 460, 4200),
    "ankle": _limit(-45, 25, 400, 3800),
    "ankle_roll": _limit(-30, 30, 300, 2600),
}
_SIDES: Final = ("left", "right")

CROUCH: Final = "crouch"
LIMITS: Final[dict[str, Limit]] = {
    **_MIDDLE,
    **{f"{side}_{name}": limit for side in _SIDES for name, limit in _SIDE.items()},
    CROUCH: Limit(0.0, 0.45, 0.8, 6.0),
}
"""The limits of a person, by channel, in the order in which channels are listed everywhere."""
CHANNELS: Final = tuple(LIMITS)
LEGS: Final = frozenset(
    f"{side}_{name}"
    for side in _SIDES
    for name in ("hip_swing", "hip_raise", "hip_twist", "knee", "ankle", "ankle_roll")
)
"""Channels that a figure's inverse kinematics and a robot's own balance decide."""

# Turn the other way when a gesture is mirrored; what they name is in the middle of the body.
_FLIPPED: Final = ("_pan", "_roll")


def mirrored(channel: str) -> tuple[str, float]:
    """The channel on the other side of the body, and the sign of its value there."""
    for side, other in (("left_", "right_"), ("right_", "left_")):
        if channel.startswith(side):
            return other + channel.removeprefix(side), 1.0
    return channel, -1.0 if channel.endswith(_FLIPPED) else 1.0


def mirrored_shape(shape: str) -> str:
    """The ARKit shape on the other side of the face."""
    for side, other in (("Left", "Right"), ("Right", "Left")):
        if shape.endswith(side):
            return shape.removesuffix(side) + other
    return shape
