"""The room itself: floor, walls, beams, the round window, lattices, and what keeps out the sun."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh, Shape, joined
from making.shapes import bevelled, box, drawn, grid, panel, turned

# The room, metres: half its width, its near and far walls, the height of the ceiling.
HALF, NEAR, FAR, TOP = 3.0, -5.2, 9.0, 3.5
# The round window: middle and radius, and how thick its wall is.
ROUND, RADIUS, DEEP = (0.35, 1.78), 1.36, 0.34
# The bays of the right wall, from and to along y; sill and head.
BAYS = ((-3.2, -1.5), (-0.9, 0.9), (1.5, 3.3), (3.9, 5.7), (6.3, 8.1))
SILL, HEAD = 0.72, 2.72
WOOD, DARK, WARM = (0.15, 0.085, 0.052), (0.075, 0.042, 0.028), (0.24, 0.13, 0.075)


def chunk_at(y: float) -> str:
    """The piece of the room that a place along y belongs to; views that see none cull it."""
    return "behind" if y < -0.4 else "near" if y < 4.2 else "far_end"


def floor(mesh: Mesh) -> None:
    """Polished boards, finer where the sun draws on them."""
    for low, high, step in ((NEAR, -0.4, 0.45), (-0.4, 4.2, 0.24), (4.2, FAR, 0.24)):
        piece = panel((-HALF, low, 0), (2 * HALF, 0, 0), (0, high - low, 0), repeat=2.0, step=step)
        mesh.add(piece, "boards", chunk_at((low + high) / 2))


def round_wall(mesh: Mesh) -> None:
    """The far wall with its round window, the reveal and the wooden ring in it."""
    sides, rings = 56, 6
    angle = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ray = np.stack([np.cos(angle), np.sin(angle)], 1)
    cx, cz = ROUND
    with np.errstate(divide="ignore"):
        across = np.where(ray[:, 0] > 0, HALF - cx, HALF + cx) / np.abs(ray[:, 0])
        up = np.where(ray[:, 1] > 0, TOP - cz, cz) / np.abs(ray[:, 1])
    edge = np.minimum(across, up)
    share = np.linspace(0, 1, rings) ** 1.3
    reach = RADIUS + (edge - RADIUS)[None] * share[:, None]
    x, z = cx + reach * ray[:, 0], cz + reach * ray[:, 1]
    points = np.stack([x, np.full_like(x, FAR), z], -1)
    wall = grid(points, np.stack([x / 3.0, -z / 3.0], -1), close=True)
    wall.normals = np.tile([0.0, -1.0, 0.0], (len(wall.points), 1))
    wall.triangles = _facing(wall)
    mesh.add(wall, "plaster", "far_end")
    t = np.linspace(0, 1, 3)
    y = FAR + DEEP * t
    circle = np.stack(
        np.broadcast_arrays(
            cx + RADIUS * ray[None, :, 0], y[:, None], cz + RADIUS * ray[None, :, 1]
        ),
        -1,
    )
    reveal = grid(circle[::-1], close=True)
    inward = np.array([cx, 0, cz]) - reveal.points
    inward[:, 1] = 0
    reveal.normals = inward / np.linalg.norm(inward, axis=1, keepdims=True)
    reveal.triangles = _facing(reveal)
    mesh.add(reveal.painted((0.9, 0.88, 0.84)), "plaster", "far_end")
    turn = np.linspace(0, 2 * np.pi, sides + 1)
    for r, thick, y in ((RADIUS - 0.015, 0.045, FAR - 0.01), (RADIUS - 0.02, 0.03, FAR + DEEP)):
        path = np.stack([cx + r * np.cos(turn), np.full_like(turn, y), cz + r * np.sin(turn)], -1)
        ring = drawn(path, thick, 6, hint=(0, 1, 0), ends=False)
        mesh.add(ring.painted(WOOD), "painted", "far_end")


def _facing(shape: Shape) -> np.ndarray:
    """Its triangles, turned so that they face along its normals."""
    a, b, c = (shape.points[shape.triangles[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    away = np.sum(across * shape.normals[shape.triangles[:, 0]], axis=1) < 0
    triangles = shape.triangles.copy()
    triangles[away] = triangles[away][:, ::-1]
    return triangles


def right_wall(mesh: Mesh, random: np.random.Generator) -> None:
    """Posts, sills and five bays of lattice that the morning sun comes through."""
    edges = [NEAR, *(v for bay in BAYS for v in bay), FAR]
    for low, high in zip(edges[0::2], edges[1::2], strict=True):
        wall = panel((HALF, high, 0), (0, low - high, 0), (0, 0, TOP), repeat=3.0, step=0.4)
        mesh.add(wall, "plaster", chunk_at((low + high) / 2))
    for low, high in BAYS:
        chunk = chunk_at((low + high) / 2)
        for z0, z1 in ((0.0, SILL), (HEAD, TOP)):
            wall = panel(
                (HALF, high, z0), (0, low - high, 0), (0, 0, z1 - z0), repeat=3.0, step=0.4
            )
            mesh.add(wall, "plaster", chunk)
        frame = [
            bevelled(
                (HALF - 0.10, low - 0.06, SILL - 0.05), (HALF + 0.16, high + 0.06, SILL + 0.03)
            ),
            box((HALF - 0.05, low - 0.04, HEAD - 0.02), (HALF + 0.14, high + 0.04, HEAD + 0.09)),
            box((HALF - 0.05, low - 0.05, SILL), (HALF + 0.12, low + 0.045, HEAD)),
            box((HALF - 0.05, high - 0.045, SILL), (HALF + 0.12, high + 0.05, HEAD)),
            box(
                (HALF - 0.03, (low + high) / 2 - 0.035, SILL),
                (HALF + 0.07, (low + high) / 2 + 0.035, HEAD),
            ),
        ]
        mesh.add(joined(*frame).painted(WOOD), "painted", chunk)
        for start in (low + 0.045, (low + high) / 2 + 0.035):
            bars = lattice(start, (high - low) / 2 - 0.08, SILL + 0.03, HEAD - 0.02)
            mesh.add(bars.painted(WOOD), "painted", chunk)
        # Sheets of lit dust lean from each bay.
        for y in np.linspace(low + 0.2, high - 0.3, 4):
            shaft(
                mesh,
                (HALF - 0.02, y, SILL + 0.05),
                (HALF - 0.02, y + 0.18, HEAD - 0.05),
                (-1, 0, 0),
                3.9,
                random.uniform(0.030, 0.052),
            )


def lattice(y: float, wide: float, low: float, high: float) -> Shape:
    """Bars in one casement: a border, a middle field that is left open, cross bars at its ends."""
    bars: list[Shape] = []
    x0, x1, t = HALF + 0.005, HALF + 0.03, 0.011

    def bar(y0: float, y1: float, z0: float, z1: float) -> None:
        bars.append(box((x0, y0, z0), (x1, y1, z1)))

    inset, third = wide * 0.20, (high - low) * 0.20
    for at in (y + inset, y + wide - inset):
        bar(at - t, at + t, low, high)
    for at in (low + third, high - third, low + third * 0.5, high - third * 0.5):
        bar(y, y + wide, at - t, at + t)
    for at in np.linspace(low + third, high - third, 5)[1:-1]:
        bar(y, y + inset, at - t, at + t)
        bar(y + wide - inset, y + wide, at - t, at + t)
    for at in np.linspace(y + inset, y + wide - inset, 3)[1:-1]:
        for z0, z1 in ((low, low + third), (high - third, high)):
            bar(at - t, at + t, z0, z1)
    return joined(*bars)


def shaft(
    mesh: Mesh,
    below: tuple[float, float, float],
    above: tuple[float, float, float],
    inward: tuple[float, float, float],
    reach: float,
    amount: float,
    *,
    material: str = "shaft",
) -> None:
    """A sheet of dust in the sun between two points of an opening that faces `inward`.

    The shader draws it out along the light.
    """
    a, b = np.asarray(below, float), np.asarray(above, float)
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    sheet = Shape(
        np.stack([a, b, b, a]),
        [(0, 1, 2), (0, 2, 3)],
        normals=np.tile(np.asarray(inward, float), (4, 1)),
        uv=uv,
    )
    mesh.add(sheet.painted((amount,) * 3), material, "cards", motion=(0, 0, 0, reach))


def left_wall(mesh: Mesh) -> None:
    """Plaster over a wainscot of boards, and the back wall."""
    for low, high in ((NEAR, -0.4), (-0.4, 4.2), (4.2, FAR)):
        chunk = chunk_at((low + high) / 2)
        wall = panel((-HALF, low, 0.9), (0, high - low, 0), (0, 0, TOP - 0.9), repeat=3.0, step=0.4)
        boards = panel(
            (-HALF + 0.03, low, 0), (0, high - low, 0), (0, 0, 0.9), repeat=1.5, step=0.45
        )
        mesh.add(wall, "plaster", chunk)
        mesh.add(boards.painted((0.62, 0.5, 0.44)), "timber", chunk)
        rail = box((-HALF, low, 0.88), (-HALF + 0.06, high, 0.95), skip="l")
        mesh.add(rail.painted(WOOD), "painted", chunk)
    back = panel((HALF, NEAR, 0), (-2 * HALF, 0, 0), (0, 0, TOP), repeat=3.0, step=0.6)
    mesh.add(back, "plaster", "behind")


def ceiling(mesh: Mesh, random: np.random.Generator) -> None:
    """Boards over dark beams."""
    for low, high in ((NEAR, -0.4), (-0.4, 4.2), (4.2, FAR)):
        boards = panel(
            (-HALF, high, TOP), (2 * HALF, 0, 0), (0, low - high, 0), repeat=1.5, step=0.6
        )
        mesh.add(boards.painted((0.55, 0.44, 0.38)), "timber", chunk_at((low + high) / 2))
    for y in (-3.6, -1.2, 1.15, 3.6, 6.0, 8.35):
        z = TOP - 0.26 + random.uniform(-0.01, 0.01)
        beam = bevelled((-HALF, y - 0.11, z), (HALF, y + 0.11, TOP + 0.02), 0.02)
        under = panel((-HALF, y + 0.11, z), (2 * HALF, 0, 0), (0, -0.22, 0), step=0.5)
        mesh.add(joined(beam, under).painted(DARK), "painted", chunk_at(y))
        for side in (-1, 1):
            arm = [
                (side * (HALF - 0.03), y, z - 0.42),
                (side * (HALF - 0.16), y, z - 0.16),
                (side * (HALF - 0.5), y, z),
            ]
            mesh.add(
                drawn(np.array(arm), (0.06, 0.055, 0.045), 5).painted(DARK), "painted", chunk_at(y)
            )
            post = turned([(0.10, 0.0), (0.095, 0.1), (0.095, z)], 9)
            mesh.add(
                post.at(side * (HALF - 0.02), y, 0).painted((0.16, 0.055, 0.035)),
                "painted",
                chunk_at(y),
            )


def frame_in_front(mesh: Mesh) -> None:
    """What the picture is framed by: a lacquered column near the eye, and its stone foot."""
    x, y = -1.62, 1.15
    column = turned([(0.165, 0.12), (0.16, 0.5), (0.155, TOP - 0.2)], 16)
    foot = turned([(0.20, 0.0), (0.25, 0.03), (0.24, 0.09), (0.18, 0.13)], 16)
    mesh.add(column.at(x, y).painted((0.10, 0.022, 0.016)), "lacquer", "near")
    mesh.add(foot.at(x, y).painted((0.30, 0.29, 0.28)), "painted", "near")


def build(mesh: Mesh, random: np.random.Generator) -> None:
    """All of it."""
    floor(mesh)
    round_wall(mesh)
    right_wall(mesh, random)
    left_wall(mesh)
    ceiling(mesh, random)
    frame_in_front(mesh)
    for x in np.linspace(-1.2, 1.2, 15):
        high = float(np.sqrt(RADIUS**2 - x * x)) * 0.97
        shaft(
            mesh,
            (ROUND[0] + x, FAR + 0.05, ROUND[1] - high),
            (ROUND[0] + x + 0.05, FAR + 0.05, ROUND[1] + high),
            (0, -1, 0),
            9.0,
            random.uniform(0.010, 0.016),
            material="shaft_evening",
        )
