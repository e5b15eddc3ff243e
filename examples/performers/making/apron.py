"""Grandmother's apron of blue calico, with a bib, a pocket, a patch, strings and a bow."""

from __future__ import annotations

import numpy as np
from making import garments, trims, weights
from making.cloth import Atlas, Piece, band, smooth
from making.grandmother_jacket import SHELL
from making.part import Finish, Part
from making.skeleton import GRANDMOTHER
from making.surface import cord, part, raised


def apron() -> tuple[list[Part], list[Finish]]:
    """An apron of blue calico with a bib, bound edges, a pocket, strings and a bow behind."""
    piece = Piece(0.62, 0.64, 1100)
    _calico(piece)
    atlas = Atlas(piece)
    rows, columns = 26, 21
    shell = [*SHELL, (0.50, 0.226, 0.172, -0.006, 1.06, 2.2)]
    y = np.linspace(1.115, 0.500, rows)[:, None] * np.ones(columns)
    half = np.interp(y, [0.50, 0.885, 0.925, 1.115], [1.22, 1.12, 0.58, 0.46])
    angle = np.pi + half * np.linspace(-1, 1, columns)[None]
    sheet = garments.wrapped(shell, y, angle)
    low = np.clip((0.86 - y) / 0.36, 0, 1)
    sheet = raised(
        sheet,
        0.012 + low * (0.016 + 0.012 * np.sin(5.2 * angle + 0.8) + 0.006 * np.sin(11 * angle)),
    )
    grid, uv = atlas.dressed(sheet, piece)
    # Texture by place on the flat cloth: the bib is narrower than the skirt.
    left, _, right, _ = atlas.rect(piece)
    uv[..., 0] = left + (0.5 + 0.5 * (angle - np.pi) / 1.22) * (right - left)
    grid, uv, _ = garments.lined(grid, uv, 0.006, 4)
    follow = weights.skirt(GRANDMOTHER, 0.85)
    parts = [part("apron", "cloth_apron", grid, follow, uv=uv)]
    a = np.linspace(0, 2 * np.pi, 41)
    band_at = raised(
        garments.wrapped(SHELL, 0.900 + 0 * a[None], a[None]).repeat(3, 0)
        + np.array([[[0, 0.001, 0]], [[0, 0, 0]], [[0, -0.001, 0]]]),
        0.013,
    )[1]
    ribbon = trims.oriented(trims.roll(band_at[:-1], 0.015, 0.006, sides=6))
    dark = np.array((0.035, 0.055, 0.15))
    parts.append(part("apron band", "cloth_plain", ribbon, follow, colours=dark))
    back = garments.wrapped(SHELL, np.array(0.900), np.array(0.0)) + np.array([0, 0, -0.022])
    for side in (-1, 1):
        loop = [
            (0, 0, 0),
            (side * 0.030, 0.028, -0.020),
            (side * 0.072, 0.030, -0.012),
            (side * 0.080, 0.000, -0.006),
            (side * 0.045, -0.012, -0.012),
            (0, 0, 0),
        ]
        parts.append(
            part(
                f"bow {side}",
                "cloth_plain",
                cord(back + np.array(loop), 0.013, 6, flat=0.32, up=(0.0, 0.3, -1)),
                follow,
                colours=dark,
            )
        )
        end = [
            (0, 0, 0),
            (side * 0.018, -0.05, -0.010),
            (side * 0.030, -0.12, -0.006),
            (side * 0.034, -0.19, -0.012),
        ]
        parts.append(
            part(
                f"string {side}",
                "cloth_plain",
                cord(back + np.array(end), 0.011, 6, flat=0.25, up=(0.2 * side, 0, -1)),
                follow,
                colours=dark,
            )
        )
        h = np.array([1.110, 1.150, 1.185, 1.205, 1.215, 1.212])
        t = np.pi + side * np.array([0.44, 0.50, 0.66, 1.0, 1.7, 2.6])
        strap = garments.wrapped(SHELL, h, t)
        strap = (
            strap
            + (strap - np.array([0, 0, -0.01])) * np.array([0.05, 0, 0.05])
            + np.array([0, 0.006, 0])
        )
        parts.append(
            part(
                f"strap {side}",
                "cloth_plain",
                cord(strap, 0.012, 6, flat=0.35, up=(0, 1, 0.4)),
                weights.trunk(GRANDMOTHER),
                colours=dark,
            )
        )
    parts.append(
        part(
            "knot",
            "cloth_plain",
            trims.ball(back + np.array([0, 0, -0.010]), (0.016, 0.014, 0.010), 8, 6),
            follow,
            colours=dark,
        )
    )
    return parts, [
        Finish(
            "cloth_apron",
            roughness=0.88,
            colour=atlas.colour(768),
            normal=atlas.normal(640, {0: (rows, columns)}),
        ),
        Finish("cloth_plain", roughness=0.9),
    ]


