"""The pose of a hand from 21 landmarks: a pure rule on their positions in the picture.

Each finger is straight, curled, or neither; a hand with a finger that is neither is `other`, so
that a half-closed hand picks nothing. The four fingers alone decide: a thumb's angle is right in 2
of 7 real photographs only, and a phone held to the ear was taken for a thumb up in 4 of 8, so no
pose of the vocabulary asks for one, and four straight fingers are an open palm whatever the thumb
does.

Only angles and ratios of lengths are used, so moving, turning, mirroring or scaling the hand
changes nothing; three-dimensional landmarks were tried and were worse in most poses.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, degrees, dist, hypot, isfinite

from xrdrama.wire.events import HandPose

Point = tuple[float, float]
"""Picture coordinates in pixels: x to the right, y down."""

LANDMARKS = 21
WRIST = 0
KNUCKLES = (5, 9, 13, 17)
"""The first joint of index, middle, ring and little finger; the next three follow it."""

# Found on 40 rendered views of each of seven shapes (any side, 0.3 to 0.95 m, seed 7), confirmed on
# as many others; the figures are in examples/clips/hands/README.md.
STRAIGHT = 140.0
"""Degrees at the middle joint over which a finger can be straight."""
REACH = 1.1
"""How many times farther from the wrist than the middle joint a straight finger's tip is."""
CURL = 1.05
"""How many times as far from the wrist as the knuckle a curled finger's tip is at the most."""

_POSES: dict[tuple[bool | None, ...], HandPose] = {
    (True, True, True, True): "open_palm",
    (False, False, False, False): "fist",
    (True, False, False, False): "point",
    (True, True, False, False): "victory",
}


def pose_of(points: Sequence[Point]) -> HandPose:
    """The pose of a hand by its 21 landmarks in pixels; `other` when it is none of the four.

    ValueError when there are not 21. Landmarks normalised by width and height must be scaled to
    pixels first (`in_pixels`): angles are wrong in a stretched picture.
    """
    if len(points) != LANDMARKS:
        raise ValueError(f"expected {LANDMARKS} landmarks of a hand, not {len(points)}")
    if not all(isfinite(x) and isfinite(y) for x, y in points):
        return "other"
    # A hand shrunk to a spot, or a finger to a line without length, shows nothing.
    if palm_length(points) <= 0.0:
        return "other"
    return _POSES.get(tuple(is_straight(points, knuckle) for knuckle in KNUCKLES), "other")


def is_straight(points: Sequence[Point], knuckle: int) -> bool | None:
    """Whether the finger that begins at landmark `knuckle` is straight (True) or curled (False).

    None when it is neither.
    """
    root, middle, last, tip = points[knuckle : knuckle + 4]
    wrist = points[WRIST]
    reach = dist(tip, wrist)
    if _angle(root, middle, last) > STRAIGHT and reach > REACH * dist(middle, wrist):
        return True
    if reach < min(CURL * dist(root, wrist), dist(middle, wrist)):
        return False
    return None


def in_pixels(points: Sequence[Point], *, width: int, height: int) -> tuple[Point, ...]:
    """Landmarks given in shares of a picture's width and height, in its pixels."""
    return tuple((x * width, y * height) for x, y in points)


def palm_length(points: Sequence[Point]) -> float:
    """The size of a hand in pixels: wrist to middle knuckle, or what the palm's width says.

    A palm is about 1.5 times as long as it is wide; the larger of both estimates stands when the
    hand is seen from the side or from the tips.
    """
    return max(dist(points[WRIST], points[9]), 1.5 * dist(points[5], points[17]))


def centre_of(points: Sequence[Point]) -> Point:
    """The middle of the palm in pixels."""
    palm = [points[i] for i in (WRIST, *KNUCKLES)]
    return sum(x for x, _ in palm) / len(palm), sum(y for _, y in palm) / len(palm)


def _angle(a: Point, b: Point, c: Point) -> float:
    """Degrees at b, 0 to 180; 0 where two of the points are one."""
    ux, uy, vx, vy = a[0] - b[0], a[1] - b[1], c[0] - b[0], c[1] - b[1]
    if hypot(ux, uy) == 0.0 or hypot(vx, vy) == 0.0:
        return 0.0
    return degrees(atan2(abs(ux * vy - uy * vx), ux * vx + uy * vy))
