"""Test gestures for the robot: functions of seconds that return a pose in channels, radians."""

from __future__ import annotations

from collections.abc import Callable
from math import pi, sin
from random import Random

from xrdrama.performer.robot.joints import DRIVEN

Gesture = Callable[[float], dict[str, float]]
LASTS_S = 4.0


def rest(at: float) -> dict[str, float]:
    return {}


def wave(at: float) -> dict[str, float]:
    if not 0.5 < at < LASTS_S:
        return {}
    bend = 1.2 + 0.5 * sin(2 * pi * 0.8 * at)
    return {"right_arm_raise": 1.9, "right_elbow": bend, "head_pan": 0.5, "head_tilt": 0.2}


def nod(at: float) -> dict[str, float]:
    if not 0.5 < at < LASTS_S:
        return {}
    return {"head_tilt": -0.6, "left_arm_swing": 0.3, "right_arm_swing": 0.3}


def hands_together(at: float) -> dict[str, float]:
    if not 0.5 < at < LASTS_S:
        return {}
    arm = {"arm_swing": 1.2, "arm_twist": 1.0, "elbow": 1.6}
    return {f"{side}_{name}": value for side in ("left", "right") for name, value in arm.items()}


def wild(seed: int) -> Gesture:
    """Poses from the whole range of every joint, another one every 1.3 s; rest from `LASTS_S`."""
    chance = Random(seed)
    poses = [
        {joint.channel: joint.value(chance.uniform(joint.low, joint.high)) for joint in DRIVEN}
        for _ in range(4)
    ]
    return lambda at: poses[int(at / 1.3)] if at < LASTS_S else {}


ALL: dict[str, Gesture] = {
    "rest": rest,
    "wave": wave,
    "nod": nod,
    "hands_together": hands_together,
    "wild": wild(4),
}
