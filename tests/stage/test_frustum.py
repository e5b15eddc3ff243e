"""Frusta: the wall's edges are the picture's edges, the lens keeps its grid, sectors cover all."""

from __future__ import annotations

from math import hypot, isclose, radians, tan

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Facet, Lens, Wall, inner_frustum, outer_frustum
from xrdrama.stage.facets import arc_facets, flat_facets
from xrdrama.stage.frustum import WIDEST, sectors

law = settings(deadline=None, max_examples=300)
poses = st.builds(
    lambda x, y, z, pan, tilt, roll: Pose(
        Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll)
    ),
    *[st.floats(-10.0, 10.0)] * 3,
    *[st.floats(-170.0, 170.0)] * 3,
)
lenses = st.builds(
    Lens,
    st.floats(0.008, 0.3),
    st.tuples(st.floats(0.005, 0.06), st.floats(0.005, 0.06)),
    st.tuples(st.floats(-0.2, 0.2), st.floats(-0.2, 0.2)),
)


def at(pose: Pose, x: float, y: float, z: float) -> Vec3:
    return pose.apply(Vec3(x, y, z))


# -- one flat wall ------------------------------------------------------------------------------


@law
@given(
    poses,
    st.floats(0.5, 20.0),
    st.floats(0.5, 20.0),
    st.tuples(st.floats(-15.0, 15.0), st.floats(0.05, 15.0), st.floats(-15.0, 15.0)),
)
def test_a_wall_fills_the_picture_from_edge_to_edge(
    pose: Pose, width: float, height: float, eye: tuple[float, float, float]
) -> None:
    facets = flat_facets(pose, width, height, at=(0, 0), pixels=(100, 100))
    eye_point = at(pose, eye[0], -eye[1], eye[2])
    frustum = outer_frustum(eye_point, facets, near=0.1, far=100.0)
    assert frustum is not None
    corners = zip(facets[0].corners, ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True)
    for corner, (x, y) in corners:
        found = frustum.project(corner)
        assert isclose(found[0], x, abs_tol=1e-6) and isclose(found[1], y, abs_tol=1e-6)
        assert isclose(found[2], eye[1], rel_tol=1e-6)  # the whole wall is one depth
    assert frustum.pose.position == eye_point
    # Straight lines of the wall are straight and even in the picture: a quarter is a quarter.
    quarter = facets[0].lower_left.lerp(facets[0].lower_right, 0.25)
    assert isclose(frustum.project(quarter)[0], 0.25, abs_tol=1e-6)


def test_it_is_kooimas_formula() -> None:
    """Left is (vr . va) / d for the corner va, and so on, as the paper has it."""
    eye = Vec3(0.4, -2.0, 1.1)
    (facet,) = flat_facets(Pose(Vec3(0.0, 3.0, 1.5)), 4.0, 2.0, at=(0, 0), pixels=(10, 10))
    frustum = outer_frustum(eye, [facet], near=0.1, far=100.0)
    assert frustum is not None
    va, vb, vc = facet.lower_left - eye, facet.lower_right - eye, facet.upper_left - eye
    distance = 5.0
    right, up = Vec3(1.0, 0.0, 0.0), Vec3(0.0, 0.0, 1.0)
    assert isclose(frustum.left, right.dot(va) / distance)
    assert isclose(frustum.right, right.dot(vb) / distance)
    assert isclose(frustum.bottom, up.dot(va) / distance)
    assert isclose(frustum.top, up.dot(vc) / distance)


def test_from_behind_nothing_is_seen() -> None:
    facets = flat_facets(Pose(), 2.0, 2.0, at=(0, 0), pixels=(10, 10))
    assert outer_frustum(Vec3(0.0, 1.0, 0.0), facets, near=0.1, far=10.0) is None
    assert outer_frustum(Vec3(5.0, 0.0, 0.0), facets, near=0.1, far=10.0) is None  # edge on


def test_an_eye_that_is_wrong_by_a_millimetre_is_off_by_the_formula() -> None:
    """Control: the picture does depend on the eye, by 1 mm x |1/wall - 1/content|."""
    facets = flat_facets(Pose(Vec3(0.0, 4.0, 0.0)), 4.0, 2.0, at=(0, 0), pixels=(10, 10))
    right = outer_frustum(Vec3(), facets, near=0.1, far=100.0)
    wrong = outer_frustum(Vec3(0.001, 0.0, 0.0), facets, near=0.1, far=100.0)
    assert right is not None and wrong is not None
    far_away = Vec3(2.0, 40.0, 0.5)
    slip_on_wall = (wrong.project(far_away)[0] - right.project(far_away)[0]) * 4.0
    assert isclose(slip_on_wall, 0.001 * (1.0 - 4.0 / 40.0), rel_tol=1e-6)


# -- several facets -----------------------------------------------------------------------------

arcs = st.builds(
    lambda radius, angle, segments: Wall(
        "arc",
        arc_facets(
            Pose(), radius=radius, angle=angle, height=3.0, segments=segments, at=(0, 0),
            pixels=(1000, 300),
        ),
        (1000, 300),
        (0, 0),
    ),
    st.floats(2.0, 10.0),
    st.floats(5.0, 359.0),
    st.integers(1, 60),
)  # fmt: skip
several = settings(deadline=None, max_examples=80)
eyes = st.builds(Vec3, st.floats(-12.0, 12.0), st.floats(-12.0, 12.0), st.floats(0.2, 2.8))


