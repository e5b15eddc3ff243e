"""The skeletons of the figures: VRM 1.0 humanoid bones in the T-pose, from proportions.

Frame: glTF's (metres, +Y up, facing +Z, own left = +X), feet at y = 0. No joint is turned at rest,
so a place is all that a joint has. Names: https://github.com/vrm-c/vrm-specification, humanoid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FINGERS = ("Index", "Middle", "Ring", "Little")
SIDES = {"left": 1.0, "right": -1.0}
_TRUNK = ("hips", "spine", "chest", "upperChest", "neck", "head")


@dataclass(frozen=True)
class Proportions:
    """The measures of a figure, in metres, at rest. Heights are above the ground.

    `head` is chin to crown of the skull, without hair; the face looks along +Z. Eyes are places of
    the centres of the eyeballs: half their distance, height above and distance before the head's
    joint. `trunk` has (height, forward) of hips, spine, chest, upperChest, neck and head.
    """

    id: str
    height: float
    head: float
    head_width: float
    head_depth: float
    trunk: tuple[tuple[float, float], ...]
    neck_radius: float
    shoulder: tuple[float, float, float]
    """Place of the left upper arm's joint: half width, height, forward."""
    collarbone: float
    """Half distance of the collarbones' inner joints."""
    upper_arm: float
    lower_arm: float
    hand: float
    """Wrist to the tip of the middle finger."""
    leg: tuple[float, float, float]
    """Half distance of the hip joints, their height, forward."""
    knee: tuple[float, float]
    """Height and forward."""
    ankle: tuple[float, float]
    foot: float
    """Heel to toe."""
    eye: tuple[float, float, float]
    eye_radius: float
    hang_deg: float = 0.0
    """The angle between a hanging arm and the vertical at which its sleeve touches the coat."""

    @property
    def chin(self) -> float:
        """Height of the chin."""
        return self.height - self.head

    @property
    def head_joint(self) -> np.ndarray:
        """(3,) the joint that the head turns about: where the skull sits on the neck."""
        y, z = self.trunk[5]
        return np.array([0.0, y, z])

    def eye_at(self, side: str) -> np.ndarray:
        """(3,) the centre of an eyeball, in the figure's frame."""
        x, y, z = self.eye
        return self.head_joint + np.array([SIDES[side] * x, y, z])


LAN = Proportions(
    id="lan",
    height=1.18, head=0.232, head_width=0.186, head_depth=0.205,
    trunk=((0.545, 0.0), (0.605, 0.002), (0.685, 0.0), (0.775, -0.006), (0.905, -0.012),
           (0.992, -0.004)),
    neck_radius=0.038,
    shoulder=(0.113, 0.840, -0.012), collarbone=0.022,
    upper_arm=0.182, lower_arm=0.160, hand=0.122,
    leg=(0.062, 0.520, 0.0), knee=(0.285, 0.006), ankle=(0.062, -0.010), foot=0.185,
    eye=(0.0375, 0.052, 0.070), eye_radius=0.0185,
    hang_deg=14.0,
)  # fmt: skip

GRANDMOTHER = Proportions(
    id="grandmother",
    height=1.48, head=0.238, head_width=0.176, head_depth=0.205,
    trunk=((0.760, -0.012), (0.845, -0.016), (0.960, -0.024), (1.080, -0.026), (1.205, 0.012),
           (1.290, 0.050)),
    neck_radius=0.044,
    shoulder=(0.150, 1.115, 0.002), collarbone=0.026,
    upper_arm=0.245, lower_arm=0.215, hand=0.165,
    leg=(0.085, 0.725, -0.012), knee=(0.400, 0.004), ankle=(0.074, -0.014), foot=0.225,
    eye=(0.0335, 0.054, 0.069), eye_radius=0.0172,
    hang_deg=10.0,
)  # fmt: skip

STAND_IN = Proportions(
    id="stand_in",
    height=1.76, head=0.240, head_width=0.166, head_depth=0.205,
    trunk=((0.955, 0.0), (1.055, 0.004), (1.180, -0.004), (1.315, -0.014), (1.478, -0.022),
           (1.575, -0.006)),
    neck_radius=0.054,
    shoulder=(0.176, 1.398, -0.018), collarbone=0.030,
    upper_arm=0.300, lower_arm=0.262, hand=0.190,
    leg=(0.092, 0.915, 0.0), knee=(0.500, 0.008), ankle=(0.086, -0.016), foot=0.275,
    eye=(0.0325, 0.055, 0.0695), eye_radius=0.0158,
    hang_deg=8.0,
)  # fmt: skip

