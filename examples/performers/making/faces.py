"""The three heads: where their features are and what flesh they are carved from.

Places of eyes and neck come from the figure's proportions; everything else is in heads from the
middle of the head (see `head_form`): the chin is at -0.40, the crown at 0.60.
"""

from __future__ import annotations

import numpy as np
from making.head_form import Ear, Eye, Form, Mouth
from making.sculpt import Solid, ball, bone, melted, without
from making.skeleton import FIGURES, Proportions

CHIN = -0.40


def middle(m: Proportions) -> np.ndarray:
    """(3,) the middle of a head in the figure's frame."""
    return np.array([0.0, m.chin - CHIN * m.head, m.trunk[5][1]])


def pair(x: float, y: float, z: float, radii: object, turn: float = 1.0) -> list[Solid]:
    """A ball on each side."""
    return [ball((s * x, y, z), radii) for s in (turn, -turn)]  # type: ignore[arg-type]


def rods(a: tuple[float, ...], b: tuple[float, ...], ra: float, rb: float) -> list[Solid]:
    """A rod on each side."""
    return [bone((s * a[0], *a[1:]), (s * b[0], *b[1:]), ra, rb) for s in (1.0, -1.0)]


def _eye(m: Proportions, **more: object) -> Eye:
    x, y, z = (m.eye_at("left") - middle(m)) / m.head
    return Eye(x, y, z, m.eye_radius / m.head, **more)  # type: ignore[arg-type]


def _neck(m: Proportions) -> tuple[Solid, tuple[float, float]]:
    """The neck down to a little below its joint, and the middle of its end."""
    y, z = (np.array([m.trunk[4][0], m.trunk[4][1]]) - middle(m)[1:]) / m.head
    down = np.array([y, z]) - np.array([-0.18, -0.08])
    end = np.array([y, z]) + down / np.linalg.norm(down) * 0.16
    radius = m.neck_radius / m.head
    solid = bone((0, end[0] - 0.3, end[1]), (0, -0.16, -0.10), radius * 1.04, radius * 0.98)
    return solid, (float(end[0]), float(end[1]))


def _eyed(flesh: Solid, eye: Eye, *, deep: float, wide: float, soft: float, lid: float) -> Solid:
    """Flesh with sockets cut into it and lids laid over the balls."""
    for side in (1.0, -1.0):
        centre = eye.centre * [side, 1, 1]
        socket = ball(centre + np.array([0, 0, eye.radius * deep]), eye.radius * wide)
        flesh = without(flesh, socket, k=soft)
    for side in (1.0, -1.0):
        flesh = melted(lid, flesh, ball(eye.centre * [side, 1, 1], eye.radius * eye.lid))
    return flesh


def lan() -> Form:
    """A girl of nine: a wide brow, round cheeks, a button of a nose, large eyes."""
    m = FIGURES["lan"]
    eye = _eye(m, inner=50, outer=54, upper=31, lower=26, tilt=3.0, closes=-16, iris=0.58)
    mouth = Mouth(y=-0.238, width=0.092, upper=0.020, lower=0.027, curve=0.010, full=0.017)
    neck, end = _neck(m)
    head = melted(
        0.10,
        ball((0, 0.20, -0.05), (0.385, 0.40, 0.43)),
        ball((0, -0.06, 0.09), (0.325, 0.30, 0.285)),
    )
    head = melted(0.09, head, *pair(0.165, -0.135, 0.190, (0.150, 0.130, 0.135)))
    head = melted(0.09, head, *rods((0.19, -0.20, 0.05), (0.05, -0.315, 0.19), 0.085, 0.075))
    head = melted(0.06, head, ball((0, -0.325, 0.215), (0.085, 0.074, 0.090)))
    head = melted(0.06, head, ball((0, -0.230, 0.248), (0.125, 0.085, 0.105)))
    head = melted(0.05, head, *pair(0.15, 0.135, 0.275, (0.13, 0.05, 0.075)))
    nose = melted(
        0.032,
        bone((0, 0.02, 0.345), (0, -0.085, 0.375), 0.022, 0.034),
        ball((0, -0.105, 0.385), (0.043, 0.036, 0.043)),
        bone((0, -0.112, 0.370), (0, -0.145, 0.330), 0.030, 0.032),
        *pair(0.038, -0.118, 0.360, (0.026, 0.023, 0.027)),
    )
    head = _eyed(head, eye, deep=0.42, wide=1.00, soft=0.08, lid=0.040)
    head = melted(0.040, head, nose)
    head = melted(0.06, head, neck)
    landmarks = [((0, 0.06), (0, 0.03)), ((0, -0.14), (0, -0.105)), ((0, -0.20), (0, -0.138)),
                 ((0, -0.27), (0, -0.158)), ((0.105, -0.19), (0.066, -0.118)),
                 ((0, -0.86), (0, -0.365))]  # fmt: skip
    return Form("lan", m.head, eye, mouth, Ear(-0.01, -0.02, 0.205, 0.125, 30), head, end,
                landmarks, nostrils=((0.021, -0.143, 0.380, 0.011),), jaw=0.42)  # fmt: skip


