"""Make the lane: every mesh, texture and baked light of the set, from one seed, without input.

    python scenes/lantern_street/make.py          # writes assets/*.glb (about ten seconds)

Needs numpy and pillow. Frame: the stage's (x right, y into the wall, z up, metres).
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
# What sets share is in scenes/making, what only this one needs in making beside this file.
sys.path[:0] = [str(HERE), str(HERE.parent)]

from making import album, beyond, finishes, gate, lanterns, pictures, props  # noqa: E402
from making.bake import Place, add_lamp, bake  # noqa: E402
from making.houses import Plot, Side, fire_wall, shop, white_wall  # noqa: E402
from making.mesh import Mesh  # noqa: E402
from making.shapes import box, card, drawn, grid, panel, turned  # noqa: E402
from making.taper import taper  # noqa: E402

from xrdrama.gltf.meshes import Model  # noqa: E402
from xrdrama.gltf.writer import write_glb  # noqa: E402

TILE = 2.4
MOVING = finishes.CARDS | {"lantern_paper", "lantern_old", "fittings", "cloth", "flame"}
FILES = {
    "lane": {
        "behind", "behind_left", "behind_right", "lanterns_behind", "near", "middle", "far_lane",
        "lanterns", "gate", "props", "cards", "door", "flame",
    },
    "beyond": {"beyond", "far"},
}  # fmt: skip

# What stops light, and what only receives it.
OPAQUE = frozenset({"plaster", "timber", "tiles", "stone", "painted", "lattice"})
BAKED = Place(
    low=(-6.2, -7.2, -0.05),
    high=(6.2, 18.0, 7.2),
    opaque=OPAQUE,
    receives=OPAQUE
    | {"paving", "prints", "fittings", "cloth", "door_leaf"}
    | {"lantern_paper", "lantern_old", "far", "inside"},
    albedo={
        "plaster": 0.62, "timber": 0.12, "tiles": 0.05, "stone": 0.20, "paving": 0.09,
        "lattice": 0.2,
    },
    lamp_reach={lanterns.THIRTEENTH: 11.0},
)  # fmt: skip


def ground(mesh: Mesh) -> None:
    """The paving of the lane, finer where the lanterns draw on it, and the square at the quay."""
    y = np.concatenate(
        [np.arange(-7, -1, 0.8), np.arange(-1, 13, 0.36), np.linspace(13.1, 16.62, 6)]
    )
    x = np.linspace(-3.45, 3.45, 20)
    for chunk, low, high in (
        ("behind", -8.0, 2.2),
        ("near", 2.1, 4.8),
        ("middle", 4.7, 12.0),
        ("far_lane", 11.9, 18.0),
    ):
        part = y[(y >= low - 0.4) & (y <= high)]
        px, py = np.meshgrid(x, part)
        uv = np.stack([px / TILE, -py / TILE], -1)
        mesh.add(grid(np.stack([px, py, np.zeros_like(px)], -1), uv), "paving", chunk)
    for sign in (-1, 1):
        low, high = sorted((sign * 3.45, sign * 9.0))
        mesh.add(
            panel((low, 12.7, 0), (high - low, 0, 0), (0, 4.4, 0), repeat=TILE, step=0.9),
            "paving",
            "far_lane",
        )


def houses(mesh: Mesh, random: np.random.Generator) -> None:
    """Six houses on each side."""

    def plot(sign: int, start: float, end: float) -> Plot:
        middle = (start + end) / 2
        chunk = (
            f"behind_{'left' if sign < 0 else 'right'}"
            if middle < 2.0
            else "near"
            if middle < 4.6
            else "middle"
            if middle < 10.0
            else "far_lane"
        )
        return Plot(mesh, Side(sign, start, end - start), chunk, random)

    left, right = -1, 1
    shop(plot(left, -6.4, -3.3), door_at=1.5)
    white_wall(plot(left, -3.3, -0.4), door_at=0.7)
    shop(plot(left, -0.4, 2.5), door_at=0.45, upper=True, lit=0.8)
    white_wall(
        plot(left, 2.5, 5.2), door_at=1.1, height=4.5, lit=0.55, couplets=("couplet_c", "couplet_b")
    )
    shop(
        plot(left, 5.2, 8.3),
        door_at=0.8,
        open_part="door",
        couplets=("couplet_a", "couplet_b"),
        height=2.82,
    )
    shop(
        plot(left, 8.3, 11.7),
        door_at=1.75,
        upper=True,
        couplets=("couplet_c", "couplet_b"),
        lit=0.95,
    )
    shop(plot(right, -6.4, -3.6), door_at=0.5)
    shop(plot(right, -3.6, -0.6), door_at=1.3, upper=True, lit=0.7)
    white_wall(plot(right, -0.6, 2.2), door_at=0.8)
    shop(plot(right, 2.2, 4.7), door_at=0.35, height=2.9, lit=0.6)
    shop(
        plot(right, 4.7, 7.7),
        door_at=1.6,
        marker=True,
        couplets=("couplet_a", "couplet_b"),
        height=2.75,
    )
    shop(
        plot(right, 7.7, 11.4),
        door_at=0.7,
        couplets=("couplet_b", "couplet_c"),
        height=2.95,
        ridge=1.45,
    )
    for sign, y, heights, chunk in (
        (left, -3.3, (3.9, 4.9), "behind_left"),
        (left, -0.4, (4.6, 5.6), "behind_left"),
        (left, 2.5, (4.6, 5.6, 6.2), "near"),
        (left, 11.75, (5.2, 6.2), "far_lane"),
        (right, -3.6, (4.3, 5.2), "behind_right"),
        (right, 2.2, (4.2, 5.0), "near"),
        (right, 7.7, (3.75, 4.5, 5.1), "middle"),
        (right, 11.45, (3.2, 3.7), "far_lane"),
    ):
        fire_wall(mesh, Side(sign, 0, 1), y, heights, chunk, random)


def grandmothers_door(mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
    """The door leaf that opens, and the warm room behind it; returns the position of its light."""
    leaf = panel((-3.4, 6.005, 0.16), (0, 0.59, 0), (0, 0, 1.98), repeat=1.3, step=0.5)
    back = panel((-3.44, 6.595, 0.16), (0, -0.59, 0), (0, 0, 1.98), repeat=1.3, step=0.5)
    mesh.add(leaf.painted((0.62, 0.26, 0.18)), "door_leaf", "door")
    mesh.add(back.painted((0.5, 0.22, 0.16)), "door_leaf", "door")
    left, top, right, bottom = (v / 512 for v in pictures.PRINTS["god_left"])
    god = panel(
        (-3.388, 6.115, 1.2), (0, 0.37, 0), (0, 0, 0.53), uv=(left, top, right, bottom), step=0.5
    )
    mesh.add(god, "prints", "door")
    # Hinged at its nearer jamb: the eye goes past it to the far wall of the room.
    mesh.part("door", (-3.42, 6.0, 0.0))
    for corner, along, strength in (
        ((-5.2, 5.5, 0.16), (0, 2.6, 0), 0.9),
        ((-5.2, 7.9, 0.16), (1.76, 0, 0), 1.0),
        ((-3.46, 5.5, 0.16), (-1.74, 0, 0), 0.6),
    ):
        wall = panel(corner, along, (0, 0, 2.1), step=0.3)
        lamp = np.linalg.norm(wall.points - np.array([-4.2, 7.1, 1.5]), axis=1)
        tone = np.clip(strength * 1.5 / (0.5 + lamp * lamp), 0.05, 1.0)
        wall.colour = np.stack([tone, 0.62 * tone**1.25, 0.30 * tone**1.6], 1)
        mesh.add(wall, "inside", "middle")
    mesh.add(
        panel((-5.2, 5.5, 0.16), (1.76, 0, 0), (0, 2.4, 0), step=0.6).painted((0.42, 0.20, 0.08)),
        "inside",
        "middle",
    )
    table = [
        ((-4.7, 7.25, 0.86), (-3.95, 7.75, 0.92)),
        ((-4.66, 7.3, 0.16), (-4.6, 7.36, 0.86)),
        ((-4.05, 7.3, 0.16), (-3.99, 7.36, 0.86)),
    ]
    for low, high in table:
        mesh.add(box(low, high).painted((0.07, 0.028, 0.012)), "inside", "middle")
    for x, r, h in ((-4.45, 0.06, 0.10), (-4.28, 0.075, 0.16), (-4.12, 0.05, 0.08)):
        bowl = turned([(r * 0.5, 0), (r, h * 0.6), (r * 0.85, h)], 8).at(x, 7.5, 0.92)
        mesh.add(bowl.painted((0.13, 0.06, 0.03)), "inside", "middle")
    left, top, right, bottom = (v / 512 for v in pictures.PRINTS["fu"])
    blessing = panel((-4.48, 7.88, 1.28), (0.44, 0, 0), (0, 0, 0.44), uv=(left, top, right, bottom))
    mesh.add(blessing, "prints", "middle")
    shine = card((-3.3, 6.3, 1.1)).painted((0.75, 0.34, 0.10))
    mesh.add(
        shine,
        "streak",
        "cards",
        motion=(-3.3, 6.3, 1.1, 0.5),
        bake=np.eye(4)[lanterns.DOOR],
        size=(0.34, 0.9),
    )
    samples = np.array([[-3.46, y, z] for y in (6.12, 6.3, 6.48) for z in (0.7, 1.2, 1.7)])
    return samples, np.array([1.0, 0.0, 0.0])


def door_light(
    door: tuple[np.ndarray, np.ndarray],
    light: np.ndarray,
    start: np.ndarray,
    normals: np.ndarray,
    wrap: np.ndarray,
    solid: np.ndarray,
) -> None:
    """Add what falls out of the open door; `door` is (samples, facing)."""
    samples, facing = door
    for at in samples:
        add_lamp(
            light, lanterns.DOOR, start, normals, wrap, at, 2.6 / len(samples), solid, BAKED,
            facing=facing, reach=11.0, soft=0.9,
        )  # fmt: skip


def lights(mesh: Mesh, random: np.random.Generator) -> None:
    """Ropes, twelve lanterns, the thirteenth, and the windows' shine on the stones."""
    one = lanterns.rope(mesh, (-2.75, 5.9, 3.75), (2.65, 6.6, 3.55), 0.30)
    lanterns.hang(mesh, one, 0.13, drop=0.30, phase=0.07)
    lanterns.hang(mesh, one, 0.93, drop=0.16, phase=0.61, size=0.92)
    two = lanterns.rope(mesh, (-2.7, 7.55, 3.75), (2.7, 8.0, 3.45), 0.30)
    lanterns.hang(mesh, two, 0.22, drop=0.42, phase=0.29, size=0.9)
    lanterns.hang(mesh, two, 0.86, drop=0.24, phase=0.83, size=1.05)
    for x, y, z, phase, size in (
        (-2.72, 9.0, 2.32, 0.45, 0.85),
        (-2.62, 11.2, 2.55, 0.18, 0.95),
        (2.72, 9.75, 2.28, 0.72, 0.9),
        (2.66, 11.25, 2.16, 0.36, 0.85),
    ):
        bracket(mesh, x, y, z + 0.215 * size + 0.14)
        lanterns.lantern(mesh, (x, y, z), phase=phase, size=size, cord=0.14)
    back = "lanterns_behind"
    three = lanterns.rope(mesh, (-2.7, -1.0, 3.1), (2.75, -0.4, 3.5), 0.32, chunk=back)
    lanterns.hang(mesh, three, 0.2, drop=0.2, phase=0.52, chunk=back)
    lanterns.hang(mesh, three, 0.86, drop=0.28, phase=0.93, size=1.05, chunk=back)
    for x, y, z, phase in ((-2.7, -2.6, 2.3, 0.11), (2.7, -3.1, 2.35, 0.68)):
        bracket(mesh, x, y, z + 0.355, chunk=back)
        lanterns.lantern(mesh, (x, y, z), phase=phase, cord=0.14, chunk=back)
    old = lanterns.rope(mesh, (-2.6, 9.55, 4.55), (2.6, 8.55, 3.78), 0.36, points=13)
    top = float(np.interp(0.55, old[:, 0], old[:, 2]))
    lanterns.lantern(mesh, (0.55, 9.0, 2.75), phase=0.0, cord=top - 3.05, old=True, size=1.0)
    flag = lanterns.rope(mesh, (-2.7, 5.2, 3.8), (2.6, 6.5, 4.15), 0.42, points=13)
    lanterns.flags(mesh, flag, random, 13)
    for at, w, h, lit, sign in mesh.lit_windows:
        if lit < 0.3 or at[2] > 2.6:
            continue
        p = (float(at[0]) - sign * 0.05, float(at[1]), float(at[2]))
        still = (*p, 0.5)
        glow = card(p).painted(tuple(np.array([0.40, 0.18, 0.055]) * lit))
        mesh.add(glow, "streak", "cards", motion=still, bake=np.eye(4)[2], size=(w * 0.32, h * 0.5))


