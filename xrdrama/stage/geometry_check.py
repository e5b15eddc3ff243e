"""Finds what is wrong with the geometry of walls: gaps, overlaps, flipped normals, pitch off scale.

    W023  error    triangles without area on the canvas
    W024  error    triangles that share pixels of the canvas
    W025  warning  pixels of the wall that are on no triangle
    W026  error    triangles that overlap or intersect in space
    W027  error    triangles that face the other way than their neighbours
    W028  warning  facets that face away from the eye point
    W029  error    a picture that is mirrored, wholly or in part
    W030  warning  a gap between neighbouring triangles, or between two walls
    W031  warning  a pitch that is implausible, or differs within a wall
    W032  warning  a gap that is not computed, because the walls have too many triangles

Walls that do not fit on the canvas, overlap on it or face away wholly are found by `parse_stage`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from math import sqrt

from xrdrama.errors import Problem, Severity
from xrdrama.spatial import Vec3
from xrdrama.stage.facets import Piece, Place2, Triangle
from xrdrama.stage.geometry import crosses, distance, inset, overlap
from xrdrama.stage.model import Stage, Wall
from xrdrama.stage.nearby import Box, near_pairs
from xrdrama.stage.plausible import PITCH

_SHARED_PX = 0.05
"""Triangles may overlap on the canvas by this, in pixels: the rounding of an exporter."""
_INTERSECTS = 0.004
"""Triangles may overlap in space by this, in metres: panels are mounted to some millimetres."""
_UNUSED = 0.005
"""Share of a wall's pixels that may be on no triangle."""
_VARIES = 2.0
"""The pitch of a triangle may differ from the median by this factor."""
_MEANT = 0.05
"""Walls that are further apart, in metres, are apart on purpose."""
_MOST_PAIRS = 40_000
"""Pairs of facets of two walls that are near each other above which their gap is not computed."""
_FLAT_PX = 1e-3
"""A triangle with a smaller area on the canvas, in square pixels, shows nothing."""


def wall_problems(stage: Stage) -> tuple[Problem, ...]:
    """Problems of the walls of a stage, at the places of the walls in the stage file."""
    found: list[Problem] = []
    for wall in stage.walls:
        found += _away(wall, stage.eye_point)
        triangles = [piece for piece in wall.facets if isinstance(piece, Triangle)]
        if triangles:
            found += _mesh(wall, triangles)
    for one, other in combinations(stage.walls, 2):
        found += _between(one, other)
    return tuple(sorted(found))


def _problem(wall: Wall, code: str, severity: Severity, message: str, hint: str) -> Problem:
    p = wall.place
    text = f"wall {wall.id!r}: {message}"
    return Problem(p.file, p.line, p.column, code, severity, text, hint)


def _away(wall: Wall, eye: Vec3) -> Iterator[Problem]:
    """Facets that face away from the eye point. Where all do, parsing reports it."""
    away = sum(not facet.sees(eye) for facet in wall.facets)
    if 0 < away < len(wall.facets):
        what = "triangles" if isinstance(wall.facets[0], Triangle) else "columns"
        yield _problem(
            wall, "W028", "warning",
            f"{away} of {len(wall.facets)} {what} face away from the eye point and show none of "
            "the outer picture", "move the eye point, or flip the normals of these faces",
        )  # fmt: skip


def _mesh(wall: Wall, triangles: list[Triangle]) -> Iterator[Problem]:
    """The problems inside one mesh."""
    count = len(triangles)
    empty = sum(triangle.canvas_area < _FLAT_PX for triangle in triangles)
    if empty:
        yield _problem(
            wall, "W023", "error", f"{empty} of {count} triangles have no area on the canvas",
            "unwrap these faces: their UV is the position on the wall",
        )  # fmt: skip
    lit = [triangle for triangle in triangles if triangle.canvas_area >= _FLAT_PX]
    yield from _mirrored(wall, lit)
    yield from _on_canvas(wall, lit)
    yield from _in_space(wall, triangles)
    yield from _edges(wall, triangles)
    yield from _pitches(wall, lit)


