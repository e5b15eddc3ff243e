"""The view behind the gate: the bridge, the water, the far bank, a pagoda, hills, mist."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.shapes import bevelled, box, card, drawn, grid, panel, turned

WATER = -0.34
_ONE = np.eye(4)


def quay(mesh: Mesh) -> None:
    """Where the lane meets the water: steps that go down into it, bollards, walls of the banks."""
    for i in range(2):
        z, y0 = -0.17 * (i + 1), 16.6 + 0.32 * i
        mesh.add(
            box((-2.0, y0, z - 0.2), (2.0, y0 + 0.34, z), skip="bd", repeat=1.6), "stone", "beyond"
        )
    for sign in (-1, 1):
        low, high = sorted((sign * 2.0, sign * 3.5))
        mesh.add(
            bevelled((low, 16.3, WATER), (high, 17.4, 0.02), 0.03, repeat=1.6), "stone", "beyond"
        )
        mesh.add(
            turned([(0.10, 0), (0.085, 0.7), (0.12, 0.78), (0.02, 0.86)], 7).at(
                sign * 2.25, 17.1, 0
            ),
            "stone",
            "beyond",
        )
        bank = panel(
            (sign * 3.4, 17.3 if sign < 0 else 62.0, WATER),
            (0, -sign * 44.7, 0),
            (0, 0, 1.0),
            repeat=1.6,
            step=4.0,
        )
        mesh.add(bank.painted((0.45, 0.45, 0.45)), "stone", "beyond")
        low, high = sorted((sign * 3.4, sign * 14.0))
        mesh.add(
            panel((low, 17.3, 0), (high - low, 0, 0), (0, 44, 0)).painted((0.10, 0.10, 0.11)),
            "far",
            "far",
        )


def bridge(mesh: Mesh) -> None:
    """A half-moon of stone over the canal, seen from the side, and the other half in the water."""
    y0, y1 = 24.2, 26.6
    centre, radius = WATER + 0.30, 2.25
    angle = np.linspace(0, np.pi, 17)
    arch = np.stack(
        [-0.15 - radius * np.cos(angle), np.maximum(centre + radius * np.sin(angle), WATER)], -1
    )
    x = np.linspace(-5.6, 5.6, 25)
    top = 2.32 * np.cos(np.clip(x / 5.6, -1, 1) * np.pi / 2) ** 1.35 + 0.05
    low = np.interp(x, arch[:, 0], arch[:, 1], left=WATER, right=WATER)
    low = np.where((x < arch[0, 0]) | (x > arch[-1, 0]), WATER, low)
    # The rim of the arch itself, so that it is round.
    rim = np.concatenate([arch, [(arch[-1, 0], WATER)]])
    pieces = []
    for y, way in ((y0, 1), (y1, -1)):
        inner = np.stack([arch[:, 0], np.full(len(arch), y), arch[:, 1]], -1)
        outer_z = np.interp(arch[:, 0], x, top)
        outer = np.stack([arch[:, 0], np.full(len(arch), y), outer_z], -1)
        face = np.stack([inner, outer]) if way > 0 else np.stack([outer, inner])
        pieces.append(grid(face, np.stack([face[..., 0] / 1.6, -face[..., 2] / 1.6], -1)))
        left = np.append(x[x < arch[0, 0]], arch[0, 0])
        right = np.insert(x[x > arch[-1, 0]], 0, arch[-1, 0])
        for side in (left, right):
            foot = np.stack([side, np.full(len(side), y), np.full(len(side), WATER)], -1)
            head = np.stack([side, np.full(len(side), y), np.interp(side, x, top)], -1)
            face = np.stack([foot, head]) if way > 0 else np.stack([head, foot])
            pieces.append(grid(face, np.stack([face[..., 0] / 1.6, -face[..., 2] / 1.6], -1)))
        ring = np.stack(
            [rim[:-1, 0] * 1.0, np.full(len(arch), y - way * 0.05), rim[:-1, 1] + 0.08], -1
        )
        pieces.append(drawn(ring, 0.13, 4, hint=(0, 1, 0)).painted((0.75, 0.75, 0.75)))
        rail = np.stack([x, np.full_like(x, y), top + 0.62], -1)[3:-3]
        pieces.append(drawn(rail, 0.075, 4, hint=(0, 1, 0)).painted((0.8, 0.8, 0.8)))
        slab = np.stack(
            [
                np.stack([x, np.full_like(x, y), top - 0.05], -1),
                np.stack([x, np.full_like(x, y), top + 0.50], -1),
            ]
        )
        pieces.append(
            grid(slab[:, 3:-3] if way > 0 else slab[::-1, 3:-3]).painted((0.7, 0.7, 0.72))
        )
        for i in range(3, len(x) - 3, 3):
            pieces.append(
                box(
                    (x[i] - 0.09, y - 0.09, top[i]),
                    (x[i] + 0.09, y + 0.09, top[i] + 0.86),
                    skip="bd",
                )
            )
    vault = np.stack(
        [np.stack([arch[:, 0], np.full(len(arch), y), arch[:, 1]], -1) for y in (y0, y1)]
    )
    pieces.append(grid(vault[::-1]).painted((0.35, 0.35, 0.38)))
    whole = joined(*pieces)
    mesh.add(whole, "stone", "beyond")


def water(mesh: Mesh) -> None:
    """The canal from the quay into the haze."""
    x, y = np.meshgrid(
        np.linspace(-3.45, 3.45, 4), np.concatenate([np.linspace(17.2, 32, 8), [45, 70]])
    )
    mesh.add(
        grid(np.stack([x, y, np.full_like(x, WATER)], -1)).painted((0.035, 0.05, 0.06)),
        "water",
        "beyond",
    )


def banks(mesh: Mesh, random: np.random.Generator) -> None:
    """Houses along the canal, white walls out of the water, dark eaves, here and there a light."""
    for sign in (-1, 1):
        y = 17.6 if sign < 0 else 18.1
        while y < 62.0:
            w, h = random.uniform(2.6, 3.7), random.uniform(2.3, 4.3)
            if y < 27.2 and y + w > 23.6:
                y = 27.3 + random.uniform(0, 0.4)
                continue
            tone = random.uniform(0.34, 0.50)
            x = sign * (3.42 + random.uniform(0.0, 0.22))
            low, high = sorted((x, x + sign * 4.5))
            pieces = [
                box((low, y, WATER), (high, y + w, h), skip="bdu").painted(
                    (tone, tone * 0.99, tone * 0.96)
                ),
                box(
                    (low - 0.02, y - 0.02, WATER), (high + 0.02, y + w, WATER + 0.7), skip="bdu"
                ).painted((0.13, 0.14, 0.14)),
            ]
            edge = x - sign * random.uniform(0.35, 0.6)
            a = np.array(
                [
                    [edge, y - 0.25, h - 0.12],
                    [edge, y + w + 0.1, h - 0.12],
                    [x + sign * 2.3, y + w + 0.1, h + 1.35],
                    [x + sign * 2.3, y - 0.25, h + 1.35],
                ]
            )
            b = a[[0, 3]] + np.array([[0, 0, -0.12], [0, 0, -0.12]])
            roof = Shape(
                np.concatenate([a, b]),
                [(0, 1, 2), (0, 2, 3), (4, 0, 3), (4, 3, 5)],
                normals=np.tile([-sign * 0.45, -0.3, 0.8], (6, 1)),
            )
            pieces.append(roof.painted((0.075, 0.08, 0.10)))
            if random.uniform() < 0.55:
                wall = box(
                    (low if sign > 0 else high - 3.2, y - 0.14, h - 0.3),
                    (low + 3.2 if sign > 0 else high, y + 0.08, h + 1.0),
                    skip="bd",
                )
                pieces.append(wall.painted((tone * 1.05, tone * 1.04, tone)))
            mesh.add(joined(*pieces), "far", "far")
            for _ in range(random.integers(1, 3) if y > 29 else 0):
                z, at = random.uniform(0.1, h - 1.0), y + random.uniform(0.3, w - 0.9)
                right = (0, 0.5, 0) if sign < 0 else (0, -0.5, 0)
                start = at if sign < 0 else at + 0.5
                lit = panel((x - sign * 0.035, start, z), right, (0, 0, 0.5)).painted(
                    (0.85, 0.30, 0.07)
                )
                mesh.add(lit, "far_window", "far")
            y += w + (random.uniform(0.0, 0.12) if random.uniform() < 0.8 else 0.8)


def pagoda(mesh: Mesh, x: float, y: float, z: float) -> None:
    """Seven storeys on the hill."""
    pieces: list[Shape] = []
    r, h = 3.0, z
    for i in range(7):
        body = turned([(r * 0.72, h), (r * 0.70, h + 2.1)], 8)
        roof = turned([(r * 1.18, h + 1.95), (r * 0.95, h + 2.2), (r * 0.66, h + 2.75)], 8)
        pieces += [body.painted((0.16, 0.15, 0.17)), roof.painted((0.07, 0.075, 0.09))]
        if i in (1, 3, 4):
            pieces.append(
                panel((-r * 0.2, -r * 0.72, h + 0.4), (r * 0.4, 0, 0), (0, 0, 1.1)).painted(
                    (0.5, 0.33, 0.16)
                )
            )
        r, h = r * 0.90, h + 2.55
    pieces.append(
        turned(
            [(0.5, h), (0.3, h + 0.8), (0.12, h + 1.0), (0.2, h + 1.6), (0.02, h + 4.2)], 6
        ).painted((0.07, 0.075, 0.09))
    )
    mesh.add(joined(*pieces).at(x, y, 0), "hills", "far")


def hills(mesh: Mesh, random: np.random.Generator) -> None:
    """Three ridges, each paler in the haze behind the one before."""
    for distance, height, seed, base in (
        (95.0, 9.0, 1, (0.05, 0.06, 0.075)),
        (150.0, 19.0, 2, (0.06, 0.075, 0.095)),
        (230.0, 34.0, 3, (0.08, 0.095, 0.12)),
    ):
        a = np.linspace(-2.3, 2.3, 73)
        noise = np.random.default_rng(seed)
        ridge = sum(
            noise.uniform(0.4, 1) / k * np.sin(k * a * 1.7 + noise.uniform(0, 6.3))
            for k in (1, 2, 3, 5, 8, 13)
        )
        z = height * (0.62 + 0.26 * ridge) * (0.72 + 0.5 * (np.abs(a) / 2.3) ** 2)
        x, y = distance * np.sin(a), distance * np.cos(a)
        z = np.maximum(z, 1.0)
        # Down as far as up: the same ridge in the water.
        rows = np.stack([np.stack([x, y, -z - 2], -1), np.stack([x * 1.04, y * 1.04, z], -1)])
        colours = np.repeat(np.array([base, base])[:, None], len(a), 1)
        shape = grid(rows)
        shape.colour = colours.reshape(-1, 3)
        mesh.add(shape, "hills", "far")


def mist(mesh: Mesh) -> None:
    """Sheets of mist across the view, thicker the farther."""
    for y, wide, low, high, amount in (
        (20.5, 9.0, -0.4, 2.6, 0.34),
        (36.0, 14.0, -0.4, 4.2, 0.50),
        (75.0, 120.0, -1.0, 11.0, 0.60),
    ):
        shape = panel((-wide / 2, y, low), (wide, 0, 0), (0, 0, high - low))
        mesh.add(shape, "mist", "cards", shade=np.full(len(shape.points), amount))


def far_end(mesh: Mesh, random: np.random.Generator) -> None:
    """Where the canal turns: a row of houses across, some awake, their lights in the water."""
    x = -9.0
    while x < 9.0:
        w, h = random.uniform(2.2, 3.4), random.uniform(2.6, 4.4)
        y = 63.0 + random.uniform(0, 1.5)
        tone = random.uniform(0.30, 0.42)
        wall = box((x, y, WATER), (x + w, y + 3, h), skip="bdu").painted((tone, tone, tone * 0.97))
        a = np.array(
            [
                [x - 0.3, y - 0.5, h - 0.1],
                [x + w + 0.3, y - 0.5, h - 0.1],
                [x + w + 0.3, y + 2.0, h + 1.3],
                [x - 0.3, y + 2.0, h + 1.3],
            ]
        )
        roof = Shape(a, [(0, 1, 2), (0, 2, 3)]).painted((0.06, 0.065, 0.08))
        mesh.add(joined(wall, roof), "far", "far")
        for _ in range(random.integers(1, 3)):
            wx, wz = random.uniform(x + 0.3, x + w - 0.9), random.uniform(0.3, h - 1.2)
            lit = panel((wx, y - 0.04, wz), (0.5, 0, 0), (0, 0, 0.55)).painted((0.85, 0.30, 0.07))
            mesh.add(lit, "far_window", "far")
        x += w + random.uniform(0.05, 0.3)
    for wx in (-0.9, 0.5, 1.5):
        p = (wx, 60.0, 1.2 + 0.5 * wx * wx % 1.0)
        mesh.add(
            card(p).painted((0.8, 0.2, 0.05)),
            "halo",
            "cards",
            motion=(*p, 0.2),
            bake=_ONE[0],
            size=(0.9, 0.9),
        )


def boat(mesh: Mesh) -> None:
    """A covered boat waits by the steps, a lamp under its hood."""
    t = np.linspace(0, 1, 9)
    wide = 0.60 * np.sin(np.pi * np.clip(t * 0.94 + 0.03, 0, 1)) ** 0.6
    y = -2.2 + 4.4 * t
    rise = 0.42 * (np.abs(t * 2 - 1)) ** 2.4
    gunwale, bilge = rise + 0.32, rise * 0.7
    across = ((-wide, gunwale), (-wide * 0.6, bilge), (wide * 0.6, bilge), (wide, gunwale))
    rows = np.stack([np.stack([x, y, z], -1) for x, z in across])
    hull = grid(rows).painted((0.10, 0.075, 0.06))
    angle = np.linspace(0, np.pi, 7)
    hood = np.stack(
        [
            np.stack([0.58 * np.cos(angle), np.full(7, v), 0.35 + 0.62 * np.sin(angle)], -1)
            for v in (-0.9, 0.9)
        ],
        0,
    )
    shape = joined(hull, grid(hood).painted((0.12, 0.11, 0.09))).at(-2.15, 21.8, WATER, pan=-63.0)
    mesh.add(shape, "painted", "beyond")
    lamp = (-0.45, 20.95, WATER + 0.78)
    mesh.add(
        card(lamp).painted((1.0, 0.5, 0.18)),
        "halo",
        "cards",
        motion=(*lamp, 0.3),
        bake=_ONE[2],
        size=(0.6, 0.6),
    )
    mesh.add(
        turned([(0.01, -0.08), (0.06, -0.03), (0.06, 0.04), (0.01, 0.08)], 6)
        .at(*lamp)
        .painted((1.0, 0.6, 0.25)),
        "far_window",
        "far",
    )
    below = (lamp[0], lamp[1], 2 * WATER - lamp[2])
    mesh.add(
        card(below).painted((0.6, 0.3, 0.1)),
        "halo",
        "cards",
        motion=(*below, 0.3),
        bake=_ONE[2],
        size=(0.5, 0.5),
    )
