"""Ears: a disc of rings whose profile rises and falls as an ear's folds do."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from making.head_form import Form, hit

RINGS = (1.10, 1.04, 1.0, 0.94, 0.86, 0.76, 0.64, 0.50, 0.34, 0.18)
AROUND = 22


def _turned() -> np.ndarray:
    return np.arange(AROUND) * (2 * np.pi / AROUND)


@cache
def ear_triangles() -> np.ndarray:
    """(m, 3) triangles of the left ear: rings inwards, then the middle."""
    index = np.arange(len(RINGS) * AROUND).reshape(len(RINGS), AROUND)
    faces = []
    for outer, inner in pairwise(index):
        o, i = np.roll(outer, -1), np.roll(inner, -1)
        faces += [np.column_stack([outer, o, inner]), np.column_stack([o, i, inner])]
    last = index[-1]
    faces.append(np.column_stack([last, np.roll(last, -1), np.full(AROUND, index.size)]))
    # Seen from the figure's left, +z is to the left: rings run clockwise there.
    return np.concatenate(faces)


def ear_uv() -> np.ndarray:
    """(n, 2) places in a square from -1 to 1: x towards the back of the head, y up."""
    a = _turned()
    rings = [np.column_stack([np.cos(a), np.sin(a)]) * r / 1.1 for r in RINGS]
    return np.concatenate([*rings, np.zeros((1, 2))])


def ear(form: Form) -> np.ndarray:
    """(n, 3) vertices of the left ear in heads."""
    shape, a = form.ear, _turned()
    back, up = np.cos(a), np.sin(a)
    # Broad above, narrow at the lobe; the front edge is straight.
    outline = np.column_stack([
        np.where(back > 0, back * (1 + 0.16 * up), back * 0.62) * shape.width * 0.56,
        up * shape.height * 0.5,
    ])  # fmt: skip
    middle = np.array([-0.10 * shape.width, -0.10 * shape.height])
    rim = np.clip(0.35 + 0.65 * back + 0.45 * np.clip(up, 0, 1), 0, 1)
    rows = []
    for r in RINGS:
        narrow = min(r, 1.0) - 5.4 * max(0.0, r - 1.0)
        flat = outline * narrow + middle * (1 - narrow)
        rows.append(np.column_stack([flat, np.full(AROUND, _rise(r)) * (0.25 + 0.75 * rim)]))
    rows.append(np.array([[*middle, _rise(0.0)]]))
    p = np.concatenate(rows)
    under = np.concatenate([np.full(AROUND, r > 1.0) for r in RINGS] + [np.zeros(1, bool)])
    t = np.radians(shape.out)
    height = (p[:, 2] + 0.13) * shape.width
    # Away from the head towards the back.
    x = (p[:, 0] + 0.35 * shape.width) * np.sin(t) + height * np.cos(t)
    z = -p[:, 0] * np.cos(t) + height * np.sin(t)
    lean = 0.16 * p[:, 1]
    placed = np.column_stack([x, p[:, 1] + shape.y, z + shape.z - lean])
    root = hit(form.flesh, np.array([[0.0, shape.y, shape.z]]), np.array([[1.0, 0.0, 0.0]]))[0, 0]
    placed[:, 0] += root - 0.012
    deep = np.concatenate([np.full(AROUND, max(0.0, r - 1.0)) for r in RINGS] + [np.zeros(1)])
    placed[under, 0] -= 1.1 * deep[under]
    return placed


def _rise(r: float) -> float:
    """Height of the profile, in widths of the ear: rim, groove, ridge, bowl."""
    at = [0.0, 0.18, 0.34, 0.50, 0.64, 0.76, 0.86, 0.94, 1.0, 1.04, 1.10]
    rise = [-0.13, -0.13, -0.10, 0.05, 0.11, 0.06, 0.05, 0.12, 0.12, 0.06, 0.0]
    return float(np.interp(r, at, rise))
