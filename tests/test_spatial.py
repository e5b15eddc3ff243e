"""The laws of rotations and poses, and which way is which."""

from __future__ import annotations

from math import acos, degrees, isclose, pi, radians

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from xrdrama.spatial import (
    FORWARD,
    IDENTITY,
    ORIGIN,
    RIGHT,
    UP,
    Pose,
    Quat,
    Vec3,
    from_axes,
    look_at,
    settle,
)

law = settings(deadline=None, max_examples=300)
metres = st.floats(-1000.0, 1000.0)
points = st.builds(Vec3, metres, metres, metres)
pans = st.floats(-179.999, 179.999)
tilts = st.floats(-89.9, 89.9)
rotations = st.builds(
    lambda w, x, y, z: Quat(w, x, y, z).unit(),
    st.floats(-1.0, 1.0),
    st.floats(-1.0, 1.0),
    st.floats(-1.0, 1.0),
    st.floats(0.01, 1.0),
)
poses = st.builds(Pose, points, rotations)


def apart(a: Vec3, b: Vec3) -> float:
    return (a - b).length()


def same(a: Quat, b: Quat, within: float = 1e-9) -> bool:
    return a.angle_to(b) < within


# -- vectors ------------------------------------------------------------------------------------


@law
@given(points, points)
def test_the_vector_product_is_at_right_angles_to_both(a: Vec3, b: Vec3) -> None:
    c = a.cross(b)
    scale = 1.0 + a.length() * b.length() * max(a.length(), b.length())
    assert abs(c.dot(a)) < 1e-9 * scale and abs(c.dot(b)) < 1e-9 * scale
    assert c == -(b.cross(a)) + ORIGIN or apart(c, -(b.cross(a))) == 0.0


def test_the_axes_are_right_handed() -> None:
    assert RIGHT.cross(FORWARD) == UP
    assert FORWARD.cross(UP) == RIGHT
    assert UP.cross(RIGHT) == FORWARD


@law
@given(points, points, st.floats(0.0, 1.0))
def test_lerp_stays_between(a: Vec3, b: Vec3, x: float) -> None:
    between = a.lerp(b, x)
    assert apart(a, between) + apart(between, b) <= apart(a, b) * (1 + 1e-9) + 1e-9


@law
@given(points)
def test_unit_has_length_one(a: Vec3) -> None:
    assume(a.length() > 1e-6)
    assert isclose(a.unit().length(), 1.0, rel_tol=1e-12)
    assert apart(a.unit() * a.length(), a) < 1e-9


def test_scaling_works_from_both_sides() -> None:
    assert 2.0 * Vec3(1.0, 2.0, 3.0) == Vec3(1.0, 2.0, 3.0) * 2.0 == Vec3(2.0, 4.0, 6.0)


def test_zero_vector_has_no_direction() -> None:
    with pytest.raises(ZeroDivisionError):
        ORIGIN.unit()
    with pytest.raises(ZeroDivisionError):
        Quat(0.0, 0.0, 0.0, 0.0).unit()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_only_numbers_are_finite(bad: float) -> None:
    assert Vec3(1.0, 2.0, 3.0).is_finite()
    assert not Vec3(bad, 0.0, 0.0).is_finite()
    assert not Vec3(0.0, bad, 0.0).is_finite()
    assert not Vec3(0.0, 0.0, bad).is_finite()


# -- rotations ----------------------------------------------------------------------------------


@law
@given(rotations, rotations, rotations)
def test_rotations_are_a_group(a: Quat, b: Quat, c: Quat) -> None:
    assert same((a * b) * c, a * (b * c))
    assert same(a * IDENTITY, a) and same(IDENTITY * a, a)
    assert same(a * a.conjugate(), IDENTITY) and same(a.conjugate() * a, IDENTITY)
    assert same((a * b).conjugate(), b.conjugate() * a.conjugate())
    assert isclose((a * b).norm(), 1.0, rel_tol=1e-12)


