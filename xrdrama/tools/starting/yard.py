"""The model of a new set: a yard with a house, a lamp post and crates, made of boxes."""

from __future__ import annotations

from xrdrama.gltf.boxes import Corner, boxes_node
from xrdrama.gltf.meshes import Material, Model
from xrdrama.gltf.writer import write_glb

CELL = 0.9
"""Point lights are computed at vertices, so no cell of a face is wider, metres."""

# Node: material, and boxes by two opposite corners in metres (x right, y into the wall, z up).
_BOXES: dict[str, tuple[str, tuple[tuple[Corner, Corner], ...]]] = {
    "ground": ("ground", (((-14, -4, -0.2), (14, 30, 0)),)),
    "kerb": ("stone", (((-14, 4.6, 0), (-0.9, 4.9, 0.12)), ((0.9, 4.6, 0), (14, 4.9, 0.12)))),
    "house": ("plaster", (
        ((-7, 11, 0), (-1.0, 12, 4.2)),
        ((1.0, 11, 0), (1.7, 12, 4.2)),
        ((3.3, 11, 0), (7, 12, 4.2)),
        ((1.7, 11, 0), (3.3, 12, 1.0)),
        ((1.7, 11, 2.2), (3.3, 12, 4.2)),
        ((-1.0, 11, 2.3), (1.0, 12, 4.2)),
    )),
    "roof": ("tiles", (((-7.6, 10.4, 4.2), (7.6, 12.6, 4.5)), ((-6.6, 11, 4.5), (6.6, 12, 4.8)))),
    "door": ("wood", (((-0.95, 11.5, 0), (0.95, 11.6, 2.3)),)),
    "window": ("window", (((1.7, 11.55, 1.0), (3.3, 11.6, 2.2)),)),
    "bars": ("wood", (
        ((2.45, 11.3, 1.0), (2.55, 11.4, 2.2)),
        ((1.7, 11.3, 1.55), (3.3, 11.4, 1.65)),
    )),
    "post": ("wood", (
        ((-1.56, 7.44, 0), (-1.44, 7.56, 2.7)),
        ((-1.5, 7.46, 2.6), (-0.8, 7.54, 2.7)),
    )),
    "lamp": ("lamp", (((-1.0, 7.38, 2.2), (-0.76, 7.62, 2.55)),)),
    "crates": ("wood", (
        ((1.6, 6.6, 0), (2.3, 7.3, 0.7)),
        ((2.4, 6.9, 0), (2.95, 7.45, 0.55)),
        ((1.75, 6.75, 0.7), (2.2, 7.2, 1.15)),
    )),
    "fence": ("wood", tuple(
        ((side * 5.0 - 0.05, y, 0), (side * 5.0 + 0.05, y + 0.7, 1.4))
        for side in (-1, 1) for y in (5.2, 6.0, 6.8, 7.6, 8.4, 9.2, 10.0)
    )),
}  # fmt: skip

_MATERIALS = {
    "ground": Material("ground", (0.16, 0.15, 0.14, 1.0), 0.0, 0.9),
    "stone": Material("stone", (0.30, 0.29, 0.28, 1.0), 0.0, 0.8),
    "plaster": Material("plaster", (0.46, 0.42, 0.36, 1.0), 0.0, 0.9),
    "tiles": Material("tiles", (0.12, 0.08, 0.07, 1.0), 0.0, 0.7),
    "wood": Material("wood", (0.20, 0.12, 0.07, 1.0), 0.0, 0.8),
    "window": Material("window", (0.1, 0.08, 0.05, 1.0), 0.0, 0.6, (1.3, 0.8, 0.35)),
    "lamp": Material("lamp", (0.3, 0.2, 0.1, 1.0), 0.0, 0.6, (3.2, 1.9, 0.8)),
}


def yard_glb() -> bytes:
    """The bytes of the yard's GLB: about 40 boxes, 7 materials, metres."""
    names = list(_MATERIALS)
    nodes = tuple(
        boxes_node(name, boxes, names.index(material), cell=CELL)
        for name, (material, boxes) in _BOXES.items()
    )
    return write_glb(Model(nodes, tuple(_MATERIALS.values()), ()))
