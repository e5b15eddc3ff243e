"""Lan's coat: red cotton, quilted and printed with plum blossom, edged with fleece."""

from __future__ import annotations

import numpy as np
from making import garments, trims, weights
from making.cloth import Atlas, Piece, band, smooth
from making.part import Finish, Part
from making.skeleton import LAN
from making.surface import hemmed, lidded, part

RED, CREAM = (0.56, 0.035, 0.022), (0.78, 0.66, 0.46)


def coat() -> tuple[list[Part], list[Finish]]:
    """The padded coat: body and sleeves."""
    rows = [
        (0.924, 0.058, 0.056, -0.008, 1.0, 2.0),
        (0.908, 0.062, 0.060, -0.010, 1.0, 2.0),
        (0.896, 0.084, 0.068, -0.011, 1.0, 2.1),
        (0.882, 0.108, 0.076, -0.012, 1.0, 2.3),
        (0.862, 0.122, 0.084, -0.012, 1.0, 2.5),
        (0.820, 0.130, 0.092, -0.010, 1.03, 2.5),
        (0.740, 0.136, 0.099, -0.008, 1.06, 2.4),
        (0.650, 0.148, 0.107, -0.004, 1.08, 2.3),
        (0.560, 0.164, 0.119, -0.002, 1.06, 2.2),
        (0.470, 0.184, 0.133, 0.0, 1.04, 2.2),
        (0.385, 0.202, 0.147, 0.0, 1.03, 2.15),
    ]
    torso = Piece(1.04, 0.58, 960)
    arm = Piece(0.36, 0.40, 960)
    for piece in (torso, arm):
        _padded(piece, 0.055)
    _closing(torso)
    atlas = Atlas(torso, arm)
    grid, uv = atlas.dressed(garments.body(rows, 38, 30), torso)
    grid, uv = hemmed(grid, uv, 0.014, 0.06)
    tube = garments.sleeve(
        LAN,
        [
            (0.0, 0.047, 0.062, 0.005),
            (0.2, 0.056, 0.063, 0.004),
            (0.5, 0.059, 0.062, 0.004),
            (0.75, 0.058, 0.060, 0.004),
            (0.95, 0.053, 0.054, 0.004),
        ],
        16,
        16,
        cap=0.74,
    )
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.010, 0.04, closed=True)
    left = part(
        "leftSleeve",
        "cloth_coat",
        tube,
        weights.arm(LAN),
        uv=arm_uv,
        colours=lidded(tube) * np.ones(3),
    )
    parts = [
        part("coat", "cloth_coat", grid, weights.skirt(LAN), uv=uv),
        left,
        weights.mirrored(left),
    ]
    finish = Finish(
        "cloth_coat",
        roughness=0.82,
        colour=atlas.colour(1024),
        normal=atlas.normal(1024, {0: (30, 39), 1: (21, 17)}),
    )
    return parts, [finish]


def _padded(piece: Piece, size: float) -> None:
    """Red cotton quilted in diamonds, puckered at the seams, with plum blossom printed on it."""
    n = round(piece.wide / size / 1.0)
    u = piece.x / piece.wide * n
    v = piece.y / (size * 1.25)
    a, b = (u + v) % 1.0, (u - v) % 1.0
    ridge = np.minimum(np.abs(np.sin(np.pi * a)), np.abs(np.sin(np.pi * b)))
    piece.relief += 0.0085 * (np.clip(ridge, 0, 1) ** 0.55) - 0.004
    for share in (a, b):
        off = (share - np.rint(share)) * size * 0.7
        piece.stitches(piece.y, off, length=0.0075, deep=0.0009)
        near = np.exp(-((off / 0.008) ** 2))
        piece.fine += near * 0.00045 * np.sin(piece.y * 900 + 3 * piece.noise(5, 0.01))
    piece.colour *= np.asarray(RED)
    piece.tint(1.0 + 0.05 * piece.noise(1, 0.05) + 0.035 * piece.noise(2, 0.004, (1.0, 3.0)))
    piece.tint(0.70 + 0.30 * smooth(ridge, 0.0, 0.45))
    _blossoms(piece, a, b, size)
    piece.fine += 0.00012 * (
        np.sin(piece.x * 2 * np.pi / 0.0032) * np.sin(piece.y * 2 * np.pi / 0.0032)
    )


