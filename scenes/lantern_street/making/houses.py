"""The houses of the lane: timber shop fronts, two-storey houses, white walls with stepped tops.

A house is built in its own frame: x to the right along its front, -y out into the lane (so that
boxes face the viewer with their front), z up; `Side` puts it on the left or right of the lane.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from making.mesh import Mesh, Shape, joined, placed
from making.pictures import PRINTS
from making.shapes import bevelled, box, drawn, grid, panel

FRONT = 3.4
STEP = 0.42
DARK_WOOD = (0.42, 0.30, 0.24)
RED_WOOD = (0.62, 0.26, 0.18)
GREY_WOOD = (0.62, 0.56, 0.50)


@dataclass(frozen=True)
class Side:
    """Left (-1) or right (+1) of the lane; leads from a house's frame to the lane's."""

    sign: int
    start: float  # y of the house's nearer end
    width: float

    def matrix(self) -> np.ndarray:
        """The left fronts look to +x, the right ones to -x."""
        if self.sign < 0:
            return placed(-FRONT, self.start, 0, pan=90)
        return placed(FRONT, self.start + self.width, 0, pan=-90)


@dataclass
class Plot:
    """A house under construction."""

    mesh: Mesh
    side: Side
    chunk: str
    random: np.random.Generator

    def add(self, shape: Shape, material: str, colour: tuple[float, float, float] = (1, 1, 1), *,
            chunk: str | None = None) -> None:  # fmt: skip
        """A piece in the house's frame."""
        tint = np.asarray(colour) * self.random.uniform(0.94, 1.06)
        if material == "plaster":
            # Damp rises from the stones and leaves its tide marks.
            z = shape.points[:, 2] + 0.12 * np.sin(5 * shape.points[:, 0] + self.side.start)
            dry = np.clip((z - 0.1) / 1.3, 0, 1)[:, None]
            shape = replace(
                shape, colour=shape.colour * (np.array([0.46, 0.49, 0.47]) * (1 - dry) + dry)
            )
        self.mesh.add(
            shape.painted(tuple(tint)).moved(self.side.matrix()), material, chunk or self.chunk
        )

    def world(self, x: float, y: float, z: float) -> np.ndarray:
        """A point of the house's frame in the lane's."""
        return self.side.matrix()[:3] @ np.array([x, y, z, 1.0])


def eave(plot: Plot, low: tuple[float, float], high: tuple[float, float], x0: float, x1: float, *,
         ends: bool = True) -> None:  # fmt: skip
    """A tiled slope from its edge (y, z) up to (y, z), sagging as old roofs do, with tile ends."""
    (y0, z0), (y1, z1) = low, high
    w = x1 - x0
    columns, rows = max(3, round(w / 0.8)), 5
    s, t = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1))
    sag = -0.16 * np.sin(np.pi * np.clip(t * 1.1, 0, 1)) * abs(z1 - z0) ** 0.5
    lift = 0.10 * (np.abs(s * 2 - 1) ** 3) * (1 - t)
    wave = 0.025 * np.sin(7 * s + plot.side.start)
    points = np.stack(
        [x0 + s * w, y0 + t * (y1 - y0), z0 + t * (z1 - z0) + sag + lift + wave * (1 - t)], -1
    )
    run = np.hypot(y1 - y0, z1 - z0)
    uv = np.stack([(x0 + s * w) / 0.92, -t * run / 1.25], -1)
    plot.add(grid(points, uv), "tiles")
    under = points[:3, :, :].copy()
    under[..., 2] -= 0.07
    plot.add(grid(under[:, ::-1], uv[:3, ::-1]), "timber", DARK_WOOD)
    if not ends:
        return
    edge = points[0]
    count = round(w / 0.23)
    at = (np.arange(count) + 0.5) / count
    px = np.interp(at, s[0], edge[:, 0])
    pz = np.interp(at, s[0], edge[:, 2])
    disc = np.array(
        [[np.cos(a), 0, np.sin(a)] for a in np.linspace(0, 2 * np.pi, 6, endpoint=False)]
    )
    fan = [(0, i, i + 1) for i in range(1, 5)]
    pieces = []
    for i in range(count):
        r = 0.052 * plot.random.uniform(0.92, 1.08)
        ring = disc * r + (px[i], y0 - 0.035, pz[i] + 0.03)
        pieces.append(Shape(ring, fan, normals=np.tile([0, -1.0, 0.15], (6, 1))))
        if i + 1 < count:
            mid, drop = (px[i] + px[i + 1]) / 2, plot.random.uniform(0.07, 0.10)
            tri = np.array(
                [
                    [px[i] + 0.04, y0 - 0.02, pz[i]],
                    [mid, y0 - 0.02, pz[i] - drop],
                    [px[i + 1] - 0.04, y0 - 0.02, pz[i]],
                ]
            )
            pieces.append(Shape(tri, [(0, 1, 2)], normals=np.tile([0, -1.0, 0], (3, 1))))
    plot.add(joined(*pieces), "painted", (0.055, 0.058, 0.07))