@law
@given(rotations, rotations, points, points)
def test_turning_keeps_lengths_and_angles_and_composes(a: Quat, b: Quat, v: Vec3, w: Vec3) -> None:
    scale = 1.0 + v.length() + w.length()
    assert isclose(a.rotate(v).length(), v.length(), rel_tol=1e-9, abs_tol=1e-9)
    assert isclose(a.rotate(v).dot(a.rotate(w)), v.dot(w), rel_tol=1e-9, abs_tol=1e-7 * scale)
    assert apart((a * b).rotate(v), a.rotate(b.rotate(v))) < 1e-9 * scale
    assert apart((-a).rotate(v), a.rotate(v)) == 0.0  # q and -q are one rotation
    assert apart(a.rotate(v.cross(w)), a.rotate(v).cross(a.rotate(w))) < 1e-9 * scale**2


@law
@given(rotations, points)
def test_a_rotation_is_where_it_takes_the_axes(q: Quat, v: Vec3) -> None:
    by_axes = q.rotate(RIGHT) * v.x + q.rotate(FORWARD) * v.y + q.rotate(UP) * v.z
    assert apart(by_axes, q.rotate(v)) < 1e-9 * (1.0 + v.length())


@law
@given(pans, tilts, pans)
@example(90.0, 0.0, 0.0)
@example(-179.999, 89.9, 179.999)
def test_angles_round_trip(pan: float, tilt: float, roll: float) -> None:
    p, t, r = Quat.from_angles(pan=pan, tilt=tilt, roll=roll).angles()
    assert isclose(p, pan, abs_tol=1e-7)
    assert isclose(t, tilt, abs_tol=1e-7)
    assert isclose(r, roll, abs_tol=1e-7)


@law
@given(rotations)
def test_angles_are_in_range_and_mean_the_same_rotation(q: Quat) -> None:
    pan, tilt, roll = q.angles()
    assert -180.0 <= pan <= 180.0 and -90.0 <= tilt <= 90.0 and -180.0 <= roll <= 180.0
    assert same(Quat.from_angles(pan=pan, tilt=tilt, roll=roll), q, 3e-6)


@law
@given(st.floats(-180.0, 180.0), st.sampled_from((90.0, -90.0)), st.floats(-180.0, 180.0))
@example(170.0, 90.0, 170.0)
@example(-170.0, -90.0, 170.0)
def test_straight_up_and_down_pan_and_roll_merge(pan: float, tilt: float, roll: float) -> None:
    q = Quat.from_angles(pan=pan, tilt=tilt, roll=roll)
    p, t, r = q.angles()
    assert r == 0.0 and isclose(t, tilt, abs_tol=1e-5)
    assert -180.0 <= p <= 180.0
    assert same(Quat.from_angles(pan=p, tilt=t, roll=r), q, 3e-6)


@law
@given(pans, tilts, pans)
def test_angles_turn_about_z_then_x_then_y_of_the_turned_frame(
    pan: float, tilt: float, roll: float
) -> None:
    turns = (
        Quat.about(UP, radians(pan))
        * Quat.about(RIGHT, radians(tilt))
        * Quat.about(FORWARD, radians(roll))
    )
    assert same(Quat.from_angles(pan=pan, tilt=tilt, roll=roll), turns)


@pytest.mark.parametrize(
    ("angles", "local", "becomes"),
    [
        ({"pan": 90.0}, FORWARD, -RIGHT),  # pan positive to the left
        ({"pan": 90.0}, RIGHT, FORWARD),
        ({"tilt": 90.0}, FORWARD, UP),  # tilt positive up
        ({"tilt": 90.0}, UP, -FORWARD),
        ({"roll": 90.0}, UP, RIGHT),  # clockwise from behind: what was up is now on the right
        ({"roll": 90.0}, RIGHT, -UP),
        ({"roll": 90.0}, FORWARD, FORWARD),
    ],
)
def test_signs(angles: dict[str, float], local: Vec3, becomes: Vec3) -> None:
    assert apart(Quat.from_angles(**angles).rotate(local), becomes) < 1e-15