def _blossoms(piece: Piece, a: np.ndarray, b: np.ndarray, size: float) -> None:
    """Five petals in the middle of every other diamond."""
    x = (a - 0.5) + (b - 0.5)
    y = (a - 0.5) - (b - 0.5)
    x, y = x * size * 0.5, y * size * 0.62
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    petal = 0.0088 * (0.62 + 0.38 * np.abs(np.cos(2.5 * angle)))
    worn = 0.88 + 0.12 * np.clip(piece.noise(3, 0.003), -1.5, 1.5)
    piece.paint(smooth(petal - r, -0.0006, 0.0006) * worn * 0.85, (0.80, 0.42, 0.30))
    piece.paint(smooth(0.0026 - r, -0.0005, 0.0005), (0.78, 0.50, 0.10))
    dots = smooth(
        0.0011 - np.hypot(r - 0.0046, (np.mod(angle * 5 / (2 * np.pi), 1) - 0.5) * 0.006),
        -0.0004,
        0.0004,
    )
    piece.paint(dots * 0.8, (0.45, 0.03, 0.03))


def _closing(piece: Piece) -> None:
    """The front laps over to her right, bound with darker braid, and a seam at each side."""
    x, y = piece.middle, piece.y
    edge = 0.012 + 0.050 * smooth(y, 0.10, 0.20)
    lap = x - edge
    piece.relief += (
        0.006 * smooth(lap, 0.001, -0.003) * smooth(lap, -0.10, -0.02) * smooth(y, 0.05, 0.10)
    )
    braid = band(lap, -0.006, 0.0055) * smooth(y, 0.06, 0.07)
    piece.paint(braid, (0.10, 0.018, 0.02))
    piece.fine += 0.0014 * braid
    piece.stitches(y, lap + 0.0135)
    for side in (-1, 1):
        off = x - side * piece.wide / 4
        piece.relief -= 0.003 * np.exp(-((off / 0.006) ** 2)) * smooth(y, 0.14, 0.18)


def fleece() -> tuple[list[Part], list[Finish]]:
    """Cuffs and hem of cream fleece."""
    made = []
    follow = weights.skirt(LAN)
    a = np.linspace(0, 2 * np.pi, 35)[:-1]
    loop = np.stack([0.203 * np.sin(a), 0.384 + 0.002 * np.sin(5 * a), -0.152 * np.cos(a)], 1)
    hem = trims.oriented(trims.roll(loop, 0.021, 0.015, sides=6))
    made.append(part("hem", "cloth_fleece", hem, follow, uv=_wool_uv(hem, 24, 1)))
    x, y, z = LAN.shoulder
    x += 0.93 * (LAN.upper_arm + LAN.lower_arm)
    b = np.linspace(0, 2 * np.pi, 15)[:-1]
    loop = np.stack([x + 0 * b, y - 0.004 - 0.052 * np.cos(b), z - 0.053 * np.sin(b)], 1)
    cuff = trims.oriented(_cuff(loop))
    left = part("leftCuff", "cloth_fleece", cuff, weights.arm(LAN), uv=_wool_uv(cuff, 9, 1))
    made += [left, weights.mirrored(left)]
    piece = Piece(0.12, 0.12, 1600)
    piece.fine += 0.0011 * piece.noise(8, 0.005) + 0.0007 * piece.noise(9, 0.0025)
    piece.tint(0.94 + 0.10 * piece.noise(8, 0.005))
    atlas = Atlas(piece)
    return made, [
        Finish(
            "cloth_fleece",
            base=CREAM,
            roughness=0.95,
            colour=atlas.colour(192),
            normal=atlas.normal(192, {}),
        )
    ]


def _cuff(loop: np.ndarray) -> np.ndarray:
    """A roll round the wrist: along the arm as high as a roll round a body is along Y."""
    centre = loop.mean(0)
    rows = []
    for point in loop:
        out = (point - centre) / np.linalg.norm(point - centre)
        a = 2 * np.pi * np.arange(8) / 7
        rows.append(
            point
            + 0.012 * np.cos(a)[:, None] * out
            + 0.020 * np.sin(a)[:, None] * np.array([1.0, 0, 0])
        )
    return np.stack([*rows, rows[0]])


def _wool_uv(points: np.ndarray, along: float, across: float) -> np.ndarray:
    rows, columns = points.shape[:2]
    s, t = np.meshgrid(np.linspace(0, across, columns), np.linspace(0, along, rows))
    return np.stack([s, t], -1)
