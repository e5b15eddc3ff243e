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
_GOLDEN: Final = (sqrt(5.0) - 1.0) / 2.0


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
    diameter): a multiple of 4, or 1 if neither is seen."""
    if max(streak, disc) < 0.05:
        return 1
    needed = max(streak / SPACING, pi / 4.0 * (disc / SPACING) ** 2)
    return min(MOST, max(LEAST, 4 * ceil(needed / 4.0)))


def instants(count: int) -> tuple[Instant, ...]:
    """The pictures of an exposure, a multiple of 4: instants in order, and points that fill the
    disc evenly, so that each part of the time has the whole disc.

    Four points at a time lie around the middle, a quarter turn apart, so their mean is 0 and their
    mean square is 1/4 in every direction, as that of a full disc. Within a quarter turn they are
    spread by the golden ratio.
    """
    step = max(1, round(_GOLDEN * count))
    while gcd(step, count) > 1:
        step += 1
    found = []
    for number in range(count):
        ring, quarter = divmod(number * step % count, 4)
        radius = sqrt((ring + 0.5) / (count // 4))
        turn = pi / 2.0 * (quarter + ring * _GOLDEN % 1.0)
        time = (number + 0.5) / count - 0.5
        found.append(Instant(time, radius * cos(turn), radius * sin(turn)))
    return tuple(found)
