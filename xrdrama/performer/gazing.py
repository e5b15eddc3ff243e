"""Where head and eyes turn: to a point of the set, the eyes first, the head after them."""

from __future__ import annotations

from math import atan2, cos, hypot, radians, sin
from typing import Final

from xrdrama.performer.curves import minimum_jerk
from xrdrama.performer.performing import Gaze, Root
from xrdrama.spatial import Vec3

HEAD_TIME: Final = 650_000_000
EYES_TIME: Final = 140_000_000
_HEAD_MOST: Final = radians(62.0)
_SPINE_MOST: Final = radians(24.0)
_EYES_MOST: Final = radians(26.0)
_TILT_MOST: Final = radians(24.0)
_BEHIND: Final = radians(140.0)
"""What is further round than this is not looked at: a neck has its limits."""


def gazed(
    gaze: Gaze, root: Root, height: float, now: int, *, steady: bool = False
) -> dict[str, float]:
    """Pan and tilt of head, spine and eyes in radians, for eyes `height` metres above the root.

    With `steady` the spine does not turn, so hands stay where they are.
    """
    aim, before = (_angles(point, root, height) for point in (gaze.at, gaze.before))
    head = minimum_jerk((now - gaze.since) / HEAD_TIME)
    eyes = minimum_jerk((now - gaze.since) / EYES_TIME)
    pan, tilt = (b + (a - b) * head for a, b in zip(aim, before, strict=True))
    seen_pan, seen_tilt = (b + (a - b) * eyes for a, b in zip(aim, before, strict=True))
    spine = 0.0 if steady else _within(0.22 * pan, _SPINE_MOST)
    neck = _within((0.74 if steady else 0.62) * pan, _HEAD_MOST)
    nod = _within(0.6 * tilt, _TILT_MOST)
    return {
        "spine_pan": spine,
        "head_pan": neck,
        "head_tilt": nod,
        "eyes_pan": _within(seen_pan - spine - neck, _EYES_MOST),
        "eyes_tilt": _within(seen_tilt - nod, _TILT_MOST),
    }


def _angles(point: Vec3 | None, root: Root, height: float) -> tuple[float, float]:
    """Pan and tilt of a point from the eyes; (0, 0) for none, and for one behind the back."""
    if point is None:
        return 0.0, 0.0
    dx, dy = point.x - root.at.x, point.y - root.at.y
    ahead = -sin(root.pan) * dx + cos(root.pan) * dy
    right = cos(root.pan) * dx + sin(root.pan) * dy
    pan, distance = atan2(-right, ahead), hypot(ahead, right)
    if abs(pan) > _BEHIND or distance < 1e-3:
        return 0.0, 0.0
    return pan, atan2(point.z - root.at.z - height, distance)


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))