def _mirrored(wall: Wall, lit: list[Triangle]) -> Iterator[Problem]:
    """UV that runs to the left on the wall, apart from what `mirrored:` says."""
    reversed_ = sum((triangle.winding < 0) != wall.mirrored for triangle in lit)
    if reversed_ == 0:
        return
    if reversed_ == len(lit):
        message = "the picture is mirrored: u rises to the left as the audience sees the wall"
        hint = "flip the normals of the mesh, mirror its UV, or write mirrored: true"
    else:
        message = f"the picture is mirrored on {reversed_} of {len(lit)} triangles"
        hint = "flip the normals or the UV of these faces"
    yield _problem(wall, "W029", "error", message, hint)


def _on_canvas(wall: Wall, lit: list[Triangle]) -> Iterator[Problem]:
    """Pixels that are on two triangles, or on none."""
    shared = 0
    for one, other in near_pairs([_shrunk(triangle.places, _SHARED_PX) for triangle in lit]):
        inner = inset(_anticlockwise(lit[one].places), _SHARED_PX)
        if inner and overlap(inner, _anticlockwise(lit[other].places)):
            shared += 1
    if shared:
        yield _problem(
            wall, "W024", "error", f"{shared} pairs of triangles share pixels of the canvas",
            "move their UV apart: each pixel is one LED",
        )  # fmt: skip
        return
    width, height = wall.area
    unused = 1.0 - sum(triangle.canvas_area for triangle in lit) / (width * height)
    if unused > _UNUSED:
        yield _problem(
            wall, "W025", "warning",
            f"{unused * 100:.1f} % of its {wall.pixels[0]} x {wall.pixels[1]} pixels are on no "
            "triangle", "scale the UV to 0 to 1; nothing to do if the wall is not a rectangle",
        )  # fmt: skip


def _in_space(wall: Wall, triangles: list[Triangle]) -> Iterator[Problem]:
    """Triangles that overlap in one plane or intersect."""
    boxes = [_shrunk(_points(triangle), _INTERSECTS) for triangle in triangles]
    bad = sum(
        crosses(triangles[a], triangles[b], _INTERSECTS)
        or crosses(triangles[b], triangles[a], _INTERSECTS)
        for a, b in near_pairs(boxes)
    )
    if bad:
        yield _problem(
            wall, "W026", "error", f"{bad} pairs of triangles overlap or intersect in space",
            "delete double faces, and move panels apart",
        )  # fmt: skip


def _edges(wall: Wall, triangles: list[Triangle]) -> Iterator[Problem]:
    """Neighbours on the canvas that are apart in space, or that face opposite ways."""
    known: dict[tuple[Place2, Place2], tuple[Vec3, Vec3]] = {}
    pitch, widest, gaps, flipped = wall.pitch, 0.0, 0, 0
    for triangle in triangles:
        corners = list(zip(triangle.places, triangle.corners, strict=True))
        for (place, corner), (next_place, next_corner) in zip(
            corners, (*corners[1:], corners[0]), strict=True
        ):
            start, end = _rounded(place), _rounded(next_place)
            if start == end:
                continue
            flipped += (start, end) in known
            neighbour = known.get((end, start))
            if neighbour:
                gap = max((neighbour[1] - corner).length(), (neighbour[0] - next_corner).length())
                widest, gaps = max(widest, gap), gaps + (gap > pitch / 2)
            known[start, end] = (corner, next_corner)
    if flipped:
        yield _problem(
            wall, "W027", "error",
            f"{flipped} edges are between triangles that face opposite ways",
            "make the normals consistent in the modelling program, facing the audience",
        )  # fmt: skip
    if gaps:
        yield _problem(
            wall, "W030", "warning",
            f"{gaps} neighbouring triangles have a gap between them, up to {widest * 1000:.1f} mm",
            "merge the corners of the mesh; nothing to do if the LEDs are apart there",
        )  # fmt: skip


