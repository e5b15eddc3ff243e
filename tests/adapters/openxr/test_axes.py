"""OpenXR's axes and angles to ours."""

from __future__ import annotations

from math import inf, nan, radians, tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.axes import USUAL, Fov, bounded, from_xr, projection, to_xr
from xrdrama.spatial import FORWARD, RIGHT, UP, Pose, Quat, Vec3

angles = st.floats(-180.0, 180.0)
metres = st.floats(-100.0, 100.0)


def test_ahead_right_and_up_of_openxr_are_ours() -> None:
    at = from_xr((0.2, 1.6, -3.0), (0.0, 0.0, 0.0, 1.0))
    assert at is not None
    assert at.position == Vec3(0.2, 3.0, 1.6)
    assert at.rotation.rotate(FORWARD) == FORWARD


def test_head_that_turns_left_has_positive_pan() -> None:
    turned = from_xr((0.0, 0.0, 0.0), (0.0, 0.70710678, 0.0, 0.70710678))  # +90 about their up
    assert turned is not None
    assert (turned.rotation.rotate(FORWARD) - -RIGHT).length() < 1e-6
    nodding = from_xr((0.0, 0.0, 0.0), (0.70710678, 0.0, 0.0, 0.70710678))
    assert nodding is not None
    assert (nodding.rotation.rotate(FORWARD) - UP).length() < 1e-6


@given(metres, metres, metres, angles, angles, angles)
def test_there_and_back_is_the_same_pose(
    x: float, y: float, z: float, pan: float, tilt: float, roll: float
) -> None:
    pose = Pose(Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll))
    back = from_xr(*to_xr(pose))
    assert back is not None
    assert (back.position - pose.position).length() < 1e-9
    assert back.rotation.angle_to(pose.rotation) < 1e-6


@pytest.mark.parametrize(
    ("position", "orientation"),
    [
        ((nan, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0)),
        ((0.0, inf, 0.0), (0.0, 0.0, 0.0, 1.0)),
        ((0.0, 0.0, 1e30), (0.0, 0.0, 0.0, 1.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (0.0, nan, 0.0, 1.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 9.0)),
    ],
)
def test_invalid_pose_is_none(position: tuple[float, ...], orientation: tuple[float, ...]) -> None:
    assert from_xr(position, orientation) is None


def test_a_quaternion_that_is_a_little_off_is_made_whole() -> None:
    pose = from_xr((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.01))
    assert pose is not None and pose.rotation.norm() == pytest.approx(1.0)


def test_a_field_of_view_keeps_its_edges() -> None:
    fov = Fov(-radians(50.0), radians(40.0), radians(45.0), -radians(48.0))
    found, own = bounded(fov)
    seen = projection(found)
    assert own and found == fov
    edges = (seen.left, seen.right, seen.top, seen.bottom)
    degrees = (-50.0, 40.0, 45.0, -48.0)
    assert edges == pytest.approx([tan(radians(angle)) for angle in degrees])


@given(*[st.floats() for _ in range(4)])
def test_any_field_of_view_can_be_drawn(left: float, right: float, up: float, down: float) -> None:
    found, own = bounded(Fov(left, right, up, down))
    seen = projection(found)
    assert seen.left < seen.right and seen.bottom < seen.top
    assert all(abs(edge) < 20.0 for edge in (seen.left, seen.right, seen.bottom, seen.top))
    assert own == (found == Fov(left, right, up, down))


@pytest.mark.parametrize(
    "fov",
    [
        Fov(0.0, 0.0, 0.0, 0.0),
        Fov(1.0, -1.0, 1.0, -1.0),
        Fov(-1.0, 1.0, -1.0, 1.0),
        Fov(nan, 1.0, 1.0, -1.0),
    ],
)
def test_invalid_field_of_view_is_replaced_by_the_default(fov: Fov) -> None:
    assert bounded(fov) == (USUAL, False)