FIGURES = {p.id: p for p in (LAN, GRANDMOTHER, STAND_IN)}


@dataclass(frozen=True)
class Joint:
    """A joint with its parent ("" for none) and its place (3,) in the figure's frame."""

    name: str
    parent: str
    at: np.ndarray


def joints(measures: Proportions) -> list[Joint]:
    """All joints of a figure, parents first."""
    found: list[Joint] = []
    for name, parent, (y, z) in zip(_TRUNK, ("", *_TRUNK), measures.trunk, strict=False):
        found.append(Joint(name, parent, np.array([0.0, y, z])))
    jaw = measures.head_joint + np.array([0.0, 0.004, 0.14 * measures.head_depth])
    found.append(Joint("jaw", "head", jaw))
    for side in SIDES:
        found.append(Joint(f"{side}Eye", "head", measures.eye_at(side)))
    for side, sign in SIDES.items():
        found += _arm(measures, side, sign)
    for side, sign in SIDES.items():
        found += _leg(measures, side, sign)
    return found


def places(measures: Proportions) -> dict[str, np.ndarray]:
    """The places of all joints of a figure by name."""
    return {joint.name: joint.at for joint in joints(measures)}


def _arm(m: Proportions, side: str, sign: float) -> list[Joint]:
    x, y, z = m.shoulder
    elbow = x + m.upper_arm
    wrist = elbow + m.lower_arm
    row = [
        Joint(
            f"{side}Shoulder",
            "upperChest",
            np.array([sign * m.collarbone, y + 0.010, z]),
        ),
        Joint(f"{side}UpperArm", f"{side}Shoulder", np.array([sign * x, y, z])),
        Joint(f"{side}LowerArm", f"{side}UpperArm", np.array([sign * elbow, y, z])),
        Joint(f"{side}Hand", f"{side}LowerArm", np.array([sign * wrist, y, z])),
    ]
    hand = np.array([wrist, y, z])
    for name, parent, offset in hand_joints(m.hand):
        at = (hand + offset) * (sign, 1.0, 1.0)
        row.append(Joint(f"{side}{name}", f"{side}{parent}", at))
    return row


def hand_joints(length: float) -> list[tuple[str, str, np.ndarray]]:
    """Names, parents and offsets from the wrist of the joints of a left hand, palm down.

    `HandGrip` is the middle of a closed fist: a stick in it runs along Z, the thumb's side is +Z.
    """
    found: list[tuple[str, str, np.ndarray]] = []
    thumb = ((0.12, -0.050, 0.135), (0.31, -0.095, 0.245), (0.455, -0.110, 0.305))
    for i, name in enumerate(("ThumbMetacarpal", "ThumbProximal", "ThumbDistal")):
        parent = "Hand" if i == 0 else ("ThumbMetacarpal", "ThumbProximal")[i - 1]
        found.append((name, parent, np.array(thumb[i]) * length))
    # Knuckle (along, up, across), and the lengths of the first two bones, as shares of the hand.
    fingers = {
        "Index": ((0.500, 0.012, 0.152), 0.215, 0.130),
        "Middle": ((0.515, 0.022, 0.050), 0.235, 0.145),
        "Ring": ((0.490, 0.014, -0.052), 0.215, 0.135),
        "Little": ((0.450, -0.004, -0.145), 0.165, 0.100),
    }
    for name, (knuckle, first, second) in fingers.items():
        at = np.array(knuckle) * length
        # Fingers fan out a little.
        way = np.array([1.0, 0.0, 0.55 * knuckle[2]]) * length
        found.append((f"{name}Proximal", "Hand", at))
        found.append((f"{name}Intermediate", f"{name}Proximal", at + way * first))
        found.append((f"{name}Distal", f"{name}Intermediate", at + way * (first + second)))
    found.append(("HandGrip", "Hand", np.array([0.47, -0.17, 0.0]) * length))
    return found


def _leg(m: Proportions, side: str, sign: float) -> list[Joint]:
    x, y, z = m.leg
    toes = m.ankle[1] + 0.50 * m.foot
    return [
        Joint(f"{side}UpperLeg", "hips", np.array([sign * x, y, z])),
        Joint(
            f"{side}LowerLeg",
            f"{side}UpperLeg",
            np.array([sign * x, m.knee[0], m.knee[1]]),
        ),
        Joint(
            f"{side}Foot",
            f"{side}LowerLeg",
            np.array([sign * x, m.ankle[0], m.ankle[1]]),
        ),
        Joint(f"{side}Toes", f"{side}Foot", np.array([sign * x, 0.022, toes])),
    ]
