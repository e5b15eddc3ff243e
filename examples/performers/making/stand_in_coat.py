"""The coat of the stand-in: camel wool, open in front, with lapels and a collar."""

from __future__ import annotations

import numpy as np
from making import garments, weights
from making.cloth import Atlas, Piece, band, smooth
from making.part import Finish, Part
from making.skeleton import STAND_IN
from making.surface import hemmed, lidded, part, raised

CAMEL, LINING = (0.235, 0.135, 0.066), (0.30, 0.10, 0.10)


SHELL = [
    (1.478, 0.080, 0.078, -0.024, 1.0, 2.0),
    (1.462, 0.110, 0.088, -0.024, 1.0, 2.1),
    (1.450, 0.150, 0.098, -0.023, 1.0, 2.3),
    (1.430, 0.182, 0.112, -0.020, 1.0, 2.5),
    (1.380, 0.194, 0.126, -0.016, 1.0, 2.6),
    (1.310, 0.198, 0.138, -0.012, 1.0, 2.6),
    (1.220, 0.194, 0.140, -0.008, 1.02, 2.5),
    (1.120, 0.184, 0.132, -0.002, 1.04, 2.4),
    (1.050, 0.184, 0.132, 0.0, 1.04, 2.4),
    (0.950, 0.198, 0.142, 0.0, 1.02, 2.3),
    (0.820, 0.212, 0.152, 0.0, 1.0, 2.2),
    (0.680, 0.224, 0.164, 0.0, 1.0, 2.2),
    (0.560, 0.236, 0.176, -0.004, 1.0, 2.2),
]


_HEIGHTS = [0.56, 0.80, 1.00, 1.10, 1.22, 1.34, 1.42, 1.478]


_GAPS = [0.30, 0.25, 0.19, 0.17, 0.26, 0.38, 0.50, 0.62]


def gap_at(height: np.ndarray) -> np.ndarray:
    """Half the angle at which the coat is open in front."""
    return np.interp(height, _HEIGHTS, _GAPS)


def coat() -> tuple[list[Part], list[Finish]]:
    """The coat, open in front, with lapels, a collar and sleeves."""
    torso, arm, collar = (
        Piece(1.06, 0.96, 800),
        Piece(0.46, 0.62, 800),
        Piece(0.50, 0.40, 800),
    )
    for piece in (torso, arm, collar):
        _wool(piece)
    _tailored(torso)
    _elbow(arm)
    collar.stitches(collar.y, collar.x - 0.121, length=0.008)
    atlas = Atlas(torso, arm, collar)
    follow = weights.skirt(STAND_IN)
    rows, columns = 32, 42
    y = np.linspace(SHELL[0][0], SHELL[-1][0], rows)[:, None] * np.ones(columns)
    share = np.linspace(0, 1, columns)[None]
    gap = gap_at(y)
    angle = np.pi + gap + share * (2 * np.pi - 2 * gap)
    grid, uv = atlas.dressed(garments.wrapped(SHELL, y, angle), torso)
    fold = 0.012 * np.clip((0.98 - y) / 0.42, 0, 1) ** 1.3
    grid = raised(grid, fold * np.sin(9 * angle + 1.3 + 0.8 * y) + 0.4 * fold * np.sin(16 * angle))
    grid, uv = hemmed(grid, uv, 0.010, 0.05)
    grid, uv, lining = garments.lined(grid[:-1], uv[:-1], 0.010, 3)
    tint = np.where(lining[None, :, None] > 0, LINING, 1.0) * np.ones((*grid.shape[:2], 1))
    parts = [part("coat", "cloth_coat", grid, follow, uv=uv, colours=tint)]
    tube = garments.sleeve(
        STAND_IN,
        [
            (0.0, 0.059, 0.088, 0.013),
            (0.2, 0.076, 0.082, 0.006),
            (0.5, 0.069, 0.073, 0.004),
            (0.75, 0.062, 0.066, 0.004),
            (0.97, 0.056, 0.059, 0.004),
        ],
        18,
        20,
        cap=0.60,
    )
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.009, 0.05, closed=True)
    left = part(
        "leftSleeve",
        "cloth_coat",
        tube,
        weights.arm(STAND_IN, soft=0.075),
        uv=arm_uv,
        colours=lidded(tube) * np.ones(3),
    )
    parts += [left, weights.mirrored(left), *_lapels(atlas, collar)]
    picture = Finish(
        "cloth_coat",
        roughness=0.93,
        colour=atlas.colour(1024),
        normal=atlas.normal(1024, {0: (rows, columns), 1: (25, 19)}),
    )
    return parts, [picture]


