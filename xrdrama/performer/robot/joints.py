"""The joints of Booster Robotics' K1, and how channels of a performer move them.

Names, order and limits are those of the public description and SDK 1.6.3 (order of `LowCmd`). At
zero the robot stands with straight legs, and its arms are stretched out sideways; at zero our
channels have the arms hanging. Axes of the joints: X forward, Y left, Z up (ROS); pitch is about Y,
roll about X, yaw about Z.

A shoulder turns by pitch first, then by roll; the upper arm twists about its own axis ("elbow
pitch"), and "elbow yaw" bends the elbow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import pi
from typing import Final

import msgspec

from xrdrama.errors import DeviceError

USED_RANGE: Final = 0.9
"""The share of a joint's range that commands may use, about the middle of the range."""
USED_SPEED: Final = 0.75
"""The share of a joint's greatest speed that commands may use."""
ACCELERATION: Final = 16.0
"""The greatest acceleration of commands, rad/s^2. The public description names none; this is
ours."""
HANGING: Final = pi / 2


class Joint(msgspec.Struct, frozen=True):
    """A joint: range in radians, greatest torque in N m and speed in rad/s.

    Its angle is `sign` times the channel plus `offset`. A joint without a channel belongs to the
    robot's own controller, which balances.
    """

    index: int
    name: str
    low: float
    high: float
    torque: float
    speed: float
    channel: str = ""
    sign: float = 1.0
    offset: float = 0.0

    @property
    def least(self) -> float:
        """The least angle that is commanded."""
        return self._middle - USED_RANGE * (self.high - self.low) / 2

    @property
    def most(self) -> float:
        """The greatest angle that is commanded."""
        return self._middle + USED_RANGE * (self.high - self.low) / 2

    @property
    def _middle(self) -> float:
        return (self.low + self.high) / 2

    def angle(self, value: float) -> float:
        """The angle for a channel's value, radians; not limited."""
        return self.sign * value + self.offset

    def value(self, angle: float) -> float:
        """The channel's value at an angle: the inverse of `angle`."""
        return self.sign * (angle - self.offset)


_HEAD: Final = (
    ("AAHead_yaw", -1.0, 1.0, 6.0, 4.0, "head_pan", 1.0, 0.0),
    ("Head_pitch", -0.349, 0.855, 6.0, 4.0, "head_tilt", -1.0, 0.0),
)
_Row = tuple[str, float, float, float, float, str, float, float]
_ARM: Final[tuple[_Row, ...]] = (
    ("Shoulder_Pitch", -3.316, 1.22, 14.0, 5.0, "arm_swing", -1.0, 0.0),
    ("Shoulder_Roll", -1.74, 1.57, 14.0, 5.0, "arm_raise", 1.0, -HANGING),
    ("Elbow_Pitch", -2.27, 2.27, 14.0, 5.0, "arm_twist", 1.0, 0.0),
    ("Elbow_Yaw", -2.44, 0.0, 14.0, 5.0, "elbow", -1.0, 0.0),
)
_LEG: Final[tuple[_Row, ...]] = (
    ("Hip_Pitch", -3.0, 2.21, 30.0, 8.0, "", 1.0, 0.0),
    ("Hip_Roll", -0.4, 1.57, 35.0, 8.0, "", 1.0, 0.0),
    ("Hip_Yaw", -1.0, 1.0, 20.0, 8.0, "", 1.0, 0.0),
    ("Knee_Pitch", 0.0, 2.23, 40.0, 8.0, "", 1.0, 0.0),
    ("Ankle_Pitch", -0.87, 0.345, 20.0, 8.0, "", 1.0, 0.0),
    ("Ankle_Roll", -0.345, 0.345, 20.0, 8.0, "", 1.0, 0.0),
)


def _named(side: str, name: str) -> str:
    """The description writes an A before the first joint of each arm."""
    return f"A{side}_{name}" if name == "Shoulder_Pitch" else f"{side}_{name}"


def _side(side: str, rows: Iterable[_Row], first: int) -> list[Joint]:
    """The joints of one side: the right one is the left one in a mirror."""
    found = []
    for number, (name, *limits, torque, speed, channel, sign, offset) in enumerate(rows, first):
        low, high = limits
        flip = -1.0 if side == "Right" and ("Roll" in name or "Yaw" in name) else 1.0
        low, high = sorted((flip * low, flip * high))
        named = channel and f"{side.lower()}_{channel}"
        found.append(
            Joint(number, _named(side, name), low, high, torque, speed, named, flip * sign,
                  flip * offset)
        )  # fmt: skip
    return found


JOINTS: Final[tuple[Joint, ...]] = (
    *(Joint(number, *row) for number, row in enumerate(_HEAD)),
    *_side("Left", _ARM, 2),
    *_side("Right", _ARM, 6),
    *_side("Left", _LEG, 10),
    *_side("Right", _LEG, 16),
)
"""All 22 joints in the order of the robot's commands."""
DRIVEN: Final = tuple(joint for joint in JOINTS if joint.channel)
"""Head and arms: the joints that cues move. The robot's own controller has the legs."""
CHANNELS: Final = {joint.channel: joint for joint in DRIVEN}

STANDING: Final[Mapping[str, float]] = {
    **{f"{side}_Hip_Pitch": -0.25 for side in ("Left", "Right")},
    **{f"{side}_Knee_Pitch": 0.5 for side in ("Left", "Right")},
    **{f"{side}_Ankle_Pitch": -0.25 for side in ("Left", "Right")},
}
"""How it stands: slightly bent knees, radians; all other leg joints are at zero."""

Angles = tuple[float, ...]
"""Angles of `DRIVEN`, radians, in its order."""


def angles_of(channels: Mapping[str, float]) -> Angles:
    """The angles of the driven joints for a pose in channels, within the range that is used.

    Channels that are absent are 0; those without a joint are left out (`not_carried` names them).
    """
    return tuple([_limited(joint, channels.get(joint.channel, 0.0)) for joint in DRIVEN])


def _limited(joint: Joint, value: float) -> float:
    return min(joint.most, max(joint.least, joint.angle(value)))


def not_carried(channels: Iterable[str]) -> tuple[str, ...]:
    """The channels that this robot has no driven joint for, sorted."""
    return tuple(sorted(set(channels) - CHANNELS.keys()))


def check_joints(names: Iterable[str]) -> None:
    """DeviceError unless a body has exactly the joints of this table, in its order."""
    given, expected = list(names), [joint.name for joint in JOINTS]
    unknown = [name for name in given if name not in expected]
    missing = [name for name in expected if name not in given]
    if not unknown and not missing and given == expected:
        return
    faults = [f"unknown {', '.join(unknown)}"] if unknown else []
    faults += [f"missing {', '.join(missing)}"] if missing else []
    faults = faults or ["another order"]
    raise DeviceError(
        f"the body has {len(given)} joints that do not match a K1: {'; '.join(faults)}",
        "connect a K1 with 22 joints, ankles in SERIAL mode, and the SDK that belongs to it",
    )
