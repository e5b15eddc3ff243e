"""What a camera sees of the walls: share of the frame, edges, grazing angles, overlap, wall pixels.

A point of the frame is on a wall, on the floor of the stage, or off. Its line of sight is on the
floor only if it meets the floor (height 0) in front of the foot of a wall, which is straight below
its lower edge: what looks through below a raised wall is off, at the bottom edge of the frame.
The front of a plinth below a wall counts as floor.
The frame is off the walls when more than `OFF` of it is neither wall nor floor. Walls are seen from
their front only, and their backs hide nothing: cameras are inside the volume.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import asin, degrees, hypot, sqrt

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.advice.clipping import (
    Edges,
    Flat,
    Point,
    anticlockwise,
    area,
    beside,
    clipped,
    flattened,
    uncovered,
    union_area,
)
from xrdrama.stage.advice.surfaces import Axes, Surface

OFF = 0.001
"""The share of the frame beside the walls and the floor from which the frame counts as off."""
_SIDES = ("left", "right", "bottom", "top")


class Coverage(msgspec.Struct, frozen=True):
    """What a camera sees of the walls at one pose. Shares are fractions of the frame's area."""

    share: float
    """On a wall."""
    floor: float
    """On the floor of the stage: beside the walls, but in front of the foot of one; or on a
    plinth."""
    edges: dict[str, float]
    """For left, right, bottom, top: the share of that edge that is on neither wall nor floor."""

    @property
    def off(self) -> float:
        """The share that is on neither wall nor floor."""
        return max(0.0, 1.0 - self.share - self.floor)

    @property
    def is_off(self) -> bool:
        """True when the frame is off the walls."""
        return self.off > OFF

    @property
    def side(self) -> str:
        """The edge of which most is off; "gap" if only the inside is off, "" if nothing is."""
        if not self.is_off:
            return ""
        side = max(_SIDES, key=lambda name: self.edges[name])
        return side if self.edges[side] > 1e-6 else "gap"


class Grazing(msgspec.Struct, frozen=True):
    """Angles between lines of sight and the walls' planes, degrees; 90 = straight on."""

    worst: float
    mean: float


def coverage(surfaces: Sequence[Surface], camera: Pose, edges: Edges) -> Coverage:
    """What a camera with these frame edges (tangents) sees from the pose of its entrance pupil."""
    axes = Axes.of(camera)
    whole = (edges[1] - edges[0]) * (edges[3] - edges[2])
    walls = _flat([clipped(p, edges) for p in _in_view(surfaces, axes)])
    share = min(1.0, union_area(walls) / whole)
    if 1.0 - share <= OFF / 10:
        return Coverage(share, 0.0, dict.fromkeys(_SIDES, 0.0))
    floors = _flat([clipped(p, edges) for p in _floor(surfaces, axes)])
    left = beside(floors, walls)
    floor = min(1.0 - share, sum(area(piece) for piece in left) / whole)
    return Coverage(share, floor, _open_edges((*walls, *floors), edges))


def _in_view(surfaces: Sequence[Surface], axes: Axes) -> list[list[Point]]:
    return [
        [axes.inside(corner) for corner in surface.corners]
        for surface in surfaces
        if axes.faces(surface)
    ]


def _floor(surfaces: Sequence[Surface], axes: Axes) -> list[list[Point]]:
    """The floor between the point below the eye and the foot of each upright piece, and the fronts
    of plinths. The floor ends at the foot, so it is below the horizon; what is seen below a raised
    piece without a plinth is behind its foot."""
    if axes.eye[2] <= 0.0:
        return []
    below = axes.inside((axes.eye[0], axes.eye[1], 0.0))
    faced = [surface for surface in surfaces if axes.faces(surface)]
    feet = dict.fromkeys(surface.foot for surface in faced if surface.foot is not None)
    fronts = dict.fromkeys(surface.front for surface in faced if surface.front)
    return [
        *([below, axes.inside(a), axes.inside(b)] for a, b in feet),
        *([axes.inside(corner) for corner in front] for front in fronts),
    ]


def _flat(polygons: Sequence[Sequence[Point]]) -> list[list[Flat]]:
    flat = [anticlockwise(flattened(polygon)) for polygon in polygons if len(polygon) > 2]
    return [polygon for polygon in flat if len(polygon) > 2 and area(polygon) > 0.0]


