"""What the actor wears and carries: coat, scarf, overnight bag, and the folds of their cloth."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from body import ELBOWS, SHOULDERS, WRISTS
from making import sculpt as s
from making.mesh import Shape, joined
from making.shapes import curve, grid


def bump(x: np.ndarray, at: float, width: float) -> np.ndarray:
    """1 at a place, falling to 0 over about `width`."""
    return np.exp(-(((x - at) / width) ** 2))


def folds(p: np.ndarray) -> np.ndarray:
    """The folds of the coat: metres outwards."""
    x, y, z = p.T
    angle = np.arctan2(x + 0.012, -y)
    # The skirt falls from the waist in folds that widen to the hem; the weight is on the left leg.
    skirt = np.clip((1.02 - z) / 0.55, 0.0, 1.0)
    wave = np.sin(5.0 * angle + 0.9 + 1.2 * z) + 0.35 * np.sin(8.0 * angle - 2.0 * z + 0.4)
    out = 0.016 * skirt**1.3 * wave
    body = np.abs(x) < 0.215
    # Cloth gathers above the half belt, and hangs over it a little.
    out += 0.010 * bump(z, 1.145, 0.035) - 0.007 * bump(z, 1.02, 0.025)
    strap = np.clip((0.026 - np.abs(z - 1.068)) / 0.006, 0.0, 1.0) * (np.abs(angle) < 1.15)
    out += 0.011 * strap * body
    # A seam down the back, a slit below it.
    out -= 0.006 * np.exp(-((x / 0.007) ** 2)) * (y < 0) * (z > 0.78)
    out -= (
        0.045
        * np.exp(-(((x + 0.015) / (0.010 + 0.03 * np.clip(0.76 - z, 0, 1))) ** 2))
        * (y < 0)
        * np.clip((0.80 - z) / 0.1, 0, 1)
    )
    # Between the shoulders it is drawn tight towards the raised arm.
    pull = bump(z - 1.30 - 0.35 * (x - 0.02), 0.0, 0.012) + bump(
        z - 1.235 - 0.25 * (x - 0.05), 0.0, 0.011
    )
    return out + 0.005 * pull * (y < 0.02) * body


def sleeve_folds(a: np.ndarray, b: np.ndarray, at: float, turns: float) -> s.Solid:
    """Creases across a sleeve, deepest at a share of its length."""

    def by(p: np.ndarray) -> np.ndarray:
        way = b - a
        share = (p - a) @ way / (way @ way)
        slant = share + 0.10 * np.sin(6.0 * p[:, 2] + 9.0 * p[:, 0])
        return 0.0075 * np.sin(2 * np.pi * turns * slant) * np.exp(-(((share - at) / 0.45) ** 2))

    return by


def coat() -> s.Solid:
    """Coat with collar and sleeves; hips shifted to the left leg, right shoulder lifted."""
    body = s.stack(
        [(0.485, 0.262, 0.232, -0.012, -0.012), (0.62, 0.246, 0.212, -0.016, -0.010),
         (0.78, 0.229, 0.194, -0.022, -0.006), (0.92, 0.209, 0.176, -0.024, 0.000),
         (1.03, 0.182, 0.150, -0.016, 0.006), (1.10, 0.177, 0.144, -0.008, 0.008),
         (1.20, 0.188, 0.150, 0.000, 0.004), (1.30, 0.196, 0.148, 0.003, -0.004),
         (1.38, 0.186, 0.126, 0.004, -0.010), (1.43, 0.150, 0.102, 0.004, -0.008),
         (1.475, 0.096, 0.088, 0.006, 0.000), (1.53, 0.082, 0.082, 0.008, 0.008)],
        square=2.25,
    )  # fmt: skip
    yoke = s.melted(
        0.05,
        s.bone((-0.05, -0.006, 1.440), SHOULDERS[0] + (0.012, 0, -0.012), 0.058, 0.070),
        s.bone((0.06, -0.004, 1.446), SHOULDERS[1] + (-0.012, 0, -0.012), 0.058, 0.070),
    )
    solid = s.melted(0.05, s.swollen(body, folds), yoke)
    for i in (0, 1):
        upper = s.bone(SHOULDERS[i], ELBOWS[i], 0.075, 0.064)
        lower = s.bone(ELBOWS[i], WRISTS[i], 0.064, 0.055)
        upper = s.swollen(upper, sleeve_folds(SHOULDERS[i], ELBOWS[i], 0.9, 3.5))
        lower = s.swollen(lower, sleeve_folds(ELBOWS[i], WRISTS[i], 0.05, 3.0))
        cuff = s.bone(WRISTS[i] + 0.16 * (ELBOWS[i] - WRISTS[i]), WRISTS[i], 0.058, 0.058)
        solid = s.melted(0.035, solid, s.melted(0.02, upper, lower, cuff))
    # Hollow from below, to see the legs go in.
    inside = s.stack(
        [(0.40, 0.232, 0.202, -0.012, -0.012), (0.62, 0.212, 0.178, -0.016, -0.010)], square=2.25
    )
    return s.without(solid, s.swollen(inside, folds), k=0.012)


def bag() -> tuple[s.Solid, s.Solid]:
    """An overnight bag of leather, and its handles."""
    x, y, z = WRISTS[0] + (-0.003, 0.012, -0.085)
    body = s.block((x - 0.012, y, z - 0.245), (0.078, 0.190, 0.118), 0.045, pan=7)

    def sag(p: np.ndarray) -> np.ndarray:
        q = p - (x, y, z - 0.245)
        return (
            -0.022 * bump(q[:, 2], 0.12, 0.06) * np.abs(q[:, 0]) / 0.078
            + 0.010 * bump(q[:, 2], -0.06, 0.05)
            + 0.006 * np.clip((0.007 - np.abs(np.abs(q[:, 1]) - 0.10)) / 0.004, 0, 1)
        )

    line = [
        (x, y - 0.085, z - 0.135), (x, y - 0.060, z - 0.040), (x, y - 0.030, z),
        (x, y + 0.030, z), (x, y + 0.060, z - 0.040), (x, y + 0.085, z - 0.135),
    ]  # fmt: skip
    ring = [s.bone(a, b, 0.009, 0.009) for a, b in pairwise(line)]
    return s.swollen(body, sag), s.melted(0.01, *ring)


def wrap() -> s.Solid:
    """The scarf's turns about the neck, slack and uneven."""
    around = np.linspace(0, 2 * np.pi, 17)
    turns = []
    for radius, z, rise, thick, phase in (
        (0.098, 1.478, 0.020, 0.038, 0.6),
        (0.090, 1.520, 0.026, 0.034, 2.2),
    ):
        line = np.stack([
            0.008 + radius * np.cos(around), 0.006 + radius * 0.98 * np.sin(around),
            z + rise * np.sin(around + phase) + 0.008 * np.sin(3 * around + phase)], 1)  # fmt: skip
        turns += [s.bone(a, b, thick, thick) for a, b in pairwise(line)]
    solid = s.melted(0.016, *turns)

    def creases(p: np.ndarray) -> np.ndarray:
        angle = np.arctan2(p[:, 1], p[:, 0])
        return 0.0055 * np.sin(120 * p[:, 2] + 2.6 * np.sin(2 * angle + 0.5)) + 0.003 * np.sin(
            7 * angle + 40 * p[:, 2]
        )

    return s.swollen(solid, creases)


