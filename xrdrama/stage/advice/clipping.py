"""Convex polygons in a camera's frame: clipped to the frame, subtracted from each other, measured.

A point in space is (x, y, z) in metres, in the axes of the camera: x right, y forward, z up. A
point of the frame is (x / y, z / y): tangents from the optical axis.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor

Point = tuple[float, float, float]
Edges = tuple[float, float, float, float]
"""Tangents of the left, right, bottom and top edge of a frame."""
Flat = tuple[float, float]

_THIN = 1e-12


def clipped(polygon: Sequence[Point], edges: Edges) -> list[Point]:
    """The part of a convex polygon inside the four planes of a frame (Sutherland-Hodgman).

    The planes meet in the eye, so what is behind the camera is outside, too. [] if nothing is left.
    """
    left, right, bottom, top = edges
    kept = list(polygon)
    for a, b, c in ((1.0, -left, 0.0), (-1.0, right, 0.0), (0.0, -bottom, 1.0), (0.0, top, -1.0)):
        signed = [a * x + b * y + c * z for x, y, z in kept]
        if min(signed) >= 0.0:
            continue
        if max(signed) <= 0.0:
            return []
        kept = _cut(kept, signed)
    return kept


def _cut(polygon: list[Point], signed: list[float]) -> list[Point]:
    """The part of a polygon where the signed distances of its corners are not negative."""
    kept: list[Point] = []
    last, before = polygon[-1], signed[-1]
    for point, here in zip(polygon, signed, strict=True):
        if (before < 0.0) != (here < 0.0):
            share = before / (before - here)
            kept.append(
                (
                    last[0] + (point[0] - last[0]) * share,
                    last[1] + (point[1] - last[1]) * share,
                    last[2] + (point[2] - last[2]) * share,
                )
            )
        if here >= 0.0:
            kept.append(point)
        last, before = point, here
    return kept


def flattened(polygon: Sequence[Point]) -> list[Flat]:
    """The corners as points of the frame; corners in the eye itself are left out."""
    return [(x / y, z / y) for x, y, z in polygon if y > _THIN]


def area(polygon: Sequence[Flat]) -> float:
    """The signed area of a polygon of the frame, positive if counter-clockwise."""
    total = 0.0
    if not polygon:
        return total
    last_x, last_y = polygon[-1]
    for x, y in polygon:
        total += last_x * y - x * last_y
        last_x, last_y = x, y
    return total / 2


def anticlockwise(polygon: list[Flat]) -> list[Flat]:
    """The polygon, counter-clockwise."""
    return polygon if area(polygon) >= 0.0 else polygon[::-1]


def minus(polygons: Sequence[list[Flat]], hole: Sequence[Flat]) -> list[list[Flat]]:
    """Convex polygons without a convex `hole`, as convex pieces; all counter-clockwise."""
    pieces: list[list[Flat]] = []
    for polygon in polygons:
        pieces += _minus(polygon, hole)
    return pieces


def _minus(polygon: list[Flat], hole: Sequence[Flat]) -> list[list[Flat]]:
    outside: list[list[Flat]] = []
    rest = polygon
    last = hole[-1]
    for point in hole:
        dx, dy = point[0] - last[0], point[1] - last[1]
        signed = [dx * (y - last[1]) - dy * (x - last[0]) for x, y in rest]
        last = point
        if max(signed) <= _THIN:  # all of it is outside this edge: the hole does not touch it
            return [polygon]
        if min(signed) >= -_THIN:
            continue
        outside.append(_cut_flat(rest, [-s for s in signed]))
        rest = _cut_flat(rest, signed)
    return outside


def _cut_flat(polygon: list[Flat], signed: list[float]) -> list[Flat]:
    kept: list[Flat] = []
    last, before = polygon[-1], signed[-1]
    for point, here in zip(polygon, signed, strict=True):
        if (before < 0.0) != (here < 0.0):
            share = before / (before - here)
            kept.append(
                (last[0] + (point[0] - last[0]) * share, last[1] + (point[1] - last[1]) * share)
            )
        if here >= 0.0:
            kept.append(point)
        last, before = point, here
    return kept


def union_area(polygons: Sequence[list[Flat]]) -> float:
    """The area that convex, counter-clockwise polygons cover together."""
    return sum(area(piece) for piece in beside(polygons, ()))


def beside(polygons: Sequence[list[Flat]], covered: Sequence[list[Flat]]) -> list[list[Flat]]:
    """What convex, counter-clockwise polygons cover together beside others, as pieces that do not
    overlap."""
    found: list[list[Flat]] = []
    boxes = [box(polygon) for polygon in polygons]
    holes = _Grid([*boxes, *(there := [box(polygon) for polygon in covered])])
    for here, polygon in zip(there, covered, strict=True):
        holes.add(here, polygon)
    for here, polygon in zip(boxes, polygons, strict=True):
        pieces = [polygon]
        for hole in holes.near(here):
            pieces = minus(pieces, hole)
            if not pieces:
                break
        found += pieces
        holes.add(here, polygon)
    return found


class _Grid:
    """Polygons by the cells of a grid that their boxes touch, so that each is compared only with
    those nearby: a mesh has thousands."""

    def __init__(self, boxes: Sequence[Edges]) -> None:
        self._steps = (_step(boxes, 0), _step(boxes, 2))
        self._cells: dict[tuple[int, int], list[int]] = {}
        self._added: list[tuple[Edges, list[Flat]]] = []

    def add(self, here: Edges, polygon: list[Flat]) -> None:
        """Add a polygon with its box."""
        for cell in self._touched(here):
            self._cells.setdefault(cell, []).append(len(self._added))
        self._added.append((here, polygon))

    def near(self, here: Edges) -> list[list[Flat]]:
        """The polygons whose boxes overlap a box, in the order in which they were added."""
        cells = self._cells
        numbers = {n for cell in self._touched(here) if cell in cells for n in cells[cell]}
        added = [self._added[number] for number in sorted(numbers)]
        return [polygon for there, polygon in added if not apart(here, there)]

    def _touched(self, here: Edges) -> Iterator[tuple[int, int]]:
        wide, high = self._steps
        rows = range(floor(here[2] / high), floor(here[3] / high) + 1)
        for column in range(floor(here[0] / wide), floor(here[1] / wide) + 1):
            for row in rows:
                yield column, row


_MOST_CELLS = 64
"""Cells of a grid along each side of all that is in it."""


def _step(boxes: Sequence[Edges], side: int) -> float:
    """The side of a grid's cells: that of the mean box, unless that makes too many cells."""
    if not boxes:
        return 1.0
    mean = sum(one[side + 1] - one[side] for one in boxes) / len(boxes)
    whole = max(one[side + 1] for one in boxes) - min(one[side] for one in boxes)
    return max(mean, whole / _MOST_CELLS, 1e-12)


def box(polygon: Sequence[Flat]) -> Edges:
    """The left, right, bottom and top of a polygon of the frame."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    return min(xs), max(xs), min(ys), max(ys)


def apart(one: Edges, other: Edges) -> bool:
    """True when two boxes do not overlap; they may touch."""
    return one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]


def uncovered(spans: Sequence[Flat], start: float, end: float) -> float:
    """The length between `start` and `end` that no span (from, to) covers."""
    missing, at = 0.0, start
    for low, high in sorted(spans):
        if low > at:
            missing += min(low, end) - at
        at = max(at, high)
        if at >= end:
            return max(0.0, missing)
    return missing + max(0.0, end - at)
