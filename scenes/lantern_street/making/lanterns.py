"""Twelve red lanterns and a thirteenth: paper on ribs, caps, tassels, and ropes to hang them on."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.shapes import card, curve, drawn, grid, turned
from making.strokes import CHARACTERS

# Channels of the bake, in the order of scene.yaml.
LANTERNS, THIRTEENTH, WINDOWS, DOOR = range(4)
_ONE = np.eye(4)


def paper(
    radius: float,
    tall: float,
    ribs: int,
    colour: tuple[float, float, float],
    *,
    rows: int = 6,
    patches: int = 0,
    seed: int = 0,
) -> Shape:
    """The body of a lantern about the origin; darker at the ribs and the ends, patched if old."""
    random = np.random.default_rng(seed)
    t = np.linspace(-1, 1, rows + 1)
    body = np.sqrt(np.clip(1 - (t * 0.93) ** 2, 0, 1)) ** 0.85
    angle = np.linspace(0, 2 * np.pi, ribs * 2, endpoint=False)
    rib = np.where(np.arange(ribs * 2) % 2 == 0, 0.965, 1.0)
    r = radius * body[:, None] * rib[None]
    points = np.stack(
        np.broadcast_arrays(r * np.cos(angle), r * np.sin(angle), t[:, None] * tall / 2), -1
    )
    light = (0.62 + 0.38 * np.cos(t * 1.25))[:, None] * np.where(rib < 1, 0.60, 1.0)[None]
    light = light * (1.0 - 0.10 * t[:, None])
    shade = np.broadcast_to(light[..., None], (*light.shape, 3)) * np.asarray(colour)
    shade = shade.copy()
    for _ in range(patches):
        row, column = random.integers(1, rows), random.integers(0, ribs * 2)
        tone = random.uniform(0.45, 0.75)
        for dr in (0, 1):
            for dc in range(3):
                shade[min(row + dr, rows), (column + dc) % (ribs * 2)] *= (
                    tone,
                    tone * 0.92,
                    tone * 0.8,
                )
    index = np.arange((rows + 1) * ribs * 2).reshape(rows + 1, -1)
    index = np.concatenate([index, index[:, :1]], 1)
    a, b, c, d = (
        index[:-1, :-1].ravel(),
        index[:-1, 1:].ravel(),
        index[1:, 1:].ravel(),
        index[1:, :-1].ravel(),
    )
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return Shape(points.reshape(-1, 3), triangles, colour=shade.reshape(-1, 3))


def fittings(radius: float, tall: float, cord: float, *, old: bool) -> tuple[Shape, Shape]:
    """Caps, cord and tassel: what is wood or gold, and what is thread."""
    gold = (0.34, 0.26, 0.12) if old else (0.62, 0.42, 0.13)
    r, h = radius * 0.46, tall / 2
    caps = joined(
        turned([(r * 0.55, h + 0.055), (r, h + 0.03), (r * 1.02, h - 0.012)][::-1], 8),
        turned([(r * 0.6, -h - 0.06), (r, -h - 0.03), (r * 1.02, -h + 0.012)], 8),
    ).painted(gold)
    line = drawn(np.array([[0, 0, h + 0.03], [0, 0, h + cord]]), 0.009, 3, ends=False).painted(
        (0.10, 0.06, 0.05)
    )
    long = 0.26 if old else 0.22
    thread = (0.50, 0.36, 0.16) if old else (0.55, 0.05, 0.04)
    tassel = turned(
        [(0.034, -h - 0.12 - long), (0.026, -h - 0.17), (0.012, -h - 0.13), (0.012, -h - 0.05)], 5
    )
    knot = turned([(0.004, -h - 0.15), (0.030, -h - 0.12), (0.004, -h - 0.09)], 5).painted(
        (0.8, 0.6, 0.2)
    )
    return joined(caps, line), joined(tassel.painted(thread), knot)


def _written(radius: float, tall: float) -> Shape:
    """The one character on the thirteenth, "to come back", brushed on the paper that faces us."""
    strips = []
    for stroke in CHARACTERS["回"]:
        line = curve(np.array(stroke) / 100.0, 4 * len(stroke))
        x, z = (line[:, 0] - 0.5) * 0.24, (0.5 - line[:, 1]) * 0.25
        ahead = np.gradient(np.stack([x, z], 1), axis=0)
        ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-6)
        side = np.stack([-ahead[:, 1], ahead[:, 0]], 1) * 0.011
        rows = []
        for sign in (1, -1):
            px, pz = x + sign * side[:, 0], z + sign * side[:, 1]
            round_ = (
                radius * np.sqrt(np.clip(1 - (2 * pz / tall * 0.93) ** 2, 0.1, 1)) ** 0.85 + 0.006
            )
            rows.append(np.stack([px, -np.sqrt(np.maximum(round_**2 - px**2, 0.001)), pz], -1))
        strips.append(grid(np.stack(rows)))
    return joined(*strips).painted((0.16, 0.045, 0.012))


def lantern(
    mesh: Mesh,
    at: tuple[float, float, float],
    *,
    phase: float,
    size: float = 1.0,
    cord: float = 0.3,
    old: bool = False,
    dim: float = 1.0,
    chunk: str = "lanterns",
) -> None:
    """A lantern with its middle at a point; it sways about the top of its cord."""
    radius, tall = (0.255, 0.60) if old else (0.275, 0.43)
    radius, tall = radius * size, tall * size
    colour = (1.0, 0.98, 0.94) if old else (1.0, 0.96, 0.9)
    body = paper(
        radius,
        tall,
        9 if old else 10,
        tuple(np.asarray(colour) * dim),
        rows=8 if old else 5,
        patches=7 if old else 0,
        seed=5,
    )
    hard, soft = fittings(radius, tall, cord, old=old)
    pivot = (at[0], at[1], at[2] + tall / 2 + cord, phase)
    pan = float(phase * 360)
    name = "lantern_old" if old else "lantern_paper"
    mesh.add(body.at(*at, pan=pan), name, chunk, motion=pivot)
    mesh.add(joined(hard, soft).at(*at, pan=pan), "fittings", chunk, motion=pivot)
    if old:
        mesh.add(_written(radius, tall).at(*at), "fittings", chunk, motion=pivot)
    channel = THIRTEENTH if old else LANTERNS
    glow = (1.0, 0.44, 0.11) if old else (0.62, 0.13, 0.03)
    glow = np.asarray(glow) * dim
    wide = 1.9 if old else 1.05 * size
    mesh.add(
        card(at).painted(tuple(glow)),
        "halo",
        "cards",
        motion=pivot,
        bake=_ONE[channel],
        size=(wide, wide),
    )
    streak = card(at).painted(tuple(glow))
    mesh.add(
        streak,
        "streak",
        "cards",
        motion=pivot,
        bake=_ONE[channel],
        size=(radius * (1.15 if old else 1.0), tall / 2),
    )
    mesh.lamps.append((np.asarray(at, float), channel, (6.5 if old else 1.0) * dim * size))


def rope(
    mesh: Mesh,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    sag: float,
    *,
    points: int = 9,
    chunk: str = "lanterns",
) -> np.ndarray:
    """A rope between two points; its points, so that lanterns can be hung on it."""
    t = np.linspace(0, 1, points)
    line = np.asarray(start) + t[:, None] * (np.asarray(end) - np.asarray(start))
    line[:, 2] -= sag * 4 * t * (1 - t)
    mesh.add(drawn(line, 0.012, 3, ends=False).painted((0.10, 0.08, 0.07)), "painted", chunk)
    return line


def hang(
    mesh: Mesh,
    line: np.ndarray,
    share: float,
    *,
    drop: float,
    phase: float,
    size: float = 1.0,
    dim: float = 1.0,
    chunk: str = "lanterns",
) -> None:
    """A red lantern on a rope, `drop` metres below it."""
    at = curve(line, 101)[round(share * 100)]
    tall = 0.43 * size
    lantern(
        mesh,
        (at[0], at[1], at[2] - drop - tall / 2),
        phase=phase,
        size=size,
        cord=drop,
        dim=dim,
        chunk=chunk,
    )


def flags(mesh: Mesh, line: np.ndarray, random: np.random.Generator, count: int = 9) -> None:
    """Small paper pennants on a rope."""
    at = curve(line, 101)
    for i in range(count):
        p = at[round((i + 0.5 + random.uniform(-0.2, 0.2)) / count * 99)]
        q = at[min(100, round((i + 0.5) / count * 99) + 3)]
        along = (q - p) / max(np.linalg.norm(q - p), 1e-6)
        drop = random.uniform(0.12, 0.19)
        tri = np.array(
            [
                p - along * 0.06,
                p + along * 0.06,
                p + np.array([0, random.uniform(-0.03, 0.03), -drop]),
            ]
        )
        colour = [(0.80, 0.09, 0.05), (0.80, 0.50, 0.12), (0.66, 0.12, 0.16)][random.integers(3)]
        phase = float(random.uniform())
        mesh.add(Shape(tri, [(0, 2, 1)]).painted(colour), "cloth", "lanterns", motion=(*p, phase))
