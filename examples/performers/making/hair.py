"""Hair: locks that taper, braids, a bun, and caps over the skull."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.cloth import Atlas, Piece
from making.part import Finish, Part
from making.surface import Follow, Weights, cord, curve, part
from making.trims import strip


def finish(
    base: tuple[float, float, float],
    *,
    seed: int = 70,
    grey: float = 0.0,
    roughness: float = 0.42,
    contrast: float = 1.0,
) -> Finish:
    """Strands along v, in colours near `base`; `grey` is the share of white among them."""
    piece = Piece(0.06, 0.12, 2400)
    strands = piece.noise(seed, 0.0016, (0.7, 26.0))
    broad = piece.noise(seed + 1, 0.006, (0.8, 22.0))
    piece.fine += contrast * (0.00030 * strands + 0.0005 * broad)
    piece.tint(np.clip(1 + contrast * (0.30 * strands + 0.22 * broad), 0.25, 2.2))
    white = np.clip(piece.noise(seed + 2, 0.0014, (0.7, 40.0)) - (1.6 - 2.4 * grey), 0, 1)
    piece.paint(np.clip(white, 0, 0.8) * (grey > 0), np.array([2.2, 2.2, 2.2]))
    piece.colour /= 2.2
    atlas = Atlas(piece)
    factor = tuple(min(1.0, 2.2 * v) for v in base)
    return Finish(
        "hair",
        base=factor,
        roughness=roughness,
        colour=atlas.colour(288),
        normal=atlas.normal(288, {}),
        double_sided=True,
    )


def lock(
    name: str,
    points: Sequence[Sequence[float]],
    half: Sequence[float],
    out: Sequence[float] | np.ndarray,
    follow: Follow | Weights,
    *,
    rows: int = 9,
    thick: float = 0.35,
    across: int = 4,
    shade: float = 1.0,
    repeat: float = 1.0,
) -> Part:
    """A lock along points with half widths; `out` is the way away from the skull."""
    p = np.asarray(points, float)
    t = np.linspace(0, len(p) - 1, rows)
    at = np.arange(len(p), dtype=float)
    line = curve(p, at, t)
    width = np.interp(t, np.linspace(0, len(p) - 1, len(half)), half)
    outs = np.asarray(out, float)
    if outs.ndim == 2:
        outs = curve(outs, np.linspace(0, len(p) - 1, len(outs)), t)
    grid = strip(line, width, outs, 0.0, across=across, fold=0.0)
    # A lens-shaped section: round on its outer side.
    u = np.linspace(-1, 1, across)
    bulge = thick * (1 - u**2)
    section = np.concatenate([bulge, -0.35 * bulge[::-1], bulge[:1]])[::-1]
    ahead = np.gradient(line, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    outs = np.broadcast_to(outs, line.shape)
    normal = outs - ahead * np.sum(outs * ahead, 1, keepdims=True)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    grid = grid + (width[:, None] * section[None])[..., None] * normal[:, None]
    s, v = np.meshgrid(np.linspace(0, 0.9, grid.shape[1]), np.linspace(0, repeat, rows))
    root = 0.70 + 0.30 * np.sin(np.pi * np.linspace(0.12, 0.9, rows))
    return part(
        name,
        "hair",
        grid,
        follow,
        uv=np.stack([s, v], -1),
        colours=(shade * root)[:, None, None] * np.ones(3),
    )


def braid(
    name: str,
    points: Sequence[Sequence[float]],
    radius: Sequence[float],
    out: Sequence[float],
    follow: Follow | Weights,
    *,
    turns: float = 4.5,
    rows: int = 22,
    sides: int = 4,
) -> list[Part]:
    """A braid of three strands along points."""
    p = np.asarray(points, float)
    t = np.linspace(0, len(p) - 1, rows)
    line = curve(p, np.arange(len(p), dtype=float), t)
    r = np.interp(t, np.linspace(0, len(p) - 1, len(radius)), radius)[:, None]
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    side = np.cross(ahead, np.asarray(out, float))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    lift = np.cross(side, ahead)
    made = []
    for k in range(3):
        phase = 2 * np.pi * (np.linspace(0, turns, rows) + k / 3)[:, None]
        path = line + side * r * 0.66 * np.sin(phase) + lift * r * 0.42 * np.sin(2 * phase)
        tube = cord(path, r[:, 0] * 0.60, sides, up=out)
        s, v = np.meshgrid(np.linspace(0, 0.5, tube.shape[1]), np.linspace(0, 3, tube.shape[0]))
        made.append(part(f"{name} {k}", "hair", tube, follow, uv=np.stack([s, v], -1)))
    return made


def cap(
    name: str,
    middle: Sequence[float],
    radii: Sequence[float],
    edge: Sequence[tuple[float, float]],
    follow: Follow | Weights,
    *,
    columns: int = 40,
    rows: int = 14,
    grooves: float = 0.002,
    count: int = 26,
    narrow: float = 0.13,
    swirl: float = 0.0,
) -> Part:
    """Hair over the skull down to an edge: (degrees from the front, share of the height).

    Shares go from 1 at the crown over 0 at the middle down to -1. Grooves run from crown to edge.
    """
    a = 2 * np.pi * np.arange(columns + 1) / columns
    off = np.degrees(np.abs(a - np.pi))
    table = np.array(sorted(edge))
    low = curve(table[:, 1], table[:, 0], off)
    t = np.linspace(0.012, 1, rows)[:, None]
    height = 1 - (1 - low[None]) * t**1.2
    width = np.sqrt(np.clip(1 - np.clip(height, 0, 1) ** 2.2, 1e-4, 1))
    width = width * np.where(height < 0, 1 - narrow * np.clip(-height, 0, 1.3) ** 1.5, 1.0)
    wave = np.sin(count * (a[None] + swirl * t)) * np.sin(np.pi * np.clip(t * 1.1, 0, 1)) ** 0.5
    width = width * (1 + grooves / radii[0] * (wave + 0.4 * np.sin(2.3 * count * a[None] + 5 * t)))
    # The edge lies close to the skin.
    width = width * (1 - 0.07 * np.clip((t - 0.82) / 0.18, 0, 1) ** 2)
    c, s = np.round(np.cos(a), 12), np.round(np.sin(a), 12)
    points = np.asarray(middle) + np.stack(
        [radii[0] * width * s, radii[1] * height + 0 * a, -radii[2] * width * c], -1
    )
    u, v = np.meshgrid(np.linspace(0, 7, columns + 1), np.linspace(0.01, 0.98, rows))
    shade = 0.92 + 0.08 * wave
    return part(
        name,
        "hair",
        points,
        follow,
        uv=np.stack([u, v], -1),
        colours=shade[..., None] * np.ones(3),
    )
