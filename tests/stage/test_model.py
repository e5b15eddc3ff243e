"""Walls: where their corners are, and that their canvas has neither gap nor overlap."""

from __future__ import annotations

from itertools import pairwise
from math import cos, hypot, isclose, pi, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Camera, Lens, Wall
from xrdrama.stage.facets import arc_facets, flat_facets

law = settings(deadline=None, max_examples=200)
lengths = st.floats(0.5, 50.0)
poses = st.builds(
    lambda x, y, z, pan, tilt, roll: Pose(
        Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll)
    ),
    *[st.floats(-20.0, 20.0)] * 3,
    *[st.floats(-170.0, 170.0)] * 3,
)
canvases = st.tuples(st.integers(0, 4000), st.integers(0, 4000))
sizes = st.tuples(st.integers(1, 8000), st.integers(1, 8000))


@law
@given(poses, lengths, lengths, canvases, sizes)
def test_a_flat_wall_is_its_rectangle(
    pose: Pose, width: float, height: float, at: tuple[int, int], pixels: tuple[int, int]
) -> None:
    (facet,) = flat_facets(pose, width, height, at=at, pixels=pixels)
    assert facet.canvas == (*map(float, at), *map(float, pixels))
    ll, lr, ur, ul = facet.corners
    assert isclose((lr - ll).length(), width) and isclose((ul - ll).length(), height)
    assert abs((lr - ll).dot(ul - ll)) < 1e-9 * width * height
    assert (facet.centre - pose.position).length() < 1e-9
    assert (ur - facet.upper_right).length() == 0.0
    # It faces the pose's -Y, and from there left is left and down is down.
    assert (facet.normal - pose.rotation.rotate(Vec3(0.0, -1.0, 0.0))).length() < 1e-9
    front = pose.apply(Vec3(0.0, -3.0, 0.0))
    assert facet.sees(front) and not facet.sees(pose.apply(Vec3(0.0, 3.0, 0.0)))
    assert not facet.sees(facet.centre)
    local = pose.inverse()
    assert local.apply(ll).x < 0 < local.apply(lr).x and local.apply(ll).z < 0
    wall = Wall("w", (facet,), pixels, at)
    assert isclose(wall.pitch, width / pixels[0])
    assert (wall.centre - pose.position).length() < 1e-9


@law
@given(poses, lengths, st.floats(1.0, 359.0), lengths, st.integers(1, 60), canvases, sizes)
def test_an_arc_has_its_corners_on_the_circle_and_no_gap(
    pose: Pose, radius: float, angle: float, height: float, segments: int,
    at: tuple[int, int], pixels: tuple[int, int],
) -> None:  # fmt: skip
    facets = arc_facets(
        pose, radius=radius, angle=angle, height=height, segments=segments, at=at, pixels=pixels
    )
    assert len(facets) == segments
    back = pose.inverse()
    for facet in facets:
        for corner in facet.corners:
            p = back.apply(corner)
            assert isclose(hypot(p.x, p.y), radius, rel_tol=1e-9)
        low, high = back.apply(facet.lower_left), back.apply(facet.upper_left)
        assert abs(low.z) < 1e-9 * (1 + radius) and isclose(high.z, height, rel_tol=1e-9)
        chord = (facet.lower_right - facet.lower_left).length()
        assert isclose(chord, 2 * radius * sin(radians(angle) / segments / 2), rel_tol=1e-6)
    for left, right in pairwise(facets):
        assert (left.lower_right - right.lower_left).length() < 1e-9 * (1 + radius)
        assert isclose(left.canvas[0] + left.canvas[2], right.canvas[0], rel_tol=1e-12)
    assert facets[0].canvas[0] == at[0]
    assert isclose(facets[-1].canvas[0] + facets[-1].canvas[2], at[0] + pixels[0], rel_tol=1e-12)
    assert all((f.canvas[1], f.canvas[3]) == (at[1], pixels[1]) for f in facets)


