"""The table of joints against the public limits, and the map from our channels."""

from __future__ import annotations

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.errors import DeviceError
from xrdrama.performer.robot import shape
from xrdrama.performer.robot.joints import (
    CHANNELS,
    DRIVEN,
    JOINTS,
    STANDING,
    angles_of,
    check_joints,
    not_carried,
)

NAMED = {joint.name: joint for joint in JOINTS}


def test_there_are_22_joints_in_the_order_of_the_robot() -> None:
    assert [joint.index for joint in JOINTS] == list(range(22))
    assert [joint.index for joint in DRIVEN] == list(range(10))
    assert [link.joint for link in shape.LINKS if link.joint] == [joint.name for joint in JOINTS]


def test_size_and_mass_are_the_public_ones() -> None:
    assert pytest.approx(0.95) == shape.HEIGHT
    assert pytest.approx(19.5) == shape.MASS


def test_right_side_is_the_left_one_in_a_mirror() -> None:
    for left in JOINTS:
        if "Left" not in left.name:
            continue
        right = NAMED[left.name.replace("Left", "Right")]
        flips = "Roll" in left.name or "Yaw" in left.name
        assert (right.low, right.high) == (
            (-left.high, -left.low) if flips else (left.low, left.high)
        )
        assert (right.torque, right.speed) == (left.torque, left.speed)


@pytest.mark.parametrize(
    ("channels", "joint", "angle"),
    [
        ({}, "Left_Shoulder_Roll", -pi / 2),  # at zero the robot's arms are stretched sideways
        ({}, "Right_Shoulder_Roll", pi / 2),
        ({"left_arm_raise": pi / 2}, "Left_Shoulder_Roll", 0.0),
        ({"right_arm_raise": pi / 2}, "Right_Shoulder_Roll", 0.0),
        ({"left_arm_swing": 1.0}, "ALeft_Shoulder_Pitch", -1.0),  # forward is negative pitch
        ({"right_arm_swing": 1.0}, "ARight_Shoulder_Pitch", -1.0),
        ({"left_elbow": 1.0}, "Left_Elbow_Yaw", -1.0),
        ({"right_elbow": 1.0}, "Right_Elbow_Yaw", 1.0),
        ({"head_tilt": -0.5}, "Head_pitch", 0.5),  # looking down is positive pitch
        ({"head_pan": 0.5}, "AAHead_yaw", 0.5),
    ],
)
def test_channel_moves_the_joint(channels: dict[str, float], joint: str, angle: float) -> None:
    assert angles_of(channels)[NAMED[joint].index] == pytest.approx(angle, abs=1e-6)


@given(st.dictionaries(st.sampled_from(sorted(CHANNELS)), st.floats(-1e6, 1e6)))
def test_commands_use_nine_tenths_of_the_range(channels: dict[str, float]) -> None:
    for joint, angle in zip(DRIVEN, angles_of(channels), strict=True):
        assert joint.least <= angle <= joint.most
        assert joint.most - joint.least == pytest.approx(0.9 * (joint.high - joint.low))


def test_standing_pose_is_within_the_used_range() -> None:
    for name, angle in STANDING.items():
        assert NAMED[name].least < angle < NAMED[name].most


def test_channels_without_a_joint_are_named() -> None:
    assert not_carried(["left_elbow", "spine_tilt", "left_fingers"]) == (
        "left_fingers",
        "spine_tilt",
    )


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        ([joint.name for joint in JOINTS[:-1]], "missing Right_Ankle_Roll"),
        ([*(joint.name for joint in JOINTS), "Waist"], "unknown Waist"),
        ([joint.name for joint in reversed(JOINTS)], "another order"),
        ([], "has 0 joints"),
    ],
)
def test_body_with_other_joints_is_refused(names: list[str], fault: str) -> None:
    check_joints(joint.name for joint in JOINTS)
    with pytest.raises(DeviceError, match=fault):
        check_joints(names)