def print_at(
    plot: Plot, name: str, x: float, y: float, z: float, w: float, h: float, *, lean: float = 0.0
) -> None:
    """A print with its centre at (x, y, z) on the front, a little askew."""
    left, top, right, bottom = (v / 512 for v in PRINTS[name])
    turn = np.radians(lean)
    r = np.array([np.cos(turn), 0, np.sin(turn)])
    u = np.array([-np.sin(turn), 0, np.cos(turn)])
    corner = np.array([x, y, z]) - r * w / 2 - u * h / 2
    shape = panel(corner, r * w, u * h, uv=(left, top, right, bottom), step=0.5)
    plot.mesh.add(shape.moved(plot.side.matrix()), "prints", plot.chunk)


def window(plot: Plot, x: float, z: float, w: float, h: float, *, y: float = 0.03, kind: int = 0,
           lit: float = 1.0) -> None:  # fmt: skip
    """A lattice panel; `lit` dims its paper."""
    shape = panel(
        (x, y, z), (w, 0, 0), (0, 0, h), uv=(kind * 0.5, 0, kind * 0.5 + 0.5, 1), step=0.5
    )
    plot.mesh.add(shape.painted((lit, lit, lit)).moved(plot.side.matrix()), "lattice", plot.chunk)
    plot.mesh.lit_windows.append(
        (plot.world(x + w / 2, y - 0.05, z + h / 2), w, h, lit, plot.side.sign)
    )


def door(plot: Plot, x: float, *, leaf: float = 0.62, height: float = 2.0, sill: float = 0.16,
         couplets: tuple[str, str] | None = ("couplet_a", "couplet_b"), gods: bool = True,
         marker: bool = False, open_part: str = "") -> None:  # fmt: skip
    """A double door with its left jamb at x, its prints, its ring handles and a worn sill."""
    w = leaf * 2
    plot.add(
        bevelled((x - 0.14, -0.10, 0), (x, 0.06, height + sill + 0.05), 0.02), "timber", DARK_WOOD
    )
    plot.add(
        bevelled((x + w, -0.10, 0), (x + w + 0.14, 0.06, height + sill + 0.05), 0.02),
        "timber",
        DARK_WOOD,
    )
    plot.add(
        bevelled(
            (x - 0.22, -0.13, height + sill), (x + w + 0.22, 0.06, height + sill + 0.17), 0.02
        ),
        "timber",
        DARK_WOOD,
    )
    plot.add(bevelled((x - 0.24, -0.42, 0), (x + w + 0.24, -0.02, sill), 0.03), "stone")
    for i in range(2):
        if open_part and i == 0:
            continue
        lo = x + i * leaf
        plot.add(
            panel(
                (lo + 0.005, 0.0, sill), (leaf - 0.01, 0, 0), (0, 0, height), repeat=1.3, step=0.5
            ),
            "timber",
            RED_WOOD,
        )
        ring = 0.05 * np.array([[np.cos(a), 0, np.sin(a)] for a in np.linspace(0, 2 * np.pi, 7)])
        ring += np.array([lo + (leaf - 0.09 if i == 0 else 0.09), -0.03, sill + 1.02])
        handle = drawn(ring, 0.012, 3, hint=(0, 1, 0), ends=False)
        plot.add(handle, "painted", (0.55, 0.42, 0.2))
    if marker:
        print_at(plot, "marker", x + leaf / 2 + 0.0, -0.012, sill + 1.36, 0.56, 0.56, lean=-1.2)
        print_at(plot, "god_right", x + leaf * 1.5, -0.012, sill + 1.34, 0.36, 0.52, lean=1.4)
    elif gods:
        lean = plot.random.uniform(-1.5, 1.5)
        print_at(plot, "god_right", x + leaf * 1.5, -0.012, sill + 1.3, 0.37, 0.53, lean=-lean)
        if not open_part:
            print_at(plot, "god_left", x + leaf / 2, -0.012, sill + 1.3, 0.37, 0.53, lean=lean)
    if couplets:
        for name, cx in zip(couplets, (x - 0.07, x + w + 0.07), strict=True):
            print_at(
                plot, name, cx, -0.112, sill + 1.22, 0.21, 1.0, lean=plot.random.uniform(-0.8, 0.8)
            )
        print_at(
            plot,
            "across",
            x + leaf,
            -0.142,
            height + sill + 0.085,
            0.62,
            0.165,
            lean=plot.random.uniform(-1, 1),
        )


