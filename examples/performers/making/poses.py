"""Test poses of a figure for its maker to look at: rotations of bones from the T-pose, degrees."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from making.glb_figure import turn
from making.skeleton import FINGERS, Proportions

Turns = dict[str, np.ndarray]


def both(name: str, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Turns:
    """A left bone's turn and its mirror on the right."""
    return {f"left{name}": turn(x, y, z), f"right{name}": turn(x, -y, -z)}


def fist(side: str, close: float = 1.0) -> Turns:
    """Closed fingers, the thumb over them."""
    sign = 1.0 if side == "left" else -1.0
    turns: Turns = {}
    for finger in FINGERS:
        for bone, angle in (("Proximal", 72), ("Intermediate", 92), ("Distal", 62)):
            turns[f"{side}{finger}{bone}"] = turn(z=-sign * angle * close)
    turns[f"{side}ThumbMetacarpal"] = turn(x=sign * 0, y=sign * 28 * close, z=-sign * 22 * close)
    turns[f"{side}ThumbProximal"] = turn(y=sign * 30 * close, z=-sign * 20 * close)
    turns[f"{side}ThumbDistal"] = turn(y=sign * 48 * close, z=-sign * 10 * close)
    return turns


def relaxed(side: str) -> Turns:
    """Fingers of a hand that hangs."""
    sign = 1.0 if side == "left" else -1.0
    turns: Turns = {}
    for i, finger in enumerate(FINGERS):
        for bone, angle in (
            ("Proximal", 14 + 4 * i),
            ("Intermediate", 22),
            ("Distal", 14),
        ):
            turns[f"{side}{finger}{bone}"] = turn(z=-sign * angle)
    turns[f"{side}ThumbProximal"] = turn(y=sign * 10)
    return turns


def poses(measures: Proportions) -> Mapping[str, Turns]:
    """The poses by name; `rest` is the T-pose, `stand` has the arms at the sides."""
    down = 90.0 - measures.hang_deg
    hands = relaxed("left") | relaxed("right")
    stand = both("UpperArm", z=-down) | both("LowerArm", y=-8) | hands
    return {
        "rest": {},
        "stand": stand,
        "bow": stand | {"spine": turn(x=16), "chest": turn(x=14), "upperChest": turn(x=10)},
        "elbows": both("UpperArm", z=-down) | both("LowerArm", y=-120) | hands,
        "up": both("UpperArm", z=45) | both("LowerArm", z=20) | both("Shoulder", z=14),
        "forward": both("UpperArm", y=-80) | hands,
        "stride": stand | {
            "leftUpperLeg": turn(x=-32), "rightUpperLeg": turn(x=26), "leftLowerLeg": turn(x=12),
            "rightLowerLeg": turn(x=34), "rightFoot": turn(x=14),
            "leftUpperArm": turn(x=22) @ turn(z=-down), "rightUpperArm": turn(x=-24) @ turn(z=down),
        },
        "knees": stand | both("UpperLeg", x=-88) | both("LowerLeg", x=92),
        "hold": stand | fist("right") | {
            "rightUpperArm": turn(x=-28) @ turn(z=down - 6),
            "rightLowerArm": turn(x=0, y=75, z=0), "head": turn(x=6, y=-14),
            "leftUpperArm": turn(x=8) @ turn(z=-down), "spine": turn(y=4),
        },
        "fists": fist("left") | fist("right"),
    }  # fmt: skip