@law
@given(rotations, rotations)
def test_the_angle_between_is_symmetric_and_agrees_with_the_cosine(a: Quat, b: Quat) -> None:
    angle = a.angle_to(b)
    assert 0.0 <= angle <= pi + 1e-12
    assert isclose(angle, b.angle_to(a), abs_tol=1e-12)
    assert isclose(angle, 2.0 * acos(min(1.0, abs(a.dot(b)))), abs_tol=1e-6)


def test_a_tiny_angle_is_measured_exactly() -> None:
    tiny = Quat.about(UP, 1e-9)
    assert isclose(IDENTITY.angle_to(tiny), 1e-9, rel_tol=1e-6)
    # The control: by the cosine alone it would be lost.
    assert 2.0 * acos(min(1.0, IDENTITY.dot(tiny))) == 0.0


@law
@given(rotations, rotations, st.floats(0.0, 1.0))
def test_slerp_goes_the_shorter_way_at_a_constant_rate(a: Quat, b: Quat, x: float) -> None:
    whole = a.angle_to(b)
    assume(whole < pi - 1e-3)
    on = a.slerp(b, x)
    assert isclose(on.norm(), 1.0, rel_tol=1e-12)
    assert isclose(a.angle_to(on), whole * x, abs_tol=1e-8)
    assert isclose(on.angle_to(b), whole * (1.0 - x), abs_tol=1e-8)


@law
@given(rotations, rotations)
def test_slerp_begins_and_ends_where_it_should(a: Quat, b: Quat) -> None:
    assert same(a.slerp(b, 0.0), a)
    assert same(a.slerp(b, 1.0), b)
    assert same(a.slerp(-b, 0.3), a.slerp(b, 0.3), 1e-8) or a.angle_to(b) > pi - 1e-6


@pytest.mark.parametrize("angle", [0.0, 1e-300, 1e-17, 1e-12, 1e-9, 2e-9, 1e-8, 1e-5])
def test_slerp_near_nothing_keeps_its_digits(angle: float) -> None:
    a = Quat.from_angles(pan=33.0, tilt=-12.0, roll=5.0)
    b = a * Quat.about(UP, angle)
    on = a.slerp(b, 0.25)
    assert isclose(a.angle_to(on), angle * 0.25, rel_tol=1e-5, abs_tol=1e-15)


@pytest.mark.parametrize("short_of", [0.0, 1e-15, 1e-9, 1e-6, 1e-3])
def test_slerp_near_half_a_turn_still_turns(short_of: float) -> None:
    a = Quat.from_angles(pan=20.0, tilt=10.0)
    b = a * Quat.about(FORWARD, pi - short_of)
    for x in (0.1, 0.5, 0.9):
        on = a.slerp(b, x)
        assert isclose(a.angle_to(on), (pi - short_of) * x, abs_tol=1e-6)


def test_slerp_carries_on_beyond_the_end() -> None:
    a, b = IDENTITY, Quat.from_angles(pan=10.0)
    assert isclose(a.slerp(b, 1.5).angles()[0], 15.0, abs_tol=1e-12)
    assert isclose(a.slerp(b, -0.5).angles()[0], -5.0, abs_tol=1e-12)


# -- axes and looking ---------------------------------------------------------------------------


@law
@given(rotations)
@example(Quat.from_angles(pan=180.0))
@example(Quat.from_angles(tilt=180.0))
@example(Quat.from_angles(roll=180.0))
@example(Quat.from_angles(pan=120.0, tilt=80.0, roll=-170.0))
def test_axes_round_trip(q: Quat) -> None:
    found = from_axes(q.rotate(RIGHT), q.rotate(FORWARD), q.rotate(UP))
    assert same(found, q, 1e-7)


@law
@given(points, points)
def test_a_camera_that_looks_at_a_point_sees_it_straight_ahead(eye: Vec3, target: Vec3) -> None:
    assume(apart(eye, target) > 1e-3)
    q = look_at(eye, target)
    p = Pose(eye, q).inverse().apply(target)
    away = apart(eye, target)
    assert abs(p.x) < 1e-6 * away and abs(p.z) < 1e-6 * away and isclose(p.y, away, rel_tol=1e-9)
    assert q.rotate(UP).z > -1e-9  # never upside down
    assert abs(q.rotate(RIGHT).z) < 1e-6  # the horizon is level


