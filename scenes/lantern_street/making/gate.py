"""The stone gate at the end of the lane: four pillars, three bays, roofs with flying corners."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.pictures import PRINTS
from making.shapes import bevelled, box, drawn, grid, panel, turned

Y = 12.5
GREY = (0.86, 0.86, 0.86)


def gate(mesh: Mesh, random: np.random.Generator) -> None:
    """Pillars at x = +-1.45 and +-3.0; the middle bay is higher."""
    chunk = "gate"

    def add(
        shape: Shape, material: str = "stone", colour: tuple[float, float, float] = GREY
    ) -> None:
        mesh.add(
            shape.painted(tuple(np.asarray(colour) * random.uniform(0.93, 1.05))), material, chunk
        )

    for x, top, r in ((-1.45, 4.1, 0.21), (1.45, 4.1, 0.21), (-3.0, 3.15, 0.19), (3.0, 3.15, 0.19)):
        add(bevelled((x - r, Y - r, 0), (x + r, Y + r, top), 0.04, repeat=1.6))
        add(
            bevelled(
                (x - r - 0.13, Y - r - 0.3, 0), (x + r + 0.13, Y + r + 0.3, 0.34), 0.06, repeat=1.6
            )
        )
        # Drum stones in front of and behind each pillar.
        for sign in (-1, 1):
            drum = turned(
                [
                    (0.02, -0.10),
                    (0.26, -0.10),
                    (0.29, -0.05),
                    (0.29, 0.05),
                    (0.26, 0.10),
                    (0.02, 0.10),
                ],
                10,
            )
            upright = np.eye(4)
            upright[:3, :3] = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
            upright[:3, 3] = (x, Y + sign * (r + 0.22), 0.60)
            add(drum.moved(upright))
    for x0, x1, low in ((-1.5, 1.5, 3.05), (-3.05, -1.4, 2.35), (1.4, 3.05, 2.35)):
        add(bevelled((x0, Y - 0.15, low), (x1, Y + 0.15, low + 0.34), 0.04, repeat=1.6))
        add(bevelled((x0, Y - 0.12, low + 0.62), (x1, Y + 0.12, low + 0.86), 0.03, repeat=1.6))
        add(
            box(
                (x0 + 0.1, Y - 0.06, low + 0.34),
                (x1 - 0.1, Y + 0.06, low + 0.62),
                skip="lrdu",
                repeat=1.6,
                step=0.5,
            ),
            colour=(0.7, 0.7, 0.72),
        )
        _fretwork(mesh, x0 + 0.2, x1 - 0.2, low)
    left, top, right, bottom = (v / 512 for v in PRINTS["plaque"])
    name = panel(
        (-0.62, Y - 0.16, 3.34),
        (1.24, 0, 0),
        (0, 0, 0.42),
        uv=(left, top + 0.045, right, bottom - 0.04),
        step=0.5,
    )
    mesh.add(name, "prints", chunk)
    roof(mesh, -1.95, 1.95, 4.15, chunk)
    roof(mesh, -3.5, -1.5, 3.35, chunk, inner=1)
    roof(mesh, 1.5, 3.5, 3.35, chunk, inner=-1)


def _fretwork(mesh: Mesh, x0: float, x1: float, z: float) -> None:
    """Brackets below the beam, where a pillar meets it."""
    for x, way in ((x0, 1), (x1, -1)):
        a = np.array(
            [
                [x, Y - 0.05, z],
                [x + way * 0.42, Y - 0.05, z],
                [x + way * 0.10, Y - 0.05, z - 0.13],
                [x, Y - 0.05, z - 0.42],
            ]
        )
        mesh.add(
            Shape(
                a,
                [(0, 2, 1), (0, 3, 2)] if way > 0 else [(0, 1, 2), (0, 2, 3)],
                normals=np.tile([0, -1.0, 0], (4, 1)),
            ),
            "stone",
            "gate",
        )


def roof(mesh: Mesh, x0: float, x1: float, z: float, chunk: str, *, inner: int = 0) -> None:
    """A double slope whose free corners fly up; `inner` is the side that meets the middle bay."""
    n, m = 10, 3
    s, t = np.meshgrid(np.linspace(-1, 1, n + 1), np.linspace(0, 1, m + 1))
    fly = np.clip(np.abs(s) - 0.45, 0, 1) ** 2 * 1.25
    if inner:
        fly = np.where(s * inner > 0, 0.0, fly)
    deep, high = 0.62, 0.55
    x = (x0 + x1) / 2 + s * (x1 - x0) / 2 * (1 + 0.07 * (1 - t) * (fly > 0))
    for sign in (-1, 1):
        y = Y + sign * (deep * (1 - t) ** 0.9 + 0.02)
        h = z + high * t**1.35 + fly * (0.9 - 0.35 * t)
        points = np.stack([x, y, h], -1)
        uv = np.stack([x / 0.92, -t * 0.7], -1)
        mesh.add(grid(points if sign < 0 else points[:, ::-1], uv), "tiles", chunk)
        under = points[:2].copy()
        under[..., 2] -= 0.10
        mesh.add(
            grid(under[:, ::-1] if sign < 0 else under, uv[:2]).painted((0.5, 0.5, 0.5)),
            "stone",
            chunk,
        )
        edge = points[0]
        for i in range(len(edge) * 2 - 2):
            p = edge[i // 2] + (edge[i // 2 + 1] - edge[i // 2]) * (0.25 + 0.5 * (i % 2))
            disc = (
                np.array(
                    [
                        [np.cos(a), 0, np.sin(a)]
                        for a in np.linspace(0, 2 * np.pi, 5, endpoint=False)
                    ]
                )
                * 0.055
            )
            fan = Shape(
                disc + p + (0, sign * 0.02, -0.01),
                [(0, 1, 2), (0, 2, 3), (0, 3, 4)],
                normals=np.tile([0, sign, 0.0], (5, 1)),
            )
            mesh.add(fan.painted((0.06, 0.063, 0.075)), "painted", chunk)
    ridge = np.stack([x[-1], np.full(n + 1, Y), z + high + fly[-1] * 0.55 + 0.07], -1)
    mesh.add(drawn(ridge, 0.085, 6).painted((0.16, 0.17, 0.2)), "painted", chunk)
    for end, free in ((0, inner >= 0), (-1, inner <= 0)):
        if free:
            way = -1 if end == 0 else 1
            tip = ridge[end] + np.array([[0, 0, 0], [way * 0.16, 0, 0.16], [way * 0.22, 0, 0.36]])
            mesh.add(
                drawn(tip, [0.075, 0.06, 0.015], 5).painted((0.16, 0.17, 0.2)), "painted", chunk
            )
    beam = joined(
        box((x0 + 0.15, Y - 0.18, z - 0.16), (x1 - 0.15, Y + 0.18, z + 0.02), skip="u", repeat=1.6)
    )
    mesh.add(beam.painted((0.6, 0.6, 0.6)), "stone", chunk)
