"""Hands: five fingers with joints, a palm with the ball of the thumb, nails.

Tubes of few sides are laid on one solid in which palm and fingers have run together: rings stay
where the joints bend, and the seams between the tubes do not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from making import sculpt
from making.part import Part
from making.skeleton import FINGERS, Proportions, hand_joints, places
from making.surface import cord, grid_triangles, unit_uv
from making.weights import step


@dataclass(frozen=True)
class HandLook:
    """How a hand is: `thick` multiplies all radii, `bony` is the swelling of the joints."""

    thick: float = 1.0
    bony: float = 0.0
    tone: tuple[float, float, float] = (0.72, 0.47, 0.35)
    """Linear colour, which the finish is multiplied with."""
    flush: float = 1.0
    """How red knuckles and tips are."""


_RADII = {"Index": 0.052, "Middle": 0.054, "Ring": 0.051, "Little": 0.045}
_TIPS = {"Index": 0.118, "Middle": 0.125, "Ring": 0.118, "Little": 0.100}


def left_hand(measures: Proportions, look: HandLook, *, sides: int = 8) -> list[Part]:
    """The parts of the left hand at the end of the left arm."""
    length = measures.hand
    at = {name: offset / length for name, _, offset in hand_joints(length)}
    lines = {finger: _finger_line(at, finger) for finger in FINGERS}
    thumb = [at["ThumbMetacarpal"], at["ThumbProximal"], at["ThumbDistal"]]
    thumb.append(thumb[2] + 0.80 * (thumb[2] - thumb[1]))
    solid = _solid(at, lines, thumb, look)
    tubes = [_tube(lines[f], _RADII[f] * look.thick, sides) for f in FINGERS]
    tubes.append(_tube(thumb, 0.062 * look.thick, sides))
    tubes.append(_palm(at, 14))
    points = [_laid(solid, tube.reshape(-1, 3)).reshape(tube.shape) for tube in tubes]
    wrist = places(measures)["leftHand"]
    made = []
    names = [*FINGERS, "Thumb", "Palm"]
    for name, tube in zip(names, points, strict=True):
        flat = tube.reshape(-1, 3)
        triangles = _faces(tube)
        normals = sculpt.normals_of(solid, flat, 0.012)
        open_ = sculpt.hollow(solid, flat, normals, 0.09)
        made.append(
            Part(f"leftHand{name}", "skin_hands", flat * length + wrist, triangles,
                 _follows(name, flat, at), normals,
                 uv=unit_uv(*tube.shape[:2]).reshape(-1, 2),
                 colours=_colours(flat, normals, open_, at, lines, thumb, look),
                 grid=tube.shape[:2])
        )  # fmt: skip
    made += [_nail(f, lines[f], solid, at, look, length, wrist) for f in FINGERS]
    made.append(_nail("Thumb", thumb, solid, at, look, length, wrist))
    return made


def _finger_line(at: dict[str, np.ndarray], finger: str) -> list[np.ndarray]:
    a, b, c = (at[f"{finger}{bone}"] for bone in ("Proximal", "Intermediate", "Distal"))
    way = (c - b) / np.linalg.norm(c - b)
    return [a, b, c, c + way * _TIPS[finger]]


def _solid(
    at: dict[str, np.ndarray],
    lines: dict[str, list[np.ndarray]],
    thumb: list[np.ndarray],
    look: HandLook,
) -> sculpt.Solid:
    t, b = look.thick, look.bony
    palm = [
        sculpt.bone((-0.22, 0.0, 0.0), (0.04, 0.0, 0.0), 0.125 * t, 0.135 * t, flat=0.74,
                    hint=(0, 1, 0)),
    ]  # fmt: skip
    for finger in FINGERS:
        knuckle = lines[finger][0]
        root = np.array([0.06, 0.0, 0.52 * knuckle[2]])
        palm.append(sculpt.bone(root, knuckle + np.array([-0.02, -0.012, 0]), 0.088 * t, 0.066 * t))
        palm.append(
            sculpt.ball(knuckle + np.array([-0.02, 0.020 + 0.006 * b, 0]), 0.052 * t + 0.008 * b)
        )
    # The ball of the thumb and the edge of the hand.
    palm.append(
        sculpt.bone(
            thumb[0] + (0.0, -0.01, -0.03),
            thumb[1] + (-0.03, 0.0, -0.03),
            0.085 * t,
            0.066 * t,
        )
    )
    palm.append(sculpt.bone((0.10, -0.03, -0.10), (0.36, -0.03, -0.115), 0.068 * t, 0.058 * t))
    body = sculpt.melted(0.045, *palm)
    fingers = [_digit(lines[f], _RADII[f] * t, b) for f in FINGERS]
    digit = _digit(thumb, 0.062 * t, b)
    # Fingers must not run into each other: the nearest one counts, and melts into the palm.
    apart = sculpt.melted(0.006, *fingers)
    return sculpt.melted(0.035, body, apart, digit)


def _digit(line: Sequence[np.ndarray], radius: float, bony: float) -> sculpt.Solid:
    shares = (1.04, 0.95, 0.90, 0.74)
    bones = [
        sculpt.bone(line[i], line[i + 1], radius * shares[i], radius * shares[i + 1])
        for i in range(3)
    ]
    joints = [
        sculpt.ball(line[i] + (0, 0.004, 0), radius * (shares[i] * (1.02 + 0.10 * bony)))
        for i in (1, 2)
    ]
    pad = sculpt.ball(line[2] + 0.62 * (line[3] - line[2]) + (0, -0.10 * radius, 0), radius * 0.86)
    return sculpt.melted(0.012, *bones, *joints, pad)


def _tube(line: Sequence[np.ndarray], radius: float, sides: int) -> np.ndarray:
    """A tube along a finger with rings where it bends, closed at its tip."""
    a, b, c, d = line
    inside = a - 0.095 * (b - a) / max(np.linalg.norm(b - a), 1e-9)
    tip = (d - c) / np.linalg.norm(d - c)
    path = [inside, a + 0.22 * (b - a), a + 0.6 * (b - a)]
    path += [
        b - 0.16 * (b - a),
        b,
        b + 0.2 * (c - b),
        c - 0.22 * (c - b),
        c,
        c + 0.25 * (d - c),
    ]
    path += [c + 0.62 * (d - c), d + 0.30 * radius * tip, d + 0.62 * radius * tip]
    radii = [1.1] * 8 + [1.0, 0.95, 0.62, 0.001]
    return cord(np.array(path), np.array(radii) * radius, sides, up=(0, 1, 0), capped=False)


def _palm(at: dict[str, np.ndarray], sides: int) -> np.ndarray:
    """A tube from the forearm round the palm, closed before the knuckles."""
    rows = []
    for x, half, z in ((-0.24, 0.13, 0), (-0.08, 0.13, 0), (0.02, 0.14, 0.0), (0.10, 0.17, 0.02),
                       (0.19, 0.20, 0.025), (0.28, 0.215, 0.02), (0.37, 0.22, 0.008),
                       (0.45, 0.215, 0.005), (0.52, 0.19, 0.01), (0.555, 0.10, 0.02),
                       (0.56, 0.01, 0.03)):  # fmt: skip
        a = 2 * np.pi * np.arange(sides + 1) / sides
        c, s = np.round(np.cos(a), 12), np.round(np.sin(a), 12)
        high = 0.085 if half > 0.05 else 0.01
        rows.append(np.stack([x + 0 * a, -high * c, z - half * s], 1))
    return np.stack(rows)


def _laid(solid: sculpt.Solid, points: np.ndarray) -> np.ndarray:
    """The points moved onto the solid; those deep inside it stay, hidden."""
    p = points.copy()
    for _ in range(4):
        far = solid(p)
        move = far[:, None] * sculpt.normals_of(solid, p, 0.006)
        near = far > -0.05
        p[near] -= 0.9 * move[near]
    return p


def _faces(tube: np.ndarray) -> np.ndarray:
    """Triangles of the tube, without those that have no area."""
    triangles = grid_triangles(*tube.shape[:2])
    flat = tube.reshape(-1, 3)
    a, b, c = (flat[triangles[:, i]] for i in range(3))
    return triangles[np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-9]


def _follows(name: str, p: np.ndarray, at: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Weights along the digit of a tube; the palm follows the hand, the forearm below it."""
    if name == "Palm":
        back = 1.0 - step(p[:, 0], -0.10, 0.06)
        rows = {"leftLowerArm": back, "leftHand": 1.0 - back}
        # The web and the ball of the thumb follow it.
        near = np.linalg.norm(p - at["ThumbProximal"], axis=1)
        share = 0.6 * step(-near, -0.24, -0.08) * (1 - back)
        rows["leftHand"] = rows["leftHand"] - share
        return rows | {"leftThumbMetacarpal": share}
    bones = ("Metacarpal", "Proximal", "Distal") if name == "Thumb" else (
        "Proximal", "Intermediate", "Distal")  # fmt: skip
    joints = [at[f"{name}{bone}"] for bone in bones]
    rows = {"leftHand": np.ones(len(p))}
    last = "leftHand"
    for i, (bone, joint) in enumerate(zip(bones, joints, strict=True)):
        way = joints[min(i + 1, 2)] - joints[min(i, 1)]
        along = (p - joint) @ (way / np.linalg.norm(way))
        half = 0.075 if i == 0 else 0.038
        share = step(along, -half, half)
        rows[f"left{name}{bone}"] = share * rows[last]
        rows[last] = rows[last] - rows[f"left{name}{bone}"]
        last = f"left{name}{bone}"
    return rows


