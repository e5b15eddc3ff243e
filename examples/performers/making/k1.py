"""The robot K1: white shells over dark joints, a face plate with two lights. The design is ours.

Lengths are those of the simulated robot (`performer/robot/shape.py`); with all joints at zero it is
in a T-pose. Every part is rigid: it follows one joint.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making import weights
from making.part import Finish, Part
from making.rigid import Row, drum, pill
from making.skeleton import SIDES, Joint
from making.surface import part

from xrdrama.performer.robot.shape import (
    ANKLE,
    FOREARM,
    HEAD,
    HIP,
    HIP_HEIGHT,
    LINKS,
    SHOULDER,
    THIGH,
    UPPER_ARM,
)

NECK = HIP_HEIGHT + next(link for link in LINKS if link.name == "neck").at[2]
SHOULDER_AT = (SHOULDER[1], HIP_HEIGHT + SHOULDER[2], 0.0)
ELBOW = SHOULDER_AT[0] + UPPER_ARM
WRIST = ELBOW + 0.128
TIP = ELBOW + FOREARM
KNEE = HIP_HEIGHT - THIGH
HEAD_MIDDLE = np.array([0.0, 0.8815, 0.004])
HEAD_HALF = np.array([0.071, 0.068, 0.068])
_SQUARE = 2.7
FINISHES = [
    Finish("shell", base=(0.86, 0.86, 0.84), roughness=0.30),
    Finish("joint", base=(0.045, 0.048, 0.055), roughness=0.48),
    Finish("plate", base=(0.012, 0.014, 0.018), roughness=0.10),
    Finish("accent", base=(0.78, 0.24, 0.07), roughness=0.38),
    Finish("lights", base=(0.9, 0.75, 0.5), roughness=0.4, emissive=(1.0, 0.62, 0.26)),
]


def bones() -> list[Joint]:
    """The joints of the robot as bones, parents first."""
    found = [
        Joint("hips", "", np.array([0.0, HIP_HEIGHT, 0.0])),
        Joint("spine", "hips", np.array([0.0, 0.510, 0.0])),
        Joint("neck", "spine", np.array([0.0, NECK, 0.0])),
        Joint("head", "neck", np.array([0.0, NECK + HEAD.at[2], 0.0])),
    ]
    for side, sign in SIDES.items():
        _, y, z = SHOULDER_AT
        for name, above, x in (
            ("UpperArm", "spine", SHOULDER_AT[0]),
            ("LowerArm", f"{side}UpperArm", ELBOW),
            ("Hand", f"{side}LowerArm", WRIST),
        ):
            found.append(Joint(f"{side}{name}", above, np.array([sign * x, y, z])))
        for name, above, height in (
            ("UpperLeg", "hips", HIP_HEIGHT),
            ("LowerLeg", f"{side}UpperLeg", KNEE),
            ("Foot", f"{side}LowerLeg", ANKLE),
        ):
            found.append(Joint(f"{side}{name}", above, np.array([sign * HIP, height, 0.0])))
    return found


def parts() -> list[Part]:
    """The whole robot."""
    left = [*_arm(), *_leg()]
    return [*_trunk(), *_head(), *left, *(weights.mirrored(one) for one in left)]


def _trunk() -> list[Part]:
    return [
        pill("pelvis", "shell", "hips", [
            (0.478, 0.074, 0.058, 0.0), (0.450, 0.080, 0.062, 0.0), (0.420, 0.050, 0.052, 0.0),
        ], square=2.9, edge=0.016),
        pill("waist", "joint", "spine", [
            (0.560, 0.056, 0.048, 0.0), (0.520, 0.050, 0.044, 0.0), (0.480, 0.056, 0.046, 0.0),
        ], edge=0.004, steps=4),
        pill("chest", "shell", "spine", [
            (0.752, 0.066, 0.052, -0.006), (0.722, 0.096, 0.070, -0.002),
            (0.660, 0.094, 0.080, 0.004), (0.590, 0.074, 0.066, 0.004),
            (0.548, 0.058, 0.054, 0.0),
        ], square=3.0, edge=0.016, columns=16, steps=6),
        pill("pack", "joint", "spine", [
            (0.715, 0.052, 0.016, -0.076), (0.590, 0.044, 0.016, -0.066),
        ], square=3.4, edge=0.012, steps=3),
        pill("belt", "accent", "spine", [
            (0.5595, 0.0655, 0.0615, 0.0012), (0.5545, 0.0640, 0.0600, 0.001),
        ], square=3.0, edge=0.0015, columns=20, steps=2),
        *_chest_marks(),
        drum("collar", "spine", (0.0, 0.764, -0.002), 0.040, 0.010, "y"),
        drum("neck", "neck", (0.0, 0.800, 0.0), 0.026, 0.034, "y"),
    ]  # fmt: skip


def _chest_marks() -> list[Part]:
    """A dark field on the chest, and a small light in it."""
    return [
        pill("chest field", "plate", "spine", [
            (0.690, 0.030, 0.012, 0.0745), (0.668, 0.034, 0.012, 0.0745),
        ], square=3.6, edge=0.005, columns=20, steps=2),
        pill("chest light", "lights", "spine", [
            (0.6815, 0.014, 0.004, 0.0840), (0.6765, 0.014, 0.004, 0.0840),
        ], square=2.6, edge=0.0018, columns=14, steps=2),
    ]  # fmt: skip


def _over(x: np.ndarray, y: np.ndarray, lift: float) -> np.ndarray:
    """Places on the front of the head, `lift` metres above its surface.

    `x` and `y` are -1 to 1, in shares of half its width and height.
    """
    power = _SQUARE
    depth = np.maximum(1.0 - np.abs(x) ** power - np.abs(y) ** power, 1e-4) ** (1.0 / power)
    return HEAD_MIDDLE + np.stack([x, y, depth], -1) * (HEAD_HALF + lift)


def _patch(
    name: str, material: str, middle: tuple[float, float], half: tuple[float, float], lift: float,
    *, square: float, rows: int, columns: int,
) -> Part:  # fmt: skip
    """A rounded field on the front of the head, with an edge down to the surface."""
    a = 2 * np.pi * np.arange(columns + 1) / columns
    power = 2.0 / square
    c = np.sign(np.cos(a)) * np.abs(np.cos(a)) ** power
    s = np.sign(np.sin(a)) * np.abs(np.sin(a)) ** power
    c, s = np.round(c, 12), np.round(-s, 12)
    share = np.linspace(0.001, 1.0, rows)[:, None]
    points = [_over(middle[0] + half[0] * share * c, middle[1] + half[1] * share * s, lift)]
    for more, height in ((1.012, 0.55 * lift), (1.016, -0.002)):
        wide = more * np.ones((1, 1))
        points.append(_over(middle[0] + half[0] * wide * c, middle[1] + half[1] * wide * s, height))
    return part(name, material, np.concatenate(points), {"head": 1.0})


def _head() -> list[Part]:
    polar = np.linspace(0.0, np.pi, 13)[:, None]
    around = 2 * np.pi * np.arange(21)[None] / 20
    way = np.stack(
        [np.sin(polar) * np.sin(around), np.cos(polar) + 0 * around,
         -np.sin(polar) * np.cos(around)], -1,
    )  # fmt: skip
    size = np.sum(np.abs(way) ** _SQUARE, -1, keepdims=True) ** (1.0 / _SQUARE)
    found = [
        part("head", "shell", HEAD_MIDDLE + way / size * HEAD_HALF, {"head": 1.0}),
        _patch("face plate", "plate", (0.0, -0.02), (0.80, 0.56), 0.0024, square=3.2, rows=5,
               columns=24),
    ]  # fmt: skip
    for side, sign in SIDES.items():
        found.append(
            _patch(f"{side} light", "lights", (sign * 0.36, 0.02), (0.105, 0.21), 0.0036,
                   square=2.3, rows=2, columns=14)
        )  # fmt: skip
        ear = (sign * 0.0705, float(HEAD_MIDDLE[1]), float(HEAD_MIDDLE[2]) - 0.006)
        found.append(drum(f"{side} ear", "head", ear, 0.026, 0.008, "x"))
        cap = (sign * 0.0765, ear[1], ear[2])
        found.append(drum(f"{side} ear ring", "head", cap, 0.017, 0.0045, "x", "accent", 0.002))
    return found


def _arm() -> list[Part]:
    x, y, z = SHOULDER_AT
    upper, lower, hand = "leftUpperArm", "leftLowerArm", "leftHand"

    def along(name: str, material: str, bone: str, rows: Sequence[Row], **how: float) -> Part:
        return pill(name, material, bone, rows, axis="x", across=(y, z), **how)

    return [
        drum("shoulder", "spine", (x - 0.030, y, z), 0.034, 0.022, "x"),
        along("shoulder cap", "shell", upper, [
            (x - 0.012, 0.042, 0.042, 0.0), (x + 0.012, 0.045, 0.045, 0.0),
            (x + 0.034, 0.038, 0.038, 0.0),
        ], square=2.2, edge=0.015),
        along("shoulder ring", "accent", upper, [
            (x + 0.046, 0.0325, 0.0325, 0.0), (x + 0.050, 0.0325, 0.0325, 0.0),
        ], square=2.0, edge=0.0015, steps=2),
        along("upper arm core", "joint", upper, [
            (x + 0.03, 0.026, 0.026, 0.0), (x + UPPER_ARM - 0.01, 0.022, 0.022, 0.0),
        ], square=2.0, edge=0.004, steps=2),
        along("upper arm", "shell", upper, [
            (x + 0.062, 0.029, 0.029, 0.0), (x + 0.085, 0.033, 0.033, 0.0),
            (x + 0.104, 0.030, 0.030, 0.0),
        ], square=2.3, edge=0.008),
        drum("elbow", upper, (ELBOW, y, z), 0.026, 0.030, "y"),
        drum("elbow cap", upper, (ELBOW, y, z), 0.016, 0.0335, "y", "shell", 0.003),
        along("forearm", "shell", lower, [
            (ELBOW + 0.030, 0.027, 0.027, 0.0), (ELBOW + 0.062, 0.034, 0.033, 0.0),
            (WRIST - 0.016, 0.025, 0.025, 0.0),
        ], square=2.4, edge=0.009, steps=6),
        along("forearm core", "joint", lower, [
            (ELBOW + 0.006, 0.020, 0.020, 0.0), (WRIST + 0.002, 0.019, 0.019, 0.0),
        ], square=2.0, edge=0.003, steps=2),
        *_hand(y, z, hand),
    ]  # fmt: skip


def _hand(y: float, z: float, hand: str) -> list[Part]:
    """A closed mitten of a palm, three fingers in one, and a thumb."""
    palm = pill("palm", "joint", hand, [
        (WRIST + 0.010, 0.018, 0.022, 0.0), (WRIST + 0.032, 0.020, 0.030, 0.0),
        (WRIST + 0.044, 0.018, 0.029, 0.0),
    ], axis="x", across=(y, z), edge=0.008, square=2.8, columns=16, steps=4)  # fmt: skip
    back = pill("back of the hand", "shell", hand, [
        (WRIST + 0.016, 0.010, 0.021, 0.0), (WRIST + 0.042, 0.010, 0.025, 0.0),
    ], axis="x", across=(y + 0.013, z), edge=0.006, square=2.8, columns=14, steps=3)  # fmt: skip
    found = [palm, back]
    for k in range(3):
        middle = (y - 0.001, z + 0.019 * (1 - k))
        found.append(pill(f"finger {k}", "joint", hand, [
            (WRIST + 0.044, 0.0105, 0.0085, 0.0),
            (TIP - 0.006 - 0.004 * (k == 2), 0.0085, 0.0078, 0.0),
        ], axis="x", across=middle, edge=0.006, square=2.2, columns=8, steps=2))  # fmt: skip
    found.append(pill("thumb", "joint", hand, [
        (WRIST + 0.022, 0.010, 0.0095, 0.0), (WRIST + 0.050, 0.0085, 0.008, 0.010),
    ], axis="x", across=(y - 0.008, z + 0.034), edge=0.006, square=2.2, columns=8,
       steps=2))  # fmt: skip
    return found


def _leg() -> list[Part]:
    upper, lower, foot = "leftUpperLeg", "leftLowerLeg", "leftFoot"

    def down(name: str, material: str, bone: str, rows: Sequence[Row], **how: float) -> Part:
        return pill(name, material, bone, rows, across=(HIP, 0.0), **how)

    return [
        drum("hip", upper, (HIP + 0.004, HIP_HEIGHT - 0.004, 0.0), 0.040, 0.040, "x"),
        drum("hip cap", upper, (HIP + 0.0425, HIP_HEIGHT - 0.004, 0.0), 0.027, 0.006, "x",
             "shell"),
        down("thigh core", "joint", upper, [
            (0.420, 0.034, 0.036, 0.0), (KNEE, 0.026, 0.028, 0.0),
        ], square=2.2, edge=0.004, steps=2),
        down("thigh", "shell", upper, [
            (0.392, 0.040, 0.046, 0.002), (0.355, 0.045, 0.052, 0.004),
            (0.292, 0.037, 0.042, 0.004),
        ], square=2.6, edge=0.011, columns=16, steps=5),
        drum("knee", lower, (HIP, KNEE, 0.0), 0.033, 0.038, "x"),
        drum("knee cap", lower, (HIP, KNEE, 0.0), 0.019, 0.0425, "x", "accent", 0.003),
        down("shin core", "joint", lower, [
            (KNEE - 0.01, 0.024, 0.026, 0.0), (ANKLE + 0.004, 0.020, 0.022, 0.0),
        ], square=2.2, edge=0.004, steps=2),
        down("shin", "shell", lower, [
            (KNEE - 0.034, 0.032, 0.036, 0.004), (KNEE - 0.070, 0.037, 0.044, -0.002),
            (KNEE - 0.120, 0.032, 0.036, 0.0), (ANKLE + 0.040, 0.028, 0.030, 0.0),
        ], square=2.5, edge=0.010, columns=16, steps=6),
        drum("ankle", foot, (HIP, ANKLE, 0.0), 0.022, 0.028, "x"),
        down("foot", "shell", foot, [
            (0.044, 0.020, 0.050, 0.018), (0.034, 0.034, 0.076, 0.024),
            (0.018, 0.039, 0.086, 0.025),
        ], square=2.6, edge=0.006, columns=18, steps=4),
        down("sole", "joint", foot, [
            (0.012, 0.0425, 0.0925, 0.025), (0.004, 0.0425, 0.0925, 0.025),
        ], square=2.9, edge=0.004, columns=18, steps=2),
    ]  # fmt: skip
