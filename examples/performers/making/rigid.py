"""Rigid forms of machines: closed forms with rounded ends, and drums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.part import Part
from making.surface import curve, part, ring

Row = tuple[float, float, float, float]
"""Along the axis; half the extent (width or height, then depth); how far forward."""


def pill(
    name: str,
    material: str,
    bone: str,
    rows: Sequence[Row],
    *,
    axis: str = "y",
    across: tuple[float, float] = (0.0, 0.0),
    edge: float = 0.010,
    square: float = 2.4,
    columns: int = 14,
    steps: int = 5,
) -> Part:
    """A closed form along an axis, its ends rounded by `edge`; `across` is where the axis is."""
    table = np.asarray(rows, float)
    way = np.sign(table[-1, 0] - table[0, 0])
    order = table[::-1] if way < 0 else table
    at = np.linspace(table[0, 0], table[-1, 0], steps)
    body = curve(order, order[:, 0], at)
    turns = np.radians([90.0, 50.0])
    ends = []
    for row, out in ((body[0], -way), (body[-1], way)):
        for turn in turns:
            along = row[0] + out * edge * np.sin(turn)
            less = edge * (1 - np.cos(turn))
            ends.append([along, row[1] - less, row[2] - less, row[3]])
        ends.append([ends[-2][0], 1e-5, 1e-5, row[3]])
    first, last = ends[:3], ends[3:]
    every = [first[2], *first[:2], *body, *last[1::-1], last[2]]
    grid = []
    for along, a, b, ahead in every:
        if axis == "y":
            middle = (across[0], along, across[1] + ahead)
        else:
            middle = (along, across[0], across[1] + ahead)
        grid.append(ring(middle, (a, b), columns, square=square, axis=axis))
    return part(name, material, np.stack(grid), {bone: 1.0})


def drum(
    name: str, bone: str, at: Sequence[float], radius: float, half: float, axis: str,
    material: str = "joint", edge: float = 0.004,
) -> Part:  # fmt: skip
    """A flat cylinder about an axis."""
    x, y, z = at
    along, across = (y, (x, z)) if axis == "y" else (x, (y, z))
    ends = (along + half - edge, along - half + edge)
    rows = [(end, radius, radius, 0.0) for end in (ends if axis == "y" else ends[::-1])]
    return pill(
        name, material, bone, rows, axis=axis, across=across, edge=edge, square=2.0, columns=16,
        steps=2,
    )  # fmt: skip