def _calico(piece: Piece) -> None:
    """Indigo dyed round white paste: flowers in rings, dots, and a border of waves."""
    x, y = piece.middle, piece.y
    ground = np.array([0.034, 0.075, 0.215])
    piece.colour *= ground
    cloud = piece.noise(51, 0.05) * 0.10 + piece.noise(52, 0.004) * 0.06
    white = np.zeros_like(x)

    def flower(cx: np.ndarray, cy: np.ndarray, size: float) -> np.ndarray:
        r, t = np.hypot(cx, cy), np.arctan2(cy, cx)
        petals = smooth(size * (0.55 + 0.30 * np.abs(np.cos(4 * t))) - r, -0.0006, 0.0006)
        veins = smooth(np.abs(np.sin(4 * t)) * r - 0.0016, -0.0005, 0.0005)
        heart = smooth(r - size * 0.26, -0.0005, 0.0005) + smooth(size * 0.15 - r, -0.0005, 0.0005)
        beads = 0.5 + 0.5 * np.cos(14 * t)
        halo = np.exp(-(((r - size * 1.12) / (size * 0.085)) ** 2)) * (beads > 0.42)
        return np.clip(petals * veins * np.clip(heart, 0, 1) + halo, 0, 1)

    pitch = 0.098
    main = y < 0.535
    gx = (x / pitch + 0.5) % 1.0 - 0.5
    gy = (y / pitch) % 1.0 - 0.5
    white = np.maximum(white, flower(gx * pitch, gy * pitch, 0.029) * main)
    hx = (x / pitch + 1.0) % 1.0 - 0.5
    hy = (y / pitch + 0.5) % 1.0 - 0.5
    white = np.maximum(white, flower(hx * pitch, hy * pitch, 0.0135) * main)
    dx, dy = (x / 0.0163) % 1.0 - 0.5, (y / 0.0163) % 1.0 - 0.5
    far = np.minimum(np.hypot(gx, gy) * pitch - 0.040, np.hypot(hx, hy) * pitch - 0.022)
    white = np.maximum(
        white,
        smooth(0.0018 - np.hypot(dx, dy) * 0.0163, -0.0005, 0.0005) * (far > 0) * main,
    )
    # Border: two lines, a wave with dots in it.
    for at in (0.545, 0.617):
        white = np.maximum(white, band(y, at, 0.0022, 0.0006))
    wave = 0.581 + 0.015 * np.sin(2 * np.pi * x / 0.062)
    white = np.maximum(
        white,
        band(y, 0, 0.0030, 0.0006) * 0 + smooth(0.0030 - np.abs(y - wave), -0.0006, 0.0006),
    )
    bx = (x / 0.031 + 0.25) % 1.0 - 0.5
    sign = np.where(np.floor(x / 0.031 + 0.25) % 2 == 0, 1, -1)
    white = np.maximum(
        white,
        smooth(0.0058 - np.hypot(bx * 0.031, y - 0.581 - sign * -0.010), -0.0006, 0.0006),
    )
    # Where paste cracked, threads of blue show in the white.
    cracks = smooth(np.abs(piece.noise(53, 0.010)), 0.02, 0.10)
    piece.paint(white * (0.72 + 0.28 * cracks) * 0.88, np.array([0.66, 0.70, 0.72]))
    piece.tint(1 + cloud)
    _sewn_on(piece)


def _sewn_on(piece: Piece) -> None:
    """A pocket, a patch of other cloth, bound edges, creases."""
    x, y = piece.middle, piece.y
    pocket = band(x + 0.075, 0, 0.058) * band(y, 0.345, 0.060)
    rim = band(x + 0.075, 0, 0.061) * band(y, 0.347, 0.063) - pocket
    piece.relief += 0.004 * pocket
    piece.tint(1 - 0.45 * np.clip(rim, 0, 1))
    hemline = pocket * band(y, 0.291, 0.0055)
    piece.paint(hemline, (0.035, 0.055, 0.15))
    inner = np.minimum(0.058 - np.abs(x + 0.075), 0.060 - np.abs(y - 0.345)) - 0.005
    _thread(piece, x + y, np.where(np.abs(inner) < 0.004, inner, 1.0))
    patch = band(x - 0.150, 0.06 * (y - 0.44), 0.036) * band(y, 0.440 + 0.03 * 0, 0.033)
    piece.paint(
        patch,
        np.array([0.20, 0.095, 0.045])
        * (1 + 0.3 * (np.sin(x * 2 * np.pi / 0.008) > 0) * 1.0)[..., None],
    )
    piece.fine += 0.0012 * patch
    edge = np.minimum(0.036 - np.abs(x - 0.150), 0.033 - np.abs(y - 0.440)) - 0.003
    _thread(
        piece,
        x * 1.0 + y,
        np.where(np.abs(edge) < 0.004, edge, 1.0),
        (0.75, 0.68, 0.5),
        0.010,
    )
    half = np.interp(y, [0.0, 0.19, 0.23, 0.64], [0.116, 0.146, 0.284, 0.309])
    bound = np.clip(
        smooth(half - np.abs(x), 0.011, 0.009) + band(y, 0.004, 0.009) + band(y, 0.636, 0.007),
        0,
        1,
    )
    piece.paint(bound, (0.030, 0.045, 0.12))
    piece.fine += 0.0012 * bound
    _thread(
        piece,
        y,
        np.where(np.abs(half - np.abs(x) - 0.013) < 0.004, half - np.abs(x) - 0.013, 1.0),
    )
    piece.fine += 0.00018 * (np.sin(x * 2 * np.pi / 0.0030) * np.sin(y * 2 * np.pi / 0.0030))
    crease = piece.noise(54, 0.05, (0.7, 2.4))
    piece.relief += 0.0014 * crease
    piece.tint(1 + 0.07 * np.clip(crease, -2, 2))


def _thread(
    piece: Piece,
    along: np.ndarray,
    off: np.ndarray,
    colour: tuple[float, float, float] = (0.42, 0.46, 0.52),
    length: float = 0.007,
) -> None:
    piece.paint(0.8 * piece.stitches(along, off, length=length), np.asarray(colour))
