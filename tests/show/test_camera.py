"""The camera's view at a time: live and from the whole take it is the same camera."""

from __future__ import annotations

import msgspec
import pytest

from tests.show.small import small
from xrdrama.show.camera import NEAREST, Placed, followed, is_pose, placed, true_pose_at, view_at
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage
from xrdrama.stage.prediction import Track
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample

STEP = NS // 50
LATENCY = 40_000_000


@pytest.fixture(scope="module")
def stage() -> Stage:
    """A stage whose tracker is slow and whose tracker's origin is not the stage's."""
    plain = small().stage
    assert plain is not None
    origin = Pose(Vec3(0.5, 0.0, 0.0), Quat.from_angles(pan=30.0))
    tracking = msgspec.structs.replace(plain.tracking, latency=LATENCY, origin=origin)
    return msgspec.structs.replace(plain, tracking=tracking)


def moving(stage: Stage, taken_at: int) -> TrackingSample:
    """A camera that moves at 1 m/s to the right and turns at 10 degrees a second."""
    seconds = taken_at / NS
    pose = Pose(Vec3(seconds, -2.0, 1.6), Quat.from_angles(pan=10.0 * seconds))
    return TrackingSample("freed", stage.tracking.subject, taken_at + LATENCY, pose)


def test_live_view_and_true_pose_agree_for_a_steady_move(stage: Stage) -> None:
    samples = [moving(stage, n * STEP) for n in range(60)]
    at = samples[-11].at  # the newest sample that has arrived was taken LATENCY before
    track = Track()
    for sample in samples[:-10]:
        track = followed(track, sample, stage, stage.camera)
    view, state = view_at(stage, stage.camera, track, at)
    true = true_pose_at(stage.camera, [placed(sample, stage) for sample in samples], at)
    assert state == "live" and true is not None
    assert (view.pose.position - true.position).length() < 1e-3
    assert view.pose.rotation.angle_to(true.rotation) < 1e-3


def test_true_pose_is_unknown_before_after_and_in_a_gap(stage: Stage) -> None:
    known: list[Placed] = [(0, Pose()), (STEP, Pose()), (STEP + NEAREST + 1, Pose())]
    assert true_pose_at(stage.camera, known, -1) is None
    assert true_pose_at(stage.camera, known, STEP // 2) is not None
    assert true_pose_at(stage.camera, known, 2 * STEP) is None
    assert true_pose_at(stage.camera, known, 2 * NS) is None
    assert true_pose_at(stage.camera, [], 0) is None


def test_a_rotation_that_is_nearly_a_unit_is_normalised(stage: Stage) -> None:
    sample = moving(stage, 0)
    r = sample.pose.rotation
    worn = Pose(sample.pose.position, Quat(r.w * 1.05, r.x * 1.05, r.y * 1.05, r.z * 1.05))
    scaled = msgspec.structs.replace(sample, pose=worn)
    assert is_pose(scaled)
    at, pose = placed(scaled, stage)
    assert at == 0 and pose.rotation.norm() == pytest.approx(1.0)
    assert pose.rotation.angle_to(placed(sample, stage)[1].rotation) < 1e-9


@pytest.mark.parametrize("norm", [0.0, 0.5, 1.5])
def test_a_quaternion_far_from_a_unit_is_not_a_pose(norm: float, stage: Stage) -> None:
    broken = Pose(Vec3(), Quat(norm, 0.0, 0.0, 0.0))
    assert not is_pose(msgspec.structs.replace(moving(stage, 0), pose=broken))
