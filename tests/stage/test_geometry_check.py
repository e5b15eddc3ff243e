"""Geometry of walls: sound meshes have no problems; each planted fault has its own code."""

from __future__ import annotations

from math import cos, radians, sin

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.document import Place
from xrdrama.spatial import Pose, Vec3
from xrdrama.stage import Stage, Triangle, Wall
from xrdrama.stage.facets import arc_facets, flat_facets
from xrdrama.stage.geometry_check import wall_problems
from xrdrama.stage.model import Camera, Lens
from xrdrama.stage.nearby import near_pairs

COLUMNS, ROWS, PIXELS = 6, 3, (600, 300)


def grid(columns: int = COLUMNS, rows: int = ROWS) -> list[Triangle]:
    """A gently curved mesh, 6 m by 3 m, 3 m ahead, with square pixels of 10 mm."""

    def corner(i: int, j: int) -> tuple[Vec3, tuple[float, float]]:
        turn = radians(20) * (i / columns * 2 - 1)
        x, y = 8.6 * sin(turn), 3 + 8.6 * (cos(turn) - 1)
        return Vec3(x, y, 3 * j / rows), (PIXELS[0] * i / columns, PIXELS[1] * (1 - j / rows))

    made = []
    for i in range(columns):
        for j in range(rows):
            a, b, c, d = (corner(i + x, j + y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)))
            for p, q, r in ((a, b, c), (a, c, d)):
                made.append(Triangle((p[0], q[0], r[0]), (p[1], q[1], r[1])))
    return made


def stage_of(*walls: Wall) -> Stage:
    camera = Camera(Lens(0.035, (0.036, 0.02025)))
    return Stage("box", (2000, 2000), walls, (camera,), Vec3(0, -1, 1.5))


def mesh(triangles: list[Triangle], **keys: object) -> Wall:
    return Wall("wave", tuple(triangles), PIXELS, (0, 0), place=Place("a.yaml", 4, 3), **keys)  # type: ignore[arg-type]


def codes(*walls: Wall) -> list[str]:
    return [problem.code for problem in wall_problems(stage_of(*walls))]


def test_sound_walls_have_no_problems() -> None:
    flat = flat_facets(Pose(Vec3(0, 4, 1)), 4, 2, at=(0, 0), pixels=(400, 200))
    arc = arc_facets(Pose(), radius=5, angle=150, height=3, segments=20, at=(0, 0), pixels=(40, 9))
    assert codes(mesh(grid())) == []
    assert codes(Wall("flat", flat, (400, 200), (0, 0))) == []
    assert codes(Wall("arc", arc, (40, 9), (0, 0))) == []


def changed(index: int, **keys: object) -> list[Triangle]:
    triangles = grid()
    triangles[index] = msgspec.structs.replace(triangles[index], **keys)
    return triangles


def turned_over(triangle: Triangle) -> Triangle:
    (a, b, c), (p, q, r) = triangle.corners, triangle.places
    return Triangle((a, c, b), (p, r, q))


def lifted(triangle: Triangle, by: float) -> Triangle:
    return Triangle(
        tuple(corner + Vec3(0, by, 0) for corner in triangle.corners),  # type: ignore[arg-type]
        triangle.places,
    )


FIRST = grid()[0]


