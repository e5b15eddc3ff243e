"""Inverse kinematics of the legs: feet stay where they stand, whatever the hips do.

Two bones and a knee that bends ahead have a closed solution (law of cosines). All vectors are in
the body's frame: X to its right, Y ahead, Z up, the origin on the floor below the hips.
"""

from __future__ import annotations

from math import cos, hypot, sin, sqrt
from typing import Final

import msgspec

from xrdrama.performer.model import LEGS_OF, Skeleton
from xrdrama.performer.performing import Root
from xrdrama.performer.pose import turned
from xrdrama.performer.walking import Foot
from xrdrama.spatial import FORWARD, UP, Quat, Vec3, from_axes

_STRETCHED: Final = 0.992
"""A leg is never longer than this share of its bones: a locked knee looks broken."""


class Planted(msgspec.Struct, frozen=True):
    """Where an ankle is wanted, and how the foot is turned."""

    ankle: Vec3
    turn: Quat


def planted(skeleton: Skeleton, side: str, foot: Foot, root: Root) -> Planted:
    """The ankle above a foot of a walk. In the air the heel leaves first and lands first."""
    joint = skeleton.bones[LEGS_OF[side][2]]
    toes = skeleton.bones.get(f"{side}Toes", joint + Vec3(0.0, 0.12, 0.0))
    dx, dy = foot.x - root.at.x, foot.y - root.at.y
    x = cos(root.pan) * dx + sin(root.pan) * dy
    y = -sin(root.pan) * dx + cos(root.pan) * dy
    pan = foot.pan - root.pan
    u = foot.step
    air = 4.0 * u * (1.0 - u) * min(1.0, foot.lifted / 0.05)
    tilt = air * (-0.55 * (1.0 - u) + 0.30 * u)
    ahead = max(0.05, toes.y - joint.y) + 0.06
    height = joint.z + foot.lifted + (ahead * -sin(tilt) if tilt < 0.0 else 0.06 * sin(tilt))
    return Planted(Vec3(x, y, height), turned(pan, tilt, 0.0))


def drop_of(skeleton: Skeleton, hips: Quat, lift: Vec3, feet: dict[str, Planted]) -> float:
    """How many metres the hips must sink so that both legs reach their ankles."""
    needed = 0.0
    for side, foot in feet.items():
        hip = _hip(skeleton, side, hips, lift)
        longest = _STRETCHED * sum(_lengths(skeleton, side))
        across = hypot(hip.x - foot.ankle.x, hip.y - foot.ankle.y)
        upright = sqrt(max(0.0, longest * longest - across * across))
        needed = max(needed, hip.z - foot.ankle.z - upright)
    return needed


def leg_turns(
    skeleton: Skeleton, side: str, hips: Quat, lift: Vec3, foot: Planted
) -> dict[str, Quat]:
    """The turns of upper leg, lower leg and foot that put the ankle where it is wanted."""
    upper, lower, end = LEGS_OF[side]
    hip = _hip(skeleton, side, hips, lift)
    thigh, shin = _lengths(skeleton, side)
    way = foot.ankle - hip
    length = min(max(way.length(), abs(thigh - shin) + 1e-4), thigh + shin - 1e-6)
    along = way.unit()
    pole = _across(foot.turn.rotate(FORWARD) * 0.65 + hips.rotate(FORWARD) * 0.35, along)
    x = (thigh * thigh - shin * shin + length * length) / (2.0 * length)
    knee = along * x + pole * sqrt(max(0.0, thigh * thigh - x * x))
    rest = skeleton.bones
    whole_upper = _aimed(rest[lower] - rest[upper], knee, pole)
    whole_lower = _aimed(rest[end] - rest[lower], along * length - knee, pole)
    return {
        upper: hips.conjugate() * whole_upper,
        lower: whole_upper.conjugate() * whole_lower,
        end: whole_lower.conjugate() * foot.turn,
    }


def _hip(skeleton: Skeleton, side: str, hips: Quat, lift: Vec3) -> Vec3:
    middle = skeleton.bones["hips"]
    return middle + lift + hips.rotate(skeleton.bones[LEGS_OF[side][0]] - middle)


def _lengths(skeleton: Skeleton, side: str) -> tuple[float, float]:
    upper, lower, end = LEGS_OF[side]
    return skeleton.between(upper, lower), skeleton.between(lower, end)


def _aimed(rest: Vec3, wanted: Vec3, pole: Vec3) -> Quat:
    """The turn that takes a bone at rest to a direction, its front to the pole."""
    return _frame(wanted, pole) * _frame(rest, FORWARD).conjugate()


def _frame(down: Vec3, front: Vec3) -> Quat:
    up = -down.unit()
    forward = _across(front, up)
    return from_axes(forward.cross(up), forward, up)


def _across(direction: Vec3, axis: Vec3) -> Vec3:
    """The part of a direction that is at right angles to an axis, of length 1."""
    part = direction - axis * direction.dot(axis)
    return part.unit() if part.length() > 1e-6 else UP.cross(axis).unit()
