"""The exposure of a film camera: how long it takes, what is out of focus, and the instants and
points of the aperture at which a picture of it is drawn.

An exposure is the mean of several pictures, each drawn at one instant and from one point of the
aperture (Haeberli and Akeley, The Accumulation Buffer, 1990). So what is in front hides what is
behind it in each of them, and every surface is blurred by its own distance.
"""

from __future__ import annotations

from math import ceil, cos, gcd, inf, pi, sin, sqrt
from typing import Final, NamedTuple

LEAST, MOST = 8, 48
"""Pictures of an exposure that is blurred at all."""
SPACING: Final = 1.5
"""Pixels between neighbouring pictures, as long as `MOST` is enough for it."""
_CLOSEST: Final = 2.0
"""Nearer than so many focal lengths a lens is not focused."""
_GOLDEN: Final = pi * (3.0 - sqrt(5.0))


class Instant(NamedTuple):
    """One picture of an exposure: its time as a share of the exposure from the middle of it, -0.5
    to 0.5, and a point of a disc with radius 1."""

    time: float
    right: float
    up: float


def focused_at(focus: float, focal: float) -> float:
    """The distance at which a lens is focused, metres: at least twice its focal length."""
    return max(focus, _CLOSEST * focal)


def confusion(distance: float, focal: float, aperture: float, focus: float) -> float:
    """The diameter on the sensor of the circle of confusion of what is at a distance; all in
    metres, `aperture` is the f-number: f^2 |d - s| / (N (s - f) d). `focus` may be infinite.

    Infinite where the lens has no picture: focused nearer than its focal length.
    """
    if focus == inf:
        return focal * focal / (aperture * distance)
    if focus <= focal:
        return inf
    return focal * focal / (aperture * (focus - focal)) * abs(distance - focus) / distance


def pupil_radius(focal: float, aperture: float, focus: float) -> float:
    """The radius, metres, of the aperture of a camera whose picture is at the focal length, so that
    it blurs by `confusion` although a thin lens has its picture farther away."""
    grown = 1.0 if focus == inf else focus / (focus - focal)
    return 0.5 * focal / aperture * grown


def pictures_needed(streak: float, disc: float) -> int:
    """How many pictures an exposure needs for streaks and discs of so many pixels (length,
    diameter); 1 if neither is seen."""
    if max(streak, disc) < 0.05:
        return 1
    needed = max(streak / SPACING, pi / 4.0 * (disc / SPACING) ** 2)
    return min(MOST, max(LEAST, ceil(needed)))


def instants(count: int) -> tuple[Instant, ...]:
    """The pictures of an exposure: instants in order, and points that fill the disc evenly, so that
    both together do too. The mean square of the points' radius is 1/2, as that of a full disc."""
    step = max(1, round(0.618 * count))
    while gcd(step, count) > 1:
        step += 1
    found = []
    for number in range(count):
        radius = sqrt((number * step % count + 0.5) / count) if count > 1 else 0.0
        turn = _GOLDEN * (number * step % count)
        time = (number + 0.5) / count - 0.5
        found.append(Instant(time, radius * cos(turn), radius * sin(turn)))
    return tuple(found)
