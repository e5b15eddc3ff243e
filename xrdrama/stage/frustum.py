"""Frustums of walls and lenses: a pose and the tangents of four edges.

The off-axis frustum of a wall is Kooima's generalised perspective projection (2009), written as
a view whose axes are those of the wall; a mesh that is not flat is seen along the middle of the
directions to its triangles. The inner frustum is that of the tracked camera's lens, enlarged by its
overscan.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import radians, tan

import msgspec

from xrdrama.spatial import ORIGIN, Pose, Vec3, from_axes
from xrdrama.stage.facets import Facet, Piece
from xrdrama.stage.meshes import halves, mean_normal, upright
from xrdrama.stage.model import Lens, Wall

# Degrees. A view wider than this to one side wastes most of its pixels at the edge.
WIDEST = 50.0
GRAZING = 1e-3
_MOST_VIEWS = 48
"""Most views that the outer picture of one mesh is split into."""
_LONGEST_SIDE = 8192
"""Longest side of an outer picture, pixels."""


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
    eye_point: Vec3, facets: Sequence[Piece], *, near: float, far: float
) -> Frustum | None:
    """The off-axis frustum through which `eye_point` sees the facets of a wall.

    For one flat facet the edges of the picture are the edges of the wall. For several it is
    the smallest frustum that contains them, perpendicular to the line between their ends, for a
    mesh that is not flat in the direction of its middle. None if no facet faces the eye point.
    """
    seen = [facet for facet in facets if facet.sees(eye_point)]
    if not seen:
        return None
    pose = _axes(eye_point, seen)
    back = pose.inverse()
    xs, zs = [], []
    for corner in (corner for facet in seen for corner in facet.corners):
        p = back.apply(corner)
        depth = max(p.y, GRAZING)
        xs.append(p.x / depth)
        zs.append(p.z / depth)
    return Frustum(pose, min(xs), max(xs), min(zs), max(zs), near, far)


def _axes(eye_point: Vec3, seen: Sequence[Piece]) -> Pose:
    """The pose whose +Y is the direction of the view and whose +Z is up in the picture."""
    first, last = seen[0], seen[-1]
    if isinstance(first, Facet) and isinstance(last, Facet):
        right = (last.lower_right - first.lower_left).unit()
        rise = first.upper_left - first.lower_left
        up = (rise - right * rise.dot(right)).unit()
        return Pose(eye_point, from_axes(right, up.cross(right), up))
    normal, flat = mean_normal(seen)
    forward = -normal if flat else _middle(eye_point, seen, -normal)
    right, up = upright(seen, forward)
    return Pose(eye_point, from_axes(right, forward, up))


def _middle(eye_point: Vec3, pieces: Sequence[Piece], otherwise: Vec3) -> Vec3:
    """The mean of the directions to the corners; `otherwise` if they are all around."""
    total = ORIGIN
    for corner in (corner for piece in pieces for corner in piece.corners):
        way = corner - eye_point
        total = total + way * (1.0 / max(way.length(), GRAZING))
    return total.unit() if total.length() > GRAZING else otherwise


def picture_size(eye_point: Vec3, facets: Sequence[Piece], density: float) -> tuple[int, int]:
    """Pixels of the outer picture of `facets`: about `density` pixels per metre of wall.

    A side has at least 8 and at most 8192 pixels.
    """
    width, height = _extent(eye_point, facets)
    across, down = (
        min(_LONGEST_SIDE, max(8, round(metres * density))) for metres in (width, height)
    )
    return across, down


def _extent(eye_point: Vec3, facets: Sequence[Piece]) -> tuple[float, float]:
    """Metres of wall across and down the picture; for a mesh at its mean distance."""
    rectangles = [facet for facet in facets if isinstance(facet, Facet)]
    if rectangles:
        width = sum((f.lower_right - f.lower_left).length() for f in rectangles)
        return width, max((f.upper_left - f.lower_left).length() for f in rectangles)
    frustum = outer_frustum(eye_point, facets, near=0.1, far=1.0)
    if frustum is None:
        return 0.0, 0.0
    back = frustum.pose.inverse()
    weights = [(f.area, back.apply(f.centre).y) for f in facets if f.sees(eye_point)]
    total = sum(area for area, _ in weights) or 1.0
    depth = max(GRAZING, sum(area * depth for area, depth in weights) / total)
    return (frustum.right - frustum.left) * depth, (frustum.top - frustum.bottom) * depth


def sectors(eye_point: Vec3, wall: Wall) -> tuple[tuple[Piece, ...], ...]:
    """The wall's facets in runs, each narrow enough (`WIDEST`) to be drawn as one view."""
    if any(not isinstance(facet, Facet) for facet in wall.facets):
        return _split(eye_point, wall.facets, _MOST_VIEWS)
    runs = _greedy(eye_point, wall.facets)
    if len(runs) == 1:
        return runs
    for count in range(len(runs), 2 * len(runs)):  # even lengths look alike at their seams
        size = -(-len(wall.facets) // count)
        even = tuple(wall.facets[i : i + size] for i in range(0, len(wall.facets), size))
        if all(_is_narrow(eye_point, run) for run in even):
            return even
    return runs


def _split(eye_point: Vec3, pieces: tuple[Piece, ...], most: int) -> tuple[tuple[Piece, ...], ...]:
    """The triangles of a mesh in narrow groups, at most `most`: halved across the wider angle."""
    frustum = outer_frustum(eye_point, pieces, near=0.1, far=1.0)
    if frustum is None or most < 2 or len(pieces) < 2:
        return (pieces,)
    reach = max(-frustum.left, frustum.right, -frustum.bottom, frustum.top)
    if mean_normal([piece for piece in pieces if piece.sees(eye_point)])[1]:
        return (pieces,)  # flat: an off-axis view has the same density everywhere on it
    if reach <= tan(radians(WIDEST)):
        return (pieces,)
    one, other = halves(frustum.pose, pieces)
    return (*_split(eye_point, one, most // 2), *_split(eye_point, other, most // 2))


def _greedy(eye_point: Vec3, facets: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], ...]:
    runs: list[tuple[Piece, ...]] = []
    run: tuple[Piece, ...] = ()
    for facet in facets:
        longer = (*run, facet)
        if run and not _is_narrow(eye_point, longer):
            runs.append(run)
            run = (facet,)
        else:
            run = longer
    return (*runs, run)


def _is_narrow(eye_point: Vec3, facets: tuple[Piece, ...]) -> bool:
    frustum = outer_frustum(eye_point, facets, near=0.1, far=1.0)
    if frustum is None:
        return True
    return max(-frustum.left, frustum.right) <= tan(radians(WIDEST))