@several
@given(arcs, eyes)
def test_sectors_have_every_facet_once_and_in_order(wall: Wall, eye: Vec3) -> None:
    runs = sectors(eye, wall)
    assert tuple(facet for run in runs for facet in run) == wall.facets
    assert all(runs)


@several
@given(arcs, eyes)
@example(Wall("a", arc_facets(Pose(), radius=5.0, angle=200.0, height=3.0, segments=40,
                              at=(0, 0), pixels=(1000, 300)), (1000, 300), (0, 0)),
         Vec3(3.5, 1.0, 1.6))  # fmt: skip
def test_no_view_of_several_facets_is_stretched_at_its_sides(wall: Wall, eye: Vec3) -> None:
    for run in sectors(eye, wall):
        frustum = outer_frustum(eye, run, near=0.1, far=10.0)
        if frustum is not None and len(run) > 1:
            assert max(-frustum.left, frustum.right) <= tan(radians(WIDEST)) * (1 + 1e-12)


@several
@given(arcs, eyes)
def test_every_corner_of_what_faces_the_eye_is_in_its_view(wall: Wall, eye: Vec3) -> None:
    for run in sectors(eye, wall):
        frustum = outer_frustum(eye, run, near=0.1, far=10.0)
        if frustum is None:
            assert not any(facet.sees(eye) for facet in run)
            continue
        for facet in run:
            if not facet.sees(eye):
                continue
            for corner in facet.corners:
                x, y, depth = frustum.project(corner)
                if depth > 1e-3:
                    assert -1e-6 <= x <= 1 + 1e-6 and -1e-6 <= y <= 1 + 1e-6


def test_from_the_middle_an_arc_is_seen_in_even_parts() -> None:
    wall = Wall(
        "arc",
        arc_facets(Pose(), radius=5.0, angle=270.0, height=3.0, segments=27, at=(0, 0),
                   pixels=(2700, 300)),
        (2700, 300),
        (0, 0),
    )  # fmt: skip
    assert [len(run) for run in sectors(Vec3(0.0, 0.0, 1.5), wall)] == [9, 9, 9]


def test_a_flat_wall_is_one_part() -> None:
    facets = flat_facets(Pose(Vec3(0.0, 1.0, 0.0)), 20.0, 2.0, at=(0, 0), pixels=(10, 10))
    assert sectors(Vec3(), Wall("w", facets, (10, 10), (0, 0))) == (facets,)


# -- the camera ---------------------------------------------------------------------------------


@law
@given(poses, lenses, st.floats(1.0, 3.0), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_overscan_grows_the_picture_about_the_cameras_own(
    camera: Pose, lens: Lens, overscan: float, u: float, v: float
) -> None:
    own = inner_frustum(camera, lens, near=0.1, far=100.0)
    grown = inner_frustum(camera, lens, overscan=overscan, near=0.1, far=100.0)
    assert (own.left, own.right) == (lens.edges[0], lens.edges[1]) or isclose(
        own.right - own.left, lens.edges[1] - lens.edges[0]
    )
    # A pixel of the camera is the same pixel in the larger picture, counted from the middle.
    point = at(camera, (own.left + own.right) / 2 + u, 1.0, (own.bottom + own.top) / 2 + v)
    x, y, depth = own.project(point)
    gx, gy, _ = grown.project(point)
    assert isclose(depth, 1.0, rel_tol=1e-6)
    assert isclose((gx - 0.5) * overscan, x - 0.5, abs_tol=1e-6)
    assert isclose((gy - 0.5) * overscan, y - 0.5, abs_tol=1e-6)


@law
@given(poses, lenses)
def test_point_behind_the_eye_has_no_depth(camera: Pose, lens: Lens) -> None:
    frustum = inner_frustum(camera, lens, near=0.1, far=100.0)
    x, y, depth = frustum.project(at(camera, 0.3, -2.0, 0.1))
    assert (x, y) == (0.0, 0.0) and isclose(depth, -2.0, rel_tol=1e-6)


@law
@given(poses, lenses, st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.5, 50.0))
def test_projecting_undoes_looking_along_a_ray(
    camera: Pose, lens: Lens, x: float, y: float, depth: float
) -> None:
    f = inner_frustum(camera, lens, near=0.1, far=100.0)
    ray = (f.left + x * (f.right - f.left), f.bottom + y * (f.top - f.bottom))
    assume(hypot(*ray) < 50.0)
    found = f.project(at(camera, ray[0] * depth, depth, ray[1] * depth))
    assert isclose(found[0], x, abs_tol=1e-6) and isclose(found[1], y, abs_tol=1e-6)
    assert isclose(found[2], depth, rel_tol=1e-6)


def test_single_facet_is_seen_whole_from_any_distance() -> None:
    facet = Facet(Vec3(-9.0, 0.1, 0.0), Vec3(9.0, 0.1, 0.0), Vec3(-9.0, 0.1, 3.0), (0, 0, 9, 9))
    wall = Wall("w", (facet,), (9, 9), (0, 0))
    (run,) = sectors(Vec3(0.0, 0.0, 1.5), wall)
    frustum = outer_frustum(Vec3(0.0, 0.0, 1.5), run, near=0.1, far=10.0)
    assert frustum is not None and isclose(frustum.right, 90.0)
