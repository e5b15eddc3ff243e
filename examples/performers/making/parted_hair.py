"""Hair that lies close: parted in the middle and drawn back to a bun, or cut short.

Each strand begins at the parting or at the edge of the hair, and runs over the head to the bun, or
to the crown if the hair is short.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from making.head_form import Form, hit, smooth
from making.part import Part
from making.sculpt import ball, melted
from making.surface import curve, part

Root = tuple[float, float]


@dataclass(frozen=True)
class Parting:
    """Places of the left half, in degrees round the head's middle: (outwards from ahead, up).

    `roots` leads from the end of the parting at the crown to its front, and from there along the
    edge of the hair past the temple and the ear to the nape; the parting has `parted` of them.
    Without a parting the roots begin in the middle of the forehead.
    """

    roots: Sequence[Root]
    parted: int
    bun: Root
    """Where all strands end: the bun, or the crown of short hair."""
    thick: float = 0.030
    """How far the hair stands off the skull, in heads."""
    falls: float = 0.55
    """How far strands of the parting fall sideways before they turn back: 0 to 1."""


def _ways(places: np.ndarray) -> np.ndarray:
    """(n, 3) directions of places in degrees."""
    a, e = np.radians(places[:, 0]), np.radians(places[:, 1])
    return np.column_stack([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])


def _strands(parting: Parting, columns: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Directions (rows, columns, 3) from the bun to the roots, and their share in the parting."""
    table = np.asarray(parting.roots, float)
    at = np.arange(len(table), dtype=float)
    index = np.linspace(0, len(table) - 1, columns)
    root = _ways(curve(table, at, index))
    split = smooth(parting.parted + 0.6, parting.parted - 1.0, index) * (parting.parted > 0)
    bun = _ways(np.array([parting.bun]))
    side = np.array([1.0, 0.10, -0.05]) / np.hypot(1.0, 0.11)
    # Strands fall most to the side at the front end of the parting; those
    # of the edge stay outside of it, or they would cross. The last keeps to the middle.
    falls = np.where(
        index < parting.parted,
        2.0 * parting.falls * smooth(-0.3, parting.parted + 0.3, index) * smooth(0.0, 1.0, index),
        np.maximum(0.25, 2.0 * parting.falls - 0.95 * root[:, 0]),
    )
    falls *= smooth(len(table) - 1.0, len(table) - 2.0, index) * (index > 0)
    bend = root + bun + falls[:, None] * side
    t = np.linspace(0.0, 1.0, rows)[:, None, None]
    way = (1 - t) ** 2 * bun + 2 * t * (1 - t) * bend / 1.6 + t**2 * root
    # At the crown the parting closes.
    return way / np.linalg.norm(way, axis=2, keepdims=True), split * smooth(0.0, 1.0, index)


def drawn_back(
    form: Form, parting: Parting, scale: float, origin: np.ndarray, *,
    columns: int = 32, rows: int = 11, seed: int = 3, over_ears: bool = True,
) -> Part:  # fmt: skip
    """Both halves of the hair, over the skull and, if wanted, the upper part of the ears."""
    ways, split = _strands(parting, columns, rows)
    ear = form.ear
    over = [ball((s * 0.325, ear.y + 0.30 * ear.height, ear.z - 0.01), (0.050, 0.110, 0.110))
            for s in (1.0, -1.0)]  # fmt: skip
    under = melted(0.12, form.flesh, *over) if over_ears else form.flesh
    flat = ways.reshape(-1, 3)
    middle = np.array([0.0, 0.06, -0.04])
    skull = hit(under, np.broadcast_to(middle, flat.shape), flat, 0.9).reshape(ways.shape)
    t = np.linspace(0.0, 1.0, rows)[:, None]
    # Thin where it leaves the skin, full behind the forehead, a groove at the parting.
    random = np.random.default_rng(seed)
    locks = np.sin(np.linspace(0, 13 * np.pi, columns) + random.uniform(-0.8, 0.8, columns))
    fine = np.sin(np.linspace(0, 27 * np.pi, columns) + random.uniform(-1, 1, columns))
    edge = smooth(1.0, 0.74, t)
    first = smooth(1.2, 0.0, np.linspace(0, len(parting.roots) - 1, columns))
    first = first * (parting.parted > 0)
    edge = edge * (1 - first) + first
    body = parting.thick * (0.12 + 0.88 * edge**0.7) * (1 - split) + split * parting.thick * (
        0.22 + 0.78 * smooth(1.0, 0.80, t) ** 0.8
    )
    relief = 0.0034 * (locks[None] + 0.45 * fine[None]) * np.sin(np.pi * t) ** 0.6
    lift = (body + relief)[..., None]
    edge_of_hair = np.arange(columns) >= columns * parting.parted / len(parting.roots)
    lift[-1] = np.where(edge_of_hair[:, None], -0.006, lift[-1])
    points = skull + ways * lift
    shade = (0.90 + 0.08 * locks[None] + 0.05 * fine[None]) * (0.80 + 0.20 * smooth(1.0, 0.86, t))
    u, v = np.meshgrid(np.linspace(0, 5.5, columns), np.linspace(0.02, 0.98, rows))
    halves = []
    for sign in (1.0, -1.0):
        rows_ = points * [sign, 1, 1]
        halves.append(rows_ if sign > 0 else rows_[:, ::-1])
    whole = np.concatenate([halves[1], halves[0]], 1)
    both = np.concatenate([shade[:, ::-1], shade], 1)
    uv = np.concatenate([np.stack([-u, v], -1)[:, ::-1], np.stack([u, v], -1)], 1)
    return part("hair", "hair", origin + scale * whole, {"head": 1.0}, uv=uv,
                colours=both[..., None] * np.ones(3))  # fmt: skip
