"""Mesh walls: the same pictures as flat walls and arcs of the same shape, and all of them covered;
turned and mirrored walls; errors of their files."""

from __future__ import annotations

from math import isclose, radians, tan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import Problem, UsageError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, Triangle, Wall, outer_frustum, parse_stage
from xrdrama.stage.facets import Facet, arc_facets, flat_facets, on_canvas
from xrdrama.stage.frustum import WIDEST, picture_size, sectors

law = settings(deadline=None, max_examples=100)
poses = st.builds(
    lambda x, y, z, pan, tilt, roll: Pose(
        Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll)
    ),
    *[st.floats(-5.0, 5.0)] * 3,
    *[st.floats(-170.0, 170.0)] * 3,
)
turns = st.sampled_from([0, 90, 180, 270])


def triangles(facets: tuple[Facet, ...]) -> tuple[Triangle, ...]:
    """Two triangles for each rectangle."""
    made = []
    for facet in facets:
        for picked in ((0, 1, 2), (0, 2, 3)):
            a, b, c = (facet.corners[i] for i in picked)
            made.append(Triangle((a, b, c), tuple(facet.places[i] for i in picked)))
    return tuple(made)


@law
@given(poses, st.floats(0.5, 9.0), st.floats(0.5, 9.0),
       st.tuples(st.floats(-8, 8), st.floats(0.1, 9), st.floats(-8, 8)))  # fmt: skip
def test_a_flat_mesh_has_the_frustum_of_a_flat_wall(
    pose: Pose, width: float, height: float, eye: tuple[float, float, float]
) -> None:
    flat = flat_facets(pose, width, height, at=(5, 7), pixels=(100, 50))
    mesh = triangles(flat)
    eye_point = pose.apply(Vec3(eye[0], -eye[1], eye[2]))
    one = outer_frustum(eye_point, flat, near=0.1, far=100.0)
    other = outer_frustum(eye_point, mesh, near=0.1, far=100.0)
    assert one is not None and other is not None
    for corner in (*flat[0].corners, flat[0].centre):
        expected, found = one.project(corner), other.project(corner)
        assert all(isclose(a, b, abs_tol=1e-6) for a, b in zip(expected, found, strict=True))
    assert sectors(eye_point, Wall("mesh", mesh, (100, 50), (5, 7))) == (mesh,)
    assert picture_size(eye_point, flat, 40.0) == picture_size(eye_point, mesh, 40.0)


@law
@given(st.floats(1.0, 9.0), st.floats(20.0, 340.0), st.floats(0.5, 6.0), st.integers(1, 40),
       poses, st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-3, 3)))  # fmt: skip
def test_every_triangle_is_in_one_view_that_holds_it(
    radius: float, angle: float, height: float, segments: int, pose: Pose,
    eye: tuple[float, float, float],
) -> None:  # fmt: skip
    arc = arc_facets(pose, radius=radius, angle=angle, height=height, segments=segments,
                     at=(0, 0), pixels=(400, 100))  # fmt: skip
    mesh = triangles(arc)
    eye_point = pose.apply(Vec3(*eye))
    views = sectors(eye_point, Wall("mesh", mesh, (400, 100), (0, 0)))
    assert sorted((t for view in views for t in view), key=repr) == sorted(mesh, key=repr)
    for view in views:
        frustum = outer_frustum(eye_point, view, near=0.1, far=100.0)
        if frustum is None:
            assert not any(triangle.sees(eye_point) for triangle in view)
            continue
        for triangle in view:
            if triangle.sees(eye_point):
                for corner in triangle.corners:
                    x, y, depth = frustum.project(corner)
                    if depth > 1e-3:
                        assert -1e-6 <= x <= 1 + 1e-6 and -1e-6 <= y <= 1 + 1e-6


