"""Checks a stage for geometry that is impossible, such as an eye point behind a wall."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from xrdrama.document import Node, Place, place_of
from xrdrama.errors import Problem, Severity
from xrdrama.stage import Stage
from xrdrama.stage.facets import Facet, Piece
from xrdrama.stage.geometry import boxes_meet, crosses, distance, lies_between
from xrdrama.stage.geometry_check import wall_problems
from xrdrama.stage.model import Wall

IN_A_WALL = 0.1
"""An eye point nearer to the LEDs than this (in metres) is inside the wall."""
THROUGH = 0.05
"""Two walls intersect if they overlap by more than this, in metres."""
IMPLAUSIBLE = 300.0
"""A wall that is farther from the eye point than this, in metres, is in another unit."""
SQUARE = 0.03
"""Allowed ratio of the two pixel pitches of square pixels."""


def check_stage(stage: Stage, root: Node) -> list[Problem]:
    """Problems for eye points in or behind walls, intersecting walls, pixels that are not square,
    a far plane in front of the wall, and the geometry of the walls themselves (`wall_problems`).
    `root` is the root node of the stage file."""
    checker = _Checker(stage, root)
    checker.eyes()
    checker.far()
    for wall in stage.walls:
        checker.pitch(wall)
    for one, other in combinations(stage.walls, 2):
        checker.apart(one, other)
    return sorted([*checker.problems, *wall_problems(stage)])


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
                if any(distance(facet, eye) < IN_A_WALL for facet in wall.facets):
                    self.note(place, "W010", "error", f"{key} is inside wall {wall.id!r}",
                              "move it to a position that the camera can have")  # fmt: skip
                elif any(lies_between(facet, self.stage.eye_point, eye) for facet in wall.facets):
                    self.note(place, "W010", "error", f"{key} is behind wall {wall.id!r}",
                              "move it to the side that shows the picture")  # fmt: skip

        facets = [facet for wall in self.stage.walls for facet in wall.facets]
        if not self.problems and not any(facet.sees(safe) for facet in facets):
            self.note(place_of(self.root, "safe", "position"), "W010", "error",
                      "the safe pose sees only the back of the walls",
                      "move it to the side that shows the picture")  # fmt: skip

    def far(self) -> None:
        eye, walls = self.stage.eye_point, self.stage.walls
        apart = [max((c - eye).length() for f in w.facets for c in f.corners) for w in walls]
        furthest = max(apart)
        if furthest > IMPLAUSIBLE:
            wall = walls[apart.index(furthest)]
            message = f"wall {wall.id!r} is up to {furthest:.4g} m away, which is implausible"
            self.note(place_of(self.root, "walls", wall.id), "W013", "warning", message,
                      "check its scale and its units: lengths are in metres; scale: 0.01 is for a "
                      "mesh file in centimetres")  # fmt: skip
        elif self.stage.far <= furthest:
            message = f"far ({self.stage.far:g} m) is nearer than the walls ({furthest:.1f} m)"
            self.note(place_of(self.root, "far"), "W013", "warning", message,
                      "write far: 500, so that the scene behind the walls is drawn")  # fmt: skip

    def pitch(self, wall: Wall) -> None:
        if not isinstance(wall.facets[0], Facet):
            return  # the pitch of a mesh is checked triangle by triangle
        across, down = wall.pitch, _height(wall) / wall.pixels[1]
        if abs(across / down - 1) > SQUARE:
            square = max(1, round(_height(wall) / across))
            message = f"the pixels of wall {wall.id!r} are not square: {across * 1000:.2f} mm "
            hint = f"write pixels: [{wall.pixels[0]}, {square}], or correct its width or height"
            place = place_of(self.root, "walls", wall.id, "pixels")
            self.note(place, "W011", "warning", f"{message}across, {down * 1000:.2f} mm down", hint)

    def apart(self, one: Wall, other: Wall) -> None:
        if any(crosses(a, b, THROUGH) for a, b in _near_pairs(one, other)):
            place = place_of(self.root, "walls", other.id, "centre")
            message = f"walls {one.id!r} and {other.id!r} intersect"
            self.note(place, "W012", "error", message, "move or turn one of them; walls may touch")


def _height(wall: Wall) -> float:
    first = wall.facets[0]
    return (first.corners[-1] - first.corners[0]).length()


def _near_pairs(one: Wall, other: Wall) -> Iterator[tuple[Piece, Piece]]:
    """Facets of two walls whose bounding boxes overlap, each pair in both orders."""
    near = [b for b in other.facets if any(boxes_meet(a, b, THROUGH) for a in one.facets)]
    for b in near:
        for a in one.facets:
            if boxes_meet(a, b, THROUGH):
                yield a, b
                yield b, a