def _open_edges(polygons: Sequence[Sequence[Flat]], edges: Edges) -> dict[str, float]:
    """The share of each edge of the frame that no polygon covers."""
    left, right, bottom, top = edges
    near = 1e-9 * (right - left + top - bottom)
    spans: dict[str, list[Flat]] = {side: [] for side in _SIDES}
    for polygon in polygons:
        for side, at, axis in (
            ("left", left, 0), ("right", right, 0), ("bottom", bottom, 1), ("top", top, 1)
        ):  # fmt: skip
            along = [point[1 - axis] for point in polygon if abs(point[axis] - at) <= near]
            if len(along) > 1:
                spans[side].append((min(along), max(along)))
    return {
        "left": uncovered(spans["left"], bottom, top) / (top - bottom),
        "right": uncovered(spans["right"], bottom, top) / (top - bottom),
        "bottom": uncovered(spans["bottom"], left, right) / (right - left),
        "top": uncovered(spans["top"], left, right) / (right - left),
    }


def grazing(surfaces: Sequence[Surface], camera: Pose, edges: Edges) -> Grazing | None:
    """The angles at which the camera sees the walls; None if no wall is in the frame.

    On a flat piece the sine is its distance over the length of the line of sight, so the worst
    angle is at a corner of what is seen. The mean is over the area of the frame.
    """
    axes = Axes.of(camera)
    worst, total, weight = 90.0, 0.0, 0.0
    for surface in surfaces:
        if not axes.faces(surface):
            continue
        seen = clipped([axes.inside(corner) for corner in surface.corners], edges)
        if len(seen) < 3:
            continue
        normal = axes.inside(tuple(a + b for a, b in zip(surface.normal, axes.eye, strict=True)))  # type: ignore[arg-type]
        worst = min(worst, *(_angle(point, normal) for point in seen))
        for a, b, c in zip([seen[0]] * (len(seen) - 2), seen[1:], seen[2:], strict=False):
            size = abs(area(flattened([a, b, c])))
            middles = [_between(a, b), _between(b, c), _between(c, a)]
            total += size * sum(_angle(point, normal) for point in middles) / 3
            weight += size
    return Grazing(worst, total / weight) if weight > 0.0 else None


def _angle(point: Point, normal: Point) -> float:
    long = hypot(*point) or 1.0
    sine = abs(sum(p * n for p, n in zip(point, normal, strict=True))) / long
    return degrees(asin(min(1.0, sine)))


def _between(a: Point, b: Point) -> Point:
    """The point that is seen half-way between two points in the frame."""
    share = a[1] / ((a[1] + b[1]) or 1.0)
    return (
        a[0] + (b[0] - a[0]) * share,
        a[1] + (b[1] - a[1]) * share,
        a[2] + (b[2] - a[2]) * share,
    )


def overlap(
    surfaces: Sequence[Surface], one: tuple[Pose, Edges], other: tuple[Pose, Edges]
) -> float:
    """The share of what the first camera sees of the walls that is in the other's frame, too."""
    axes, others = Axes.of(one[0]), Axes.of(other[0])
    seen, both = [], []
    for surface in surfaces:
        if not axes.faces(surface):
            continue
        corners = [axes.inside(corner) for corner in surface.corners]
        seen.append(clipped(corners, one[1]))
        if others.faces(surface):
            shared = clipped([others.inside(corner) for corner in surface.corners], other[1])
            if len(shared) > 2:
                back = [axes.inside(_outside(others, point)) for point in shared]
                both.append(clipped(back, one[1]))
    whole = union_area(_flat(seen))
    return min(1.0, union_area(_flat(both)) / whole) if whole > 0.0 else 0.0


def _outside(axes: Axes, point: Point) -> Point:
    x, y, z = point
    return tuple(  # type: ignore[return-value]
        e + r * x + f * y + u * z
        for e, r, f, u in zip(axes.eye, axes.right, axes.forward, axes.up, strict=True)
    )


def wall_pixels(
    surfaces: Sequence[Surface], camera: Pose, edges: Edges
) -> tuple[float, float] | None:
    """Wall pixels across and down that the whole frame would need; None if no wall is in it.

    It is the mean density of the LEDs that are seen; straight on it is (w/f) * distance / pitch.
    """
    axes = Axes.of(camera)
    leds = seen_area = 0.0
    for surface in surfaces:
        if axes.faces(surface):
            corners = [axes.inside(corner) for corner in surface.corners]
            seen = clipped(corners, edges)
            if len(seen) > 2:
                leds += _size(seen) / surface.pitch**2
                seen_area += abs(area(flattened(seen)))
    if seen_area <= 0.0:
        return None
    density = sqrt(leds / seen_area)
    return density * (edges[1] - edges[0]), density * (edges[3] - edges[2])


def _size(polygon: Sequence[Point]) -> float:
    """The area of a flat polygon in space, square metres."""
    x = y = z = 0.0
    first = polygon[0]
    for a, b in pairwise(polygon[1:]):
        ax, ay, az = a[0] - first[0], a[1] - first[1], a[2] - first[2]
        bx, by, bz = b[0] - first[0], b[1] - first[1], b[2] - first[2]
        x += ay * bz - az * by
        y += az * bx - ax * bz
        z += ax * by - ay * bx
    return hypot(x, y, z) / 2
