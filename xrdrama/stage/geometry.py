"""Distances and intersections of the facets of walls: convex polygons in space; metres."""

from __future__ import annotations

from math import hypot

from xrdrama.spatial import Vec3
from xrdrama.stage.facets import Piece

Flat = tuple[float, float]


class Plane:
    """The plane of a facet, with axes along its first edge and across it."""

    def __init__(self, facet: Piece) -> None:
        self.origin, self.normal = facet.corners[0], facet.normal
        self.right = (facet.corners[1] - self.origin).unit()
        self.up = self.normal.cross(self.right)
        self.corners = [self.flat(corner)[:2] for corner in facet.corners]

    def flat(self, point: Vec3) -> tuple[float, float, float]:
        """A point as metres along the two axes, and in front of the facet."""
        off = point - self.origin
        return off.dot(self.right), off.dot(self.up), off.dot(self.normal)


def distance(facet: Piece, point: Vec3) -> float:
    """Metres from a point to the nearest point of the facet."""
    plane = Plane(facet)
    x, y, z = plane.flat(point)
    return hypot(_outside(plane.corners, (x, y)), z)


def lies_between(facet: Piece, one: Vec3, other: Vec3) -> bool:
    """True when the line segment between two points crosses the facet."""
    plane = Plane(facet)
    a, b = plane.flat(one), plane.flat(other)
    if a[2] * b[2] >= 0.0:
        return False
    share = a[2] / (a[2] - b[2])
    x, y = (a[i] + (b[i] - a[i]) * share for i in (0, 1))
    return _is_inside(plane.corners, (x, y))


def boxes_meet(a: Piece, b: Piece, slack: float) -> bool:
    """True when the boxes around two facets are at most `slack` metres apart along each axis."""
    for axis in ("x", "y", "z"):
        mine, theirs = ([getattr(c, axis) for c in f.corners] for f in (a, b))
        if max(mine) + slack < min(theirs) or max(theirs) + slack < min(mine):
            return False
    return True


def crosses(a: Piece, b: Piece, slack: float) -> bool:
    """True when facet `b` is in the plane of `a` and overlaps it, or crosses it inside its edges,
    by more than `slack` metres."""
    plane = Plane(a)
    inner = inset(plane.corners, slack)
    if not inner:
        return False
    corners = [plane.flat(corner) for corner in b.corners]
    if all(abs(z) < slack for _, _, z in corners):
        return overlap([(x, y) for x, y, _ in corners], inner)
    if min(z for _, _, z in corners) > -slack or max(z for _, _, z in corners) < slack:
        return False
    cut = []
    for p, q in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (p[2] < 0.0) != (q[2] < 0.0):
            share = p[2] / (p[2] - q[2])
            cut.append((p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share))
    return len(cut) == 2 and overlap(cut, inner)


def overlap(one: list[Flat], other: list[Flat]) -> bool:
    """True when a segment or convex polygon overlaps a convex polygon (separating axes)."""
    for shape in (one, other):
        for p, q in zip(shape, (*shape[1:], shape[0]), strict=True):
            x, y = p[1] - q[1], q[0] - p[0]
            mine, theirs = ([x * px + y * py for px, py in points] for points in (one, other))
            if max(mine) <= min(theirs) or max(theirs) <= min(mine):
                return False
    return True


def inset(corners: list[Flat], by: float) -> list[Flat]:
    """A convex polygon, counter-clockwise, whose sides are moved inwards by `by`; empty when
    nothing is left."""
    left = list(corners)
    for p, q in zip(corners, (*corners[1:], corners[0]), strict=True):
        length = hypot(q[0] - p[0], q[1] - p[1])
        if length == 0.0:
            continue
        x, y = (p[1] - q[1]) / length, (q[0] - p[0]) / length
        left = _cut(left, (x, y), x * p[0] + y * p[1] + by)
    return left


def _cut(corners: list[Flat], normal: Flat, least: float) -> list[Flat]:
    """The part of a polygon whose distance along `normal` is at least `least`."""
    kept: list[Flat] = []
    for p, q in zip(corners, (*corners[1:], *corners[:1]), strict=True):
        a, b = (c[0] * normal[0] + c[1] * normal[1] - least for c in (p, q))
        if a >= 0.0:
            kept.append(p)
        if (a >= 0.0) != (b >= 0.0):
            share = a / (a - b)
            kept.append((p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share))
    return kept if len(kept) >= 3 else []


def _is_inside(corners: list[Flat], point: Flat) -> bool:
    """True for a point inside or on a convex polygon that is counter-clockwise."""
    return all(
        (q[0] - p[0]) * (point[1] - p[1]) - (q[1] - p[1]) * (point[0] - p[0]) >= 0.0
        for p, q in zip(corners, (*corners[1:], corners[0]), strict=True)
    )


def _outside(corners: list[Flat], point: Flat) -> float:
    """Distance of a point from a convex polygon; 0 inside."""
    if _is_inside(corners, point):
        return 0.0
    nearest = []
    for p, q in zip(corners, (*corners[1:], corners[0]), strict=True):
        dx, dy = q[0] - p[0], q[1] - p[1]
        square = dx * dx + dy * dy or 1.0
        share = min(1.0, max(0.0, ((point[0] - p[0]) * dx + (point[1] - p[1]) * dy) / square))
        nearest.append(hypot(point[0] - p[0] - share * dx, point[1] - p[1] - share * dy))
    return min(nearest)
