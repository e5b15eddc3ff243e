"""The pictures of shoes: cotton shoes with embroidery, padded ones, leather boots."""

from __future__ import annotations

import numpy as np
from making.cloth import Atlas, Piece, band, smooth
from making.part import Finish

# Rows of `garments.shoe` from the shaft to below the sole; the sole begins at this one.
SOLE_ROW, ROWS = 7, 11


def _uv(shoe: np.ndarray) -> np.ndarray:
    """(rows, columns, 2) round the shoe, the toe in the middle; v is even over its rows."""
    rows, columns = shoe.shape[:2]
    s, t = np.meshgrid(np.linspace(0.003, 0.997, columns), np.linspace(0.003, 0.997, rows))
    return np.stack([s, t], -1)


def _piece(upper: tuple[float, float, float], sole: tuple[float, float, float]) -> Piece:
    piece = Piece(0.50, 0.22, 900)
    piece.colour *= np.asarray(upper)
    piece.tint(1 + 0.10 * piece.noise(101, 0.012) + 0.08 * piece.noise(102, 0.003))
    edge = piece.high * (SOLE_ROW - 0.5) / (ROWS - 1)
    below = smooth(piece.y, edge - 0.0005, edge + 0.0005)
    layers = 1 + 0.10 * np.sin(piece.y * 2 * np.pi / 0.0045)
    piece.paint(below, np.asarray(sole) * layers[..., None])
    piece.stitches(piece.x, piece.y - edge + 0.005, length=0.008)
    return piece


def tiger_shoes(shoe: np.ndarray) -> tuple[Finish, np.ndarray]:
    """Black cotton with a tiger's face on the toe, bound in red, soles of layered cloth."""
    piece = _piece((0.030, 0.022, 0.028), (0.66, 0.58, 0.44))
    x, y = piece.middle, piece.y
    top = band(y, 0.006, 0.010)
    piece.paint(top, (0.50, 0.03, 0.025))
    patch = 0.066 - np.hypot(x, (y - 0.104) * 1.7)
    piece.paint(smooth(patch, -0.001, 0.001), (0.68, 0.26, 0.03))
    thread = np.exp(-(((patch - 0.003) / 0.0012) ** 2)) * (
        np.sin(np.arctan2(y - 0.104, x) * 46) > 0
    )
    piece.paint(thread * 0.9, (0.75, 0.66, 0.45))
    for side in (-1, 1):
        r = np.hypot(x - side * 0.026, (y - 0.090) * 1.25)
        piece.paint(smooth(0.0135 - r, -0.0008, 0.0008), (0.75, 0.70, 0.58))
        piece.paint(smooth(0.0078 - r, -0.0008, 0.0008), (0.03, 0.02, 0.02))
        for k in range(3):
            line = np.abs(y - 0.118 - 0.010 * (k - 1) - 0.12 * (np.abs(x) - 0.02) * (k - 1))
            piece.paint(
                smooth(0.0016 - line, -0.0006, 0.0006) * (side * x > 0.016) * (side * x < 0.046),
                (0.03, 0.02, 0.02),
            )
    nose = 0.0095 - np.hypot(x, (y - 0.112) * 1.2)
    piece.paint(smooth(nose, -0.0008, 0.0008), (0.50, 0.03, 0.03))
    piece.fine += 0.0010 * smooth(patch, -0.001, 0.002) + 0.0010 * top
    return _finish("cloth_shoes", piece, 0.8), _uv(shoe)


def padded_shoes(shoe: np.ndarray) -> tuple[Finish, np.ndarray]:
    """Padded black velvet, quilted, with a dark red lining at the opening."""
    piece = _piece((0.020, 0.017, 0.022), (0.60, 0.54, 0.43))
    x, y = piece.middle, piece.y
    piece.paint(band(y, 0.004, 0.009), (0.22, 0.04, 0.04))
    piece.fine += 0.0014 * band(y, 0.004, 0.010)
    lane = 0.026
    off = (x / lane - np.rint(x / lane)) * lane
    upper = smooth(0.125 - y, -0.004, 0.004)
    piece.relief += 0.003 * (1 - np.exp(-((off / 0.006) ** 2))) * upper
    piece.tint(1 - 0.4 * np.exp(-((off / 0.0025) ** 2)) * upper)
    # A seam over the toe, with a line of light thread.
    piece.paint(0.7 * piece.stitches(y, x, length=0.007) * upper, (0.40, 0.33, 0.24))
    return _finish("cloth_shoes", piece, 0.85), _uv(shoe)


def boots(shoe: np.ndarray) -> tuple[Finish, np.ndarray]:
    """Brown leather with a toe cap, a laced front and worn edges."""
    piece = _piece((0.085, 0.034, 0.018), (0.020, 0.016, 0.014))
    x, y = piece.middle, piece.y
    cap = np.hypot(x, (y - 0.150) * 1.25) - 0.058
    upper = smooth(0.138 - y, -0.001, 0.001)
    for off in (cap, cap - 0.006):
        piece.tint(1 - 0.45 * np.exp(-((off / 0.0012) ** 2)) * upper)
        piece.stitches(x + y, np.where(upper > 0.5, off - 0.003, 1.0), length=0.005)
    piece.tint(1 + 0.45 * smooth(cap, 0.0, -0.05) * upper)
    wear = np.clip(piece.noise(103, 0.010), 0, 2) * smooth(y, 0.09, 0.13) * upper
    piece.tint(1 + 0.30 * wear)
    for i in range(5):
        lace = np.abs(y - 0.020 - 0.013 * i - 0.10 * np.abs(x))
        on = smooth(0.0022 - lace, -0.0006, 0.0006) * (np.abs(x) < 0.019)
        piece.paint(on, (0.030, 0.018, 0.012))
        piece.fine += 0.0016 * on
        eyelet = smooth(
            0.0030 - np.hypot(np.abs(x) - 0.021, y - 0.022 - 0.013 * i), -0.0006, 0.0006
        )
        piece.paint(eyelet, (0.35, 0.26, 0.12))
    crease = np.sin((y - 0.5 * np.abs(x)) * 2 * np.pi / 0.012) * np.exp(
        -(((y - 0.098) / 0.016) ** 2)
    )
    piece.relief += 0.0012 * crease
    piece.tint(1 + 0.10 * crease)
    return _finish("leather", piece, 0.56), _uv(shoe)


def _finish(name: str, piece: Piece, roughness: float) -> Finish:
    atlas = Atlas(piece)
    return Finish(
        name,
        roughness=roughness,
        colour=atlas.colour(384),
        normal=atlas.normal(384, {}),
    )
