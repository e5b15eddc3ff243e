"""Keeps the arms clear of the body and of each other: margins by capsules.

An arm that would come nearer than `MARGIN` is raised to the side by as little as keeps it clear.
"""

from __future__ import annotations

from functools import lru_cache
from math import cos, sin, sqrt
from typing import Final, NamedTuple

from xrdrama.performer.robot.joints import DRIVEN, Angles
from xrdrama.performer.robot.shape import (
    FOREARM,
    HEAD,
    HIP,
    SHOULDER,
    THIGH,
    TRUNK,
    UPPER_ARM,
    Point,
)

MARGIN: Final = 0.015
"""Metres between the surfaces of two parts."""
_ARM_RADIUS: Final = 0.032
_ROLL: Final = 1
"""Of an arm's four joints, the one that raises it to the side."""
_ROLL_STEP: Final = 0.02
"""rad"""


class Capsule(NamedTuple):
    """A segment with a radius, in the trunk's axes."""

    start: Point
    end: Point
    radius: float


_HEAD_AT = TRUNK.at[2] + 0.34 + HEAD.at[2]
BODY: Final = (
    Capsule(TRUNK.start, TRUNK.end, TRUNK.radius),
    Capsule((0.0, 0.0, _HEAD_AT), (0.0, 0.0, _HEAD_AT + 0.055), HEAD.radius),
    Capsule((0.0, HIP, 0.0), (0.02, HIP + 0.005, -THIGH), 0.05),
    Capsule((0.0, -HIP, 0.0), (0.02, -HIP - 0.005, -THIGH), 0.05),
)
"""Trunk, head and thighs, as the robot stands."""


class Cleared(NamedTuple):
    """Targets with the arms kept clear."""

    angles: Angles
    changed: bool
    """Whether an arm had to be raised."""
    is_clear: bool
    """False where raising the arms as far as they go is not enough: do not go there."""


@lru_cache(maxsize=64)
def clear(targets: Angles) -> Cleared:
    """The targets with the arms kept clear of the body and of each other."""
    found = list(targets)
    ok = all([_away_from_body(found, 2, 1.0), _away_from_body(found, 6, -1.0), _apart(found)])
    angles = tuple(found)
    return Cleared(angles, angles != targets, ok)


def _away_from_body(found: list[float], first: int, way: float) -> bool:
    """Raise one arm until it is clear; False if it never is."""
    while _nearest_to_body(found[first : first + 4], way) < MARGIN:
        if not _raise(found, first, way):
            return False
    return True


def _nearest_to_body(arm: list[float], way: float) -> float:
    return min(_gap(part, body) for part in _arm(arm, way) for body in BODY)


def _apart(found: list[float]) -> bool:
    """Raise both arms until they are clear of each other; False if they never are."""
    while True:
        left, right = _arm(found[2:6], 1.0), _arm(found[6:10], -1.0)
        if min(_gap(a, b) for a in left for b in right) >= MARGIN:
            return True
        if not (_raise(found, 2, 1.0) and _raise(found, 6, -1.0)):
            return False


def _raise(found: list[float], first: int, way: float) -> bool:
    """Raise an arm by one step; False at the end of the joint's range."""
    joint = DRIVEN[first + _ROLL]
    raised = found[first + _ROLL] + way * _ROLL_STEP
    if not joint.least <= raised <= joint.most:
        return False
    found[first + _ROLL] = raised
    return True


def _arm(angles: list[float], way: float) -> tuple[Capsule, Capsule]:
    """The lower half of the upper arm, and the forearm, in the trunk's axes."""
    pitch, roll, twist, bend = angles
    shoulder = (SHOULDER[0], way * SHOULDER[1], SHOULDER[2])

    def placed(point: Point) -> Point:
        x, y, z = _about_y(_about_x(_about_y(point, twist), roll), pitch)
        return shoulder[0] + x, shoulder[1] + y, shoulder[2] + z

    middle = placed((0.0, way * UPPER_ARM / 2, 0.0))
    elbow = placed((0.0, way * UPPER_ARM, 0.0))
    x, y, z = _about_z((0.0, way * FOREARM, 0.0), bend)
    hand = placed((x, y + way * UPPER_ARM, z))
    return Capsule(middle, elbow, _ARM_RADIUS), Capsule(elbow, hand, _ARM_RADIUS)


def _about_x(p: Point, a: float) -> Point:
    return p[0], cos(a) * p[1] - sin(a) * p[2], sin(a) * p[1] + cos(a) * p[2]


def _about_y(p: Point, a: float) -> Point:
    return cos(a) * p[0] + sin(a) * p[2], p[1], cos(a) * p[2] - sin(a) * p[0]


def _about_z(p: Point, a: float) -> Point:
    return cos(a) * p[0] - sin(a) * p[1], sin(a) * p[0] + cos(a) * p[1], p[2]


def _gap(first: Capsule, second: Capsule) -> float:
    """The distance between two surfaces, metres; negative where they overlap.

    The closest points of two segments: Ericson, Real-Time Collision Detection (2005), 5.1.9.
    """
    d1, d2 = _minus(first.end, first.start), _minus(second.end, second.start)
    r = _minus(first.start, second.start)
    a, e, f = _dot(d1, d1), _dot(d2, d2), _dot(d2, r)
    b, c = _dot(d1, d2), _dot(d1, r)
    across = a * e - b * b
    s = min(1.0, max(0.0, (b * f - c * e) / across)) if across > 1e-12 else 0.0
    t = (b * s + f) / e
    if not 0.0 <= t <= 1.0:
        t = min(1.0, max(0.0, t))
        s = min(1.0, max(0.0, (b * t - c) / a))
    apart = [r[i] + d1[i] * s - d2[i] * t for i in range(3)]
    return sqrt(sum(x * x for x in apart)) - first.radius - second.radius


def _minus(p: Point, q: Point) -> Point:
    return p[0] - q[0], p[1] - q[1], p[2] - q[2]


def _dot(p: Point, q: Point) -> float:
    return p[0] * q[0] + p[1] * q[1] + p[2] * q[2]
