"""What of a box a view can see: for pictures that are redrawn only if they would change."""

from __future__ import annotations

from itertools import product

from xrdrama.adapters.panda.set.visitors import Box
from xrdrama.spatial import Pose, Vec3
from xrdrama.wire.frame import Projection

_LONGEST = 12.0
"""Metres that a shadow is followed to."""
_MARGIN = 0.6
"""Metres round a figure that its dark on the floor reaches."""


def with_shadow(box: Box, light: Vec3 | None) -> Box:
    """The box around a figure and its shadow on the floor; `light` is where the key shines to."""
    low, high = list(box.low), list(box.high)
    if light is not None and light.z < 0.0:
        length = min((high[2] - low[2]) / -light.z, _LONGEST)
        for axis, way in enumerate((light.x, light.y)):
            low[axis] += min(way * length, 0.0)
            high[axis] += max(way * length, 0.0)
    return Box(
        (low[0] - _MARGIN, low[1] - _MARGIN, low[2]),
        (high[0] + _MARGIN, high[1] + _MARGIN, high[2]),
    )


def is_within(box: Box, pose: Pose, projection: Projection) -> bool:
    """Whether a view may see the box: no side of its frustum has all of it outside."""
    ends = (box.low, box.high)
    corners, back = [], pose.rotation.conjugate()
    for i, j, k in product((0, 1), repeat=3):
        corner = Vec3(ends[i][0], ends[j][1], ends[k][2])
        corners.append(back.rotate(corner - pose.position))
    p = projection
    return not (
        all(corner.x < p.left * corner.y for corner in corners)
        or all(corner.x > p.right * corner.y for corner in corners)
        or all(corner.z < p.bottom * corner.y for corner in corners)
        or all(corner.z > p.top * corner.y for corner in corners)
        or all(corner.y < p.near for corner in corners)
        or all(corner.y > p.far for corner in corners)
    )
