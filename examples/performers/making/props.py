"""What figures hold: a lantern on a pole, and a taper. Each is a model of its own.

Frame: that of the joint `leftHandGrip` or `rightHandGrip` at rest: the stick runs along Z through
the closed hand, +Z on the thumb's side. The node `lantern` begins
where it hangs, so that a renderer can keep it upright.
"""

from __future__ import annotations

import numpy as np
from making import trims
from making.cloth import Piece, jpeg
from making.part import Part
from making.surface import cord, curve, part

from xrdrama.gltf.meshes import Image, Material, Model, Node, Primitive
from xrdrama.gltf.writer import write_glb

NOTHING: dict[str, float] = {}


def lantern() -> bytes:
    """A red paper lantern that hangs from a bamboo pole."""
    path = np.array(
        [
            (0, 0, -0.24),
            (0, 0, 0.0),
            (0, 0.004, 0.30),
            (0, 0.016, 0.56),
            (0, 0.040, 0.74),
        ]
    )
    line = curve(path, np.arange(5.0), np.linspace(0, 4, 29))
    at = np.linspace(0, 1, 29)
    radius = np.interp(at, [0, 1], [0.0085, 0.0045])
    # Nodes of the bamboo.
    radius = radius * (1 + 0.22 * np.exp(-((((at * 7 % 1) - 0.5) / 0.07) ** 2)))
    pole = part(
        "pole",
        "wood",
        cord(line, radius, 8, up=(0, 1, 0)),
        NOTHING,
        colours=np.array((0.50, 0.33, 0.13)),
    )
    tip = path[-1]
    hook = cord(
        np.array([(0, 0.004, -0.006), (0, -0.016, 0), (0, -0.034, 0.002)]),
        0.0016,
        5,
        up=(1, 0, 0),
    )
    hanging = [part("cord", "metal", hook, NOTHING, colours=np.array((0.05, 0.045, 0.04)))]
    centre = -0.155
    rows, sides = 25, 24
    t = np.linspace(0.16, 0.84, rows) * np.pi
    a = 2 * np.pi * np.arange(sides + 1) / sides
    rib = 0.0018 * np.abs(np.sin(6 * np.pi * np.linspace(0, 1, rows)))
    r = (0.098 * np.sin(t) ** 0.8 + rib)[:, None]
    bulb = np.stack(
        [
            r * np.round(np.sin(a), 12),
            (centre + 0.105 * np.cos(t) * 1.05)[:, None] + 0 * a,
            -r * np.round(np.cos(a), 12),
        ],
        -1,
    )
    hanging.append(part("paper", "paper", bulb, NOTHING))
    for sign in (1, -1):
        y = centre + sign * 0.098
        rim = [
            (0.046, y - sign * 0.010),
            (0.049, y - sign * 0.004),
            (0.049, y + sign * 0.010),
            (0.040, y + sign * 0.013),
            (0.004, y + sign * 0.013),
        ][::sign]
        ring = np.stack(
            [np.stack([q * np.sin(a[::2]), h + 0 * a[::2], -q * np.cos(a[::2])], 1) for q, h in rim]
        )
        hanging.append(
            part(
                f"rim {sign}",
                "metal",
                ring,
                NOTHING,
                colours=np.array((0.50, 0.30, 0.07)),
            )
        )
    low = centre - 0.112
    hanging.append(
        part(
            "knot",
            "cloth_tassel",
            trims.ball((0, low - 0.012, 0), 0.010, 8, 6),
            NOTHING,
        )
    )
    skirt = [
        (0.008, low - 0.020),
        (0.011, low - 0.040),
        (0.014, low - 0.105),
        (0.009, low - 0.125),
    ]
    b = 2 * np.pi * np.arange(13) / 12
    wave = 1 + 0.16 * np.cos(6 * b)
    tassel = np.stack(
        [np.stack([q * wave * np.sin(b), h + 0 * b, -q * wave * np.cos(b)], 1) for q, h in skirt]
    )
    hanging.append(part("tassel", "cloth_tassel", trims.capped(tassel), NOTHING))
    glow = Material(
        "paper",
        base=(0.62, 0.06, 0.03, 1.0),
        roughness=0.7,
        emissive=(1.9, 0.30, 0.05),
        base_image=0,
        emissive_image=0,
    )
    looks = [
        Material("wood", roughness=0.45),
        Material("metal", roughness=0.45, metallic=0.3),
        glow,
        Material("cloth_tassel", base=(0.62, 0.04, 0.02, 1.0), roughness=0.8),
    ]
    return _model([("pole", np.zeros(3), [pole]), ("lantern", tip, hanging)], looks, [_paper()])


def _paper() -> Image:
    """Oiled paper: brighter at the middle, darker at its ribs, with a gold ring of meander."""
    piece = Piece(0.62, 0.24, 800)
    share = piece.y / piece.high
    piece.tint(
        0.55 + 0.45 * np.exp(-(((share - 0.52) / 0.30) ** 2)) + 0.03 * piece.noise(90, 0.006)
    )
    rib = np.abs(np.sin(6 * np.pi * share))
    piece.tint(0.72 + 0.28 * np.clip(rib * 4, 0, 1))
    key = (np.abs((piece.x / 0.0517) % 1 - 0.5) < 0.30) ^ (
        np.abs((piece.x / 0.0517) % 1 - 0.5) < 0.16
    )
    ring = (np.abs(share - 0.5) < 0.13) & key | (np.abs(np.abs(share - 0.5) - 0.15) < 0.012)
    piece.paint(0.75 * ring, (1.0, 0.80, 0.30))
    return Image("paper", "image/jpeg", jpeg(np.clip(piece.colour, 0, 1) ** (1 / 2.2), 256, 85))


def taper() -> bytes:
    """A thin wax taper, not lit: its flame belongs to the set, where params light it."""
    line = np.array([(0, 0, -0.09), (0, 0, 0.02), (0, 0.002, 0.12), (0, 0.006, 0.19)])
    stick = part(
        "stick",
        "wax",
        cord(line, np.array([0.0052, 0.0050, 0.0044, 0.0034]), 8, up=(0, 1, 0)),
        NOTHING,
        colours=np.array((0.62, 0.42, 0.24)),
    )
    tip = np.array([0, 0.0062, 0.195])
    wick = part(
        "wick",
        "wax",
        cord(np.array([(0, 0, 0), (0, 0.001, 0.007)]), 0.0010, 5, up=(0, 1, 0)),
        NOTHING,
        colours=np.array((0.02, 0.015, 0.012)),
    )
    return _model(
        [("taper", np.zeros(3), [stick]), ("wick", tip, [wick])],
        [Material("wax", roughness=0.45)],
        [],
    )


def _model(
    nodes: list[tuple[str, np.ndarray, list[Part]]],
    looks: list[Material],
    images: list[Image],
) -> bytes:
    made = []
    names = [look.name for look in looks]
    for name, at, parts in nodes:
        matrix = np.eye(4)
        matrix[:3, 3] = at
        pieces = []
        for p in parts:
            colours = np.c_[np.clip(p.colours, 0, 1), np.ones(len(p.points))]
            rows = {
                "POSITION": p.points,
                "NORMAL": p.normals,
                "TEXCOORD_0": p.uv,
                "COLOR_0": colours,
            }
            pieces.append(
                Primitive(
                    names.index(p.material),
                    {k: v.astype(np.float32) for k, v in rows.items()},
                    p.triangles.astype(np.uint32),
                )
            )
        made.append(Node(name, matrix, tuple(pieces)))
    return write_glb(Model(tuple(made), tuple(looks), tuple(images)))
