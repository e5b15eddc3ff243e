"""Boxes as a node of a model, for simple sets that a program makes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from xrdrama.gltf.meshes import Floats, Node, Primitive, to_gltf

Corner = tuple[float, float, float]

# Faces of a box: the axis of the normal, its sign, and the axes along its edges.
_FACES: Final = (
    (0, 1, 1, 2),
    (0, -1, 2, 1),
    (1, 1, 2, 0),
    (1, -1, 0, 2),
    (2, 1, 0, 1),
    (2, -1, 1, 0),
)


def boxes_node(
    name: str, boxes: Iterable[tuple[Corner, Corner]], material: int, *, cell: float
) -> Node:
    """A node with boxes as one piece with flat normals.

    Each box is given by its lowest and highest corner in our frame (Z up, metres); its faces are
    divided into cells of at most `cell` metres.
    """
    faces = [
        _face(np.array(low, np.float32), np.array(high, np.float32), *face, cell)
        for low, high in boxes
        for face in _FACES
    ]
    positions, normals = (np.concatenate(rows) for rows in zip(*faces, strict=True))
    first = np.arange(0, len(positions), 4, dtype=np.uint32)[:, None]
    triangles = (first + np.array([[0, 1, 2, 0, 2, 3]], np.uint32)).reshape(-1, 3)
    attributes = {"POSITION": to_gltf(positions), "NORMAL": to_gltf(normals)}
    return Node(name, np.eye(4), (Primitive(material, attributes, triangles),))


def _face(
    low: Floats, high: Floats, axis: int, sign: int, u: int, v: int, cell: float
) -> tuple[Floats, Floats]:
    """(4 n, 3) positions and normals of a face in n cells, counter-clockwise from outside."""
    across, up = (max(1, int(np.ceil((high[k] - low[k]) / cell))) for k in (u, v))
    i, j, corner = (each.reshape(-1) for each in np.meshgrid(
        np.arange(across), np.arange(up), np.arange(4), indexing="ij"
    ))  # fmt: skip
    shares = {u: (i + np.isin(corner, (1, 2))) / across, v: (j + (corner > 1)) / up}
    positions = np.empty((len(i), 3), np.float32)
    positions[:, axis] = high[axis] if sign > 0 else low[axis]
    for k, share in shares.items():
        positions[:, k] = low[k] + (high[k] - low[k]) * share
    normals = np.zeros_like(positions)
    normals[:, axis] = sign
    return positions, normals
