"""What the windows look out on: a pine, roofs down the slope, the lake, an island, four ridges."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.shapes import ball, box, curve, drawn, grid, panel, turned

WATER = -6.0


def ridges(mesh: Mesh) -> None:
    """Four ridges, each paler in the haze behind the one before, and their images in the lake."""
    for distance, height, seed, base in (
        (120.0, 7.5, 11, (0.055, 0.085, 0.065)),
        (190.0, 15.0, 12, (0.06, 0.085, 0.08)),
        (300.0, 27.0, 13, (0.07, 0.09, 0.10)),
        (440.0, 46.0, 14, (0.08, 0.095, 0.12)),
    ):
        a = np.linspace(-1.75, 1.75, 97)
        noise = np.random.default_rng(seed)
        wave = sum(
            noise.uniform(0.4, 1) / k**1.1 * np.sin(k * a * 2.3 + noise.uniform(0, 6.3))
            for k in (1, 2, 3, 5, 8, 13, 21)
        )
        z = height * np.clip(0.52 + 0.34 * wave, 0.06, None)
        x, y = distance * np.sin(a), distance * np.cos(a)
        rows = np.stack(
            [
                np.stack([x, y, WATER - z * 0.9], -1),
                np.stack([x, y, np.full_like(z, WATER)], -1),
                np.stack([x * 1.05, y * 1.05, WATER + z * 0.6], -1),
                np.stack([x * 1.1, y * 1.1, WATER + z], -1),
            ]
        )
        tone = np.array([0.75, 0.8, 1.0, 1.15])[:, None, None] * np.asarray(base)
        shape = grid(rows)
        shape.colour = np.broadcast_to(tone, rows.shape).reshape(-1, 3)
        mesh.add(shape, "hills", "far")


def lake(mesh: Mesh) -> None:
    """Water as far as the ridges, to both sides."""
    mesh.add(panel((-420, 24, WATER), (840, 0, 0), (0, 460, 0), step=60.0), "water", "far")


def island(mesh: Mesh) -> None:
    """An island with a pavilion and trees, and its image below."""
    parts: list[Shape] = []
    random = np.random.default_rng(5)
    hill = turned([(15, 0), (11, 1.6), (5, 3.0), (0.1, 3.6)], 14, squash=0.4).painted(
        (0.05, 0.075, 0.045)
    )
    parts.append(hill)
    for _ in range(16):
        a, r = random.uniform(0, 6.3), random.uniform(2, 12)
        crown = ball(random.uniform(1.0, 2.2), 6, 4).at(scale=(1, 1, random.uniform(0.7, 1.1)))
        tone = random.uniform(0.7, 1.2)
        parts.append(
            crown.painted((0.045 * tone, 0.075 * tone, 0.04 * tone)).at(
                r * np.cos(a), r * np.sin(a) * 0.35, 2.6
            )
        )
    parts.append(pavilion().at(1.5, -1.0, 3.2))
    whole = joined(*parts)
    below = whole.at(scale=(1, 1, -0.92))
    mesh.add(joined(whole, below).at(-6.5, 118.0, WATER, scale=1.15), "hills", "far")
    whole = joined(hill, ball(2.4, 6, 4).at(-4, 0, 2.4).painted((0.05, 0.08, 0.045)))
    both = joined(whole, whole.at(scale=(1, 1, -0.92)))
    mesh.add(both.at(19.0, 150.0, WATER, scale=1.2), "hills", "far")


def pavilion() -> Shape:
    """A square pavilion with a roof that turns up at its corners."""
    posts = [
        box((sx * 1.6 - 0.14, sy * 1.6 - 0.14, 0), (sx * 1.6 + 0.14, sy * 1.6 + 0.14, 2.8))
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    rows = []
    for r, z, up in ((3.1, 2.5, 0.75), (2.2, 3.1, 0.15), (1.2, 4.0, 0.0), (0.1, 5.2, 0.0)):
        a = np.linspace(0, 2 * np.pi, 16, endpoint=False)
        corner = np.abs(np.sin(2 * a - np.pi / 2)) ** 4 * (np.cos(4 * a) < 0)
        rows.append(np.stack([r * np.cos(a), r * np.sin(a), z + up * corner], -1))
    roof = grid(np.stack(rows), close=True).painted((0.07, 0.075, 0.08))
    return joined(*[p.painted((0.16, 0.06, 0.045)) for p in posts], roof)


def roofs(mesh: Mesh, random: np.random.Generator) -> None:
    """The town that runs down to the shore, seen from above: tiled roofs, white gables, trees."""
    parts: list[Shape] = []
    for y in np.arange(17.0, 40.0, 4.4):
        x = -16.0 + random.uniform(-2, 2)
        while x < 18.0:
            w, d = random.uniform(2.6, 4.2), random.uniform(2.8, 3.6)
            ground = -5.3 - (y - 16) * 0.07 + random.uniform(-0.4, 0.4)
            if random.uniform() < 0.3:
                for _ in range(3):
                    tone = random.uniform(0.7, 1.2)
                    crown = ball(random.uniform(0.9, 1.6), 7, 5).painted(
                        (0.05 * tone, 0.085 * tone, 0.04 * tone)
                    )
                    parts.append(
                        crown.at(
                            x + random.uniform(0, 2),
                            y + random.uniform(0, 2),
                            ground + random.uniform(0.8, 1.8),
                        )
                    )
                x += 3.0
                continue
            parts.append(
                house(w, d, random).at(
                    x + w / 2, y + random.uniform(-0.8, 0.8), ground, pan=random.uniform(-22, 22)
                )
            )
            x += w + random.uniform(0.3, 1.1)
    mesh.add(joined(*parts), "town", "far")


def house(w: float, d: float, random: np.random.Generator) -> Shape:
    """One house: walls, a ridged roof with pale ridge and eaves."""
    tone, h, rise = random.uniform(0.85, 1.1), random.uniform(2.4, 3.2), d * 0.34
    walls = box((-w / 2, -d / 2, 0), (w / 2, d / 2, h), skip="bdu").painted(
        (0.5 * tone, 0.49 * tone, 0.46 * tone)
    )
    x, y = w / 2 + 0.2, d / 2 + 0.35
    strips: list[Shape] = []
    cuts = np.linspace(-x, x, 9)
    for i, (a, b) in enumerate(pairwise(cuts)):
        for s in (-1, 1):
            eave = [(a, s * y, h - 0.15), (b, s * y, h - 0.15), (b, 0, h + rise), (a, 0, h + rise)]
            row = Shape(np.array(eave[::s]), [(0, 2, 1), (0, 3, 2)]).flat()
            worn = tone * random.uniform(0.75, 1.25) * (1.0 if i % 2 else 0.8)
            strips.append(row.painted((0.165 * worn, 0.125 * worn, 0.10 * worn)))
    tiles = joined(*strips)
    ridge = box((-x, -0.1, h + rise - 0.05), (x, 0.1, h + rise + 0.14), skip="d").painted(
        (0.2, 0.2, 0.2)
    )
    ends = []
    for s in (-1, 1):
        gable = np.array(
            [[s * (w / 2), -d / 2, h], [s * (w / 2), d / 2, h], [s * (w / 2), 0, h + rise]]
        )
        ends.append(Shape(gable, [(0, 1, 2)] if s > 0 else [(0, 2, 1)]).painted((0.46, 0.45, 0.43)))
    return joined(walls, tiles, ridge, *ends)


def pine(mesh: Mesh, random: np.random.Generator) -> None:
    """A pine that leans past the round window: a bough with flat pads of needles."""
    trunk = curve(
        [
            (3.6, 10.7, -3.0),
            (3.1, 10.8, 0.3),
            (2.2, 10.9, 2.3),
            (1.0, 10.9, 3.0),
            (-0.4, 11.0, 2.85),
            (-1.5, 11.2, 3.1),
        ],
        22,
    )
    mesh.add(
        drawn(trunk, np.linspace(0.17, 0.03, 22), 7).painted((0.075, 0.05, 0.04)),
        "pine",
        "pine",
        motion=(3.1, 10.8, 0.3, 0.2),
    )
    pads = (
        (1.75, 10.8, 2.5, 0.55),
        (1.15, 10.9, 3.2, 0.5),
        (0.3, 10.9, 2.95, 0.42),
        (-0.5, 11.0, 2.75, 0.5),
        (-1.2, 11.1, 2.8, 0.38),
        (-1.7, 11.2, 3.2, 0.42),
        (2.5, 10.8, 2.75, 0.5),
    )
    for x, y, z, r in pads:
        pad: list[Shape] = []
        for _ in range(150):
            a, d = random.uniform(0, 2 * np.pi), r * np.sqrt(random.uniform(0, 1))
            foot = np.array(
                [
                    x + d * np.cos(a),
                    y + 0.6 * d * np.sin(a),
                    z + random.uniform(-0.05, 0.07) - 0.12 * (d / r) ** 2,
                ]
            )
            out = np.array([np.cos(a), 0.6 * np.sin(a), random.uniform(0.3, 1.2)])
            out *= random.uniform(0.10, 0.17) / np.linalg.norm(out)
            turn = random.uniform(0, np.pi)
            across = np.array([np.cos(turn), np.sin(turn), 0]) * 0.017
            tuft = Shape(np.stack([foot - across, foot + across, foot + out * 1.0]), [(0, 1, 2)])
            tone = random.uniform(0.55, 1.2)
            pad.append(tuft.painted((0.042 * tone, 0.072 * tone, 0.04 * tone)))
        mesh.add(joined(*pad), "pine", "pine", motion=(x, y, z + 1.4, random.uniform(0, 1)))


def veils(mesh: Mesh) -> None:
    """Sheets of mist over the lake."""
    for y, wide, low, high, amount in (
        (72.0, 170.0, WATER - 1, WATER + 3.5, 0.35),
        (165.0, 360.0, WATER - 2, WATER + 9, 0.55),
        (260.0, 560.0, WATER - 2, WATER + 20, 0.6),
    ):
        sheet = panel((-wide / 2, y, low), (wide, 0, 0), (0, 0, high - low))
        mesh.add(sheet, "mist", "cards", shade=np.array(amount))


def boats(mesh: Mesh) -> None:
    """Two sails on the water."""
    for x, y, s in ((7.5, 90.0, 1.0), (3.0, 135.0, 1.1)):
        hull = box((-1.6, -0.4, 0), (1.6, 0.4, 0.5), skip="d").painted((0.06, 0.045, 0.04))
        sail = Shape(
            np.array([(-0.2, 0, 0.6), (1.4, 0, 0.8), (1.1, 0, 3.6), (-0.1, 0, 4.2)]),
            [(0, 1, 2), (0, 2, 3)],
        )
        boat = joined(hull, sail.painted((0.42, 0.32, 0.22)))
        mesh.add(joined(boat, boat.at(scale=(1, 1, -0.9))).at(x, y, WATER, scale=s), "hills", "far")


def build(mesh: Mesh, random: np.random.Generator) -> None:
    """All of it."""
    ridges(mesh)
    lake(mesh)
    island(mesh)
    roofs(mesh, random)
    pine(mesh, random)
    veils(mesh)
    boats(mesh)
