"""Grandmother: padded jacket of dark plum, calico apron, oversleeves, cotton shoes, a white bun."""

from __future__ import annotations

import numpy as np
from making import garments, weights
from making.cloth import Atlas, Piece, band, smooth
from making.hands import HandLook, left_hand
from making.part import Finish, Part
from making.skeleton import GRANDMOTHER
from making.surface import hemmed, part

PLUM, INDIGO, WHITE = (0.085, 0.040, 0.055), (0.030, 0.050, 0.135), (0.72, 0.74, 0.74)
TONE = (0.62, 0.40, 0.29)


def jacket() -> tuple[list[Part], list[Finish]]:
    """A padded jacket closed at her right side; the upper back is round."""
    rows = [
        (1.262, 0.056, 0.054, 0.022, 1.0, 2.0), (1.236, 0.060, 0.058, 0.016, 1.0, 2.0),
        (1.216, 0.076, 0.066, 0.008, 1.0, 2.0), (1.190, 0.118, 0.084, -0.006, 1.0, 2.1),
        (1.160, 0.156, 0.100, -0.018, 1.0, 2.3), (1.120, 0.174, 0.116, -0.026, 1.0, 2.4),
        (1.060, 0.180, 0.132, -0.028, 1.0, 2.4), (0.980, 0.184, 0.138, -0.022, 1.03, 2.35),
        (0.900, 0.188, 0.140, -0.014, 1.08, 2.3), (0.800, 0.198, 0.146, -0.008, 1.08, 2.25),
        (0.710, 0.206, 0.152, -0.006, 1.04, 2.2), (0.630, 0.214, 0.160, -0.006, 1.0, 2.2),
    ]  # fmt: skip
    torso, arm = Piece(1.10, 0.70, 840), Piece(0.45, 0.55, 840)
    for piece in (torso, arm):
        _padded(piece)
    _closing(torso)
    atlas = Atlas(torso, arm)
    grid, uv = atlas.dressed(garments.body(rows, 48, 40), torso)
    grid, uv = hemmed(grid, uv, 0.014, 0.06)
    tube = garments.sleeve(GRANDMOTHER, [
        (0.0, 0.060, 0.076, 0.006), (0.2, 0.070, 0.078, 0.006), (0.5, 0.070, 0.072, 0.006),
        (0.75, 0.062, 0.064, 0.006), (0.94, 0.054, 0.056, 0.004)], 20, 24)  # fmt: skip
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.010, 0.05)
    left = part("leftSleeve", "cloth_jacket", tube, weights.arm(GRANDMOTHER, soft=0.07), uv=arm_uv)
    parts = [part("jacket", "cloth_jacket", grid, weights.skirt(GRANDMOTHER), uv=uv), left,
             weights.mirrored(left)]  # fmt: skip
    return parts, [Finish("cloth_jacket", roughness=0.9, colour=atlas.colour(1024),
                          normal=atlas.normal(1024, {0: (40, 49), 1: (29, 21)}))]  # fmt: skip


def _padded(piece: Piece) -> None:
    """Plum cotton quilted in upright rows, with creases."""
    lane = piece.wide / max(1, round(piece.wide / 0.055))
    off = (piece.x / lane - np.rint(piece.x / lane)) * lane
    piece.relief += 0.006 * (1 - np.exp(-((off / 0.012) ** 2))) - 0.003
    piece.stitches(piece.y, off, length=0.009)
    crease = piece.noise(31, 0.03, (2.5, 0.7))
    piece.relief += 0.0016 * crease
    piece.colour *= np.asarray(PLUM)
    piece.tint(1 + 0.10 * piece.noise(32, 0.06) + 0.06 * np.clip(crease, -2, 2))
    piece.tint(0.75 + 0.25 * (1 - np.exp(-((off / 0.007) ** 2))))
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


def legs() -> tuple[list[Part], list[Finish]]:
    """Wide padded trousers and black cotton shoes."""
    piece = Piece(0.50, 0.72, 520)
    piece.colour *= np.asarray((0.030, 0.030, 0.036))
    fold = piece.noise(21, 0.06, (2.2, 0.7))
    low = smooth(piece.y, 0.45, 0.70)
    piece.relief += (0.003 + 0.004 * low) * fold
    piece.tint(1 + 0.15 * piece.noise(22, 0.03) + 0.12 * np.clip(fold, -1, 1))
    piece.fine += 0.0002 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.004)
    atlas = Atlas(piece)
    tube = garments.leg(GRANDMOTHER, [
        (0.790, 0.090, 0.115, -0.010), (0.700, 0.090, 0.112, -0.010), (0.560, 0.086, 0.100, -0.004),
        (0.410, 0.078, 0.086, 0.002), (0.270, 0.074, 0.080, -0.008), (0.160, 0.072, 0.078, -0.014),
        (0.105, 0.066, 0.072, -0.014)], 16, 20)  # fmt: skip
    tube, uv = atlas.dressed(tube, piece)
    tube, uv = hemmed(tube, uv, 0.008, 0.04)
    left = part("leftLeg", "cloth_trousers", tube, weights.leg(GRANDMOTHER), uv=uv)
    shoe = garments.shoe(GRANDMOTHER, wide=0.048, high=0.068, shaft=0.044, sole=0.018, toe=0.006)
    tone = np.ones((*shoe.shape[:2], 3)) * (0.022, 0.020, 0.024)
    tone[7:] = (0.62, 0.57, 0.47)
    shoes = part("leftShoe", "cloth_shoes", shoe, weights.leg(GRANDMOTHER), colours=tone)
    return [left, weights.mirrored(left), shoes, weights.mirrored(shoes)], [
        Finish(
            "cloth_trousers",
            roughness=0.92,
            colour=atlas.colour(320),
            normal=atlas.normal(320, {0: (24, 17)}),
        ),
        Finish("cloth_shoes", roughness=0.8),
    ]


def hands() -> tuple[list[Part], list[Finish]]:
    """Old hands: thin, with large joints."""
    made = left_hand(GRANDMOTHER, HandLook(thick=0.95, bony=1.0, tone=TONE, flush=1.1))
    return made + [weights.mirrored(p) for p in made], [Finish("skin_hands", roughness=0.6)]


def outfit() -> tuple[list[Part], list[Finish]]:
    """Everything but the head."""
    parts: list[Part] = []
    finishes: list[Finish] = []
    for made in (jacket(), legs(), hands()):
        parts += made[0]
        finishes += made[1]
    return parts, finishes
