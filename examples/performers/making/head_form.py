"""What makes one head differ from another: eyes, mouth, ears, and a solid for the flesh.

Units are heads (chin to crown is 1) from the middle of the head, in glTF's axes: x to the figure's
own left, y up, z ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from making.face_grid import BOTTOM, NECK
from making.sculpt import Solid


@dataclass(frozen=True)
class Eye:
    """The left eye: its ball's centre and radius, and the aperture in degrees on the ball."""

    x: float
    y: float
    z: float
    radius: float
    inner: float = 48.0
    outer: float = 52.0
    upper: float = 34.0
    lower: float = 26.0
    tilt: float = 3.0
    peak: float = 0.1
    """How far the highest point of the upper lid is moved outwards, as a share of the width."""
    closes: float = -14.0
    lid: float = 1.10
    """Radius of the lids' outer edge, as a share of the ball's."""
    reach: tuple[float, float, float] = (1.62, 1.60, 1.36)
    """How far the ring where the face begins is outwards, up and down, in radii of the ball."""
    iris: float = 0.50
    """Radius of the iris as a share of the ball's."""

    @property
    def centre(self) -> np.ndarray:
        """The middle of the left ball."""
        return np.array([self.x, self.y, self.z])


@dataclass(frozen=True)
class Mouth:
    """Where the lips touch, and how full they are."""

    y: float
    width: float
    """Half of it."""
    upper: float
    lower: float
    curve: float = 0.0
    """How far the corners are above the middle."""
    bow: float = 0.3
    full: float = 0.02
    """How far the lips stand out of the face."""
    reach: tuple[float, float, float] = (1.62, 0.064, 0.105)
    """How far the last ring is outwards (half widths of the mouth), up and down (heads): the nose
    begins above it."""
    sunk: float = 0.012


@dataclass(frozen=True)
class Ear:
    """The left ear's middle, height, width, and how far it stands out (degrees)."""

    y: float
    z: float
    height: float
    width: float
    out: float = 28.0


@dataclass(frozen=True)
class Form:
    """A head: its height in metres and its parts."""

    name: str
    height: float
    eye: Eye
    mouth: Mouth
    ear: Ear
    flesh: Solid
    neck: tuple[float, float]
    """Height and depth of the middle of the neck's last row."""
    landmarks: Sequence[tuple[tuple[float, float], tuple[float, float]]]
    """Pairs of a place of the grid (u, v) and its place in front view (x, y)."""
    nostrils: Sequence[tuple[float, float, float, float]] = ()
    """Places (x, y, z) and size of the left nostril."""
    folds: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None
    """Height of folds (heads, outwards) at coordinates (n, 2) and points (n, 3)."""
    jaw: float = 0.40
    """How far the jaw opens, in radians."""
    hinge: tuple[float, float] = (-0.02, -0.02)
    """Height and depth of the jaw's axis."""


def rays(uv: np.ndarray, neck: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Origins and directions (n, 3) in which the surface is looked for at coordinates."""
    u, v = uv[:, 0], uv[:, 1]
    s = np.clip((NECK - v) / (NECK - BOTTOM), 0.0, 1.0)
    rise = np.where(v >= NECK, v, NECK * (1.0 - s) ** 1.3)
    origin = np.column_stack([np.zeros_like(u), neck[0] * s**0.9, neck[1] * s**0.7])
    flat = np.cos(rise)
    return origin, np.column_stack([np.sin(u) * flat, np.sin(rise), np.cos(u) * flat])


def hit(solid: Solid, origin: np.ndarray, way: np.ndarray, far: float = 1.0) -> np.ndarray:
    """(n, 3) the outermost points of a solid on rays."""
    steps = np.linspace(far, 0.02, 72)
    low, high = np.full(len(way), 0.02), np.full(len(way), far)
    found = np.zeros(len(way), bool)
    for near, beyond in zip(steps[1:], steps[:-1], strict=True):
        left = np.flatnonzero(~found)
        if not len(left):
            break
        inside = solid(origin[left] + near * way[left]) < 0
        now = left[inside]
        low[now], high[now], found[now] = near, beyond, True
    for _ in range(18):
        middle = (low + high) / 2
        within = solid(origin + middle[:, None] * way) < 0
        low, high = np.where(within, middle, low), np.where(within, high, middle)
    return origin + low[:, None] * way


def front(solid: Solid, xy: np.ndarray) -> np.ndarray:
    """(n, 3) the points of a solid that are seen from straight ahead at places (n, 2)."""
    origin = np.column_stack([xy, np.zeros(len(xy))])
    return hit(solid, origin, np.tile([0.0, 0.0, 1.0], (len(xy), 1)), 0.8)


def smooth(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, smooth between; also with low > high."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)
