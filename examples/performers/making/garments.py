"""The forms of garments: bodies of coats, sleeves, trouser legs, shoes, as grids at rest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.skeleton import Proportions
from making.surface import curve, raised, ring

Row = Sequence[float]


def body(rows: Sequence[Row], columns: int, count: int, *, x: float = 0.0) -> np.ndarray:
    """A tube from above down: rows (height, half width, half depth, forward, front, square).

    `front` multiplies the depth of the front half, `square` over 2 makes it less oval.
    """
    table = np.array([list(row) + [1.0, 2.0][len(row) - 4 :] for row in rows], float)
    table = _even(table, count)
    return np.stack(
        [ring((x, y, z), (w, d), columns, square=square, front=front)
         for y, w, d, z, front, square in table]
    )  # fmt: skip


def _even(table: np.ndarray, count: int) -> np.ndarray:
    """Rows between the given ones, evenly along the outline."""
    step = np.linalg.norm(np.diff(table[:, :2], axis=0), axis=1)
    at = np.concatenate([[0], np.cumsum(np.maximum(step, 1e-4))])
    fine = curve(table, at, np.linspace(0, at[-1], 400))
    way = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(fine[:, :2], axis=0), axis=1))])
    return np.stack(
        [np.interp(np.linspace(0, way[-1], count), way, fine[:, i]) for i in range(table.shape[1])],
        1,
    )


def sleeve(
    measures: Proportions,
    rows: Sequence[Row],
    columns: int,
    count: int,
    *,
    cap: float = 0.92,
    cap_rows: int = 5,
) -> np.ndarray:
    """The left sleeve from shoulder to cuff: rows (share, half height, half depth, down).

    The share of the arm is 0 at the joint of the shoulder, 1 at the wrist. It begins as a round
    cap about the joint, which stays round however the arm turns.
    """
    x, y, z = measures.shoulder
    long = measures.upper_arm + measures.lower_arm
    table = np.array(rows, float)
    even = np.linspace(table[0, 0], table[-1, 0], count)
    table = np.concatenate([even[:, None], curve(table[:, 1:], table[:, 0], even)], 1)
    rings = []
    _, high, deep, down = table[0]
    for angle in np.linspace(np.pi / 2 * 0.98, 0.0, cap_rows + 1)[:-1]:
        c, s = np.cos(angle), np.sin(angle)
        rings.append(
            ring(
                (x - cap * high * s, y - down, z),
                (high * c, deep * c),
                columns,
                axis="x",
            )
        )
    for share, high, deep, down in table:
        rings.append(ring((x + share * long, y - down, z), (high, deep), columns, axis="x"))
    return np.stack(rings)


def leg(measures: Proportions, rows: Sequence[Row], columns: int, count: int) -> np.ndarray:
    """The left leg of trousers: rows (height, half width, half depth, forward) from above down."""
    return body(rows, columns, count, x=measures.leg[0])


def shoe(
    measures: Proportions,
    *,
    wide: float,
    high: float,
    shaft: float,
    sole: float,
    toe: float = 0.0,
    columns: int = 14,
    turn_deg: float = 8.0,
) -> np.ndarray:
    """The left shoe from the opening of its shaft down to the sole, closed below.

    `wide` is its half width, `high` the height of the instep, `shaft` the radius at the ankle,
    `sole` its thickness, `toe` how much the toe rises.
    """
    x, (ankle, back), long = measures.leg[0], measures.ankle, measures.foot
    heel = back - 0.27 * long
    middle = heel + long / 2
    half = long / 2
    rows = [
        (ankle + 0.035, shaft, shaft * 1.06, back, 2.0),
        (ankle + 0.008, shaft * 0.98, shaft * 1.08, back + 0.004, 2.0),
        (high * 1.02, shaft * 1.04, shaft * 1.35, back + 0.016, 2.1),
        (high * 0.80, wide * 0.86, half * 0.80, middle - 0.14 * half, 2.3),
        (high * 0.52, wide * 0.97, half * 0.93, middle - 0.04 * half, 2.4),
        (sole * 1.5, wide, half * 0.985, middle, 2.4),
        (sole * 1.02, wide * 0.985, half * 0.97, middle, 2.4),
        (sole * 0.98, wide * 1.06, half * 1.02, middle, 2.4),
        (sole * 0.30, wide * 1.06, half * 1.02, middle, 2.4),
        (0.0, wide * 1.0, half * 0.985, middle, 2.4),
        (0.0, wide * 0.02, half * 0.02, middle, 2.0),
    ]
    rings = []
    for y, w, d, z, square in rows:
        loop = ring((0, y, z), (w, d), columns, square=square)
        share = (loop[:, 2] - heel) / long
        # Narrow at the heel and in the arch, widest at the ball; the toe box is low.
        waist = 0.80 + 0.20 * np.clip(share / 0.62, 0, 1) ** 1.2 - 0.10 * np.clip(
            (share - 0.8) / 0.2, 0, 1)  # fmt: skip
        loop[:, 0] *= np.where(y < ankle, waist, 1.0)
        if y > sole:
            loop[:, 1] -= (
                0.30 * max(0.0, y - sole) * np.clip((share - 0.45) / 0.5, 0, 1) * (y < ankle)
            )
        loop[:, 1] += toe * np.clip((share - 0.72) / 0.28, 0, 1) ** 2
        rings.append(loop)
    points = np.stack(rings)
    a = np.radians(turn_deg)
    px, pz = points[..., 0].copy(), points[..., 2] - back
    points[..., 0] = x + px * np.cos(a) + pz * np.sin(a)
    points[..., 2] = back - px * np.sin(a) + pz * np.cos(a)
    return points


def wrapped(rows: Sequence[Row], height: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """(..., 3) places on a body at heights and angles: 0 behind, pi / 2 at the left."""
    table = np.array([list(row) + [1.0, 2.0][len(row) - 4 :] for row in rows], float)[::-1]
    flat = np.asarray(height, float).ravel()
    fine = np.linspace(table[0, 0], table[-1, 0], 300)
    dense = curve(table[:, 1:], table[:, 0], fine)
    w, d, z, front, square = (np.interp(flat, fine, dense[:, i]) for i in range(5))
    a = np.broadcast_to(angle, np.shape(height)).ravel()
    c, s = np.cos(a), np.sin(a)
    power = 2.0 / square
    c, s = np.sign(c) * np.abs(c) ** power, np.sign(s) * np.abs(s) ** power
    depth = np.where(c < 0, d * front, d)
    return np.stack([w * s, flat, z - depth * c], 1).reshape(*np.shape(height), 3)


def lined(
    points: np.ndarray, uv: np.ndarray, thick: float, every: int = 2
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """An open sheet with an inner side: points, texture coordinates, and 1 where the lining is."""
    inner = raised(points, -thick)[:, ::-1]
    kept = np.unique(np.r_[np.arange(0, inner.shape[1], every), inner.shape[1] - 1])
    inner = inner[:, kept]
    inner_uv = uv[:, ::-1][:, kept]
    whole = np.concatenate([points, inner, points[:, :1]], 1)
    coordinates = np.concatenate([uv, inner_uv, uv[:, :1]], 1)
    lining = np.zeros(whole.shape[1])
    lining[points.shape[1] : -1] = 1.0
    return whole, coordinates, lining
