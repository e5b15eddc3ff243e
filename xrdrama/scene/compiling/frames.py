"""Transform pieces of a model to another frame, and join instances into one piece."""

from __future__ import annotations

import numpy as np

from xrdrama.gltf.meshes import Doubles, Floats, Node, Primitive
from xrdrama.gltf.posing import unit_rows
from xrdrama.scene.model import Model as Placed
from xrdrama.spatial import Quat


def drawn_alike(node: Node) -> tuple[str, int, int, int]:
    """Equal for neighbours that can be joined: instances that move alike."""
    return node.name, id(node.primitives), node.limb, node.skin


def joined(nodes: list[Node]) -> Node:
    """One node for all nodes that draw the same primitives, so that instances are one draw call."""
    if len(nodes) == 1:
        return nodes[0]
    primitives = []
    for pieces in zip(*(node.primitives for node in nodes), strict=True):
        attributes = {
            name: np.concatenate([piece.attributes[name] for piece in pieces])
            for name in pieces[0].attributes
        }
        counts = np.cumsum([0, *(len(piece.attributes["POSITION"]) for piece in pieces[:-1])])
        triangles = np.concatenate(
            [piece.triangles + np.uint32(n) for piece, n in zip(pieces, counts, strict=True)]
        )
        primitives.append(Primitive(pieces[0].material, attributes, triangles))
    return Node(nodes[0].name, nodes[0].matrix, tuple(primitives))


def stand_of(placed: Placed) -> Doubles:
    """The (4, 4) matrix of a model's position in the set, in glTF's axes (pan is about Y)."""
    turn = Quat.from_angles(pan=placed.pan)
    matrix = np.eye(4)
    cos, sin = 1.0 - 2.0 * turn.z * turn.z, 2.0 * turn.w * turn.z
    matrix[0, 0], matrix[0, 2], matrix[2, 0], matrix[2, 2] = cos, sin, -sin, cos
    matrix[:3, :3] *= placed.scale
    matrix[:3, 3] = (placed.at.x, placed.at.z, -placed.at.y)
    return matrix


def moved_attributes(attributes: dict[str, Floats], matrix: Doubles) -> dict[str, Floats]:
    """The attributes, transformed by `matrix` (4, 4)."""
    if np.array_equal(matrix, np.eye(4)):
        return attributes
    turn, shift = matrix[:3, :3], matrix[:3, 3]
    moved = dict(attributes)
    moved["POSITION"] = (attributes["POSITION"] @ turn.T + shift).astype(np.float32)
    # Normals are transformed by the inverse transpose; a flat matrix has no inverse.
    upright = np.linalg.pinv(turn).T
    moved["NORMAL"] = unit_rows(attributes["NORMAL"] @ upright.T)
    if "TANGENT" in attributes:
        tangent = attributes["TANGENT"]
        # Mirroring a surface also mirrors its image.
        handed = tangent[:, 3:] * (-1.0 if np.linalg.det(turn) < 0.0 else 1.0)
        along = unit_rows(tangent[:, :3] @ turn.T)
        moved["TANGENT"] = np.concatenate([along, handed], axis=1).astype(np.float32)
    if "_MOTION" in attributes:
        motion = attributes["_MOTION"]
        pivots = (motion[:, :3] @ turn.T + shift).astype(np.float32)
        moved["_MOTION"] = np.concatenate([pivots, motion[:, 3:]], axis=1)
    return moved