def _pitches(wall: Wall, lit: list[Triangle]) -> Iterator[Problem]:
    """A pixel pitch that no LED wall has, or one that differs within a wall."""
    pitches = sorted(sqrt(triangle.area / triangle.canvas_area) * 1000 for triangle in lit)
    if not pitches:
        return
    least, median, most = pitches[0], pitches[len(pitches) // 2], pitches[-1]
    if not PITCH.least <= median <= PITCH.most:
        yield _problem(
            wall, "W031", "warning",
            f"a pitch of {median:.4g} mm is implausible; expected {PITCH.least:g} to "
            f"{PITCH.most:g}", "check scale: (metres for one unit of the file) and pixels:",
        )  # fmt: skip
    elif most > _VARIES * median or least < median / _VARIES:
        yield _problem(
            wall, "W031", "warning",
            f"the pitch is {least:.3g} to {most:.3g} mm, {median:.3g} mm on most triangles",
            "scale the UV with the size of the faces: LED panels of a wall have one pitch",
        )  # fmt: skip


def _between(one: Wall, other: Wall) -> Iterator[Problem]:
    """A narrow gap between two walls: wider than a pixel, and too narrow to be meant."""
    pitch = max(one.pitch, other.pitch)
    a, b = _whole_box(one), _whole_box(other)
    if any(a[0][i] > b[1][i] + _MEANT or b[0][i] > a[1][i] + _MEANT for i in range(3)):
        return
    near = [piece for piece in one.facets if _reaches(piece, b)]
    there = [piece for piece in other.facets if _reaches(piece, a)]
    if len(near) * len(there) > _MOST_PAIRS:
        yield _problem(
            other, "W032", "warning",
            f"the gap to wall {one.id!r} is not checked: the walls have too many triangles",
            "measure it in the modelling program, or use fewer triangles",
        )  # fmt: skip
        return
    gaps = [
        min(distance(facet, corner) for corner in piece.corners)
        for these, those in ((near, there), (there, near))
        for facet in these
        for piece in those
    ]
    gap = min(gaps, default=_MEANT)
    if pitch < gap < _MEANT:
        yield _problem(
            other, "W030", "warning",
            f"there is a gap of {gap * 1000:.1f} mm to wall {one.id!r}, wider than a pixel",
            "correct centre, so that the walls touch; nothing to do if they are apart",
        )  # fmt: skip


def _rounded(place: Place2) -> Place2:
    return round(place[0], 2), round(place[1], 2)


def _anticlockwise(places: tuple[Place2, ...]) -> list[Place2]:
    """The corners in the order in which the area is positive."""
    (ax, ay), (bx, by), (cx, cy) = places[:3]
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    return list(places) if area > 0 else list(reversed(places))


def _points(piece: Piece) -> list[tuple[float, ...]]:
    return [(corner.x, corner.y, corner.z) for corner in piece.corners]


def _shrunk(points: Iterable[tuple[float, ...]], by: float) -> Box:
    """The box around points, smaller by `by` on each side if it is wider than four times that, so
    that it does not meet the boxes of neighbours."""
    low, high = [], []
    for axis in zip(*points, strict=True):
        least, most = min(axis), max(axis)
        inward = by if most - least > 4 * by else 0.0
        low.append(least + inward)
        high.append(most - inward)
    return tuple(low), tuple(high)


def _reaches(piece: Piece, box: Box) -> bool:
    """True if a piece is in a box, or near enough for a gap that is not meant."""
    points = _points(piece)
    return all(
        min(p[i] for p in points) <= box[1][i] + _MEANT
        and max(p[i] for p in points) >= box[0][i] - _MEANT
        for i in range(3)
    )


def _whole_box(wall: Wall) -> Box:
    return _shrunk([point for piece in wall.facets for point in _points(piece)], 0.0)
