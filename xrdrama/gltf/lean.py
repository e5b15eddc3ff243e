"""Leave out the vertices that no triangle uses.

Levels of detail may share the vertices of the finest one; each is drawn, and morphs, with its own.
"""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from xrdrama.gltf.meshes import Morphs, Node, Primitive


def lean(node: Node) -> Node:
    """The node with the vertices that its triangles use."""
    return replace(node, primitives=tuple(_used(piece) for piece in node.primitives))


def _used(piece: Primitive) -> Primitive:
    count = len(piece.attributes["POSITION"])
    kept, inverse = np.unique(piece.triangles, return_inverse=True)
    if len(kept) == count:
        return piece
    attributes = {name: rows[kept] for name, rows in piece.attributes.items()}
    triangles = inverse.reshape(-1, 3).astype(piece.triangles.dtype)
    morphs = piece.morphs
    if morphs is not None:
        morphs = Morphs(morphs.names, morphs.positions[:, kept], morphs.normals[:, kept])
    return Primitive(piece.material, attributes, triangles, morphs)
