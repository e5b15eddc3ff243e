"""Grandmother's jacket: padded plum cotton with oversleeves of checked cloth."""

from __future__ import annotations

import numpy as np
from making import garments, weights
from making.cloth import Atlas, Piece, band, smooth
from making.part import Finish, Part
from making.skeleton import GRANDMOTHER
from making.surface import hemmed, lidded, part, ring

PLUM = (0.135, 0.058, 0.078)


SHELL = [
    (1.262, 0.056, 0.054, 0.022, 1.0, 2.0),
    (1.240, 0.060, 0.058, 0.016, 1.0, 2.0),
    (1.222, 0.076, 0.066, 0.008, 1.0, 2.0),
    (1.200, 0.112, 0.084, -0.006, 1.0, 2.1),
    (1.172, 0.146, 0.100, -0.018, 1.0, 2.3),
    (1.130, 0.164, 0.118, -0.028, 1.0, 2.4),
    (1.060, 0.172, 0.134, -0.032, 1.0, 2.4),
    (0.980, 0.178, 0.140, -0.026, 1.03, 2.35),
    (0.900, 0.186, 0.142, -0.016, 1.10, 2.3),
    (0.800, 0.198, 0.148, -0.008, 1.12, 2.25),
    (0.710, 0.208, 0.154, -0.006, 1.08, 2.2),
    (0.630, 0.216, 0.162, -0.006, 1.04, 2.2),
]


def jacket() -> tuple[list[Part], list[Finish]]:
    """A padded jacket closed at her right side; the upper back is round."""
    torso, arm = Piece(1.10, 0.70, 840), Piece(0.45, 0.55, 840)
    for piece in (torso, arm):
        _padded(piece)
    _closing(torso)
    atlas = Atlas(torso, arm)
    grid, uv = atlas.dressed(garments.body(SHELL, 38, 29), torso)
    grid, uv = hemmed(grid, uv, 0.014, 0.06)
    tube = garments.sleeve(
        GRANDMOTHER,
        [
            (0.0, 0.055, 0.078, 0.010),
            (0.2, 0.068, 0.076, 0.006),
            (0.5, 0.068, 0.070, 0.006),
            (0.75, 0.062, 0.064, 0.006),
            (0.94, 0.052, 0.054, 0.004),
        ],
        18,
        20,
        cap=0.68,
    )
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.010, 0.05, closed=True)
    left = part(
        "leftSleeve",
        "cloth_jacket",
        tube,
        weights.arm(GRANDMOTHER, soft=0.07),
        uv=arm_uv,
        colours=lidded(tube) * np.ones(3),
    )
    parts = [
        part("jacket", "cloth_jacket", grid, weights.skirt(GRANDMOTHER), uv=uv),
        left,
        weights.mirrored(left),
    ]
    return parts, [
        Finish(
            "cloth_jacket",
            roughness=0.9,
            colour=atlas.colour(1024),
            normal=atlas.normal(1024, {0: (29, 39), 1: (29, 21)}),
        )
    ]


def _padded(piece: Piece) -> None:
    """Plum cotton quilted in upright rows, with creases."""
    lane = piece.wide / max(1, round(piece.wide / 0.055))
    off = (piece.x / lane - np.rint(piece.x / lane)) * lane
    piece.relief += 0.0085 * (1 - np.exp(-((off / 0.013) ** 2))) - 0.004
    piece.stitches(piece.y, off, length=0.009)
    crease = piece.noise(31, 0.03, (2.5, 0.7))
    piece.relief += 0.0016 * crease
    piece.colour *= np.asarray(PLUM)
    piece.tint(1 + 0.10 * piece.noise(32, 0.06) + 0.06 * np.clip(crease, -2, 2))
    piece.tint(0.60 + 0.40 * (1 - np.exp(-((off / 0.008) ** 2))))
    # A small print: crossed leaves of a lighter plum, scattered.
    u, v = piece.x / 0.031, piece.y / 0.027
    shift = 0.5 * (np.floor(v) % 2)
    gx, gy = (u + shift) % 1.0 - 0.5, v % 1.0 - 0.5
    leaf = np.minimum(
        np.hypot((gx + gy) * 0.9, (gx - gy) * 2.6),
        np.hypot((gx - gy) * 0.9, (gx + gy) * 2.6),
    )
    piece.paint(0.55 * smooth(0.26 - leaf, -0.04, 0.04), np.array([0.30, 0.125, 0.135]))
    piece.paint(
        0.7 * smooth(0.075 - np.hypot(gx, gy), -0.02, 0.02),
        np.array([0.42, 0.24, 0.08]),
    )
    piece.fine += (
        0.00016 * np.sin(piece.y * 2 * np.pi / 0.0036) * np.sin(piece.x * 2 * np.pi / 0.0036)
    )


