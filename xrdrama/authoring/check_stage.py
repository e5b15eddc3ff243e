"""Checks a stage for geometry that is impossible, such as an eye point behind a wall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from xrdrama.document import Node, Place, place_of
from xrdrama.errors import Problem, Severity
from xrdrama.spatial import Vec3
from xrdrama.stage import Stage
from xrdrama.stage.model import Facet, Wall

IN_A_WALL = 0.1
"""An eye point nearer to the LEDs than this (in metres) is inside the wall."""
THROUGH = 0.05
"""Two walls intersect if they overlap by more than this, in metres."""
SQUARE = 0.03
"""Allowed ratio of the two pixel pitches of square pixels."""


def check_stage(stage: Stage, root: Node) -> list[Problem]:
    """Problems for eye points in or behind walls, intersecting walls, pixels that are not square,
    and a far plane in front of the wall. `root` is the root node of the stage file."""
    checker = _Checker(stage, root)
    checker.eyes()
    checker.far()
    for wall in stage.walls:
        checker.pitch(wall)
    for one, other in combinations(stage.walls, 2):
        checker.apart(one, other)
    return sorted(checker.problems)


class _Checker:
    def __init__(self, stage: Stage, root: Node) -> None:
        self.stage, self.root = stage, root
        self.problems: list[Problem] = []

    def note(self, place: Place, code: str, severity: Severity, message: str, hint: str) -> None:
        p = place
        self.problems.append(Problem(p.file, p.line, p.column, code, severity, message, hint))

    def eyes(self) -> None:
        safe = self.stage.safe.position
        places = {"eye_point": self.stage.eye_point}
        if safe != self.stage.eye_point:
            places["safe"] = safe
        for key, eye in places.items():
            place = place_of(self.root, *(("safe", "position") if key == "safe" else (key,)))
            for wall in self.stage.walls:
                if any(_distance(facet, eye) < IN_A_WALL for facet in wall.facets):
                    self.note(place, "W010", "error", f"{key} is inside wall {wall.id!r}",
                              "move it to a position that the camera can have")  # fmt: skip
                elif any(_between(facet, self.stage.eye_point, eye) for facet in wall.facets):
                    self.note(place, "W010", "error", f"{key} is behind wall {wall.id!r}",
                              "move it to the side that shows the picture")  # fmt: skip

        facets = [facet for wall in self.stage.walls for facet in wall.facets]
        if not self.problems and not any(facet.sees(safe) for facet in facets):
            self.note(place_of(self.root, "safe", "position"), "W010", "error",
                      "the safe pose sees only the back of the walls",
                      "move it to the side that shows the picture")  # fmt: skip

    def far(self) -> None:
        corners = [c for wall in self.stage.walls for f in wall.facets for c in f.corners]
        furthest = max((corner - self.stage.eye_point).length() for corner in corners)
        if self.stage.far <= furthest:
            message = f"far ({self.stage.far:g} m) is nearer than the walls ({furthest:.1f} m)"
            self.note(place_of(self.root, "far"), "W013", "warning", message,
                      "write far: 500, so that the scene behind the walls is drawn")  # fmt: skip

    def pitch(self, wall: Wall) -> None:
        across, down = wall.pitch, _height(wall) / wall.pixels[1]
        if abs(across / down - 1) > SQUARE:
            square = max(1, round(_height(wall) / across))
            message = f"the pixels of wall {wall.id!r} are not square: {across * 1000:.2f} mm "
            hint = f"write pixels: [{wall.pixels[0]}, {square}], or correct its width or height"
            place = place_of(self.root, "walls", wall.id, "pixels")
            self.note(place, "W011", "warning", f"{message}across, {down * 1000:.2f} mm down", hint)

    def apart(self, one: Wall, other: Wall) -> None:
        if any(_cross(a, b) for a, b in _near_pairs(one, other)):
            place = place_of(self.root, "walls", other.id, "centre")
            message = f"walls {one.id!r} and {other.id!r} intersect"
            self.note(place, "W012", "error", message, "move or turn one of them; walls may touch")


def _height(wall: Wall) -> float:
    first = wall.facets[0]
    return (first.upper_left - first.lower_left).length()


def _axes(facet: Facet) -> tuple[Vec3, Vec3, float, float]:
    """Unit vectors along the width and the height, and both lengths."""
    across, up = facet.lower_right - facet.lower_left, facet.upper_left - facet.lower_left
    return across.unit(), up.unit(), across.length(), up.length()


def _flat(facet: Facet, point: Vec3) -> tuple[float, float, float]:
    """A point as metres along the width and the height, and in front of the facet."""
    right, up, _, _ = _axes(facet)
    off = point - facet.lower_left
    return off.dot(right), off.dot(up), off.dot(facet.normal)


def _distance(facet: Facet, point: Vec3) -> float:
    """Metres from a point to the nearest LED."""
    _, _, width, height = _axes(facet)
    x, y, z = _flat(facet, point)
    beside = Vec3(max(0.0, -x, x - width), max(0.0, -y, y - height), z)
    return beside.length()


def _between(facet: Facet, one: Vec3, other: Vec3) -> bool:
    """True when the line segment between two points crosses the facet."""
    _, _, width, height = _axes(facet)
    a, b = _flat(facet, one), _flat(facet, other)
    if a[2] * b[2] >= 0.0:
        return False
    share = a[2] / (a[2] - b[2])
    x, y = (a[i] + (b[i] - a[i]) * share for i in (0, 1))
    return 0.0 <= x <= width and 0.0 <= y <= height


def _near_pairs(one: Wall, other: Wall) -> Iterator[tuple[Facet, Facet]]:
    """Facets of two walls whose bounding boxes overlap, each pair in both orders."""
    near = [b for b in other.facets if any(_boxes_meet(a, b) for a in one.facets)]
    for b in near:
        for a in one.facets:
            if _boxes_meet(a, b):
                yield a, b
                yield b, a


def _boxes_meet(a: Facet, b: Facet) -> bool:
    for axis in ("x", "y", "z"):
        mine, theirs = ([getattr(c, axis) for c in f.corners] for f in (a, b))
        if max(mine) + THROUGH < min(theirs) or max(theirs) + THROUGH < min(mine):
            return False
    return True


def _cross(a: Facet, b: Facet) -> bool:
    """True when facet `b` is in the plane of `a` and overlaps it, or crosses it inside its
    edges."""
    _, _, width, height = _axes(a)
    corners = [_flat(a, corner) for corner in b.corners]
    inside = (THROUGH, width - THROUGH, THROUGH, height - THROUGH)
    if all(abs(z) < THROUGH for _, _, z in corners):
        return _overlaps([(x, y) for x, y, _ in corners], inside)
    if min(z for _, _, z in corners) > -THROUGH or max(z for _, _, z in corners) < THROUGH:
        return False
    cut = []
    for p, q in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (p[2] < 0.0) != (q[2] < 0.0):
            share = p[2] / (p[2] - q[2])
            cut.append((p[0] + (q[0] - p[0]) * share, p[1] + (q[1] - p[1]) * share))
    return len(cut) == 2 and _overlaps(cut, inside)


def _overlaps(shape: list[tuple[float, float]], box: tuple[float, float, float, float]) -> bool:
    """True when a segment or a convex shape overlaps an axis-aligned box (separating axes)."""
    left, right, bottom, top = box
    if left >= right or bottom >= top:
        return False
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    edges = list(zip(shape, (*shape[1:], shape[0]), strict=True))
    axes = [(1.0, 0.0), (0.0, 1.0), *((q[1] - p[1], p[0] - q[0]) for p, q in edges)]
    for x, y in axes:
        mine, theirs = ([x * px + y * py for px, py in one] for one in (shape, corners))
        if max(mine) <= min(theirs) or max(theirs) <= min(mine):
            return False
    return True
