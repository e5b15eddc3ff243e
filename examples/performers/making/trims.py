"""What is sewn on or wound round: rolls of fleece, scarves, frogs of cord, buttons, strips."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.part import Part
from making.surface import Follow, Weights, cord, part


def roll(
    loop: np.ndarray, high: float, deep: float, *, sides: int = 8, spin: float = 0.0
) -> np.ndarray:
    """(rows, sides + 1, 3) a roll along a closed loop (n, 3), whose ends meet.

    `high` is half its height (along Y), `deep` half its depth; `spin` turns its section by radians.
    """
    loop = np.concatenate([loop, loop[:1]]) if np.linalg.norm(loop[0] - loop[-1]) > 1e-7 else loop
    ahead = np.roll(loop[:-1], -1, 0) - np.roll(loop[:-1], 1, 0)
    ahead = np.concatenate([ahead, ahead[:1]])
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0]) - ahead * ahead[:, 1:2]
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    out = np.cross(up, ahead)
    a = 2 * np.pi * np.arange(sides + 1) / sides + spin
    c, s = np.round(np.cos(a), 12), np.round(np.sin(a), 12)
    return (
        loop[:, None]
        + deep * c[None, :, None] * out[:, None]
        - high * s[None, :, None] * up[:, None]
    )


def oriented(points: np.ndarray) -> np.ndarray:
    """A closed roll's grid with its outside outside, whichever way its loop runs."""
    middle = points.mean(1, keepdims=True)
    a = points[:-1, :-1] - middle[:-1]
    across = np.cross(points[:-1, 1:] - points[:-1, :-1], points[1:, :-1] - points[:-1, :-1])
    return points if np.sum(a * across) > 0 else points[:, ::-1]


def strip(
    line: np.ndarray,
    half: Sequence[float] | np.ndarray,
    out: np.ndarray,
    thick: float,
    *,
    across: int = 5,
    fold: float = 0.0,
) -> np.ndarray:
    """(n, 2 across + 1, 3) a strip of thick cloth along a line; `out` (n, 3) is its upper side.

    `fold` bends it across like a gutter, metres.
    """
    line = np.asarray(line, float)
    ahead = np.gradient(line, axis=0)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    out = np.broadcast_to(np.asarray(out, float), line.shape)
    side = np.cross(ahead, out)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    out = np.cross(side, ahead)
    u = np.linspace(-1, 1, across)
    half = np.broadcast_to(np.asarray(half, float), len(line))[:, None, None]
    lift = (thick / 2 * np.sqrt(np.clip(1.02 - u**4, 0, 1)) + 0.0)[None, :, None]
    bend = (fold * u**2)[None, :, None]
    middle = line[:, None] + half * u[None, :, None] * side[:, None] + bend * out[:, None]
    front, back = middle + lift * out[:, None], middle - lift * out[:, None]
    return np.concatenate([front, back[:, ::-1], front[:, :1]], 1)[:, ::-1]


def capped(points: np.ndarray, *, first: bool = True, last: bool = True) -> np.ndarray:
    """The grid of a tube with its ends drawn together."""
    rows = [points]
    if first:
        rows.insert(0, np.broadcast_to(points[0].mean(0), points[0].shape)[None])
    if last:
        rows.append(np.broadcast_to(points[-1].mean(0), points[-1].shape)[None])
    return np.concatenate(rows)


def frog(
    at: np.ndarray,
    out: np.ndarray,
    *,
    half: float,
    thick: float,
    name: str,
    material: str,
    follow: Follow | Weights,
    colour: Sequence[float],
    tilt: float = 0.0,
) -> list[Part]:
    """A knotted button with a flat loop of cord to either side, on cloth whose outside is `out`."""
    out = np.asarray(out, float) / np.linalg.norm(out)
    right = np.cross([0.0, 1.0, 0.0], out)
    right /= np.linalg.norm(right)
    up = np.cross(out, right)
    c, s = np.cos(tilt), np.sin(tilt)
    right, up = right * c + up * s, up * c - right * s

    def placed(x: float, y: float, z: float) -> np.ndarray:
        return np.asarray(at) + right * x + up * y + out * z

    made = []
    for sign in (-1, 1):
        line = [
            placed(sign * half * x, half * y, thick * z)
            for x, y, z in (
                (0.10, 0.10, 0.9),
                (0.45, 0.13, 0.5),
                (0.80, 0.30, 0.4),
                (1.02, 0.16, 0.4),
                (1.02, -0.16, 0.4),
                (0.80, -0.30, 0.4),
                (0.45, -0.13, 0.5),
                (0.10, -0.10, 0.9),
            )
        ]
        made.append(
            part(
                f"{name} loop {sign}",
                material,
                cord(np.array(line), thick, 5, up=out),
                follow,
                colours=np.asarray(colour),
            )
        )
    knot = ball(placed(0, 0, thick * 1.3), thick * 1.75, 7, 5)
    made.append(part(f"{name} knot", material, knot, follow, colours=np.asarray(colour) * 1.1))
    return made


def ball(
    at: Sequence[float],
    radius: float | Sequence[float],
    sides: int = 10,
    rows: int = 7,
) -> np.ndarray:
    """(rows + 1, sides + 1, 3) a ball or ellipsoid, its poles above and below."""
    r = np.broadcast_to(np.asarray(radius, float), 3)
    t = np.linspace(0, np.pi, rows + 1)[:, None]
    a = (2 * np.pi * np.arange(sides + 1) / sides)[None]
    flat = np.sin(t) + 0 * a
    unit = np.stack(
        [
            flat * np.round(np.sin(a), 12),
            np.cos(t) + 0 * a,
            -flat * np.round(np.cos(a), 12),
        ],
        -1,
    )
    return np.asarray(at, float) + unit * r


def spread(points: np.ndarray, amount: float, seed: int) -> np.ndarray:
    """A grid made uneven like wool: points moved by up to `amount`, the seam kept closed."""
    random = np.random.default_rng(seed)
    moves = random.uniform(-1, 1, points.shape) * amount
    moves[:, -1] = moves[:, 0]
    return points + moves