def bracket(mesh: Mesh, x: float, y: float, z: float, *, chunk: str = "lanterns") -> None:
    """A wooden arm out of a wall, for a lantern."""
    wall = np.sign(x) * 3.42
    path = np.array([[wall, y, z + 0.03], [x - np.sign(x) * 0.05, y, z + 0.03]])
    mesh.add(drawn(path, 0.022, 5).painted((0.09, 0.06, 0.045)), "painted", chunk)
    path = np.array([[wall, y, z - 0.28], [wall - np.sign(x) * 0.3, y, z + 0.03]])
    mesh.add(drawn(path, 0.016, 4).painted((0.09, 0.06, 0.045)), "painted", chunk)


def build() -> Mesh:
    """All of the set, baked."""
    random = np.random.default_rng(20261123)
    mesh = Mesh()
    ground(mesh)
    houses(mesh, random)
    door = grandmothers_door(mesh)
    gate.gate(mesh, random)
    beyond.quay(mesh)
    beyond.bridge(mesh)
    beyond.water(mesh)
    beyond.banks(mesh, random)
    beyond.pagoda(mesh, 22.5, 126.0, 9.0)
    beyond.hills(mesh, random)
    beyond.mist(mesh)
    beyond.boat(mesh)
    beyond.far_end(mesh, random)
    props.cart(mesh)
    props.bicycle(mesh)
    props.jars(mesh, random)
    props.cat(mesh, (3.12, 8.0, 0.0), -60.0)
    props.crackers(mesh, random)
    lights(mesh, random)
    taper(mesh)
    bake(mesh, BAKED, partial(door_light, door))
    return mesh


def main() -> None:
    """Write assets/*.glb."""
    began = time.monotonic()
    mesh = build()
    (HERE / "assets").mkdir(exist_ok=True)
    for name, chunks in FILES.items():
        looks, images = finishes.materials()
        names = [m.name for m in looks]
        nodes = mesh.nodes(names, moving=MOVING, cards=finishes.CARDS)
        kept = tuple(node for node in nodes if node.name in chunks)
        content = write_glb(album.used(Model(kept, tuple(looks), tuple(images))))
        (HERE / "assets" / f"{name}.glb").write_bytes(content)
        print(f"assets/{name}.glb: {len(content):,} bytes")
    print(f"{mesh.triangle_count():,} triangles, {time.monotonic() - began:.0f} s")
    for (chunk, material), group in sorted(mesh.groups.items()):
        print(f"  {chunk:12} {material:14} {sum(len(s.triangles) for s in group.shapes):6}")


if __name__ == "__main__":
    main()
