"""A hand-knit scarf: wound about the neck, its end hanging down."""

from __future__ import annotations

import numpy as np
from making.cloth import Atlas, Piece, blurred
from making.part import Finish, Part
from making.surface import Follow, cord, curve, part
from making.trims import oriented, roll, strip


def knit(
    name: str,
    colour: tuple[float, float, float],
    *,
    stripe: tuple[float, float, float] | None = None,
    stitch: float = 0.0085,
    size: int = 512,
) -> tuple[Finish, Piece]:
    """Stocking stitch: columns of Vs; the picture is 12 by 16 stitches."""
    wide, high = 12 * stitch, 16 * stitch * 0.8
    piece = Piece(wide, high, 2400)
    u = (piece.x / stitch) % 1.0 - 0.5
    v = piece.y / (stitch * 0.8)
    lean = np.abs(u) * 1.25
    w = (v - lean) % 1.0 - 0.5
    leg = np.abs(np.abs(u) - 0.25)
    yarn = np.clip(1 - (w / 0.52) ** 2, 0, 1) ** 0.5 * np.clip(1 - (leg / 0.27) ** 2, 0, 1) ** 0.5
    piece.fine += 0.0016 * yarn + 0.00012 * piece.noise(80, 0.0015)
    ply = np.sin(2 * np.pi * (w * 2.2 + np.sign(u) * leg * 5))
    piece.fine += 0.00022 * ply * yarn
    piece.colour *= np.asarray(colour)
    if stripe is not None:
        row = np.floor(v - lean + 0.5)
        piece.paint(((row % 16 >= 11) & (row % 16 < 14)).astype(float), stripe)
    piece.tint(0.34 + 0.66 * blurred(yarn, 1.0) + 0.06 * piece.noise(81, 0.002))
    atlas = Atlas(piece)
    return Finish(
        name, roughness=0.95, colour=atlas.colour(size), normal=atlas.normal(size, {})
    ), piece


def wound(
    name: str,
    material: str,
    loop: np.ndarray,
    high: float,
    deep: float,
    follow: Follow,
    *,
    around: float,
    across: float,
    creases: float = 0.004,
    seed: int = 0,
) -> Part:
    """A turn of the scarf along a closed loop, soft and creased along its length."""
    tube = oriented(roll(loop, high, deep, sides=10))
    random = np.random.default_rng(seed)
    rows, columns = tube.shape[:2]
    angle = np.linspace(0, 2 * np.pi, columns)
    along = np.linspace(0, 2 * np.pi, rows)
    phase = random.uniform(0, 6.28, 4)
    fold = np.sin(3 * angle[None] + 1.4 * np.sin(along[:, None] + phase[0]) + phase[1])
    fold = fold + 0.6 * np.sin(2 * along[:, None] + phase[2] + angle[None])
    middle = tube.mean(1, keepdims=True)
    way = tube - middle
    way /= np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-9)
    tube = tube + way * (creases * fold)[..., None]
    s, t = np.meshgrid(np.linspace(0, across, columns), np.linspace(0, around, rows))
    return part(name, material, tube, follow, uv=np.stack([t, s], -1))


def tail(
    name: str,
    material: str,
    points: np.ndarray,
    half: float,
    out: np.ndarray,
    follow: Follow,
    *,
    long: float,
    wide: float,
    thick: float = 0.012,
    fringe: int = 7,
) -> list[Part]:
    """The hanging end with its fringe; `long` and `wide` are how often the picture repeats."""
    p = np.asarray(points, float)
    t = np.linspace(0, len(p) - 1, 14)
    line = curve(p, np.arange(len(p), dtype=float), t)
    outs = curve(np.asarray(out, float), np.linspace(0, len(p) - 1, len(out)), t)
    widths = half * np.interp(t, [0, 1, len(p) - 1], [0.75, 1.0, 1.08])
    grid = strip(line, widths, outs, thick, across=6, fold=-0.010)
    s, v = np.meshgrid(np.linspace(0, 2 * wide, grid.shape[1]), np.linspace(0, long, 14))
    made = [part(name, material, grid, follow, uv=np.stack([s, v], -1))]
    ahead = line[-1] - line[-2]
    ahead /= np.linalg.norm(ahead)
    side = np.cross(ahead, outs[-1])
    side /= np.linalg.norm(side)
    random = np.random.default_rng(9)
    for i in range(fringe):
        start = line[-1] + side * half * 1.0 * (2 * (i + 0.5) / fringe - 1) - ahead * 0.004
        sway = random.uniform(-0.006, 0.006, 2)
        end = start + ahead * 0.042 + side * sway[0] + outs[-1] * sway[1]
        tassel = cord(
            np.array([start, (start + end) / 2 + outs[-1] * 0.003, end]),
            np.array([0.0042, 0.0048, 0.0036]),
            5,
            up=outs[-1],
        )
        made.append(
            part(
                f"{name} fringe {i}",
                material,
                tassel,
                follow,
                uv=np.ones((*tassel.shape[:2], 2)) * (0.27, 0.2),
                colours=np.array([0.9] * 3),
            )
        )
    return made