def bay_window(plot: Plot, x: float, w: float, *, kind: int, lit: float, top: float = 2.2) -> None:
    """Boards below, lattices above, a sill between."""
    plot.add(
        panel((x, 0.02, 0.2), (w, 0, 0), (0, 0, 0.75), repeat=1.3, step=STEP), "timber", GREY_WOOD
    )
    plot.add(
        bevelled((x - 0.02, -0.08, 0.95), (x + w + 0.02, 0.03, 1.02), 0.015), "timber", DARK_WOOD
    )
    count = max(1, round(w / 0.62))
    for i in range(count):
        dim = lit * plot.random.uniform(0.75, 1.0)
        window(
            plot,
            x + i * w / count,
            1.02,
            w / count - 0.015,
            top - 1.02,
            kind=(kind + i) % 2 if kind < 2 else 0,
            lit=dim,
        )


def post(plot: Plot, x: float, top: float) -> None:
    """A round post on a stone foot."""
    path = np.array([[x, -0.06, 0.16], [x, -0.06, top]])
    plot.add(drawn(path, 0.095, 7, hint=(0, 1, 0), ends=False), "painted", (0.20, 0.085, 0.06))
    plot.add(bevelled((x - 0.15, -0.21, 0), (x + 0.15, 0.09, 0.17), 0.035), "stone")


