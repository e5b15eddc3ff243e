"""Marks of the skin: positions of creases, nails and palm lines on the rest hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hand import FINGERS, Arm
from mesh import Array

# Lines of the heart, of the head, of life: cubic curves by four control points (x, y) in metres.
_PALM_LINES = (
    ((-0.036, 0.059), (-0.018, 0.069), (0.004, 0.064), (0.008, 0.084)),
    ((0.030, 0.067), (0.014, 0.068), (0.002, 0.054), (-0.021, 0.044)),
    ((0.030, 0.066), (0.012, 0.062), (0.004, 0.030), (0.013, 0.010)),
)
_STEPS = 6
_WEB = 0.020
"""How far (m) beyond a finger's first joint its lowest crease lies: where the hand's web ends."""


def marks(arm: Arm) -> dict[str, list[Array]]:
    """The arrays of vectors that `skin.frag` reads, by their names there."""
    folds = [arm.frame(f"thumb-phalanx-{which}") for which in ("proximal", "distal")]
    places = [fold[:3, 3] for fold in folds]
    for finger in FINGERS:
        for which in ("proximal", "intermediate", "distal"):
            fold = arm.frame(f"{finger}-phalanx-{which}")
            # A joint's -z runs along the bone.
            places.append(fold[:3, 3] - fold[:3, 2] * (_WEB if which == "proximal" else 0.0))
            folds.append(fold)
    tips = [arm.frame(f"{finger}-tip") for finger in ("thumb", *FINGERS)]
    bones = [arm.frame(f"{finger}-phalanx-distal") for finger in ("thumb", *FINGERS)]
    pieces = [piece for line in _PALM_LINES for piece in pairwise(_curve(line))]
    return {
        "crease_at": places,
        "crease_way": [-fold[:3, 2] for fold in folds],
        "tip_at": [tip[:3, 3] for tip in tips],
        "tip_x": [bone[:3, 0] for bone in bones],
        "tip_y": [bone[:3, 1] for bone in bones],
        "tip_z": [bone[:3, 2] for bone in bones],
        "line_from": [a for a, _ in pieces],
        "line_to": [b for _, b in pieces],
    }


def _curve(points: tuple[tuple[float, float], ...]) -> list[Array]:
    """Places (x, y, 0) along a cubic curve (Bernstein's polynomials)."""
    corners = np.array([(*point, 0.0) for point in points])
    return [
        np.array([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3]) @ corners
        for t in np.linspace(0.0, 1.0, _STEPS + 1)
    ]
