"""The pose that is drawn of a K1 whose joints have measured angles: trunk, head, arms and legs.

Robots: X forward, Y left, Z up. Bodies of performers: X right, Y forward, Z up. With all joints at
zero a K1 is in the T-pose of figures, so each angle is a turn of the bone that its link moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xrdrama.performer.performing import Root
from xrdrama.performer.pose import NO_TURN, Pose
from xrdrama.performer.robot.joints import JOINTS
from xrdrama.performer.robot.shape import LINKS, Point
from xrdrama.spatial import Quat, Vec3

_SIDED: Final = {
    "Shoulder_Pitch": "UpperArm", "Shoulder_Roll": "UpperArm", "Elbow_Pitch": "UpperArm",
    "Elbow_Yaw": "LowerArm",
    "Hip_Pitch": "UpperLeg", "Hip_Roll": "UpperLeg", "Hip_Yaw": "UpperLeg",
    "Knee_Pitch": "LowerLeg", "Ankle_Pitch": "Foot", "Ankle_Roll": "Foot",
}  # fmt: skip


def _bone(joint: str) -> str:
    """The bone that a joint turns."""
    if joint in ("AAHead_yaw", "Head_pitch"):
        return "neck" if joint == "AAHead_yaw" else "head"
    side = "left" if "Left_" in joint else "right"
    return side + _SIDED[joint.split("_", 1)[1]]


def _turned(point: Sequence[float]) -> Vec3:
    """A point or direction of a robot in the axes of a performer's body."""
    x, y, z = point
    return Vec3(-y, x, z)


_AXES: Final[dict[str, Point]] = {link.joint: link.axis for link in LINKS}
_BONES: Final = tuple((_bone(joint.name), _turned(_AXES[joint.name])) for joint in JOINTS)
"""For each joint of the table: the bone that it turns, and about which axis of its parent."""


def pose_of(angles: Sequence[float], trunk: Sequence[float], mark: Root, hips: float) -> Pose:
    """The pose of a figure for the angles of all joints (rad, in the order of the table).

    `trunk` is its position (m) and quaternion (w, x, y, z) in the robot's axes, from where it was
    put on its feet, which is at `mark` in the set. `hips` is how high the hips of the figure are.
    """
    turns = {"hips": _upright(trunk[3:7])}
    for (bone, axis), angle in zip(_BONES, angles, strict=True):
        turns[bone] = turns.get(bone, NO_TURN) * Quat.about(axis, angle)
    at = _turned(trunk[:3])
    return Pose(mark, Vec3(at.x, at.y, at.z - hips), turns, {})


def _upright(turn: Sequence[float]) -> Quat:
    w, x, y, z = turn
    axis = _turned((x, y, z))
    return Quat(w, axis.x, axis.y, axis.z)
