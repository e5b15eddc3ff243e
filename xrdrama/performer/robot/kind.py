"""The K1 as the body of a performer: what its channels can do."""

from __future__ import annotations

from typing import Final

from xrdrama.performer.channels import Limit
from xrdrama.performer.model import Body
from xrdrama.performer.robot.joints import ACCELERATION, DRIVEN, USED_SPEED, Joint

CAMERA_HEIGHT: Final = 0.86
"""Of the cameras in its head above the floor, metres: where others look."""


def _limit(joint: Joint) -> Limit:
    least, most = sorted((joint.value(joint.least), joint.value(joint.most)))
    return Limit(least, most, USED_SPEED * joint.speed, ACCELERATION)


K1: Final = Body("robot", {joint.channel: _limit(joint) for joint in DRIVEN}, height=CAMERA_HEIGHT)
"""Head and arms. It has no channels for eyes, spine, hands and legs."""