def grandmother() -> Form:
    """About eighty: a small round face, kind eyes under heavy lids, soft cheeks and jowls."""
    m = FIGURES["grandmother"]
    eye = _eye(
        m, inner=47, outer=52, upper=21, lower=20, tilt=-3.0, closes=-10, iris=0.56, lid=1.14
    )
    mouth = Mouth(y=-0.228, width=0.098, upper=0.013, lower=0.022, curve=0.014,
                  reach=(1.66, 0.060, 0.105), full=0.013, bow=0.22, sunk=0.012)  # fmt: skip
    neck, end = _neck(m)
    head = melted(
        0.10,
        ball((0, 0.20, -0.06), (0.365, 0.40, 0.42)),
        ball((0, -0.07, 0.08), (0.300, 0.29, 0.275)),
    )
    head = melted(0.09, head, *pair(0.175, -0.110, 0.200, (0.137, 0.120, 0.132)))
    head = melted(0.09, head, *rods((0.19, -0.235, 0.075), (0.06, -0.315, 0.180), 0.084, 0.078))
    head = melted(0.06, head, ball((0, -0.325, 0.230), (0.080, 0.070, 0.088)))
    head = melted(0.06, head, ball((0, -0.225, 0.252), (0.125, 0.085, 0.095)))
    head = melted(0.05, head, *rods((0.06, 0.125, 0.315), (0.19, 0.105, 0.235), 0.046, 0.044))
    nose = melted(
        0.032,
        bone((0, 0.045, 0.335), (0, -0.075, 0.368), 0.022, 0.036),
        ball((0, -0.100, 0.384), (0.054, 0.045, 0.050)),
        bone((0, -0.110, 0.366), (0, -0.150, 0.325), 0.034, 0.034),
        *pair(0.047, -0.116, 0.358, (0.032, 0.028, 0.034)),
    )
    head = _eyed(head, eye, deep=0.58, wide=1.10, soft=0.07, lid=0.032)
    head = melted(0.036, head, nose)
    head = melted(0.06, head, neck)
    landmarks = [((0, 0.08), (0, 0.045)), ((0, -0.14), (0, -0.10)), ((0, -0.20), (0, -0.137)),
                 ((0, -0.27), (0, -0.157)), ((0.110, -0.19), (0.070, -0.117)),
                 ((0, -0.86), (0, -0.368))]  # fmt: skip
    return Form("grandmother", m.head, eye, mouth, Ear(-0.01, -0.05, 0.225, 0.125, 20), head, end,
                landmarks, nostrils=((0.025, -0.148, 0.378, 0.010),), jaw=0.40)  # fmt: skip


def stand_in() -> Form:
    """About thirty-five: an even face with a clear jaw and a straight nose."""
    m = FIGURES["stand_in"]
    eye = _eye(m, inner=47, outer=51, upper=25, lower=21, tilt=2.0, closes=-13, iris=0.53)
    mouth = Mouth(y=-0.222, width=0.102, upper=0.018, lower=0.025, curve=0.005, full=0.014)
    neck, end = _neck(m)
    head = melted(
        0.08,
        ball((0, 0.20, -0.06), (0.335, 0.40, 0.42)),
        ball((0, -0.07, 0.08), (0.270, 0.30, 0.275)),
    )
    head = melted(0.06, head, *rods((0.200, -0.225, 0.00), (0.055, -0.335, 0.205), 0.066, 0.064))
    head = melted(0.06, head, *pair(0.185, -0.045, 0.215, (0.095, 0.075, 0.090)))
    head = melted(0.06, head, *pair(0.150, -0.175, 0.175, (0.100, 0.100, 0.100)))
    head = melted(0.05, head, ball((0, -0.335, 0.235), (0.082, 0.068, 0.082)))
    head = melted(0.05, head, ball((0, -0.222, 0.258), (0.115, 0.085, 0.095)))
    head = melted(0.04, head, *rods((0.06, 0.150, 0.328), (0.20, 0.155, 0.240), 0.044, 0.040))
    nose = melted(
        0.026,
        bone((0, 0.09, 0.335), (0, -0.065, 0.398), 0.022, 0.030),
        ball((0, -0.085, 0.398), (0.037, 0.034, 0.040)),
        bone((0, -0.093, 0.390), (0, -0.145, 0.335), 0.032, 0.034),
        *pair(0.040, -0.105, 0.375, (0.025, 0.024, 0.032)),
    )
    head = _eyed(head, eye, deep=0.62, wide=1.10, soft=0.07, lid=0.032)
    head = melted(0.028, head, nose)
    head = melted(0.05, head, neck)
    landmarks = [((0, 0.12), (0, 0.095)), ((0, -0.14), (0, -0.092)), ((0, -0.20), (0, -0.122)),
                 ((0, -0.27), (0, -0.145)), ((0.10, -0.19), (0.064, -0.105)),
                 ((0, -0.86), (0, -0.372))]  # fmt: skip
    return Form("stand_in", m.head, eye, mouth, Ear(0.01, -0.05, 0.220, 0.122, 27), head, end,
                landmarks, nostrils=((0.021, -0.128, 0.390, 0.011),), jaw=0.42)  # fmt: skip


FORMS = {"lan": lan, "grandmother": grandmother, "stand_in": stand_in}
