"""What stands and hangs in the room: the tea table, shelves, scrolls, a cage, a curtain."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.room import DARK, FAR, HALF, TOP, WARM, WOOD
from making.shapes import ball, bevelled, box, card, curve, drawn, grid, panel, turned

CLAY, CELADON, BONE, IRON = (0.20, 0.085, 0.05), (0.32, 0.44, 0.38), (0.62, 0.58, 0.50), (0.05,) * 3
TABLE = (0.75, 5.15)
LAMP = (-2.25, 6.9)
# Channel of the bake for the paper lamp, and for the embers under the kettle.
LAMP_CHANNEL = 3


def contact(mesh: Mesh, x: float, y: float, rx: float, ry: float, amount: float = 1.0) -> None:
    """The dark on the floor where something stands."""
    spot = panel((x - rx, y - ry, 0.006), (2 * rx, 0, 0), (0, 2 * ry, 0))
    mesh.add(spot, "shade", "cards", shade=np.array(amount))


def cup(scale: float = 1.0) -> Shape:
    """A handleless cup."""
    return turned(
        [
            (0.018, 0),
            (0.022, 0.004),
            (0.036, 0.03),
            (0.038, 0.044),
            (0.033, 0.044),
            (0.028, 0.02),
            (0.001, 0.012),
        ],
        9,
    ).at(scale=scale)


def pot() -> Shape:
    """A round teapot with spout, handle and lid."""
    body = turned(
        [
            (0.03, 0),
            (0.062, 0.018),
            (0.075, 0.05),
            (0.06, 0.085),
            (0.03, 0.098),
            (0.012, 0.104),
            (0.014, 0.118),
            (0.001, 0.126),
        ],
        12,
    )
    spout = drawn(
        curve([(0.06, 0, 0.04), (0.098, 0, 0.055), (0.118, 0, 0.088)], 5),
        [0.018, 0.015, 0.012, 0.010, 0.009],
        6,
    )
    loop = drawn(
        curve([(-0.055, 0, 0.08), (-0.105, 0, 0.082), (-0.108, 0, 0.04), (-0.062, 0, 0.026)], 7),
        0.008,
        5,
        ends=False,
    )
    return joined(body, spout, loop)


def tea_table(mesh: Mesh, random: np.random.Generator) -> None:
    """A low table of thick boards, a tray, a pot, cups, a kettle over embers, four stools."""
    x, y = TABLE
    top = bevelled((-0.82, -0.42, 0.56), (0.82, 0.42, 0.62), 0.015)
    apron = [box((-0.72, s * 0.33 - 0.012, 0.48), (0.72, s * 0.33 + 0.012, 0.56)) for s in (-1, 1)]
    legs = [
        bevelled(
            (sx * 0.68 - 0.035, sy * 0.31 - 0.035, 0),
            (sx * 0.68 + 0.035, sy * 0.31 + 0.035, 0.56),
            0.01,
        )
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    table = joined(top, *apron, *legs).painted(WARM).at(x, y, pan=-7)
    mesh.add(table, "lacquer", "far_end")
    contact(mesh, x, y, 1.05, 0.68, 0.8)
    tray = bevelled((-0.27, -0.17, 0.62), (0.27, 0.17, 0.645), 0.01).painted(DARK)
    things = [tray, pot().painted(CLAY).at(-0.08, 0.02, 0.645, pan=24)]
    for cx, cy, turn in ((0.10, -0.08, 0), (0.17, 0.05, 1), (0.05, 0.09, 2)):
        things.append(cup().painted(CELADON).at(cx, cy, 0.645, pan=40 * turn))
    things.append(cup(1.1).painted(CELADON).at(-0.42, -0.24, 0.62))
    things.append(cup(1.1).painted(CELADON).at(0.5, 0.24, 0.62))
    caddy = turned(
        [(0.05, 0), (0.06, 0.02), (0.062, 0.09), (0.05, 0.11), (0.05, 0.12), (0.001, 0.125)], 10
    )
    things.append(caddy.painted(BONE).at(-0.58, 0.16, 0.62))
    mesh.add(joined(*things).at(x, y, pan=-7), "painted", "far_end")
    _kettle(mesh, x + 0.50, y - 0.08)
    for sx, sy, turn in ((-1.28, -0.12, 12), (1.32, 0.10, 63), (-0.42, -0.86, 31), (0.42, 0.88, 8)):
        seat = turned(
            [(0.15, 0.0), (0.19, 0.05), (0.20, 0.2), (0.185, 0.38), (0.17, 0.41), (0.001, 0.42)], 12
        )
        mesh.add(
            seat.painted((0.13, 0.07, 0.05)).at(x + sx, y + sy, pan=turn), "lacquer", "far_end"
        )
        cushion = turned(
            [(0.13, 0.41), (0.165, 0.43), (0.16, 0.465), (0.10, 0.48), (0.001, 0.482)], 12
        )
        tone = random.uniform(0.85, 1.1)
        mesh.add(
            cushion.painted((0.13 * tone, 0.17 * tone, 0.26 * tone)).at(x + sx, y + sy),
            "painted",
            "far_end",
        )
        contact(mesh, x + sx, y + sy, 0.34, 0.34)


def _kettle(mesh: Mesh, x: float, y: float) -> None:
    """An iron kettle on a clay brazier; its steam is a sheet of mist."""
    z = 0.62
    brazier = turned([(0.06, 0), (0.075, 0.02), (0.085, 0.08), (0.07, 0.085)], 10).painted(CLAY)
    kettle = turned(
        [
            (0.05, 0.09),
            (0.085, 0.11),
            (0.092, 0.15),
            (0.07, 0.195),
            (0.03, 0.205),
            (0.014, 0.215),
            (0.001, 0.235),
        ],
        12,
    )
    hoop = drawn(
        curve([(-0.075, 0, 0.19), (-0.06, 0, 0.29), (0.06, 0, 0.29), (0.075, 0, 0.19)], 9),
        0.006,
        4,
        ends=False,
    )
    spout = drawn(
        curve([(0.07, 0, 0.13), (0.115, 0, 0.16), (0.125, 0, 0.19)], 4),
        [0.02, 0.015, 0.012, 0.010],
        6,
    )
    iron = joined(kettle, hoop, spout).painted(IRON)
    mesh.add(joined(brazier, iron).at(x, y, z, pan=150), "painted", "far_end")
    coals = turned([(0.062, 0.075), (0.04, 0.088), (0.001, 0.09)], 8).painted((1.0, 0.32, 0.07))
    mesh.add(coals.at(x, y, z), "embers", "far_end", motion=(x, y, z, 0.31))
    mesh.add(
        card((x, y - 0.1, z + 0.1)).painted((0.45, 0.15, 0.035)),
        "halo_embers",
        "cards",
        motion=(x, y, z, 0.31),
        size=(0.32, 0.32),
    )
    for turn, wide, high, amount in ((20, 0.42, 0.75, 0.30), (-35, 0.34, 0.6, 0.24)):
        a = np.radians(turn)
        steam = panel(
            (x - 0.125 - wide / 2 * np.cos(a), y - wide / 2 * np.sin(a), z + 0.15),
            (wide * np.cos(a), wide * np.sin(a), 0),
            (0.06, 0, high),
        )
        mesh.add(steam.painted((0.9, 0.9, 0.92)), "steam", "cards", shade=np.array(amount))


def shelves(mesh: Mesh, random: np.random.Generator) -> None:
    """A wall of tea jars, boxes and books in the far left corner."""
    x0, x1, low, high = -HALF + 0.03, -HALF + 0.42, 4.75, 6.25
    parts = [
        box((x0, y - 0.02, 0), (x1, y + 0.02, 2.35)) for y in (low, (low + high) / 2 + 0.14, high)
    ]
    levels = (0.12, 0.62, 1.08, 1.52, 1.94, 2.33)
    parts += [
        bevelled((x0, low - 0.03, z - 0.02), (x1 + 0.015, high + 0.03, z + 0.02), 0.008)
        for z in levels
    ]
    mesh.add(joined(*parts).painted(WOOD), "lacquer", "far_end")
    contact(mesh, -HALF + 0.35, (low + high) / 2, 0.55, 1.0, 0.9)
    things: list[Shape] = []
    for z in levels[:-1]:
        y = low + 0.12
        while y < high - 0.14:
            kind = random.integers(0, 4)
            tone = random.uniform(0.75, 1.2)
            x = -HALF + 0.2 + random.uniform(-0.04, 0.06)
            if kind == 0:
                r = random.uniform(0.055, 0.09)
                jar = turned(
                    [
                        (r * 0.6, 0),
                        (r, r * 0.7),
                        (r, r * 1.6),
                        (r * 0.55, r * 2.2),
                        (r * 0.6, r * 2.5),
                        (0.001, r * 2.55),
                    ],
                    9,
                )
                colour = ((0.20, 0.30, 0.27), CLAY, BONE, (0.08, 0.11, 0.19))[random.integers(0, 4)]
                things.append(jar.painted(tuple(tone * c for c in colour)).at(x, y + r, z + 0.02))
                y += 2 * r + 0.04
            elif kind == 1:
                w, h = random.uniform(0.12, 0.2), random.uniform(0.1, 0.2)
                chest = bevelled((-0.1, 0, 0), (0.11, w, h), 0.008)
                things.append(chest.painted((0.17 * tone, 0.075 * tone, 0.04)).at(x, y, z + 0.02))
                y += w + 0.05
            else:
                for _ in range(random.integers(3, 6)):
                    w, h = random.uniform(0.025, 0.045), random.uniform(0.2, 0.29)
                    hue = ((0.10, 0.14, 0.22), (0.26, 0.20, 0.13), (0.20, 0.06, 0.05))[
                        random.integers(0, 3)
                    ]
                    book = box((-0.08, 0, 0), (0.09, w, h), skip="d")
                    things.append(book.painted(tuple(tone * c for c in hue)).at(x, y, z + 0.02))
                    y += w + 0.004
                y += 0.05
    mesh.add(joined(*things), "painted", "far_end")


def scroll(mesh: Mesh) -> None:
    """A hanging scroll of ink hills beside the window, and one on the left wall."""
    for origin, right, chunk in (
        ((-1.92, FAR - 0.03, 1.05), (0.62, 0, 0), "far_end"),
        ((-HALF + 0.035, 2.35, 1.15), (0, 0.8, 0), "near"),
    ):
        mesh.add(panel(origin, right, (0, 0, 1.55), step=0.4), "scroll", chunk)
        a = np.asarray(origin, float)
        b = a + np.asarray(right, float)
        over = 0.04 * np.asarray(right, float) / np.linalg.norm(right)
        for z in (0.0, 1.55):
            rod = drawn(np.stack([a - over, b + over]) + np.array([0, 0, z]), 0.018, 6)
            mesh.add(rod.painted(DARK), "painted", chunk)


def bird_cage(mesh: Mesh, x: float, y: float, z: float) -> None:
    """A bamboo cage on a cord from a beam, a bird on its perch."""
    parts: list[Shape] = []
    turn = np.linspace(0, 2 * np.pi, 15)
    for height, r in ((0.0, 0.17), (0.1, 0.172), (0.27, 0.172)):
        ring = np.stack([r * np.cos(turn), r * np.sin(turn), np.full_like(turn, height)], -1)
        parts.append(drawn(ring, 0.006, 4, ends=False))
    for a in np.linspace(0, 2 * np.pi, 18, endpoint=False):
        c, s = np.cos(a), np.sin(a)
        line = [
            (0.17 * c, 0.17 * s, 0),
            (0.172 * c, 0.172 * s, 0.27),
            (0.12 * c, 0.12 * s, 0.37),
            (0.01 * c, 0.01 * s, 0.42),
        ]
        parts.append(drawn(np.array(line), 0.003, 3, ends=False))
    parts.append(turned([(0.165, -0.02), (0.175, -0.01), (0.165, 0.005), (0.001, 0.006)], 12))
    parts.append(drawn(np.array([(-0.16, 0, 0.13), (0.16, 0, 0.13)]), 0.006, 4))
    parts.append(drawn(np.array([(0, 0, 0.42), (0, 0, TOP - 0.26 - z)]), 0.005, 3, ends=False))
    cage = joined(*parts).painted((0.20, 0.12, 0.06))
    bird = joined(
        ball(0.035, 8, 6).at(scale=(1.0, 0.8, 0.85)).at(0.02, 0, 0.17),
        ball(0.022, 7, 5).at(0.055, 0, 0.20),
        drawn(np.array([(-0.01, 0, 0.16), (-0.09, 0, 0.125)]), (0.016, 0.006), 4),
        drawn(np.array([(0.072, 0, 0.20), (0.09, 0, 0.197)]), (0.006, 0.001), 4),
    )
    shape = joined(cage, bird.painted((0.45, 0.30, 0.07))).at(x, y, z)
    mesh.add(shape, "hanging", "far_end", motion=(x, y, TOP - 0.26, 0.37))


def lamp(mesh: Mesh) -> None:
    """A square paper lamp on the floor, in the dark corner."""
    x, y = LAMP
    posts = [
        box((sx * 0.15 - 0.012, sy * 0.15 - 0.012, 0), (sx * 0.15 + 0.012, sy * 0.15 + 0.012, 0.86))
        for sx in (-1, 1)
        for sy in (-1, 1)
    ]
    rails = [
        box((-0.16, s * 0.15 - 0.01, z), (0.16, s * 0.15 + 0.01, z + 0.018))
        for s in (-1, 1)
        for z in (0.1, 0.46, 0.84)
    ]
    rails += [
        box((s * 0.15 - 0.01, -0.16, z), (s * 0.15 + 0.01, 0.16, z + 0.018))
        for s in (-1, 1)
        for z in (0.1, 0.46, 0.84)
    ]
    mesh.add(joined(*posts, *rails).painted(DARK).at(x, y, pan=14), "painted", "far_end")
    paper = []
    for turn in range(4):
        side = panel((-0.143, -0.143, 0.11), (0.286, 0, 0), (0, 0, 0.73), step=0.09)
        tone = np.exp(-(((side.points[:, 2] - 0.42) / 0.36) ** 2))
        side.colour = np.stack([tone, tone * 0.93, tone * 0.80], 1)
        paper.append(side.at(pan=90 * turn))
    mesh.add(joined(*paper).at(x, y, pan=14), "lamp_paper", "far_end", motion=(x, y, 0.5, 0.5))
    mesh.add(
        card((x, y, 0.5)).painted((0.8, 0.42, 0.16)),
        "halo_lamp",
        "cards",
        motion=(x, y, 0.5, 0.5),
        size=(1.1, 1.1),
    )
    mesh.add(
        card((x, y, 0.5)).painted((0.8, 0.42, 0.16)),
        "streak_lamp",
        "cards",
        motion=(x, y, 0.5, 0.5),
        size=(0.25, 0.5),
    )
    contact(mesh, x, y, 0.36, 0.36)
    for dx, dy in ((0.3, 0.05), (-0.12, -0.3), (0.05, 0.3)):
        mesh.lamps.append((np.array([x + dx, y + dy, 0.62]), LAMP_CHANNEL, 0.55))


def curtain(
    mesh: Mesh,
    x0: float,
    x1: float,
    y: float,
    *,
    seed: int,
    tied: float = 0.0,
    colour: tuple[float, float, float] = (0.52, 0.50, 0.46),
    top: float = TOP - 0.3,
    chunk: str = "near",
) -> None:
    """A hanging of thin cloth from x0 to x1; every column swings about its own ring.

    `tied` draws it together at waist height.
    """
    random = np.random.default_rng(seed)
    columns, rows = 25, 13
    s = np.linspace(0, 1, columns)
    t = np.linspace(0, 1, rows)
    low = 0.12
    z = top + (low - top) * t
    gather = tied * np.exp(-(((z - 1.15) / 0.55) ** 2)) + tied * 0.55 * (z < 1.15) * (
        1 - np.exp(-(((z - 1.15) / 0.4) ** 2))
    )
    middle = x0 + 0.15 * (x1 - x0)
    x = x0 + (x1 - x0) * s
    px = x[None] + (middle - x[None]) * gather[:, None]
    fold = np.sin(s * 2 * np.pi * 5.5 + random.uniform(0, 6))
    py = y + (0.03 + 0.05 * t[:, None]) * fold[None] * (1 + 0.6 * gather[:, None])
    points = np.stack([px, py, np.broadcast_to(z[:, None], px.shape)], -1)
    sheet = grid(points[::-1])
    tone = 0.72 + 0.28 * (0.5 + 0.5 * fold)
    shade = np.broadcast_to(tone[None, :, None], (rows, columns, 3)) * np.asarray(colour)
    sheet.colour = shade[::-1].reshape(-1, 3)
    phase = np.broadcast_to(0.11 + 0.16 * s[None], (rows, columns))
    pivots = np.stack(
        [np.broadcast_to(x[None], px.shape), np.full_like(px, y), np.full_like(px, top), phase], -1
    )[::-1].reshape(-1, 4)
    mesh.add(sheet, "curtain", chunk)
    mesh.groups[chunk, "curtain"].motions[-1] = pivots
    rod = drawn(np.array([(x0 - 0.1, y, top + 0.03), (x1 + 0.1, y, top + 0.03)]), 0.018, 6)
    mesh.add(rod.painted(DARK), "painted", chunk)


def bamboo(
    mesh: Mesh,
    x: float,
    y: float,
    random: np.random.Generator,
    *,
    stems: int = 6,
    tall: float = 2.3,
    chunk: str = "near",
) -> None:
    """Bamboo in a glazed pot: canes with joints, and leaves that hang in fans."""
    pot_ = turned(
        [
            (0.16, 0),
            (0.2, 0.02),
            (0.235, 0.28),
            (0.25, 0.36),
            (0.22, 0.36),
            (0.2, 0.31),
            (0.001, 0.3),
        ],
        14,
    )
    mesh.add(pot_.painted((0.07, 0.12, 0.17)).at(x, y), "lacquer", chunk)
    contact(mesh, x, y, 0.42, 0.42)
    for _ in range(stems):
        a, lean = random.uniform(0, 2 * np.pi), random.uniform(0.05, 0.3)
        height = tall * random.uniform(0.6, 1.0)
        foot = np.array([x + 0.08 * np.cos(a), y + 0.08 * np.sin(a), 0.3])
        t = np.linspace(0, 1, 6)
        way = foot + np.stack([np.cos(a) * lean * t**2, np.sin(a) * lean * t**2, height * t], 1)
        phase = random.uniform(0, 1)
        motion = (*foot, phase)
        mesh.add(
            drawn(way, np.linspace(0.013, 0.005, 6), 5).painted((0.13, 0.16, 0.05)),
            "leaves",
            chunk,
            motion=motion,
        )
        fans: list[Shape] = []
        for at in random.uniform(0.35, 1.0, 9):
            p = np.array([np.interp(at, t, way[:, i]) for i in range(3)])
            for _ in range(4):
                turn, long = random.uniform(0, 2 * np.pi), random.uniform(0.12, 0.24)
                side = np.array([np.cos(turn), np.sin(turn), 0])
                across = np.array([-side[1], side[0], 0.2]) * long * 0.085
                tip = p + side * long * 0.75 + [0, 0, -long * random.uniform(0.35, 0.9)]
                knee = p + side * long * 0.45 + [0, 0, -long * 0.12]
                leaf = Shape(
                    np.stack([p, knee - across, tip, knee + across]), [(0, 1, 2), (0, 2, 3)]
                )
                tone = random.uniform(0.6, 1.15)
                fans.append(leaf.painted((0.085 * tone, 0.16 * tone, 0.045 * tone)))
        mesh.add(joined(*fans), "leaves", chunk, motion=motion)


def bench(mesh: Mesh) -> None:
    """A bench below the round window with a folded quilt and a book, and a bonsai on a stand."""
    seat = bevelled((-0.75, 8.42, 0.40), (1.45, 8.86, 0.455), 0.015)
    legs = [
        box((x - 0.03, y - 0.03, 0), (x + 0.03, y + 0.03, 0.4))
        for x in (-0.65, 0.35, 1.35)
        for y in (8.47, 8.8)
    ]
    mesh.add(joined(seat, *legs).painted(WARM), "lacquer", "far_end")
    contact(mesh, 0.35, 8.66, 1.35, 0.38)
    quilt = [
        bevelled((-0.66, 8.46, 0.455 + 0.05 * i), (-0.1 - 0.02 * i, 8.82, 0.50 + 0.05 * i), 0.02)
        for i in range(2)
    ]
    mesh.add(quilt[0].painted((0.10, 0.14, 0.24)), "painted", "far_end")
    mesh.add(quilt[1].painted((0.30, 0.09, 0.06)), "painted", "far_end")
    book = (
        bevelled((-0.1, -0.07, 0), (0.1, 0.07, 0.03), 0.004)
        .painted((0.35, 0.29, 0.2))
        .at(0.75, 8.6, 0.455, pan=20)
    )
    mesh.add(book, "painted", "far_end")
    _bonsai(mesh, 2.35, 8.35)


def _bonsai(mesh: Mesh, x: float, y: float) -> None:
    random = np.random.default_rng(7)
    stand = joined(
        bevelled((-0.22, -0.22, 0.78), (0.22, 0.22, 0.82), 0.01),
        *[
            box((sx * 0.18 - 0.02, sy * 0.18 - 0.02, 0), (sx * 0.18 + 0.02, sy * 0.18 + 0.02, 0.78))
            for sx in (-1, 1)
            for sy in (-1, 1)
        ],
    )
    mesh.add(stand.painted(WOOD).at(x, y), "lacquer", "far_end")
    contact(mesh, x, y, 0.36, 0.36)
    dish = turned(
        [(0.12, 0), (0.17, 0.02), (0.19, 0.09), (0.175, 0.09), (0.001, 0.07)], 12, squash=0.7
    )
    trunk = curve(
        [(0.02, 0, 0.06), (-0.06, 0.01, 0.18), (0.05, 0, 0.32), (-0.02, 0, 0.46), (-0.16, 0, 0.55)],
        9,
    )
    wood = drawn(trunk, np.linspace(0.035, 0.012, 9), 6).painted((0.10, 0.065, 0.045))
    mesh.add(joined(dish.painted((0.16, 0.20, 0.24)), wood).at(x, y, 0.82), "painted", "far_end")
    for px, py, pz, r in (
        (-0.2, 0, 0.58, 0.15),
        (0.12, 0.02, 0.42, 0.13),
        (-0.02, -0.02, 0.62, 0.11),
        (0.02, 0.04, 0.5, 0.1),
    ):
        pad = ball(r, 8, 5).at(scale=(1.0, 0.8, 0.42))
        pad.points *= 1 + 0.12 * random.standard_normal((len(pad.points), 1))
        mesh.add(
            pad.flat().painted((0.05, 0.09, 0.035)).at(x + px, y + py, 0.82 + pz),
            "painted",
            "far_end",
        )


def screen(mesh: Mesh) -> None:
    """A folding screen and a chest behind the camera's usual place."""
    for i, (x, pan) in enumerate(((-2.2, 28), (-1.5, -24), (-0.8, 28))):
        leaf = panel((0, 0, 0.08), (-0.78, 0, 0), (0, 0, 1.9), step=0.6).at(
            x + 0.62, NEAR_SCREEN + 0.1 * (i % 2), pan=pan
        )
        mesh.add(leaf, "scroll", "behind")
    chest = (
        bevelled((-0.6, -0.3, 0), (0.6, 0.3, 0.75), 0.02)
        .painted((0.22, 0.05, 0.035))
        .at(1.6, -4.75)
    )
    mesh.add(chest, "lacquer", "behind")
    contact(mesh, 1.6, -4.75, 0.8, 0.45)


NEAR_SCREEN = -4.4


def build(mesh: Mesh, random: np.random.Generator) -> None:
    """All of it."""
    tea_table(mesh, random)
    shelves(mesh, random)
    scroll(mesh)
    bird_cage(mesh, 1.95, 6.0, 2.12)
    lamp(mesh)
    curtain(mesh, -2.9, -1.8, 2.6, seed=3, tied=0.8, colour=(0.40, 0.33, 0.26))
    curtain(mesh, 2.93, 2.35, 3.6, seed=5, tied=0.65, colour=(0.40, 0.33, 0.26))
    bamboo(mesh, 2.42, 2.25, random)
    bench(mesh)
    screen(mesh)
