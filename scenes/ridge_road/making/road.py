"""A stretch of 96 m that repeats: asphalt, verge, guard rail, rock, slope, trees, poles."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.shapes import bevelled, box, drawn, grid, panel, turned

LONG = 96.0
# The road across, metres: the lane of the car is around x = 0, the other one to its left.
LEFT, RIGHT = -5.35, 1.85
RAIL = -6.15
CHUNK = "stretch"
GRASS, DRY, ROCK = (0.075, 0.105, 0.035), (0.17, 0.145, 0.06), (0.135, 0.120, 0.108)


def waves(y: np.ndarray, seed: int, most: int = 9) -> np.ndarray:
    """A sum of sines around 0 that closes after a stretch."""
    random = np.random.default_rng(seed)
    total = np.zeros_like(np.asarray(y, float))
    for k in range(1, most):
        total += (
            random.uniform(0.5, 1)
            / k**0.8
            * np.sin(2 * np.pi * k * y / LONG + random.uniform(0, 6.3))
        )
    return total * 0.5


def asphalt(mesh: Mesh) -> None:
    """The road, fine enough for shadows of trees."""
    y = np.linspace(0, LONG, 57)
    x = np.array([LEFT, -4.4, -3.4, -2.4, -1.6, -0.8, 0.0, 0.8, RIGHT])
    px, py = np.meshgrid(x, y)
    uv = np.stack([(px - LEFT) / (RIGHT - LEFT), -py / 12.0], -1)
    mesh.add(grid(np.stack([px, py, np.zeros_like(px)], -1), uv), "asphalt", CHUNK)


def banks(mesh: Mesh) -> None:
    """Verges, the cut rock on the right, and the slope into the valley on the left."""
    y = np.linspace(0, LONG, 35)
    rows = []
    high = 5.2 + 2.2 * waves(y, 2, 5)
    for out, up, seed, rough in (
        (RIGHT, -0.02, 3, 0.0),
        (2.5, -0.05, 4, 0.02),
        (3.1, -0.22, 5, 0.05),
        (3.8, 0.1, 6, 0.12),
        (4.0, 0.26, 7, 0.30),
        (4.5, 0.46, 27, 0.55),
        (4.75, 0.64, 28, 0.6),
        (5.3, 0.82, 8, 0.6),
        (6.6, 1.0, 9, 0.4),
        (9.5, 1.25, 10, 0.5),
        (16.0, 1.9, 11, 0.9),
    ):
        z = up if out < 4 else up * high
        rows.append(
            np.stack([out + 0.4 * rough * waves(y, seed + 20), y, z + rough * waves(y, seed)], -1)
        )
    points = np.stack(rows, 1)
    shape = grid(points).flat()
    middle = shape.points.reshape(-1, 3, 3).mean(1)
    face = shape.normals[::3]
    steep = np.clip((0.80 - face[:, 2]) / 0.3, 0, 1)[:, None]
    random = np.random.default_rng(31)
    tone = random.uniform(0.8, 1.2, (len(face), 1))
    dry = np.clip(0.5 + 0.5 * waves(middle[:, 1] + 7 * middle[:, 0], 32), 0, 1)[:, None]
    green = np.asarray(GRASS) * (1 - dry) + np.asarray(DRY) * dry
    # Beds of rock, darker and paler, that lean along the road.
    bed = np.sin(
        2.9 * middle[:, 2:] + 0.8 * np.asarray(waves(middle[:, 1:2], 33)) + 0.5 * middle[:, :1]
    )
    stone = np.asarray(ROCK) * (1.0 + 0.30 * bed) * random.uniform(0.7, 1.2, (len(face), 1))
    colour = green * (1 - steep) * tone + stone * steep
    colour = np.where(middle[:, :1] < 3.0, np.array([[0.20, 0.18, 0.15]]) * tone, colour)
    shape.colour = np.repeat(colour, 3, 0)
    mesh.add(shape, "ground", CHUNK)
    rows = []
    for out, up, seed, rough in (
        (LEFT, -0.02, 3, 0.0),
        (-6.4, -0.06, 13, 0.02),
        (-7.4, -0.5, 14, 0.15),
        (-11.0, -2.6, 15, 0.7),
        (-20.0, -8.5, 16, 1.4),
        (-42.0, -20.0, 17, 2.4),
        (-75.0, -30.0, 18, 3.0),
    ):
        rows.append(np.stack([np.full_like(y, out), y, up + rough * waves(y, seed)], -1))
    shape = grid(np.stack(rows[::-1], 1)).flat()
    tone = random.uniform(0.8, 1.2, (len(shape.points) // 3, 1))
    near = np.clip((shape.points[::3, :1] + 7.5) / 1.5, 0, 1)
    colour = (np.asarray(DRY) * near + np.asarray(GRASS) * (1 - near)) * tone
    shape.colour = np.repeat(colour, 3, 0)
    mesh.add(shape, "ground", CHUNK)


def rail(mesh: Mesh) -> None:
    """A guard rail on posts, and posts with reflectors on both sides."""
    y = np.linspace(0, LONG, 25)
    profile = np.array([(0.0, 0.46), (0.05, 0.52), (0.0, 0.60), (0.05, 0.68), (0.0, 0.74)])
    points = np.stack(
        [np.stack([np.full_like(y, RAIL + dx), y, np.full_like(y, z)], -1) for dx, z in profile], 0
    )
    sheet = grid(points).painted((0.24, 0.245, 0.25))
    mesh.add(sheet, "metal", CHUNK)
    posts = [
        box((RAIL - 0.10, y0 - 0.05, -0.3), (RAIL - 0.01, y0 + 0.05, 0.72), skip="d")
        for y0 in np.arange(2.0, LONG, 4.0)
    ]
    mesh.add(joined(*posts).painted((0.30, 0.31, 0.32)), "metal", CHUNK)
    for y0 in np.arange(12.0, LONG, 24.0):
        for x, hue in ((RIGHT + 0.55, (1.0, 0.75, 0.4)), (RAIL - 0.25, (0.95, 0.95, 1.0))):
            post = bevelled((x - 0.06, y0 - 0.04, -0.2), (x + 0.06, y0 + 0.04, 0.98), 0.02).painted(
                (0.72, 0.72, 0.70)
            )
            band = box(
                (x - 0.064, y0 - 0.044, 0.68), (x + 0.064, y0 + 0.044, 0.90), skip="du"
            ).painted((0.03, 0.03, 0.03))
            mesh.add(joined(post, band), "painted", CHUNK)
            eye = panel((x - 0.035, y0 - 0.05, 0.72), (0.07, 0, 0), (0, 0, 0.14)).painted(hue)
            mesh.add(eye, "reflector", CHUNK)
    stone = bevelled((2.55, 57.8, -0.3), (2.95, 58.1, 0.62), 0.08).painted((0.6, 0.58, 0.55))
    cap = box((2.54, 57.79, 0.44), (2.96, 58.11, 0.55), skip="d").painted((0.5, 0.06, 0.04))
    mesh.add(joined(stone, cap), "painted", CHUNK)
    sign = turned([(0.03, -0.2), (0.03, 2.2)], 6).painted((0.35, 0.36, 0.37)).at(2.75, 29.0)
    plate = np.array([(-0.42, 0, 0), (0, 0, -0.42), (0.42, 0, 0), (0, 0, 0.42)])
    board = Shape(plate, [(0, 1, 2), (0, 2, 3)]).painted((0.72, 0.46, 0.05)).at(2.75, 28.95, 2.1)
    mark = panel((2.66, 28.94, 1.92), (0.18, 0, 0), (0, 0, 0.36)).painted((0.04, 0.04, 0.04))
    mesh.add(joined(sign, board, mark), "painted", CHUNK)


def conifer(random: np.random.Generator, tall: float) -> Shape:
    """A spruce: a trunk and four skirts of branches, each a star with drooping tips."""
    parts = [
        drawn(
            np.array([(0, 0, -0.4), (0, 0, tall * 0.5)]),
            (0.05 * tall**0.6, 0.03 * tall**0.6),
            5,
            ends=False,
        ).painted((0.07, 0.05, 0.04))
    ]
    sides = 6
    for low, high, wide in (
        (0.14, 0.50, 0.23),
        (0.33, 0.68, 0.185),
        (0.52, 0.85, 0.13),
        (0.70, 1.02, 0.08),
    ):
        turn = random.uniform(0, 6.3)
        a = turn + np.linspace(0, 2 * np.pi, sides * 2, endpoint=False)
        r = (
            np.where(np.arange(sides * 2) % 2 == 0, 1.0, 0.62)
            * wide
            * tall
            * random.uniform(0.85, 1.1, sides * 2)
        )
        drop = np.where(np.arange(sides * 2) % 2 == 0, 0.0, 0.06) * tall
        ring = np.stack(
            [
                r * np.cos(a),
                r * np.sin(a),
                low * tall + drop + random.uniform(-0.02, 0.02, sides * 2) * tall,
            ],
            -1,
        )
        tip = np.array([[0, 0, high * tall]])
        points = np.concatenate([ring, tip])
        index = np.arange(sides * 2)
        skirt = Shape(
            points, np.stack([index, np.roll(index, -1), np.full(sides * 2, sides * 2)], 1)
        ).flat()
        tone = random.uniform(0.7, 1.25, (sides * 2, 1))
        skirt.colour = np.repeat(np.array([[0.045, 0.075, 0.035]]) * tone, 3, 0)
        parts.append(skirt)
    return joined(*parts)


def trees(mesh: Mesh) -> None:
    """Spruces on the slope above, some close to the road, and tops of those below."""
    random = np.random.default_rng(77)
    places = [
        (random.uniform(6.2, 9.5), y, 1.0) for y in (8, 15, 19, 33, 37, 41, 58, 63, 68, 72, 88)
    ]
    places += [(random.uniform(11, 22), y, 1.0) for y in np.arange(3, LONG, 12.0)]
    places += [(random.uniform(-13, -9.5), y, -1.0) for y in (6, 24, 28, 47)]
    places += [
        (random.uniform(-8.8, -7.9), y, -1.0) for y in (60.0, 64.5, 70.0, 75.0, 81.0, 86.5, 91.0)
    ]
    places += [(random.uniform(-24, -15), y, -1.0) for y in np.arange(2, LONG, 16)]
    for x, along, _ in places:
        y = float(along + random.uniform(-1.6, 1.6)) % LONG
        tall = random.uniform(5.5, 9.5) if x > 0 else random.uniform(6, 10)
        high = 5.2 + 2.2 * float(waves(np.array(y), 2, 5))
        ground = (
            high * np.interp(x, (5.0, 6.6, 9.5, 16, 30), (0.75, 1.0, 1.25, 1.9, 3.2))
            if x > 0
            else np.interp(x, (-42, -20, -11, -7.4), (-20, -8.5, -2.6, -0.5))
        )
        mesh.add(conifer(random, tall).at(float(x), y, float(ground) - 0.3), "spruce", CHUNK)


def tufts(mesh: Mesh) -> None:
    """Grass and low bushes along both edges: what flies past closest."""
    random = np.random.default_rng(78)
    blades: list[Shape] = []
    for _ in range(70):
        left = random.uniform() < 0.5
        x = random.uniform(-7.2, -5.75) if left else random.uniform(2.5, 3.9)
        y, tall = random.uniform(0.3, LONG - 0.3), random.uniform(0.15, 0.42)
        z = -0.15 if left else np.interp(x, (2.5, 3.1, 3.9), (-0.05, -0.22, 0.15))
        turn, wide = random.uniform(0, np.pi), random.uniform(0.025, 0.06)
        a, lean = np.array([np.cos(turn), np.sin(turn), 0]) * wide, random.uniform(-0.12, 0.12, 2)
        foot = np.array([x, y, z])
        tip = foot + np.array([lean[0], lean[1], tall])
        tone = random.uniform(0.7, 1.3)
        hue = np.asarray(GRASS if random.uniform() < 0.55 else DRY) * tone
        for side in (a, np.array([-a[1], a[0], 0])):
            for shift in (-1.2, 1.2):
                root = foot + side * shift
                points = np.stack([root - side, root + side, tip + side * shift * 3.5])
                blades.append(Shape(points, [(0, 1, 2)]).painted(tuple(hue)))
    mesh.add(joined(*blades), "grass", CHUNK)


def poles(mesh: Mesh) -> None:
    """Telegraph poles every 48 m, and two wires between them."""
    x = -7.3
    for y in (20.0, 68.0):
        pole = drawn(np.array([(x, y, -1.0), (x, y, 6.6)]), (0.11, 0.08), 7)
        arm = box((x - 0.75, y - 0.05, 6.1), (x + 0.75, y + 0.05, 6.22))
        mesh.add(joined(pole, arm).painted((0.13, 0.095, 0.07)), "painted", CHUNK)
    for dx in (-0.68, 0.68):
        t = np.linspace(0, LONG, 17)
        sag = ((t - 20.0) % 48.0) / 48.0
        path = np.stack([np.full_like(t, x + dx), t, 6.25 - 2.6 * sag * (1 - sag)], -1)
        mesh.add(drawn(path, 0.018, 3, ends=False).painted((0.03, 0.03, 0.03)), "painted", CHUNK)


def build(mesh: Mesh) -> None:
    """All of a stretch."""
    asphalt(mesh)
    banks(mesh)
    rail(mesh)
    trees(mesh)
    tufts(mesh)
    poles(mesh)
