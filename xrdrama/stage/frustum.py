"""Frustums of walls and lenses: a pose and the tangents of four edges.

The off-axis frustum of a wall is Kooima's generalised perspective projection (2009), written as
a view whose axes are those of the wall. The inner frustum is that of the tracked camera's lens,
enlarged by its overscan.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import radians, tan

import msgspec

from xrdrama.spatial import Pose, Vec3, from_axes
from xrdrama.stage.model import Facet, Lens, Wall

# Degrees. A view wider than this to one side wastes most of its pixels at the edge.
WIDEST = 50.0
GRAZING = 1e-3


class Frustum(msgspec.Struct, frozen=True):
    """A pose that looks along its +Y, the tangents of the four edges, near and far in metres."""

    pose: Pose
    left: float
    right: float
    bottom: float
    top: float
    near: float
    far: float

    def project(self, point: Vec3) -> tuple[float, float, float]:
        """A point of the stage as x, y (0 to 1 from the lower left) and depth along the axis.

        For points at or behind the eye, depth is <= 0 and x, y are undefined.
        """
        p = self.pose.inverse().apply(point)
        if p.y <= 0.0:
            return 0.0, 0.0, p.y
        x = (p.x / p.y - self.left) / (self.right - self.left)
        y = (p.z / p.y - self.bottom) / (self.top - self.bottom)
        return x, y, p.y


def inner_frustum(
    camera: Pose,
    lens: Lens,
    *,
    overscan: float | tuple[float, float] = 1.0,
    near: float,
    far: float,
) -> Frustum:
    """The frustum of the tracked camera, enlarged by `overscan` about the centre of its frame.

    `camera` is the pose of the entrance pupil in the stage; `overscan` is a factor, or one across
    and one down; `near` and `far` are metres.
    """
    across, up = overscan if isinstance(overscan, tuple) else (overscan, overscan)
    left, right, bottom, top = lens.edges
    # Enlarged about the frame's centre, so that the camera's own pixels stay on their grid.
    cx, cy, half_w, half_h = (
        (left + right) / 2,
        (bottom + top) / 2,
        (right - left) / 2 * across,
        (top - bottom) / 2 * up,
    )
    return Frustum(camera, cx - half_w, cx + half_w, cy - half_h, cy + half_h, near, far)


def outer_frustum(
    eye_point: Vec3, facets: Sequence[Facet], *, near: float, far: float
) -> Frustum | None:
    """The off-axis frustum through which `eye_point` sees the facets of a wall.

    For one flat facet the edges of the picture are the edges of the wall. For several it is
    the smallest frustum that contains them, perpendicular to the line between their ends. None
    if no facet faces the eye point.
    """
    seen = [facet for facet in facets if facet.sees(eye_point)]
    if not seen:
        return None
    first, last = seen[0], seen[-1]
    right = (last.lower_right - first.lower_left).unit()
    rise = first.upper_left - first.lower_left
    up = (rise - right * rise.dot(right)).unit()
    pose = Pose(eye_point, from_axes(right, up.cross(right), up))
    back = pose.inverse()
    xs, zs = [], []
    for corner in (corner for facet in seen for corner in facet.corners):
        p = back.apply(corner)
        depth = max(p.y, GRAZING)
        xs.append(p.x / depth)
        zs.append(p.z / depth)
    return Frustum(pose, min(xs), max(xs), min(zs), max(zs), near, far)


def sectors(eye_point: Vec3, wall: Wall) -> tuple[tuple[Facet, ...], ...]:
    """The wall's facets in runs, each narrow enough (`WIDEST`) to be drawn as one view."""
    runs = _greedy(eye_point, wall.facets)
    if len(runs) == 1:
        return runs
    for count in range(len(runs), 2 * len(runs)):  # even lengths look alike at their seams
        size = -(-len(wall.facets) // count)
        even = tuple(wall.facets[i : i + size] for i in range(0, len(wall.facets), size))
        if all(_is_narrow(eye_point, run) for run in even):
            return even
    return runs


def _greedy(eye_point: Vec3, facets: tuple[Facet, ...]) -> tuple[tuple[Facet, ...], ...]:
    runs: list[tuple[Facet, ...]] = []
    run: tuple[Facet, ...] = ()
    for facet in facets:
        longer = (*run, facet)
        if run and not _is_narrow(eye_point, longer):
            runs.append(run)
            run = (facet,)
        else:
            run = longer
    return (*runs, run)


def _is_narrow(eye_point: Vec3, facets: tuple[Facet, ...]) -> bool:
    frustum = outer_frustum(eye_point, facets, near=0.1, far=1.0)
    if frustum is None:
        return True
    return max(-frustum.left, frustum.right) <= tan(radians(WIDEST))
