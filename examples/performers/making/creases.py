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


def of_age(eye: Eye, mouth: Mouth) -> list[Crease]:
    """The lines of an old face that has laughed a lot."""
    ex, ey, r = eye.x, eye.y, eye.radius
    my, w = mouth.y, mouth.width
    found = [
        # From the nostrils round the mouth, and from its corners down.
        Crease(
            (
                (0.066, my + 0.125),
                (0.098, my + 0.070),
                (w + 0.034, my + 0.010),
                (w + 0.036, my - 0.045),
            ),
            0.019,
            0.0125,
            0.8,
        ),
        Crease(
            ((w + 0.008, my - 0.014), (w + 0.020, my - 0.060), (w + 0.012, my - 0.105)),
            0.013,
            0.007,
        ),
        # Bags below the eyes, and the fold beneath them.
        Crease(
            (
                (ex - 0.95 * r, ey - 0.75 * r),
                (ex - 0.1 * r, ey - 1.42 * r),
                (ex + 0.95 * r, ey - 1.05 * r),
            ),
            0.012,
            0.008,
            0.7,
        ),
        Crease(
            (
                (ex - 1.0 * r, ey - 1.0 * r),
                (ex - 0.2 * r, ey - 2.0 * r),
                (ex + 0.9 * r, ey - 1.95 * r),
            ),
            0.009,
            0.006,
            0.5,
        ),
        # Beside the eyes.
        Crease(
            (
                (ex + 1.35 * r, ey + 0.10 * r),
                (ex + 1.80 * r, ey + 0.38 * r),
                (ex + 2.15 * r, ey + 0.75 * r),
            ),
            0.006,
            0.0035,
        ),
        Crease(
            (
                (ex + 1.36 * r, ey - 0.12 * r),
                (ex + 1.85 * r, ey - 0.10 * r),
                (ex + 2.30 * r, ey + 0.05 * r),
            ),
            0.006,
            0.0035,
        ),
        Crease(
            (
                (ex + 1.30 * r, ey - 0.35 * r),
                (ex + 1.75 * r, ey - 0.62 * r),
                (ex + 2.10 * r, ey - 0.85 * r),
            ),
            0.006,
            0.003,
        ),
        # Between the brows.
        Crease(
            ((0.020, ey + 1.3 * r), (0.027, ey + 1.8 * r), (0.022, ey + 2.2 * r)), 0.006, 0.0035
        ),
        # Under the lower lip.
        Crease(((0.0, my - 0.052), (0.03, my - 0.050), (0.06, my - 0.040)), 0.012, 0.006),
        # The throat.
        Crease(((0.028, -0.43), (0.030, -0.52), (0.026, -0.62)), 0.012, 0.010),
    ]
    for i, base in enumerate((2.75, 3.30, 3.95)):
        y = ey + base * r
        found.append(
            Crease(
                (
                    (0.0, y - 0.004),
                    (0.06, y + 0.004),
                    (0.13, y + 0.002),
                    (0.20 - 0.02 * i, y - 0.016),
                ),
                0.007,
                0.0042 - 0.0008 * (i == 1),
            )
        )
    for i, x in enumerate((0.012, 0.030, 0.048, 0.066, 0.084)):
        found.append(
            Crease(
                ((x, my + 0.020), (x * 1.08, my + 0.038), (x * 1.12, my + 0.052 - 0.004 * i)),
                0.003,
                0.003,
            )
        )
        found.append(
            Crease(((x, my - 0.022), (x * 1.05, my - 0.036), (x * 1.08, my - 0.044)), 0.003, 0.0012)
        )
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
            0.005,
        ),
        Crease(
            ((0.018, eye.y + 1.5 * r), (0.021, eye.y + 2.1 * r), (0.018, eye.y + 2.7 * r)),
            0.006,
            0.003,
        ),
    ]
