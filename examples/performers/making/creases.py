"""Lines that life draws into a face: folds of the skin.

Deep ones are in the mesh, fine ones are only painted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from making.head_form import Eye, Mouth

FINEST = 0.0085
"""Creases narrower than this (heads) are finer than the mesh: they are only painted."""


@dataclass(frozen=True)
class Crease:
    """A line in front view (x, y) in heads on the left side; the right side has its mirror image.

    `depth` and `width` are in heads. Where `swells` is set, the skin beside it is raised.
    """

    line: Sequence[tuple[float, float]]
    width: float
    depth: float
    swells: float = 0.5
    drawn: float = 0.0
    """How strongly it is painted besides, 0 to 1."""


def distance(
    x: np.ndarray, y: np.ndarray, line: Sequence[tuple[float, float]]
) -> tuple[np.ndarray, np.ndarray]:
    """Distances of places from a smooth line through points, and where along it (0 to 1)."""
    curve = _smooth(np.asarray(line, float))
    best, along = np.full(x.shape, np.inf), np.zeros(x.shape)
    count = len(curve) - 1
    for i, (a, b) in enumerate(pairwise(curve)):
        d = b - a
        t = np.clip(((x - a[0]) * d[0] + (y - a[1]) * d[1]) / max(d @ d, 1e-12), 0, 1)
        far = np.hypot(x - a[0] - t * d[0], y - a[1] - t * d[1])
        nearer = far < best
        best, along = np.where(nearer, far, best), np.where(nearer, (i + t) / count, along)
    return best, along


def _smooth(points: np.ndarray) -> np.ndarray:
    """Points on a Catmull-Rom curve through the given ones."""
    p = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    found = []
    for i in range(1, len(p) - 2):
        for t in np.linspace(0, 1, 5)[:-1]:
            a, b, c, d = p[i - 1 : i + 3]
            found.append(
                0.5
                * (
                    2 * b
                    + (c - a) * t
                    + (2 * a - 5 * b + 4 * c - d) * t**2
                    + (3 * b - a - 3 * c + d) * t**3
                )
            )
    return np.array([*found, points[-1]])


def height(
    creases: Sequence[Crease],
    x: np.ndarray,
    y: np.ndarray,
    ahead: np.ndarray,
    *,
    finest: float = 0.0,
) -> np.ndarray:
    """Height of the skin over its smooth form at places in front view, below 0 in a crease.

    `ahead` is 1 where the skin looks ahead; creases narrower than `finest` are left out.
    """
    total = np.zeros(x.shape)
    for crease in creases:
        if crease.width < finest:
            continue
        far, along = distance(np.abs(x), y, crease.line)
        ends = np.sin(np.pi * np.clip(along, 0.0, 1.0)) ** 0.6
        w = crease.width
        groove = -np.exp(-((far / w) ** 2)) + crease.swells * np.exp(
            -(((far - 2.1 * w) / (1.3 * w)) ** 2)
        )
        total += crease.depth * groove * ends * np.exp(-((np.maximum(far - 3 * w, 0) / w) ** 2))
    return total * ahead


def ink(creases: Sequence[Crease], x: np.ndarray, y: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """How much of a painted line there is at places in front view, 0 to 1."""
    total = np.zeros(x.shape)
    for crease in creases:
        if not crease.drawn:
            continue
        far, along = distance(np.abs(x), y, crease.line)
        ends = np.sin(np.pi * np.clip(along, 0.0, 1.0)) ** 0.6
        total = np.maximum(total, crease.drawn * ends * np.exp(-((far / crease.width) ** 2)))
    return total * ahead


def of_age(eye: Eye, mouth: Mouth) -> list[Crease]:
    """The lines of an old face that has laughed a lot: few, and more painted than carved."""
    ex, ey, r = eye.x, eye.y, eye.radius
    my, w = mouth.y, mouth.width

    def by_eye(*places: tuple[float, float]) -> list[tuple[float, float]]:
        return [(ex + x * r, ey + y * r) for x, y in places]

    # From the nostrils round the mouth, and from its corners down.
    cheek = ((0.066, my + 0.118), (0.096, my + 0.075), (w + 0.034, my + 0.016),
             (w + 0.034, my - 0.028))  # fmt: skip
    found = [
        Crease(cheek, 0.016, 0.0075, 0.6, drawn=0.30),
        Crease(((w + 0.012, my - 0.020), (w + 0.022, my - 0.055), (w + 0.016, my - 0.088)),
               0.011, 0.003, 0.3, drawn=0.16),
        # Bags below the eyes, and the fold beneath them.
        Crease(by_eye((-0.95, -0.75), (-0.1, -1.36), (0.95, -1.02)), 0.012, 0.0032, drawn=0.08),
        Crease(by_eye((-0.75, -1.30), (0.0, -1.80), (0.85, -1.62)), 0.009, 0.0014, 0.3, drawn=0.10),
        # Beside the eyes.
        Crease(by_eye((1.32, 0.12), (1.72, 0.42), (2.02, 0.80)), 0.0070, 0.0016, drawn=0.26),
        Crease(by_eye((1.36, -0.10), (1.80, -0.04), (2.18, 0.12)), 0.0070, 0.0016, drawn=0.28),
        Crease(by_eye((1.30, -0.34), (1.72, -0.54), (2.04, -0.72)), 0.0070, 0.0014, drawn=0.24),
        # Under the lower lip.
        Crease(((0.0, my - 0.054), (0.03, my - 0.052), (0.056, my - 0.044)), 0.012, 0.004,
               drawn=0.12),
    ]  # fmt: skip
    for base, reach in ((2.55, 0.15), (3.05, 0.11)):
        y = ey + base * r
        line = ((0.0, y - 0.004), (0.4 * reach, y + 0.004), (0.75 * reach, y + 0.001),
                (reach, y - 0.012))  # fmt: skip
        found.append(Crease(line, 0.006, 0.0016, drawn=0.26))
    # Short lines into the lips, only painted.
    for x in (0.026, 0.052):
        line = ((x, my + 0.018), (x * 1.06, my + 0.030), (x * 1.10, my + 0.042))
        found.append(Crease(line, 0.0026, 0.0003, drawn=0.16))
    return found


def of_youth(eye: Eye, mouth: Mouth) -> list[Crease]:
    """The few lines of a child's face."""
    my, r = mouth.y, eye.radius
    return [
        Crease(((0.0, my - 0.056), (0.03, my - 0.055), (0.05, my - 0.050)), 0.014, 0.003, 0.2),
        Crease(((0.012, my + 0.030), (0.013, my + 0.048), (0.010, my + 0.066)), 0.007, -0.004, 0.3),
        Crease(
            (
                (eye.x - 0.8 * r, eye.y - 1.05 * r),
                (eye.x, eye.y - 1.36 * r),
                (eye.x + 0.8 * r, eye.y - 1.16 * r),
            ),
            0.008,
            0.003,
        ),
    ]


def of_middle_age(eye: Eye, mouth: Mouth) -> list[Crease]:
    """The lines of somebody of thirty-five."""
    my, r, w = mouth.y, eye.radius, mouth.width
    return [
        *of_youth(eye, mouth),
        Crease(
            ((0.062, my + 0.105), (0.092, my + 0.055), (w + 0.024, my + 0.008)), 0.012, 0.005, 0.5
        ),
        Crease(
            (
                (eye.x - 0.9 * r, eye.y - 0.85 * r),
                (eye.x, eye.y - 1.55 * r),
                (eye.x + 0.9 * r, eye.y - 1.3 * r),
            ),
            0.009,
            0.0026,
        ),
        Crease(
            ((0.018, eye.y + 1.5 * r), (0.021, eye.y + 2.1 * r), (0.018, eye.y + 2.7 * r)),
            0.006,
            0.003,
        ),
    ]