def _lapels(atlas: Atlas, piece: Piece) -> list[Part]:
    """The turned fronts and the collar, which are thick cloth over cloth."""
    follow = weights.trunk(STAND_IN)
    left, top, right, bottom = atlas.rect(piece)
    made = []
    t = np.linspace(0, 1, 12)[:, None]
    u = np.linspace(0, 1, 6)[None]
    height = 1.452 - t * 0.342
    wide = 0.46 * np.clip(1 - t, 0, 1) ** 0.75 * np.clip(0.55 + t * 5, 0, 1)
    # The notch, and the tip that points to the shoulder.
    lift = 0.012 + 0.010 * np.sin(np.pi * u) * (1 - t) + 0.004
    angle = np.pi + gap_at(height) * 0.98 + wide * u
    sheet = garments.wrapped(SHELL, height + 0.050 * u * wide * (1 - t), angle)
    sheet = raised(sheet, lift)
    under = raised(sheet, -0.009)
    whole = np.concatenate([sheet, under[:, ::-1], sheet[:, :1]], 1)
    s = np.concatenate([0.1 + 0.16 * u[0], 0.26 - 0.16 * u[0], [0.1]])
    uv = np.stack(
        np.broadcast_arrays(
            left + s[None] * (right - left), top + (0.05 + 0.9 * t) * (bottom - top)
        ),
        -1,
    )
    lapel = part("rightLapel", "cloth_coat", whole, follow, uv=uv)
    made += [lapel, weights.mirrored(lapel)]
    # The collar: cloth up round the nape, and down again over it.
    a = np.linspace(-np.pi + 0.62, np.pi - 0.62, 25)[:, None]
    back = np.cos(a / 2) ** 0.7
    profile = [
        (0.000, -0.012, 0),
        (0.012, 0.016, 0),
        (0.014, 0.038, 0),
        (0.020, 0.050, 1),
        (0.028, 0.046, 1),
        (0.040, 0.022, 1),
        (0.054, -0.008, 1),
        (0.058, -0.020, 1),
        (0.050, -0.022, 1),
        (0.036, 0.0, 1),
    ]
    rings = []
    for out, up, fall in profile:
        ends = 1 - back[:, 0]
        r = 0.072 + out + fall * 0.012 * ends
        x = r * np.sin(a[:, 0]) * (1.05 + 0.10 * fall * ends)
        y = 1.478 + up * (1.0 - 0.30 * ends) - 0.032 * ends
        rings.append(np.stack([x, y, -0.024 - r * np.cos(a[:, 0]) * 1.02 + 0.012 * ends], -1))
    grid = np.stack(rings)
    s, v = np.meshgrid(
        np.linspace(left, right, grid.shape[1]),
        np.linspace(top, top + 0.32 * (bottom - top), len(rings)),
    )
    made.append(
        part(
            "collar",
            "cloth_coat",
            grid,
            {"upperChest": 0.75, "neck": 0.25},
            uv=np.stack([s, v], -1),
        )
    )
    return made