def test_a_wide_mesh_is_drawn_as_several_narrow_views() -> None:
    arc = arc_facets(Pose(), radius=5, angle=170, height=3, segments=30, at=(0, 0), pixels=(9, 9))
    views = sectors(Vec3(0, 0, 1.5), Wall("mesh", triangles(arc), (9, 9), (0, 0)))
    assert 2 <= len(views) <= 4
    for view in views:
        frustum = outer_frustum(Vec3(0, 0, 1.5), view, near=0.1, far=9.0)
        assert frustum is not None
        assert max(-frustum.left, frustum.right, frustum.top) <= tan(radians(WIDEST))


# -- turned and mirrored walls -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turned", "mirrored", "upper_left", "upper_right"),
    [
        (0, False, (10, 20), (110, 20)),
        (90, False, (60, 20), (60, 120)),
        (180, False, (110, 70), (10, 70)),
        (270, False, (10, 120), (10, 20)),
        (0, True, (110, 20), (10, 20)),
        (90, True, (60, 120), (60, 20)),
    ],
)
def test_a_turned_wall_is_clockwise_on_the_canvas(
    turned: int, mirrored: bool, upper_left: tuple[int, int], upper_right: tuple[int, int]
) -> None:
    (facet,) = flat_facets(Pose(), 4.0, 2.0, at=(10, 20), pixels=(100, 50), turned=turned,
                           mirrored=mirrored)  # fmt: skip
    _, _, right, left = facet.places
    assert (left, right) == (upper_left, upper_right)


@law
@given(turns, st.booleans(), st.integers(1, 12), st.floats(0, 1), st.floats(0, 1))
def test_columns_of_a_turned_arc_are_where_the_wall_is(
    turned: int, mirrored: bool, segments: int, u: float, v: float
) -> None:
    pixels, at = (120, 40), (3, 5)
    placed = on_canvas(at, pixels, turned, mirrored)
    columns = arc_facets(Pose(), radius=3, angle=90, height=2, segments=segments, at=at,
                         pixels=pixels, turned=turned, mirrored=mirrored)  # fmt: skip
    for index, column in enumerate(columns):
        for (s, t), place in zip(((0, 0), (1, 0), (1, 1), (0, 1)), column.places, strict=True):
            expected = placed((index + s) / segments, float(t))
            assert all(isclose(a, b, abs_tol=1e-9) for a, b in zip(expected, place, strict=True))
    x, y = placed(u, v)
    wall = Wall("arc", columns, pixels, at, turned=turned)
    assert at[0] - 1e-9 <= x <= at[0] + wall.area[0] + 1e-9
    assert at[1] - 1e-9 <= y <= at[1] + wall.area[1] + 1e-9


def test_a_pitched_and_rolled_arc_is_turned_as_a_whole() -> None:
    pose = Pose(Vec3(1, 2, 3), Quat.from_angles(pan=20, tilt=30, roll=-10))
    keys = {"radius": 4.0, "angle": 100.0, "height": 2.0, "segments": 5}
    level = arc_facets(Pose(), at=(0, 0), pixels=(50, 20), **keys)  # type: ignore[arg-type]
    turned = arc_facets(pose, at=(0, 0), pixels=(50, 20), **keys)  # type: ignore[arg-type]
    for one, other in zip(level, turned, strict=True):
        for a, b in zip(one.corners, other.corners, strict=True):
            assert (pose.apply(a) - b).length() < 1e-9
    assert isclose(
        Wall("a", level, (50, 20), (0, 0)).pitch, Wall("b", turned, (50, 20), (0, 0)).pitch
    )


# -- stage files ---------------------------------------------------------------------------------

STAGE = """\
xrdrama: 1
id: box
canvas: [400, 200]
walls:
  wave: {shape: mesh, file: wave.obj, pixels: [400, 200], centre: [0, 3, 0]}
camera: {focal_mm: 35, sensor_mm: [36, 20.25], picture: [640, 360]}
inner: {pixels: [640, 360]}
eye_point: [0, -1, 1.5]
"""
OBJ = """\
v -2 0 0
v 2 0 0
v 2 2 0
v -2 2 0
vt 0 0
vt 1 0
vt 1 1
vt 0 1
f 1/1 2/2 3/3 4/4
"""


