"""The shape of the K1 in capsules, for the simulated body and for keeping the arms clear.

Made from the robot's public size: 0.95 m, 19.5 kg. The parts between are ours. X forward, Y left,
Z up, metres, kilograms; each link is given in its parent's axes with all joints at zero, where the
arms are stretched out sideways.
"""

from __future__ import annotations

from typing import Final

import msgspec

Point = tuple[float, float, float]


class Link(msgspec.Struct, frozen=True):
    """A rigid part. It turns about `axis` at `at`, a point of its parent, by the joint `joint`.

    Its capsule goes from `start` to `end` in its own axes; a foot is a box of that extent.
    """

    name: str
    parent: str
    joint: str
    axis: Point
    at: Point
    start: Point
    end: Point
    radius: float
    mass: float
    is_box: bool = False


HIP_HEIGHT: Final = 0.437
"""The hips above the sole with straight legs."""
SHOULDER: Final[Point] = (0.0, 0.135, 0.285)
"""The left shoulder in the trunk's axes, whose origin is between the hips."""
UPPER_ARM: Final = 0.145
FOREARM: Final = 0.205
THIGH: Final = 0.19
SHIN: Final = 0.2
ANKLE: Final = 0.047
HIP: Final = 0.062
"""The hips to the side of the middle."""
TRUNK_RADIUS: Final = 0.08

_X, _Y, _Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
_NO: Final[Point] = (0.0, 0.0, 0.0)

TRUNK: Final = Link("trunk", "", "", _NO, _NO, (0.0, 0.0, 0.06), (0.0, 0.0, 0.25), 0.08, 6.9)
HEAD: Final = Link(
    "head", "neck", "Head_pitch", _Y, (0.0, 0.0, 0.05), (0.0, 0.0, 0.035), (0.0, 0.0, 0.055), 0.068,
    1.0,
)  # fmt: skip


def _arm(side: str, way: float) -> list[Link]:
    x, y, z = SHOULDER
    pitch = f"A{side}_Shoulder_Pitch"
    low = side.lower()
    return [
        Link(f"{low}_shoulder", "trunk", pitch, _Y, (x, way * y, z),
             (0.0, way * -0.02, 0.0), _NO, 0.034, 0.35),
        Link(f"{low}_collar", f"{low}_shoulder", f"{side}_Shoulder_Roll", _X, _NO,
             _NO, (0.0, way * 0.03, 0.0), 0.034, 0.25),
        Link(f"{low}_upper_arm", f"{low}_collar", f"{side}_Elbow_Pitch", _Y, _NO,
             (0.0, way * 0.03, 0.0), (0.0, way * UPPER_ARM, 0.0), 0.032, 0.45),
        Link(f"{low}_forearm", f"{low}_upper_arm", f"{side}_Elbow_Yaw", _Z,
             (0.0, way * UPPER_ARM, 0.0), _NO, (0.0, way * FOREARM, 0.0), 0.03, 0.45),
    ]  # fmt: skip


def _leg(side: str, way: float) -> list[Link]:
    low = side.lower()
    return [
        Link(f"{low}_hip", "trunk", f"{side}_Hip_Pitch", _Y, (0.0, way * HIP, 0.0),
             (0.0, way * -0.01, 0.0), _NO, 0.045, 0.5),
        Link(f"{low}_hip_roll", f"{low}_hip", f"{side}_Hip_Roll", _X, _NO,
             _NO, (0.0, 0.0, -0.02), 0.045, 0.4),
        Link(f"{low}_thigh", f"{low}_hip_roll", f"{side}_Hip_Yaw", _Z, _NO,
             (0.0, 0.0, -0.03), (0.0, 0.0, -THIGH), 0.048, 1.5),
        Link(f"{low}_shin", f"{low}_thigh", f"{side}_Knee_Pitch", _Y, (0.0, 0.0, -THIGH),
             (0.0, 0.0, -0.02), (0.0, 0.0, -SHIN), 0.038, 1.1),
        Link(f"{low}_ankle", f"{low}_shin", f"{side}_Ankle_Pitch", _Y, (0.0, 0.0, -SHIN),
             _NO, (0.0, 0.0, -0.01), 0.025, 0.15),
        Link(f"{low}_foot", f"{low}_ankle", f"{side}_Ankle_Roll", _X, _NO,
             (-0.07, -0.045, -ANKLE), (0.12, 0.045, -ANKLE + 0.025), 0.0, 0.55, is_box=True),
    ]  # fmt: skip


LINKS: Final[tuple[Link, ...]] = (
    TRUNK,
    Link("neck", "trunk", "AAHead_yaw", _Z, (0.0, 0.0, 0.34), _NO, (0.0, 0.0, 0.03), 0.03, 0.2),
    HEAD,
    *_arm("Left", 1.0),
    *_arm("Right", -1.0),
    *_leg("Left", 1.0),
    *_leg("Right", -1.0),
)
"""Every link, parents first, joints in the order of the robot's commands."""

HEIGHT: Final = HIP_HEIGHT + 0.34 + HEAD.at[2] + HEAD.end[2] + HEAD.radius
MASS: Final = sum(link.mass for link in LINKS)
