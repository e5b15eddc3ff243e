"""What passes once in a round, what comes towards the car, and what stays far away."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.road import LEFT, RIGHT
from making.shapes import ball, bevelled, box, card, grid, panel, turned

# The gallery, in its own frame: from y = 0 to its end.
GALLERY = 52.0


def gallery(mesh: Mesh) -> None:
    """A gallery against falling rock: a roof, a wall to the hill, pillars to the valley."""
    grey, dark = (0.36, 0.35, 0.33), (0.25, 0.245, 0.235)
    low, high = LEFT - 0.75, RIGHT + 0.95
    under = panel((low, GALLERY, 4.7), (high - low, 0, 0), (0, -GALLERY, 0), step=3.0)
    wall = panel((high, GALLERY, -0.2), (0, -GALLERY, 0), (0, 0, 4.9), step=2.6)
    roof = box((low - 0.6, 0, 4.7), (high + 2.5, GALLERY, 5.5), skip="d")
    shapes = [under.painted(dark), wall.painted(grey), roof.painted(grey)]
    for y in np.arange(2.0, GALLERY, 4.0):
        shapes.append(
            bevelled((low - 0.28, y - 0.32, -0.6), (low + 0.22, y + 0.32, 4.7), 0.05).painted(grey)
        )
        shapes.append(box((low, y - 0.2, 4.32), (high, y + 0.2, 4.72), skip="u").painted(dark))
    mesh.add(joined(*shapes), "concrete", "gallery")
    strips = [
        panel((low + 0.3, y, 0.012), (high - low - 0.3, 0, 0), (0, 2.75, 0))
        for y in np.arange(-0.3, GALLERY, 4.0)
    ]
    for strip in strips:
        mesh.add(strip, "shade", "gallery", shade=np.array(0.9))
    whole = panel(
        (low + 2.2, -1.0, 0.010), (high - low - 2.2, 0, 0), (0, GALLERY + 1.0, 0), step=3.0
    )
    mesh.add(whole, "dim", "gallery", shade=np.array(0.55))
    for y in np.arange(6.0, GALLERY, 12.0):
        lamp = box((high - 2.2, y - 0.5, 4.55), (high - 1.95, y + 0.5, 4.63)).painted(
            (1.0, 0.82, 0.55)
        )
        mesh.add(lamp, "lamps", "gallery")
        mesh.add(
            card((high - 2.1, y, 4.5)).painted((0.45, 0.3, 0.13)),
            "halo_lamps",
            "gallery_glow",
            motion=(high - 2.1, y, 4.5, 0.3),
            size=(0.9, 0.9),
        )


def car(mesh: Mesh) -> None:
    """A car that comes towards us in the other lane, about its own origin."""
    x = -3.55
    body = _hull(
        [
            (-2.0, 0.35, 0.72),
            (-1.95, 0.33, 0.86),
            (-0.9, 0.30, 0.96),
            (-0.35, 0.3, 1.38),
            (0.9, 0.3, 1.42),
            (1.7, 0.32, 1.0),
            (2.05, 0.36, 0.9),
        ],
        0.86,
    )
    mesh.add(body.painted((0.10, 0.16, 0.22)).at(x), "paint", "car")
    glass = _hull(
        [(-0.92, 0.95, 0.97), (-0.38, 0.96, 1.34), (0.88, 0.96, 1.37), (1.6, 0.95, 1.02)], 0.80
    )
    mesh.add(glass.painted((0.02, 0.025, 0.03)).at(x, 0, 0.015), "paint", "car")
    wheels = [
        turned([(0.02, -0.1), (0.31, -0.1), (0.33, 0), (0.31, 0.1), (0.02, 0.1)], 12)
        for _ in range(4)
    ]
    for wheel, (sx, y) in zip(wheels, ((-1, -1.3), (1, -1.3), (-1, 1.35), (1, 1.35)), strict=True):
        turned_ = Shape(wheel.points[:, [2, 1, 0]] * np.array([1, 1, 1]), wheel.triangles[:, ::-1])
        mesh.add(turned_.painted((0.03, 0.03, 0.03)).at(x + sx * 0.78, y, 0.33), "painted", "car")
    mesh.add(
        panel((x - 0.95, -2.2, 0.012), (1.9, 0, 0), (0, 4.4, 0)),
        "shade",
        "car",
        shade=np.array(1.0),
    )
    for sx in (-0.62, 0.62):
        lens = ball(0.11, 8, 5).at(x + sx, -2.0, 0.68, scale=(1, 0.5, 0.8))
        mesh.add(lens.painted((1.0, 0.95, 0.85)), "headlamps", "car")
        mesh.add(
            card((x + sx, -2.05, 0.68)).painted((1.5, 1.3, 1.0)),
            "halo_headlamps",
            "car",
            motion=(x + sx, -2.05, 0.68, 0.1),
            size=(0.8, 0.8),
        )
        tail = box((x + sx - 0.14, 2.03, 0.72), (x + sx + 0.14, 2.07, 0.84)).painted(
            (1.0, 0.06, 0.03)
        )
        mesh.add(tail, "headlamps", "car")


def _hull(line: list[tuple[float, float, float]], half: float) -> Shape:
    """A body over (y, low, high) with rounded shoulders."""
    rows = []
    for y, low, high in line:
        side = np.array(
            [
                (-half, low),
                (-half, low + 0.6 * (high - low)),
                (-half * 0.86, high),
                (half * 0.86, high),
                (half, low + 0.6 * (high - low)),
                (half, low),
            ]
        )
        rows.append(np.stack([side[:, 0], np.full(6, y), side[:, 1]], -1))
    points = np.stack(rows)
    ends = [
        Shape(points[i], [(0, a, a + 1) if i else (0, a + 1, a) for a in range(1, 5)]).flat()
        for i in (0, -1)
    ]
    return joined(grid(points).flat(), *ends)


def ridges(mesh: Mesh) -> None:
    """Five ridges round the valley, each paler, that only turn as the road does."""
    for distance, height, base, seed, hue in (
        (230.0, 12.0, -34.0, 41, (0.055, 0.075, 0.05)),
        (290.0, 37.0, -34.0, 42, (0.06, 0.08, 0.062)),
        (350.0, 63.0, -36.0, 43, (0.065, 0.08, 0.08)),
        (405.0, 97.0, -38.0, 44, (0.075, 0.085, 0.10)),
        (455.0, 133.0, -40.0, 45, (0.09, 0.10, 0.125)),
    ):
        a = np.linspace(-np.pi, np.pi, 91)
        noise = np.random.default_rng(seed)
        wave = np.zeros_like(a)
        for k in (2, 3, 5, 8, 13, 21, 34):
            wave += noise.uniform(0.5, 1) / k**0.75 * np.sin(k * a + noise.uniform(0, 6.3))
        z = base + (height - base) * np.clip(0.62 + 0.30 * wave, 0.05, None)
        x, y = distance * np.sin(a), distance * np.cos(a)
        foot = np.full_like(z, base - 20)
        middle = base + (z - base) * 0.55
        rows = np.stack(
            [
                np.stack([x, y, foot], -1),
                np.stack([x * 1.02, y * 1.02, middle], -1),
                np.stack([x * 1.05, y * 1.05, z], -1),
            ]
        )
        shape = grid(rows)
        shape.colour = np.broadcast_to(
            np.array([0.85, 1.0, 1.15])[:, None, None] * np.asarray(hue), rows.shape
        ).reshape(-1, 3)
        mesh.add(shape, "ridges", "ridges")
    snow_line(mesh)


def snow_line(mesh: Mesh) -> None:
    """Sheets of mist in the valley."""
    for turn, distance, wide, low, high, amount in (
        (-48, 200, 260, -34, -4, 0.6),
        (-12, 270, 300, -24, 14, 0.5),
        (-72, 260, 290, -30, 5, 0.6),
    ):
        sheet = panel((-wide / 2, distance, low), (wide, 0, 0), (0, 0, high - low))
        mesh.add(sheet.at(pan=-turn), "mist", "ridges", shade=np.array(amount))


def build(mesh: Mesh) -> None:
    """All of it."""
    gallery(mesh)
    car(mesh)
    ridges(mesh)
    # What the key light's map is made for: it needs one thing that casts, below the road.
    mesh.add(box((-0.2, -0.2, -1.4), (0.2, 0.2, -1.2)), "painted", "below")
