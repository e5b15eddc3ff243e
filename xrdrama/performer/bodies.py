"""The bodies that performers have: figures by their skeleton, robots by their kind."""

from __future__ import annotations

from typing import Final

import msgspec

from xrdrama.performer.channels import LEGS, LIMITS
from xrdrama.performer.model import NEEDED, Body, Skeleton
from xrdrama.performer.robot.kind import K1
from xrdrama.performer.shapes import SHAPES

ROBOTS: Final[dict[str, Body]] = {"k1": K1}
"""The kinds of robots that can be named in performer files."""
_EYES_ABOVE_HEAD: Final = 0.09
"""Metres from the head's joint to the eyes of a figure without joints for them."""
_NEEDS: Final = {
    "head_": ("head",), "eyes_": ("leftEye", "rightEye"), "spine_": ("spine",),
    "shrug": ("Shoulder",), "arm_": ("UpperArm",), "elbow": ("LowerArm",), "wrist": ("Hand",),
    "thumb": ("ThumbProximal",), "index": ("IndexProximal",), "fingers": ("MiddleProximal",),
}  # fmt: skip
"""The bone that a channel moves, by the start of the channel's name without its side."""


def figure_body(skeleton: Skeleton) -> Body:
    """The body of a digital actor: the limits of a person, for those channels it has bones for."""
    limits = {name: limit for name, limit in LIMITS.items() if _has(skeleton, name)}
    shapes = frozenset(skeleton.shapes) & frozenset(SHAPES)
    return Body("figure", limits, shapes, skeleton, _eye_height(skeleton))


def robot_body(kind: str, skeleton: Skeleton | None) -> Body | None:
    """The body of a robot, which is drawn with a skeleton if it has one; None for an unknown
    kind. What its channels can do is the robot's, not the skeleton's."""
    robot = ROBOTS.get(kind)
    if robot is None or skeleton is None:
        return robot
    shapes = frozenset(skeleton.shapes) & frozenset(SHAPES)
    return msgspec.structs.replace(robot, shapes=shapes, skeleton=skeleton)


def missing_bones(skeleton: Skeleton) -> list[str]:
    """The bones without which a figure cannot stand."""
    return [bone for bone in NEEDED if bone not in skeleton.bones]


def missing_shapes(skeleton: Skeleton) -> list[str]:
    """The ARKit shapes that a figure does not have."""
    return [shape for shape in SHAPES if shape not in skeleton.shapes]


def _has(skeleton: Skeleton, channel: str) -> bool:
    if channel in LEGS:
        return False  # inverse kinematics decides them
    side = next((side for side in ("left", "right") if channel.startswith(f"{side}_")), "")
    name = channel.removeprefix(f"{side}_")
    bones = next((bones for start, bones in _NEEDS.items() if name.startswith(start)), ())
    return all((side + bone if side else bone) in skeleton.bones for bone in bones)


def _eye_height(skeleton: Skeleton) -> float:
    eyes = [skeleton.bones[bone].z for bone in ("leftEye", "rightEye") if bone in skeleton.bones]
    if eyes:
        return sum(eyes) / len(eyes)
    head = skeleton.bones.get("head")
    return head.z + _EYES_ABOVE_HEAD if head else 1.6