def _wool(piece: Piece) -> None:
    """Camel wool: a soft twill with lighter and darker fibres."""
    piece.colour *= np.asarray(CAMEL)
    fibre = piece.noise(43, 0.0025, (0.6, 2.2))
    piece.tint(1 + 0.06 * piece.noise(42, 0.08) + 0.10 * fibre + 0.05 * piece.noise(45, 0.012))
    twill = np.sin((piece.x + piece.y) * 2 * np.pi / 0.0055)
    piece.fine += 0.00022 * twill + 0.00018 * piece.noise(44, 0.003)
    piece.tint(1 + 0.05 * twill)


def _tailored(piece: Piece) -> None:
    """Pockets with flaps, a back seam with a vent, a half belt, stitched edges."""
    x, y = piece.x, piece.y
    away = np.minimum(x, piece.wide - x)
    back = x - piece.wide / 2
    piece.stitches(y, away - 0.010, length=0.009)
    piece.relief -= 0.0035 * np.exp(-((back / 0.005) ** 2)) * smooth(y, 0.03, 0.06)
    piece.relief -= 0.010 * np.exp(-((back / 0.006) ** 2)) * smooth(y, 0.62, 0.66)
    belt = band(y, 0.415, 0.024) * band(np.abs(back), 0.0, 0.125)
    piece.relief += 0.006 * belt
    piece.tint(1 - 0.22 * (band(y, 0.415, 0.028) * band(np.abs(back), 0.0, 0.129) - belt))
    piece.stitches(x, np.where(np.abs(back) < 0.12, np.abs(y - 0.415) - 0.019, 1.0), length=0.009)
    # Pocket flaps at the hips.
    px, py = np.abs(back) - 0.335, y - 0.565 - 0.10 * (np.abs(back) - 0.335)
    flap = band(px, 0, 0.075) * band(py, 0, 0.030)
    edge = band(px, 0, 0.079) * band(py, 0.003, 0.034)
    piece.relief += 0.006 * flap
    piece.tint(1 - 0.22 * np.clip(edge - flap, 0, 1))
    inner = np.minimum(0.075 - np.abs(px), 0.030 - np.abs(py)) - 0.006
    piece.stitches(x + y, np.where(inner > -0.004, inner, 1.0), length=0.009)
    # Creases: drawn from the shoulder blades, gathered at the waist and below the belt.
    crease = piece.noise(41, 0.05, (2.4, 0.7))
    waist = np.exp(-(((y - 0.40) / 0.10) ** 2))
    piece.relief += (0.0014 + 0.0040 * waist) * crease
    piece.tint(1 + 0.05 * np.clip(crease, -2, 2))
    piece.relief += (
        0.003
        * np.sin(50 * (y + 0.5 * np.abs(back)))
        * np.exp(-(((y - 0.22) / 0.09) ** 2))
        * np.exp(-(((np.abs(back) - 0.22) / 0.06) ** 2))
    )


def _elbow(piece: Piece) -> None:
    """Creases that cross the sleeve at its elbow and above its cuff; a strap with a button."""
    y = piece.y + 0.008 * piece.noise(46, 0.06)
    inner = 0.5 + 0.5 * np.cos(2 * np.pi * (piece.x / piece.wide - 0.75))
    for at, spread, deep in (
        (0.31, 0.085, 0.0062),
        (0.53, 0.05, 0.004),
        (0.08, 0.06, 0.004),
    ):
        wave = np.sin(
            (y - at + 0.02 * np.sin(2 * np.pi * piece.x / piece.wide)) * 2 * np.pi / 0.040
        )
        piece.relief += (
            deep * wave * np.exp(-(((piece.y - at) / spread) ** 2)) * (0.35 + 0.65 * inner)
        )
    strap = band(piece.y, 0.560, 0.017)
    piece.relief += 0.005 * strap
    piece.tint(1 - 0.25 * (band(piece.y, 0.560, 0.021) - strap))
    piece.stitches(piece.x, np.abs(piece.y - 0.560) - 0.013, length=0.009)