@pytest.mark.parametrize(
    ("triangles", "code", "severity", "says"),
    [
        (changed(0, places=((0, 0), (0, 0), (0, 0))), "W023", "error", "1 of 36 triangles"),
        ([*grid(), lifted(FIRST, 0.5)], "W024", "error", "share pixels"),
        (grid()[:-4], "W025", "warning", "11.1 % of its 600 x 300 pixels"),
        ([*grid(), lifted(FIRST, 0.001)], "W026", "error", "overlap or intersect in space"),
        ([turned_over(FIRST), *grid()[1:]], "W027", "error", "opposite ways"),
        ([turned_over(FIRST), *grid()[1:]], "W028", "warning", "1 of 36 triangles face away"),
        ([turned_over(FIRST), *grid()[1:]], "W029", "error", "mirrored on 1 of 36"),
        ([lifted(FIRST, 0.03), *grid()[1:]], "W030", "warning", "up to 30.0 mm"),
        ([*grid()[:-2], *(Triangle(t.corners, tuple((x * 0.1 + 540, y) for x, y in t.places))
                          for t in grid()[-2:])], "W031", "warning", "the pitch is"),
    ],
)  # fmt: skip
def test_a_planted_fault_has_its_code(
    triangles: list[Triangle], code: str, severity: str, says: str
) -> None:
    problems = {p.code: p for p in wall_problems(stage_of(mesh(triangles)))}
    assert code in problems, problems
    found = problems[code]
    assert (found.severity, found.file, found.line) == (severity, "a.yaml", 4)
    assert says in found.message and found.hint


def test_a_mirrored_mesh_is_found_unless_the_stage_says_so() -> None:
    mirrored = [Triangle(t.corners, tuple((600 - x, y) for x, y in t.places)) for t in grid()]
    assert codes(mesh(mirrored)) == ["W029"]
    assert codes(mesh(mirrored, mirrored=True)) == []
    assert codes(mesh(grid(), mirrored=True)) == ["W029"]


def test_a_pitch_off_scale_is_found() -> None:
    small = [
        Triangle(tuple(c * 0.01 for c in t.corners), t.places)  # type: ignore[arg-type]
        for t in grid()
    ]
    assert "W031" in codes(mesh(small))


def test_a_narrow_gap_between_walls_is_found_and_a_wide_one_is_meant() -> None:
    def flat(name: str, x: float) -> Wall:
        facets = flat_facets(Pose(Vec3(x, 4, 1)), 2, 2, at=(0, 0), pixels=(200, 200))
        return Wall(name, facets, (200, 200), (0, 0))

    assert codes(flat("a", 0), flat("b", 2.02)) == ["W030"]
    assert codes(flat("a", 0), flat("b", 2.0)) == []
    assert codes(flat("a", 0), flat("b", 2.3)) == []


def test_a_gap_that_is_too_much_work_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wave = mesh(grid(12, 6))
    facets = flat_facets(Pose(Vec3(3.95, 2.48, 1.5)), 2, 3, at=(0, 0), pixels=(200, 300))
    beside = Wall("side", facets, (200, 300), (0, 0))
    assert "W032" not in codes(wave, beside)
    monkeypatch.setattr("xrdrama.stage.geometry_check._MOST_PAIRS", 0)
    assert "W032" in codes(wave, beside)


def test_columns_that_face_away_are_counted() -> None:
    arc = arc_facets(Pose(), radius=5, angle=300, height=3, segments=30, at=(0, 0), pixels=(60, 9))
    wall = Wall("arc", arc, (60, 9), (0, 0))
    stage = msgspec.structs.replace(stage_of(wall), eye_point=Vec3(6, 0, 1.5))
    (problem,) = wall_problems(stage)
    assert problem.code == "W028" and "of 30 columns" in problem.message


def test_a_mesh_of_a_thousand_triangles_is_sound() -> None:
    assert codes(mesh(grid(25, 20))) == []


boxes = st.lists(
    st.tuples(*[st.tuples(st.floats(-5, 5), st.floats(0, 3))] * 2).map(
        lambda axes: (
            tuple(low for low, _ in axes),
            tuple(low + size for low, size in axes),
        )
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=150)
@given(boxes)
def test_near_pairs_are_those_of_a_comparison_of_all(
    boxes: list[tuple[tuple[float, ...], tuple[float, ...]]],
) -> None:
    every = {
        (a, b)
        for b in range(len(boxes))
        for a in range(b)
        if all(
            boxes[a][0][i] <= boxes[b][1][i] and boxes[b][0][i] <= boxes[a][1][i] for i in (0, 1)
        )
    }
    found = list(near_pairs(boxes))
    assert len(found) == len(set(found)) and set(found) == every
