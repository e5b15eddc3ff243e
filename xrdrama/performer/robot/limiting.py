"""Limits of the commanded track: position, speed and acceleration of each driven joint."""

from __future__ import annotations

from math import sqrt
from typing import Final

import msgspec

from xrdrama.performer.robot.joints import ACCELERATION, DRIVEN, USED_SPEED, Angles, Joint

STEP_S: Final = 0.01
"""Seconds between two commands."""
_SAFE: Final = 0.9
"""Braking is planned with this share of the acceleration: the rest is for the step's length."""


class Track(msgspec.Struct, frozen=True):
    """Where the commanded track is: angles (rad) and speeds (rad/s) of the driven joints."""

    angles: Angles
    speeds: Angles = (0.0,) * len(DRIVEN)


def follow(track: Track, targets: Angles) -> Track:
    """The track one control step later, on its way to `targets`.

    It is within each joint's used range, and neither speed nor acceleration exceeds its limit.
    """
    moved = [
        _step(joint, angle, speed, target)
        for joint, angle, speed, target in zip(
            DRIVEN, track.angles, track.speeds, targets, strict=True
        )
    ]
    return Track(tuple(angle for angle, _ in moved), tuple(speed for _, speed in moved))


def _step(joint: Joint, angle: float, speed: float, target: float) -> tuple[float, float]:
    target = min(joint.most, max(joint.least, target))
    left = target - angle
    most = USED_SPEED * joint.speed
    # the speed from which it can still stop at the target, and no more than arrives in this step
    wanted = min(most, sqrt(2.0 * _SAFE * ACCELERATION * abs(left)), abs(left) / STEP_S)
    wanted = wanted if left >= 0.0 else -wanted
    change = ACCELERATION * STEP_S
    speed = min(speed + change, max(speed - change, wanted))
    angle += speed * STEP_S
    if angle > joint.most or angle < joint.least:
        angle, speed = min(joint.most, max(joint.least, angle)), 0.0
    return angle, speed


def at_rest(measured: tuple[float, ...]) -> Track:
    """A track that starts where the body is, at rest. `measured`: angles of all joints."""
    return Track(
        tuple(
            min(joint.most, max(joint.least, angle))
            for joint, angle in zip(DRIVEN, measured[: len(DRIVEN)], strict=True)
        )
    )


def stopping_at(track: Track) -> Angles:
    """Where the joints would come to rest if they braked now."""
    return tuple(
        min(joint.most, max(joint.least, angle + speed * abs(speed) / (2 * _SAFE * ACCELERATION)))
        for joint, angle, speed in zip(DRIVEN, track.angles, track.speeds, strict=True)
    )
