"""The parts of people of the lane: garments, limbs, heads with faces, and hair.

Everybody is built facing -y (towards the camera) with their feet at the origin: right is -x.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from making.mesh import Shape, joined, placed, smooth_normals
from making.shapes import ball, curve, drawn, oval, panel, ring_loft

Colour = tuple[float, float, float]
GREY = (0.62, 0.63, 0.68)


def coat(
    rings: Sequence[tuple[float, float, float, float]],
    colour: Colour,
    *,
    sides: int = 13,
    folds: float = 0.02,
    quilt: float = 0.0,
    lean: float = 0.0,
) -> Shape:
    """A garment over rings (z, half width, half depth, y shift); `quilt` pinches every second."""
    loops = []
    for i, (z, rx, ry, shift) in enumerate(rings):
        pinch = 1.0 - quilt * (i % 2)
        loops.append(
            oval(
                0.0,
                shift + lean * z,
                z,
                rx * pinch,
                ry * pinch,
                sides,
                folds=folds * (1 - z),
                count=6,
            )
        )
    shape = ring_loft(loops, cap=False).painted(colour)
    # Down in the folds and towards the hem it is darker.
    z = shape.points[:, 2]
    shade = 0.72 + 0.28 * (z - z.min()) / np.ptp(z)
    seam = np.concatenate([np.full(sides, 1.0 - 3.5 * quilt * (i % 2)) for i in range(len(rings))])
    shape.colour = shape.colour * (shade * seam)[:, None]
    return shape


def limb(
    points: Sequence[Sequence[float]], radii: Sequence[float], colour: Colour, sides: int = 7
) -> Shape:
    """A sleeve or a leg along a bent line."""
    line = curve(points, 6)
    r = np.interp(np.linspace(0, 1, 6), np.linspace(0, 1, len(radii)), radii)
    return drawn(line, r, sides, hint=(0.2, 1.0, 0.1)).painted(colour)


def face(
    x: float,
    y: float,
    z: float,
    r: float,
    colour: Colour,
    *,
    pan: float,
    tilt: float,
    old: bool = False,
) -> Shape:
    """A head with eyes, brows, mouth and cheeks, turned by pan and tilt degrees."""
    head = ball(r, 15, 11)
    p = head.points
    chin = np.clip(-p[:, 2] / r, 0, 1)
    p[:, 0] *= 0.92 - 0.16 * chin
    p[:, 1] = p[:, 1] * 0.96 - 0.10 * r * chin
    p[:, 2] *= 1.10
    # The back of it is under hair.
    shown = p[head.triangles].mean(1)[:, 1] < 0.3 * r
    head = Shape(p, head.triangles[shown], smooth_normals(p, head.triangles)).painted(colour)
    cheek = np.exp(
        -(((np.abs(p[:, 0]) - 0.48 * r) / (0.3 * r)) ** 2 + ((p[:, 2] + 0.3 * r) / (0.3 * r)) ** 2)
    ) * (p[:, 1] < 0)
    head.colour = head.colour * (1 + cheek[:, None] * np.array([0.25, -0.28, -0.25]))
    brow = (GREY, 0.36) if old else ((0.16, 0.085, 0.05), 0.42)
    marks = [_mark(r, 0.0, -0.54, 0.15, 0.035, (0.40, 0.10, 0.07))]
    for side in (-1, 1):
        # Open and round in a child, nearly shut in a smile in the old.
        marks.append(
            _mark(r, side * 0.34, 0.06, 0.10, 0.04 if old else 0.115, (0.03, 0.018, 0.012))
        )
        marks.append(_mark(r, side * 0.37, brow[1], 0.14, 0.03, brow[0]))
        if not old:
            marks.append(_mark(r * 1.01, side * 0.34 - 0.03, 0.10, 0.035, 0.035, (0.9, 0.85, 0.8)))
    nose = ball(r * 0.11, 5, 4).at(0, -r * 1.0, -r * 0.2).painted(colour)
    turn = placed(x, y, z, pan=pan, tilt=-tilt)
    return joined(head, nose, *marks).moved(turn)


def _mark(r: float, x: float, z: float, w: float, h: float, tone: Colour) -> Shape:
    """An oval on the front of a head of radius r; place and half widths as shares of r."""
    a = np.linspace(0, 2 * np.pi, 10, endpoint=False)
    px, pz = x + w * np.cos(a), z + h * np.sin(a)
    low = np.clip(-pz, 0, 1)
    wide = 0.92 - 0.16 * low
    away = np.sqrt(np.maximum(0.05, 1 - (px / wide) ** 2 - (pz / 1.1) ** 2))
    py = -0.96 * away - 0.10 * low - 0.03
    fan = [(0, i, i + 1) for i in range(1, 9)]
    return Shape(np.stack([px, py, pz], -1) * r, fan).painted(tone)


def hair_cap(r: float, hairline: float, nape: float) -> Shape:
    """Hair combed close to a head of radius r, down to a height before and another behind.

    The edge goes round the face: heights are shares of r, and strands make it uneven.
    """
    sides = 20
    around = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    front = np.clip(-np.sin(around), 0, 1) ** 0.7
    edge = nape + (hairline - nape) * front
    edge = edge + 0.07 * (np.arange(sides) % 2) * (front > 0.3)
    top = np.arcsin(np.clip(edge / 1.16, -0.95, 0.95))
    rings = []
    for share in np.linspace(0, 1, 6):
        height = top + (np.pi / 2 - 0.02 - top) * share
        # It touches the brow and is further away at the crown.
        off = 1.05 + 0.08 * np.sin(np.pi * min(1.0, share * 1.4 + 0.12))
        flat = np.cos(height)
        rings.append(
            np.stack(
                [
                    0.95 * off * flat * np.cos(around),
                    off * flat * np.sin(around) + 0.04,
                    1.13 * off * np.sin(height),
                ],
                -1,
            )
            * r
        )
    return ring_loft(rings)


def ground_shade(x: float, y: float, rx: float, ry: float) -> Shape:
    """The shadow of feet and hem on the stones."""
    return panel((x - rx, y - ry, 0.006), (rx * 2, 0, 0), (0, ry * 2, 0))