def parsed(text: str = STAGE, obj: str = OBJ) -> tuple[Stage | None, list[Problem]]:
    def files(name: str) -> bytes:
        if name != "wave.obj":
            raise UsageError(f"{name} does not exist", "check the name")
        return obj.encode()

    return parse_stage(text, "box.stage.yaml", files)


def test_a_mesh_stands_y_up_where_the_stage_says() -> None:
    stage, problems = parsed()
    assert stage is not None and not problems
    first, second = stage.walls[0].facets
    assert first.corners == (Vec3(-2, 3, 0), Vec3(2, 3, 0), Vec3(2, 3, 2))
    assert second.places == ((0, 200), (400, 0), (0, 0))
    assert first.normal == Vec3(0, -1, 0)
    assert isclose(stage.walls[0].pitch, 0.01)
    stage, _ = parsed(STAGE.replace("centre:", "scale: 0.5, up: z, tilt: 90, centre:"))
    assert stage is not None
    corners = stage.walls[0].facets[0].corners
    assert all(
        (a - b).length() < 1e-9
        for a, b in zip(corners, (Vec3(-1, 3, 0), Vec3(1, 3, 0), Vec3(1, 3, 1)), strict=True)
    )


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("wave.obj", "wav.obj", "W020", "does not exist"),
        ("wave.obj", "wave.fbx", "W020", "does not exist"),
        ("centre:", "object: back, centre:", "W020", "no object 'back'"),
        ("centre:", "region: back, centre:", "W020", "region does not apply"),
        ("centre: [0, 3, 0]", "centre: [0, 3, 0], pan: 180", "W005", "behind wall"),
        ("centre:", "turned: 90, centre:", "W003", "does not fit on the canvas"),
        ("centre:", "turned: 45, centre:", "F008", "45"),
        ("pixels: [400, 200], ", "", "F015", "pixels"),
        ("centre:", "width: 3, centre:", "F014", "width"),
    ],
)
def test_a_fault_of_a_mesh_wall_has_its_place(old: str, new: str, code: str, says: str) -> None:
    stage, problems = parsed(STAGE.replace(old, new, 1))
    assert stage is None
    assert [p.code for p in problems] == [code], problems
    assert says in problems[0].message and problems[0].line == 5 and problems[0].hint


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ("vt 1 1", "vt 1 1.2", "W021", "2 of 6 corners have UV outside 0 to 1"),
        ("v 2 2 0", "v 2 nan 0", "W020", "wave.obj: line 3: nan"),
        ("v 2 2 0\nv -2 2 0", "v 2 0 0\nv -2 0 0", "W022", "no triangle has an area"),
    ],
)
def test_a_fault_of_a_surface_is_reported_at_its_name(
    old: str, new: str, code: str, says: str
) -> None:
    assert old in OBJ
    stage, problems = parsed(obj=OBJ.replace(old, new))
    assert stage is None and [p.code for p in problems] == [code]
    assert says in problems[0].message and (problems[0].line, problems[0].hint != "") == (5, True)


def test_triangles_without_area_are_left_out_with_a_warning() -> None:
    stage, problems = parsed(obj=OBJ + "f 1/1 1/1 2/2\n")
    assert stage is not None and len(stage.walls[0].facets) == 2
    assert [(p.code, p.severity) for p in problems] == [("W022", "warning")]


def test_a_rounding_error_of_an_exporter_does_not_leave_the_wall() -> None:
    stage, problems = parsed(obj=OBJ.replace("vt 1 1", "vt 1.00001 1.00001"))
    assert stage is not None and not problems
    assert stage.walls[0].facets[0].places[2] == (400, 0)


def test_a_stage_without_files_refuses_a_mesh() -> None:
    stage, problems = parse_stage(STAGE, "box.stage.yaml")
    assert stage is None and [p.code for p in problems] == ["W020"]