def _colours(
    p: np.ndarray,
    normals: np.ndarray,
    open_: np.ndarray,
    at: dict[str, np.ndarray],
    lines: dict[str, list[np.ndarray]],
    thumb: list[np.ndarray],
    look: HandLook,
) -> np.ndarray:
    red = np.zeros(len(p))
    for line in [*lines.values(), thumb]:
        for i, strength in ((0, 0.5), (1, 0.75), (2, 0.6), (3, 0.9)):
            far = np.linalg.norm(p - line[i] - (0, 0.02 if i < 3 else 0, 0), axis=1)
            red = np.maximum(red, strength * np.exp(-((far / 0.065) ** 2)))
    palm = step(-normals[:, 1], 0.1, 0.9)
    tone = np.asarray(look.tone) * (1 + 0.10 * palm[:, None])
    tone = tone * (1 - look.flush * np.maximum(red, 0.35 * palm)[:, None] * (0.02, 0.24, 0.26))
    shade = 0.55 + 0.45 * np.clip(open_ * 1.15, 0, 1)
    # What little light reaches a crease comes through flesh, so it is red.
    return tone * shade[:, None] ** np.array([0.8, 1.15, 1.25])


def _nail(name: str, line: Sequence[np.ndarray], solid: sculpt.Solid, at: dict[str, np.ndarray],
          look: HandLook, length: float, wrist: np.ndarray) -> Part:  # fmt: skip
    c, d = line[2], line[3]
    way = (d - c) / np.linalg.norm(d - c)
    up = np.array([0.0, 1.0, 0.0])
    if name == "Thumb":
        # The thumb is turned a quarter towards the fingers.
        up = np.array([0.15, 0.75, 0.65])
    up = up - way * (up @ way)
    up /= np.linalg.norm(up)
    side = np.cross(way, up)
    radius = (0.062 if name == "Thumb" else _RADII[name]) * look.thick
    rows = []
    for along, half in ((0.42, 0.44), (0.80, 0.56), (1.12, 0.50), (1.22, 0.30)):
        across = np.linspace(-1, 1, 4)[:, None] * half * radius
        rows.append(c + (d - c) * along + across * side + up * radius)
    points = _laid(solid, np.concatenate(rows))
    normals = sculpt.normals_of(solid, points, 0.012)
    points = points + normals * 0.006
    triangles = grid_triangles(4, 4)[:, ::-1]
    across = np.cross(
        points[triangles[:, 1]] - points[triangles[:, 0]],
        points[triangles[:, 2]] - points[triangles[:, 0]],
    )
    if np.sum(across * normals[triangles[:, 0]]) < 0:
        triangles = triangles[:, ::-1]
    tone = np.asarray(look.tone) * (1.22, 1.12, 1.10)
    tone = np.where((np.arange(4) >= 3)[:, None], tone * 1.12, tone)
    return Part(
        f"leftNail{name}", "skin_hands", points * length + wrist, triangles,
        _follows(name, points, at), normals, colours=np.repeat(np.clip(tone, 0, 1), 4, 0),
    )  # fmt: skip