@law
@given(points, st.sampled_from((UP, -UP, RIGHT, -RIGHT, FORWARD, -FORWARD)))
def test_looking_along_up_is_still_a_rotation(eye: Vec3, up: Vec3) -> None:
    for target in (eye + up * 5.0, eye - up * 5.0):
        q = look_at(eye, target, up)
        right, forward, above = q.rotate(RIGHT), q.rotate(FORWARD), q.rotate(UP)
        assert apart(forward, (target - eye).unit()) < 1e-9
        assert abs(right.dot(forward)) < 1e-9 and apart(right.cross(forward), above) < 1e-9


def test_one_point_gives_no_direction_to_look() -> None:
    with pytest.raises(ZeroDivisionError):
        look_at(Vec3(1.0, 2.0, 3.0), Vec3(1.0, 2.0, 3.0))


def test_looking_right_is_a_negative_pan() -> None:
    pan, tilt, roll = look_at(ORIGIN, Vec3(1.0, 1.0, 0.0)).angles()
    assert isclose(pan, -45.0) and abs(tilt) < 1e-9 and abs(roll) < 1e-9


# -- poses --------------------------------------------------------------------------------------


@law
@given(poses, poses, poses, points)
def test_poses_are_a_group_that_acts_on_points(a: Pose, b: Pose, c: Pose, p: Vec3) -> None:
    assert apart((a * b).apply(p), a.apply(b.apply(p))) < 1e-6
    left, right = (a * b) * c, a * (b * c)
    assert apart(left.position, right.position) < 1e-6 and same(left.rotation, right.rotation)
    for nothing in (a * a.inverse(), a.inverse() * a):
        assert nothing.position.length() < 1e-6 and same(nothing.rotation, IDENTITY)
    assert apart((a * Pose()).apply(p), a.apply(p)) < 1e-9


@law
@given(poses, poses)
def test_a_pose_on_the_way_begins_and_ends_where_it_should(a: Pose, b: Pose) -> None:
    for x, end in ((0.0, a), (1.0, b)):
        on = a.lerp(b, x)
        assert apart(on.position, end.position) < 1e-9 and same(on.rotation, end.rotation)


# -- settling -----------------------------------------------------------------------------------


@law
@given(st.floats(-1e6, 1e6))
@example(-0.0)
@example(-1e-12)
@example(-4.9e-10)
def test_settle_is_idempotent_and_has_no_negative_zero(x: float) -> None:
    settled = settle(x)
    assert settle(settled) == settled
    assert abs(settled - x) <= 0.5e-9 + abs(x) * 1e-15
    assert str(settled) != "-0.0"


@law
@given(st.integers(-(10**12), 10**12), st.floats(-4e-10, 4e-10))
def test_what_differs_by_less_than_half_a_nano_settles_alike(grid: int, off: float) -> None:
    x = grid / 1e9
    assume(abs(x) < 1000.0)
    assert settle(x + off) == settle(x)
    assert settle(x + 1e-8) != settle(x)


@law
@given(poses)
def test_a_rounded_pose_is_near_and_rounds_to_itself(a: Pose) -> None:
    r = a.rounded()
    assert r == r.rounded()
    assert apart(r.position, a.position) < 1e-8 and same(r.rotation, a.rotation, 1e-7)


def test_a_rounded_pose_has_one_zero() -> None:
    r = Pose(Vec3(-0.0, -1e-13, 0.0), Quat(1.0, -0.0, -1e-11, 0.0)).rounded()
    assert "-0.0" not in repr(r)


def test_measure_of_these_tests_detects_a_millionth_of_a_degree() -> None:
    """The control of `same`: it distinguishes rotations that differ by a millionth of a degree."""
    assert not same(IDENTITY, Quat.from_angles(pan=1e-6), 1e-9)
    assert degrees(IDENTITY.angle_to(Quat.from_angles(pan=1e-6))) == pytest.approx(1e-6, rel=1e-6)