def _closing(piece: Piece) -> None:
    x, y = piece.middle, piece.y
    edge = 0.02 + 0.13 * smooth(y, 0.07, 0.22)
    lap = x - edge
    piece.relief += (
        0.007 * smooth(lap, 0.001, -0.003) * smooth(lap, -0.14, -0.03) * smooth(y, 0.04, 0.08)
    )
    piece.paint(band(lap, -0.006, 0.005) * smooth(y, 0.05, 0.06), (0.02, 0.02, 0.035))
    piece.stitches(y, lap + 0.014)


def sleeves() -> tuple[list[Part], list[Finish]]:
    """Oversleeves of checked cotton, gathered by elastic at both ends."""
    piece = Piece(0.46, 0.21, 900)
    x, y = piece.x, piece.y
    cell = piece.wide / 22
    a = (np.sin(2 * np.pi * x / (2 * cell)) > 0).astype(float)
    b = (np.sin(2 * np.pi * y / (2 * cell)) > 0).astype(float)
    piece.colour *= np.array([0.52, 0.44, 0.34])
    piece.paint(0.5 * (a + b), np.array([0.23, 0.055, 0.045]))
    piece.paint(((x / cell) % 4 < 0.16) * 0.7, np.array([0.55, 0.40, 0.12]))
    ends = np.exp(-((y / 0.022) ** 2)) + np.exp(-(((piece.high - y) / 0.022) ** 2))
    gather = piece.noise(55, 0.016, (0.7, 7.0))
    piece.relief += (0.0016 + 0.0035 * ends) * gather + 0.0015 * piece.noise(56, 0.04)
    piece.tint(1 + 0.14 * np.clip(gather, -1.5, 1.5) * np.clip(ends + 0.25, 0, 1))
    for at in (0.016, piece.high - 0.016):
        piece.stitches(x, y - at, length=0.006)
    piece.fine += 0.0002 * np.sin(x * 2 * np.pi / 0.003) * np.sin(y * 2 * np.pi / 0.003)
    atlas = Atlas(piece)
    sx, sy, sz = GRANDMOTHER.shoulder
    long = GRANDMOTHER.upper_arm + GRANDMOTHER.lower_arm
    rings = []
    for share, r in zip(
        np.linspace(0.605, 0.985, 12),
        np.interp(
            np.linspace(0, 1, 12),
            [0, 0.08, 0.16, 0.5, 0.84, 0.92, 1],
            [0.072, 0.069, 0.079, 0.081, 0.071, 0.056, 0.059],
        ),
        strict=True,
    ):
        rings.append(ring((sx + share * long, sy - 0.006, sz), (r, r * 1.02), 16, axis="x"))
    tube, uv = atlas.dressed(np.stack(rings), piece)
    tube, uv = hemmed(tube, uv, 0.005, 0.03, closed=True)
    tube, uv = hemmed(tube, uv, 0.005, 0.02, top=True)
    left = part(
        "leftOversleeve",
        "cloth_sleeves",
        tube,
        weights.arm(GRANDMOTHER, soft=0.07),
        uv=uv,
        colours=lidded(tube) * np.ones(3),
    )
    return [left, weights.mirrored(left)], [
        Finish(
            "cloth_sleeves",
            roughness=0.9,
            colour=atlas.colour(384),
            normal=atlas.normal(384, {0: (12, 17)}),
        )
    ]
