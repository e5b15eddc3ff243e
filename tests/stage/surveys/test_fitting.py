"""The rigid fit: exact without noise, whatever the pose; outliers; mirrored points."""

from __future__ import annotations

from math import radians

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage.surveys.fitting import Doubles, best_fit, find_outliers, spans_a_plane

_ANGLE = st.floats(-180.0, 180.0)
_METRES = st.floats(-50.0, 50.0)
POSES = st.builds(
    lambda x, y, z, p, t, r: Pose(Vec3(x, y, z), Quat.from_angles(pan=p, tilt=t, roll=r)),
    _METRES, _METRES, _METRES, _ANGLE, _ANGLE, _ANGLE,
)  # fmt: skip
POINTS = st.lists(
    st.tuples(*[st.floats(-10.0, 10.0)] * 3), min_size=3, max_size=20, unique=True
).map(np.array)
WALL = np.array([[x, 4.0, z] for x in (-2.0, 0.0, 2.0) for z in (0.0, 1.0, 2.0)])


def moved(pose: Pose, points: Doubles) -> Doubles:
    ends = (pose.apply(Vec3(*point)) for point in points.tolist())
    return np.array([(end.x, end.y, end.z) for end in ends])


def every(points: Doubles) -> np.ndarray:
    return np.ones(len(points), bool)


@given(POINTS, POSES)
def test_a_rigid_motion_is_found_exactly(points: Doubles, pose: Pose) -> None:
    assume(spans_a_plane(points))
    fit = best_fit(points, moved(pose, points), every(points))
    assert fit.off.max() < 1e-9 and not fit.mirrored
    assert moved(fit.pose, points) == pytest.approx(moved(pose, points), abs=1e-8)


@given(POSES, st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_no_nearby_motion_fits_noise_better(pose: Pose, seed: int) -> None:
    chance = np.random.default_rng(seed)
    measured = moved(pose, WALL) + chance.normal(0.0, 0.002, WALL.shape)
    fit = best_fit(WALL, measured, every(WALL))
    least = float(np.sum(fit.off**2))
    for _ in range(10):
        turn = Quat.about(Vec3(*chance.normal(size=3).tolist()).unit(), radians(0.02))
        shift = Vec3(*chance.normal(0.0, 0.0005, 3).tolist())
        other = Pose(fit.pose.position + shift, turn * fit.pose.rotation)
        assert float(np.sum((moved(other, WALL) - measured) ** 2)) >= least - 1e-12


@given(POSES)
def test_a_mirrored_solid_is_found_and_a_plane_is_not(pose: Pose) -> None:
    solid = np.vstack((WALL, [[0.0, 5.0, 1.0], [1.0, 5.5, 2.0], [-2.0, 6.0, 0.5]]))
    mirror = np.array([-1.0, 1.0, 1.0])
    assert best_fit(solid, moved(pose, solid * mirror), every(solid)).mirrored
    assert not best_fit(solid, moved(pose, solid), every(solid)).mirrored
    assert not best_fit(WALL, moved(pose, WALL * mirror), every(WALL)).mirrored


@given(POSES, st.integers(0, len(WALL) - 1), st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_one_outlier_among_noise_is_found(pose: Pose, index: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    measured = moved(pose, WALL) + chance.normal(0.0, 0.0007, WALL.shape)
    assert find_outliers(WALL, measured).found == ()
    way = chance.normal(size=3)
    measured[index] += 0.05 * way / np.linalg.norm(way)
    assert find_outliers(WALL, measured).found == (index,)


def test_two_outliers_are_found_and_a_shape_that_differs_has_none() -> None:
    twelve = np.array([[x, 4.0, z] for x in (-2.0, -1.0, 0.0, 2.0) for z in (0.0, 1.0, 2.0)])
    two = twelve.copy()
    two[3, 0] += 0.08
    two[7, 2] -= 0.05
    assert find_outliers(twelve, two).found == (3, 7)
    bent = twelve.copy()
    bent[:, 1] += 0.02 * bent[:, 0] ** 2
    assert find_outliers(twelve, bent).found == ()


def test_four_corners_do_not_say_which_one_is_out_of_plane() -> None:
    corners = WALL[[0, 2, 6, 8]]
    measured = corners.copy()
    measured[1, 1] += 0.06
    found = find_outliers(corners, measured)
    assert found.found == () and found.ambiguous == (0, 1, 2, 3)
    measured = corners.copy()
    measured[1, 0] += 0.06
    assert find_outliers(corners, measured).found == (1,)