def test_an_arc_faces_the_middle_and_runs_from_left_to_right() -> None:
    facets = arc_facets(
        Pose(), radius=5.0, angle=180.0, height=3.0, segments=18, at=(0, 0), pixels=(1800, 300)
    )
    assert all(facet.sees(Vec3(0.0, 0.0, 1.0)) for facet in facets)
    assert (facets[0].lower_left - Vec3(-5.0, 0.0, 0.0)).length() < 1e-12
    assert (facets[-1].lower_right - Vec3(5.0, 0.0, 0.0)).length() < 1e-12
    middle = facets[8].lower_right
    assert (middle - Vec3(0.0, 5.0, 0.0)).length() < 1e-12  # pan 0 is +Y
    wall = Wall("w", facets, (1800, 300), (0, 0))
    assert isclose(wall.pitch, 18 * 2 * 5 * sin(pi / 36) / 1800)
    assert wall.centre.z == 1.5


def test_a_turned_arc_is_turned_about_its_foot() -> None:
    turned = Pose(Vec3(1.0, 2.0, 0.5), Quat.from_angles(pan=90.0))
    facets = arc_facets(
        turned, radius=4.0, angle=60.0, height=2.0, segments=2, at=(0, 0), pixels=(100, 100)
    )
    middle = facets[0].lower_right
    assert (middle - Vec3(1.0 - 4.0, 2.0, 0.5)).length() < 1e-12  # +Y has become -X


# -- the camera ---------------------------------------------------------------------------------


@law
@given(
    st.floats(0.005, 1.0), st.floats(0.005, 0.1), st.floats(0.005, 0.1),
    st.floats(-0.5, 0.5), st.floats(-0.5, 0.5),
)  # fmt: skip
def test_a_lens_has_the_field_of_view_of_its_sensor(
    focal: float, width: float, height: float, shift_x: float, shift_y: float
) -> None:
    left, right, bottom, top = Lens(focal, (width, height), (shift_x, shift_y)).edges
    assert isclose(right - left, width / focal) and isclose(top - bottom, height / focal)
    assert isclose((left + right) / 2, shift_x * width / focal, abs_tol=1e-9)
    assert isclose((bottom + top) / 2, shift_y * width / focal, abs_tol=1e-9)


@law
@given(poses, poses, st.floats(-1.0, 1.0))
def test_the_tracker_is_found_again_from_the_pupil(
    tracker: Pose, offset: Pose, pupil: float
) -> None:
    camera = Camera(Lens(0.04, (0.036, 0.02)), offset, pupil)
    back = camera.tracker(camera.perspective_centre(tracker))
    assert (back.position - tracker.position).length() < 1e-9
    assert back.rotation.angle_to(tracker.rotation) < 1e-9


def test_pupil_is_in_front_of_the_mount_and_mount_beside_the_tracker() -> None:
    camera = Camera(Lens(0.04, (0.036, 0.02)), Pose(Vec3(0.0, 0.1, -0.2)), 0.06)
    found = camera.perspective_centre(Pose(Vec3(1.0, 2.0, 3.0), Quat.from_angles(pan=90.0)))
    assert (found.position - Vec3(1.0 - 0.16, 2.0, 2.8)).length() < 1e-12
    assert found.rotation.angle_to(Quat.from_angles(pan=90.0)) < 1e-12


@pytest.mark.parametrize("degrees", [0.0, 30.0, 90.0])
def test_pan_turns_a_wall_to_face_what_looks_at_it(degrees: float) -> None:
    """A wall with pan p is looked at straight on by somebody who looks along pan p."""
    (facet,) = flat_facets(
        Pose(Vec3(), Quat.from_angles(pan=degrees)), 2.0, 1.0, at=(0, 0), pixels=(10, 10)
    )
    looks = Vec3(-sin(radians(degrees)), cos(radians(degrees)), 0.0)
    assert (facet.normal + looks).length() < 1e-12