def tail() -> Shape:
    """The end of the scarf over the left shoulder and down the back, lifted by a breeze."""
    line = curve(
        [(-0.058, 0.030, 1.505), (-0.080, -0.010, 1.528), (-0.092, -0.085, 1.490),
         (-0.090, -0.145, 1.390), (-0.100, -0.172, 1.270), (-0.128, -0.196, 1.150),
         (-0.176, -0.232, 1.045), (-0.222, -0.262, 0.965), (-0.262, -0.268, 0.890)],
        20,
    )  # fmt: skip
    share = np.linspace(0, 1, len(line))
    half = np.interp(share, [0, 0.15, 0.35, 0.6, 1.0], [0.036, 0.058, 0.076, 0.090, 0.098])
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    out = np.array([-0.25, -1.0, 0.25]) * np.ones((len(line), 1))
    out[:4] = np.linspace((0.0, -0.1, 1.0), (-0.15, -0.7, 0.6), 4)
    side = np.cross(ahead, out)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    out = np.cross(side, ahead)
    across = np.linspace(-1, 1, 7)
    # The wool has two or three long folds, which open towards the end.
    fold = 0.020 * np.sin(2.3 * np.pi * across + 0.4) * (1.15 - share[:, None]) + 0.012 * np.sin(
        9 * share[:, None] + 2 * across
    )
    curl = 0.016 * across**2 * share[:, None]
    middle = (
        line[:, None]
        + side[:, None] * (half[:, None, None] * across[None, :, None])
        + out[:, None] * (fold - curl)[..., None]
    )
    thick = 0.007
    front, back = middle + out[:, None] * thick, middle - out[:, None] * thick
    sheet = joined(grid(front), grid(back[:, ::-1]))
    tone = np.where((share > 0.86) & (share < 0.90) | (share > 0.925) & (share < 0.965), 0.35, 1.0)
    sheet.colour = sheet.colour * np.tile(np.repeat(tone, 7), 2)[:, None]
    strands = []
    for i, end in enumerate(middle[-1]):
        drop = (
            ahead[-1] * 0.075
            + out[-1] * 0.018 * np.sin(2.1 * i)
            + side[-1] * 0.010 * np.cos(1.7 * i)
        )
        width = side[-1] * 0.0075
        strands.append(
            grid(
                np.array(
                    [
                        [end - width, end + width],
                        [end + drop - 0.6 * width, end + drop + 0.6 * width],
                    ]
                )
            )
        )
    return joined(sheet, *strands)
