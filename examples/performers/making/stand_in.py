"""The stand-in: a film actor in a long wool coat, turtleneck, dark trousers and leather boots."""

from __future__ import annotations

import numpy as np
from making import garments, weights
from making.cloth import Atlas, Piece, band, smooth
from making.hands import HandLook, left_hand
from making.part import Finish, Part
from making.skeleton import STAND_IN
from making.surface import hemmed, part

CAMEL, OAT, SLATE = (0.30, 0.165, 0.075), (0.55, 0.48, 0.38), (0.040, 0.045, 0.055)
TONE = (0.66, 0.43, 0.32)


def coat() -> tuple[list[Part], list[Finish]]:
    """The coat, open in front."""
    rows = [
        (1.492, 0.074, 0.074, -0.024, 1.0, 2.0), (1.474, 0.082, 0.080, -0.024, 1.0, 2.0),
        (1.455, 0.122, 0.092, -0.024, 1.0, 2.1), (1.430, 0.174, 0.104, -0.022, 1.0, 2.3),
        (1.395, 0.200, 0.118, -0.018, 1.0, 2.5), (1.330, 0.206, 0.132, -0.014, 1.0, 2.5),
        (1.240, 0.202, 0.136, -0.008, 1.02, 2.4), (1.130, 0.192, 0.130, -0.002, 1.03, 2.3),
        (1.050, 0.190, 0.130, 0.0, 1.03, 2.3), (0.950, 0.202, 0.140, 0.0, 1.0, 2.3),
        (0.820, 0.214, 0.150, 0.0, 1.0, 2.2), (0.680, 0.226, 0.160, 0.0, 1.0, 2.2),
        (0.560, 0.236, 0.170, -0.004, 1.0, 2.2),
    ]  # fmt: skip
    torso, arm = Piece(1.24, 1.0, 800), Piece(0.46, 0.65, 800)
    for piece in (torso, arm):
        _wool(piece)
    atlas = Atlas(torso, arm)
    grid, uv = atlas.dressed(garments.body(rows, 52, 44), torso)
    grid, uv = hemmed(grid, uv, 0.010, 0.08)
    tube = garments.sleeve(STAND_IN, [
        (0.0, 0.070, 0.086, 0.006), (0.2, 0.078, 0.084, 0.004), (0.5, 0.070, 0.074, 0.004),
        (0.75, 0.062, 0.066, 0.004), (0.97, 0.054, 0.057, 0.004)], 22, 26)  # fmt: skip
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.008, 0.05)
    left = part("leftSleeve", "cloth_coat", tube, weights.arm(STAND_IN, soft=0.075), uv=arm_uv)
    parts = [part("coat", "cloth_coat", grid, weights.skirt(STAND_IN), uv=uv), left,
             weights.mirrored(left)]  # fmt: skip
    return parts, [Finish("cloth_coat", roughness=0.92, colour=atlas.colour(1024),
                          normal=atlas.normal(1024, {0: (44, 53), 1: (31, 23)}))]  # fmt: skip


def _wool(piece: Piece) -> None:
    """Camel wool: a soft twill with lighter and darker fibres."""
    crease = piece.noise(41, 0.05, (2.2, 0.8))
    piece.relief += 0.0022 * crease
    piece.colour *= np.asarray(CAMEL)
    piece.tint(
        1
        + 0.05 * piece.noise(42, 0.08)
        + 0.07 * piece.noise(43, 0.003, (0.6, 2.0))
        + 0.05 * np.clip(crease, -2, 2)
    )
    piece.fine += 0.00018 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.005) + 0.00015 * piece.noise(
        44, 0.003
    )


def legs() -> tuple[list[Part], list[Finish]]:
    """Straight trousers with a crease, and leather boots."""
    piece = Piece(0.48, 0.95, 460)
    piece.colour *= np.asarray(SLATE)
    fold = piece.noise(21, 0.06, (2.2, 0.7))
    knee, low = band(piece.y, 0.47, 0.07, 0.08), smooth(piece.y, 0.78, 0.93)
    piece.relief += (0.0012 + 0.004 * knee + 0.006 * low) * fold + 0.004 * np.exp(
        -(((piece.middle) / 0.01) ** 2)
    )
    piece.tint(1 + 0.12 * piece.noise(22, 0.03) + 0.10 * np.clip(fold, -1, 1))
    piece.fine += 0.0002 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.005)
    atlas = Atlas(piece)
    tube = garments.leg(STAND_IN, [
        (0.990, 0.094, 0.118, 0.0), (0.900, 0.094, 0.115, 0.0), (0.760, 0.088, 0.102, 0.004),
        (0.520, 0.070, 0.078, 0.006), (0.330, 0.066, 0.072, -0.006), (0.160, 0.062, 0.072, -0.012),
        (0.075, 0.060, 0.076, -0.006)], 16, 24)  # fmt: skip
    tube, uv = atlas.dressed(tube, piece)
    tube, uv = hemmed(tube, uv, 0.006, 0.04)
    left = part("leftLeg", "cloth_trousers", tube, weights.leg(STAND_IN), uv=uv)
    shoe = garments.shoe(STAND_IN, wide=0.052, high=0.084, shaft=0.046, sole=0.026, toe=0.008)
    tone = np.ones((*shoe.shape[:2], 3)) * (0.075, 0.030, 0.016)
    tone[7:] = (0.015, 0.012, 0.011)
    shoes = part("leftShoe", "leather", shoe, weights.leg(STAND_IN), colours=tone)
    return [left, weights.mirrored(left), shoes, weights.mirrored(shoes)], [
        Finish(
            "cloth_trousers",
            roughness=0.9,
            colour=atlas.colour(384),
            normal=atlas.normal(384, {0: (28, 17)}),
        ),
        Finish("leather", roughness=0.38),
    ]


def hands() -> tuple[list[Part], list[Finish]]:
    """An adult's hands."""
    made = left_hand(STAND_IN, HandLook(thick=0.98, bony=0.5, tone=TONE))
    return made + [weights.mirrored(p) for p in made], [Finish("skin_hands", roughness=0.55)]


def outfit() -> tuple[list[Part], list[Finish]]:
    """Everything but the head."""
    parts: list[Part] = []
    finishes: list[Finish] = []
    for made in (coat(), legs(), hands()):
        parts += made[0]
        finishes += made[1]
    return parts, finishes
