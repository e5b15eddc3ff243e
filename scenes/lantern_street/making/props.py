"""Small props: cart, bicycle, jars, a cat, the remains of firecrackers."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined, placed
from making.shapes import ball, bevelled, box, curve, drawn, oval, ring_loft, turned

WOOD, OLD_WOOD, IRON = (0.14, 0.085, 0.05), (0.20, 0.15, 0.11), (0.055, 0.06, 0.065)


def wheel(
    radius: float, thick: float, spokes: int, colour: tuple[float, float, float], hub: float
) -> Shape:
    """A wheel about the origin in the y-z plane."""
    a = np.linspace(0, 2 * np.pi, 15)
    rim = drawn(
        np.stack([np.zeros_like(a), radius * np.cos(a), radius * np.sin(a)], -1),
        thick,
        4,
        hint=(1, 0, 0),
        ends=False,
    )
    parts = [rim]
    for i in range(spokes):
        t = np.pi * i / spokes
        end = np.array([0, radius * np.cos(t), radius * np.sin(t)])
        parts.append(drawn(np.array([-end, end]), thick * 0.42, 3, hint=(1, 0, 0), ends=False))
    parts.append(drawn(np.array([[-hub, 0, 0], [hub, 0, 0]]), thick * 1.8, 6))
    return joined(*parts).painted(colour)


def cart(mesh: Mesh) -> None:
    """A hand cart leans on its shafts by the right wall, a sack and a crate on it."""
    parts = [bevelled((-0.48, -0.85, 0.52), (0.48, 0.85, 0.58), 0.015).painted(OLD_WOOD)]
    for x in (-0.46, 0.46):
        parts.append(box((x - 0.02, -0.85, 0.58), (x + 0.02, 0.85, 0.74), skip="d").painted(WOOD))
        parts.append(wheel(0.40, 0.032, 5, WOOD, 0.08).at(x * 1.22, 0.1, 0.43))
        parts.append(
            drawn(
                curve([(x, -0.8, 0.55), (x, -1.3, 0.50), (x * 0.8, -1.8, 0.32)], 5), 0.028, 5
            ).painted(WOOD)
        )
    parts.append(box((-0.47, 0.81, 0.58), (0.47, 0.85, 0.78), skip="d").painted(WOOD))
    sack = ring_loft(
        [
            oval(-0.14, 0.3, 0.58, 0.26, 0.3, 10, folds=0.06),
            oval(-0.14, 0.3, 0.76, 0.30, 0.33, 10, folds=0.05),
            oval(-0.12, 0.3, 0.95, 0.23, 0.25, 10, folds=0.07),
            oval(-0.1, 0.28, 1.06, 0.08, 0.09, 10),
        ]
    ).painted((0.30, 0.24, 0.16))
    crate = bevelled((0.02, -0.55, 0.58), (0.42, -0.08, 0.84), 0.012).painted(OLD_WOOD)
    mesh.add(joined(*parts, sack, crate).at(2.62, 9.9, 0.0, pan=11.0), "painted", "props")


def bicycle(mesh: Mesh) -> None:
    """An old black bicycle against the left wall, a basket before its bars."""
    f, r = (0, -0.52, 0.33), (0, 0.52, 0.33)
    parts = [wheel(0.33, 0.016, 4, IRON, 0.05).at(*f), wheel(0.33, 0.016, 4, IRON, 0.05).at(*r)]
    seat, crank, head = (0, 0.20, 0.86), (0, 0.10, 0.30), (0, -0.36, 0.84)
    for a, b in ((crank, seat), (crank, head), (seat, head), (crank, r), (seat, r), (head, f)):
        parts.append(
            drawn(np.array([a, b], float), 0.016, 4, ends=False).painted((0.03, 0.035, 0.04))
        )
    parts.append(
        drawn(
            curve(
                [
                    (-0.27, -0.22, 0.98),
                    (-0.15, -0.38, 1.0),
                    (0.15, -0.38, 1.0),
                    (0.27, -0.22, 0.98),
                ],
                7,
            ),
            0.013,
            4,
            ends=False,
        ).painted((0.3, 0.3, 0.3))
    )
    parts.append(
        ring_loft([oval(0, 0.24, 0.87, 0.07, 0.13, 8), oval(0, 0.23, 0.92, 0.09, 0.14, 8)]).painted(
            (0.09, 0.05, 0.03)
        )
    )
    parts.append(
        ring_loft(
            [oval(0, -0.56, 0.72, 0.12, 0.10, 8), oval(0, -0.56, 0.94, 0.16, 0.13, 8)], cap=False
        ).painted((0.28, 0.20, 0.12))
    )
    for x in (-0.012, 0.012):
        parts.append(drawn(np.array([(x, 0.72, 0.62), (x, 0.38, 0.64)]), 0.012, 4).painted(IRON))
    lean = placed(-2.93, 9.55, 0.0, pan=-6.0, roll=-9.0)
    mesh.add(joined(*parts).moved(lean), "painted", "props")


def jars(mesh: Mesh, random: np.random.Generator) -> None:
    """Wine jars with red paper over their mouths, a bucket, a bench, a broom."""
    for x, y, s in (
        (3.02, 7.62, 1.0),
        (2.68, 7.86, 0.78),
        (2.98, 8.15, 0.86),
        (-3.02, 4.35, 0.95),
        (-2.72, 4.12, 0.7),
    ):
        tone = np.array([0.17, 0.085, 0.05]) * random.uniform(0.8, 1.25)
        jar = turned(
            [(0.13, 0.0), (0.20, 0.12), (0.245, 0.30), (0.225, 0.43), (0.13, 0.52), (0.11, 0.55)], 9
        ).painted(tuple(tone))
        cloth = turned([(0.165, 0.50), (0.135, 0.555), (0.10, 0.585), (0.002, 0.595)], 9).painted(
            (0.42, 0.028, 0.02)
        )
        label = box((-0.06, -0.252, 0.24), (0.06, -0.236, 0.38), skip="b").painted(
            (0.50, 0.04, 0.03)
        )
        mesh.add(
            joined(jar, cloth, label).at(x, y, 0.0, pan=random.uniform(-25, 25), scale=s),
            "painted",
            "props",
        )
    seat = bevelled((-0.42, -0.13, 0.40), (0.42, 0.13, 0.455), 0.015)
    legs = [
        drawn(np.array([(x * 1.12, y * 1.25, 0), (x, y, 0.41)]), 0.024, 4)
        for x in (-0.34, 0.34)
        for y in (-0.09, 0.09)
    ]
    bench = joined(seat, *legs).painted(OLD_WOOD)
    mesh.add(bench.at(-3.0, 7.9, 0.0, pan=84.0), "painted", "props")
    bowl = turned([(0.03, 0.455), (0.055, 0.48), (0.075, 0.52)], 9).painted((0.5, 0.52, 0.55))
    mesh.add(bowl.at(-2.98, 8.05, 0.0), "painted", "props")
    handle = drawn(np.array([(2.98, 6.62, 0.10), (3.27, 6.70, 1.45)]), 0.016, 5).painted(OLD_WOOD)
    straw = drawn(
        np.array([(2.93, 6.61, 0.0), (2.96, 6.615, 0.12), (3.02, 6.63, 0.34)]),
        [0.16, 0.10, 0.03],
        7,
        flatten=0.45,
        hint=(0, 1, 0),
    ).painted((0.34, 0.24, 0.11))
    mesh.add(joined(handle, straw), "painted", "props")


def cat(mesh: Mesh, at: tuple[float, float, float], pan: float) -> None:
    """It sits upright with its tail round its feet and looks down the lane."""
    body = ring_loft(
        [
            oval(0, 0.02, 0.0, 0.085, 0.115, 10),
            oval(0, 0.03, 0.07, 0.088, 0.112, 10),
            oval(0, 0.01, 0.15, 0.066, 0.080, 10),
            oval(0, -0.02, 0.215, 0.045, 0.052, 10),
        ]
    )
    head = ball(0.052, 9, 6).at(0, -0.045, 0.255)
    ears = [
        Shape(
            np.array(
                [
                    (s * 0.012, -0.04, 0.292),
                    (s * 0.048, -0.035, 0.280),
                    (s * 0.040, -0.042, 0.335),
                    (s * 0.03, -0.02, 0.285),
                ]
            ),
            [(0, 1, 2), (1, 3, 2), (3, 0, 2)],
        )
        for s in (-1, 1)
    ]
    tail = drawn(
        curve([(0.06, 0.11, 0.02), (0.12, 0.02, 0.02), (0.07, -0.09, 0.02)], 6),
        [0.022, 0.024, 0.024, 0.022, 0.018, 0.012],
        5,
    )
    eyes = joined(*[ball(0.008, 4, 3).at(s * 0.02, -0.094, 0.262) for s in (-1, 1)]).painted(
        (9.0, 7.0, 2.0)
    )
    shape = joined(joined(body, head, *ears, tail).painted((0.05, 0.042, 0.040)), eyes)
    mesh.add(shape.at(*at, pan=pan), "painted", "props")


def crackers(mesh: Mesh, random: np.random.Generator) -> None:
    """Scraps of red paper on the wet stones, thick where strings were lit, and one string left."""
    pieces = []
    spots = (
        (-2.0, 6.9, 0.85, 70),
        (1.8, 5.4, 0.7, 46),
        (0.3, 10.6, 1.3, 44),
        (-0.7, 7.6, 1.2, 26),
        (1.5, 8.4, 0.7, 22),
    )
    for cx, cy, spread, count in spots:
        for _ in range(count):
            x, y = random.normal(cx, spread * 0.55), random.normal(cy, spread * 0.7)
            x = float(np.clip(x, -3.2, 3.2))
            s, t = random.uniform(0.012, 0.035), random.uniform(0, np.pi)
            a = np.array([[np.cos(t), np.sin(t)], [-np.sin(t), np.cos(t)]]) * s
            along, across = a[0], a[1] * 0.6
            around = (-along - across, along - across, along + across, -along + across)
            corners = np.array(around) + np.array([x, y])
            lift = random.uniform(0.004, 0.018, 4)
            tone = random.uniform(0.55, 1.15)
            piece = Shape(np.column_stack([corners, lift]), [(0, 1, 2), (0, 2, 3)]).painted(
                (0.48 * tone, 0.03 * tone, 0.025 * tone)
            )
            pieces.append(piece)
    mesh.add(joined(*pieces), "painted", "props")
    string = []
    for i in range(26):
        z = 1.95 - i * 0.045
        for s in (-1, 1):
            x = 3.20 + 0.01 * random.normal()
            y = 6.98 + s * 0.035 + 0.008 * random.normal()
            string.append(
                drawn(
                    np.array([(x, y, z), (x - 0.012, y + s * 0.022, z - 0.05)]),
                    0.013,
                    3,
                    ends=False,
                ).painted((0.45 * random.uniform(0.8, 1.2), 0.025, 0.02))
            )
    mesh.add(joined(*string), "painted", "props")