def shop(
    plot: Plot,
    *,
    height: float = 2.75,
    door_at: float = 0.4,
    lit: float = 1.0,
    marker: bool = False,
    couplets: tuple[str, str] = ("couplet_a", "couplet_b"),
    open_part: str = "",
    upper: bool = False,
    ridge: float = 1.7,
) -> float:
    """A timber front: door bay, window bays, beam and eave; `upper` adds a storey. Eave height."""
    w = plot.side.width
    plot.add(
        box((0, -0.13, 0), (w, 0.0, 0.2), skip="bd", repeat=1.6, step=0.6),
        "stone",
        (0.85, 0.85, 0.85),
    )
    beam = height - 0.42
    leaf = 0.60
    dw = leaf * 2
    door(
        plot,
        door_at,
        leaf=leaf,
        couplets=couplets,
        marker=marker,
        open_part=open_part,
        height=min(1.98, beam - 0.32),
    )
    left, right = door_at - 0.24, w - (door_at + dw + 0.24)
    if left > 0.55:
        bay_window(plot, 0.16, left - 0.16, kind=plot.random.integers(2), lit=lit, top=beam)
    if right > 0.55:
        bay_window(
            plot, door_at + dw + 0.24, right - 0.16, kind=plot.random.integers(2), lit=lit, top=beam
        )
    # Dark wood behind everything, so that nothing shows through but an open door.
    gap = (door_at, door_at + leaf) if open_part else (w, w)
    for a, b in ((0.0, gap[0]), (gap[1], w)):
        if b - a < 0.01:
            continue
        plot.add(
            panel((a, 0.07, 0.1), (b - a, 0, 0), (0, 0, beam), repeat=1.3), "timber", DARK_WOOD
        )
    plot.add(
        panel((door_at - 0.1, 0.07, 2.0), (dw + 0.2, 0, 0), (0, 0, beam - 1.9), repeat=1.3),
        "timber",
        DARK_WOOD,
    )
    # Wood above the door, then the beam, then plaster up to the eave.
    plot.add(
        panel(
            (door_at - 0.2, 0.02, 2.2), (dw + 0.4, 0, 0), (0, 0, max(0.1, beam - 2.2)), repeat=1.3
        ),
        "timber",
        DARK_WOOD,
    )
    plot.add(
        bevelled((0, -0.11, beam), (w, 0.04, beam + 0.2), 0.025, repeat=1.4), "timber", DARK_WOOD
    )
    plot.add(
        panel((0, 0.03, beam + 0.2), (w, 0, 0), (0, 0, 0.5), repeat=2.2, step=STEP),
        "plaster",
        (0.9, 0.88, 0.84),
    )
    for x in (0.08, door_at - 0.24, door_at + dw + 0.24, w - 0.08):
        if 0.02 < x < w - 0.02:
            post(plot, x, beam + 0.1)
    for i in range(max(3, round(w / 0.62))):
        x = (i + 0.5) * w / max(3, round(w / 0.62))
        plot.add(
            box(
                (x - 0.035, -0.78, height - 0.07),
                (x + 0.035, 0.05, height + 0.02),
                skip="bu",
                repeat=1.4,
            ),
            "timber",
            DARK_WOOD,
        )
    if not upper:
        eave(plot, (-0.86, height), (2.4, height + ridge), -0.05, w + 0.05)
        return height
    eave(plot, (-0.74, height), (0.04, height + 0.42), 0.02, w - 0.02)
    floor, top = height + 0.42, height + 2.35
    plot.add(
        panel((0, 0.04, floor), (w, 0, 0), (0, 0, 0.55), repeat=1.3, step=STEP), "timber", GREY_WOOD
    )
    plot.add(
        bevelled((0, -0.06, floor + 0.55), (w, 0.05, floor + 0.63), 0.015), "timber", DARK_WOOD
    )
    count = max(3, round(w / 0.7))
    for i in range(count):
        dark = plot.random.uniform() < 0.3
        window(
            plot,
            0.08 + i * (w - 0.16) / count,
            floor + 0.63,
            (w - 0.16) / count - 0.03,
            top - floor - 1.02,
            kind=int(plot.random.integers(2)),
            lit=lit * (0.06 if dark else plot.random.uniform(0.22, 0.5)),
        )
    plot.add(
        bevelled((0, -0.10, top - 0.38), (w, 0.05, top - 0.2), 0.02, repeat=1.4),
        "timber",
        DARK_WOOD,
    )
    plot.add(
        panel((0, 0.04, top - 0.2), (w, 0, 0), (0, 0, 0.4), repeat=2.2, step=STEP),
        "plaster",
        (0.9, 0.88, 0.84),
    )
    eave(plot, (-0.80, top), (2.2, top + 1.45), -0.05, w + 0.05)
    return top


def white_wall(plot: Plot, *, height: float = 4.2, door_at: float = 0.9, lit: float = 0.8,
               couplets: tuple[str, str] = ("couplet_b", "couplet_c")) -> float:  # fmt: skip
    """A plastered front with a stone door, a tiled hood and one high window."""
    w = plot.side.width
    plot.add(
        panel((0, 0.05, 0.45), (w, 0, 0), (0, 0, height - 0.45), repeat=2.6, step=STEP), "plaster"
    )
    plot.add(
        box((0, -0.05, 0), (w, 0.0, 0.5), skip="bd", repeat=1.6, step=0.5),
        "stone",
        (0.72, 0.74, 0.76),
    )
    dw = 1.2
    plot.add(
        panel((door_at - 0.25, 0.03, 0.2), (dw + 0.5, 0, 0), (0, 0, 2.5), repeat=1.6, step=0.5),
        "stone",
        (0.8, 0.8, 0.8),
    )
    door(plot, door_at, leaf=0.6, couplets=couplets, height=1.95)
    hood = door_at + dw / 2
    eave(plot, (-0.62, 2.62), (0.0, 2.98), hood - 1.1, hood + 1.1)
    plot.add(
        bevelled((hood - 0.95, -0.34, 2.46), (hood + 0.95, 0.0, 2.58), 0.02), "timber", DARK_WOOD
    )
    x = w - 0.95 if door_at < w / 2 else 0.4
    plot.add(
        box((x - 0.09, -0.06, 2.05), (x + 0.69, 0.0, 2.93), skip="b", repeat=1.6),
        "stone",
        (0.7, 0.7, 0.7),
    )
    window(plot, x, 2.14, 0.6, 0.7, y=-0.065, kind=0, lit=lit)
    coping(plot, 0, w, 0.0, height)
    return height


