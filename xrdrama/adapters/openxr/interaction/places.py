"""Looking at places of the set: which of them a head looks at."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, hypot, radians
from typing import Final

from xrdrama.spatial import FORWARD, Pose, Vec3

CONE: Final = 5.0
"""Degrees from straight ahead within which a place is looked at: a head is not an eye."""
RADIUS: Final = 0.35
"""Metres around a place that count as the place, for what is so near that the cone is small."""
NEAREST: Final = 0.1


def place_ahead(head: Pose, places: Iterable[tuple[str, Vec3]]) -> str:
    """The name of the place that a head looks at, the nearest to straight ahead; "" for none."""
    forward = head.rotation.rotate(FORWARD)
    found, most = "", -1.0
    for name, at in places:
        way = at - head.position
        away = way.length()
        if away < NEAREST:
            continue
        straight = (way.x * forward.x + way.y * forward.y + way.z * forward.z) / away
        least = min(cos(radians(CONE)), away / hypot(away, RADIUS))
        if straight >= least and straight > most:
            found, most = name, straight
    return found