def coping(plot: Plot, x0: float, x1: float, y: float, z: float, *, deep: float = 0.34) -> None:
    """A little double roof on top of a wall, its ridge turned up at the ends."""
    n = max(2, round((x1 - x0) / 0.9))
    s = np.linspace(0, 1, n + 1)
    x = x0 - 0.08 + s * (x1 - x0 + 0.16)
    rise = 0.16 * np.abs(s * 2 - 1) ** 4
    for sign in (-1, 1):
        low = np.stack([x, np.full_like(x, y + sign * deep), z + rise * 0.6], -1)
        high = np.stack([x, np.full_like(x, y), z + 0.2 + rise], -1)
        uv = np.stack(
            [
                np.stack([x / 0.92, np.zeros_like(x)], -1),
                np.stack([x / 0.92, np.full_like(x, -0.3)], -1),
            ]
        )
        rows = np.stack([low, high]) if sign < 0 else np.stack([high, low])
        plot.add(grid(rows, uv), "tiles")
    path = np.stack([x, np.full_like(x, y), z + 0.23 + rise * 1.5], -1)
    plot.add(drawn(path, 0.07, 5), "painted", (0.15, 0.16, 0.19))


def fire_wall(
    mesh: Mesh,
    side: Side,
    y: float,
    heights: tuple[float, ...],
    chunk: str,
    random: np.random.Generator,
) -> None:
    """A white stepped wall between two houses, standing out into the lane under its own roof."""
    plot = Plot(mesh, Side(side.sign, y - 0.5, 1.0), chunk, random)
    x, thick = 0.5, 0.17
    depth = -0.46
    for i, top in enumerate(heights):
        y0, y1 = depth, depth + (1.35 if i == 0 else 1.7)
        repeat = 2.6
        front = panel((x - thick, y0, 0), (thick * 2, 0, 0), (0, 0, top), repeat=repeat, step=STEP)
        left = panel(
            (x - thick, y1, 0 if i == 0 else 2.6),
            (0, y0 - y1, 0),
            (0, 0, top - (0 if i == 0 else 2.6)),
            repeat=repeat,
            step=STEP,
        )
        right = panel(
            (x + thick, y0, 0 if i == 0 else 2.6),
            (0, y1 - y0, 0),
            (0, 0, top - (0 if i == 0 else 2.6)),
            repeat=repeat,
            step=STEP,
        )
        plot.add(
            joined(
                *(
                    [front]
                    if i == 0
                    else [
                        panel(
                            (x - thick, y0, heights[i - 1]),
                            (thick * 2, 0, 0),
                            (0, 0, top - heights[i - 1]),
                            repeat=repeat,
                        )
                    ]
                ),
                left,
                right,
            ),
            "plaster",
        )
        _cap(plot, x, thick, y0, y1, top)
        depth = y1


def _cap(plot: Plot, x: float, thick: float, y0: float, y1: float, z: float) -> None:
    """The tiled cap of one step; its outer end turns up like a horse's head."""
    n = 4
    t = np.linspace(0, 1, n + 1)
    y = y0 - 0.14 + t * (y1 - y0 + 0.14)
    rise = 0.30 * np.clip(1 - t * 2.6, 0, 1) ** 2
    for sign in (-1, 1):
        low = np.stack([np.full_like(y, x + sign * (thick + 0.17)), y, z + rise * 0.35], -1)
        high = np.stack([np.full_like(y, x), y, z + 0.19 + rise], -1)
        uv = np.stack(
            [
                np.stack([y / 0.92, np.zeros_like(y)], -1),
                np.stack([y / 0.92, np.full_like(y, -0.3)], -1),
            ]
        )
        rows = (high, low) if sign < 0 else (low, high)
        plot.add(grid(np.stack(rows), uv if sign > 0 else uv[::-1]), "tiles")
        flat = np.stack([low, low * (1, 1, 0) + np.array([-sign * 0.17, 0, z - 0.05])])
        plot.add(grid(flat if sign < 0 else flat[::-1], uv), "painted", (0.3, 0.3, 0.31))
    path = np.stack([np.full_like(y, x), y, z + 0.22 + rise * 1.35], -1)
    plot.add(drawn(path, 0.065, 5), "painted", (0.15, 0.16, 0.19))
