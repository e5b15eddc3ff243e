"""Models at rest: limbs and skins that nothing moves become plain nodes."""

from __future__ import annotations

import msgspec
import numpy as np

from xrdrama.gltf.meshes import Doubles, Floats, Model, Node, Primitive
from xrdrama.gltf.motion import Motion, joint_matrices
from xrdrama.gltf.rig import MOST_JOINTS, Rig


def posed(model: Model) -> Model:
    """The model at rest, without a rig."""
    if not model.rig.limbs:
        return model
    rest = Motion(model.rig).matrices()
    nodes = tuple(_still(node, model.rig, rest) for node in model.nodes)
    return msgspec.structs.replace(model, nodes=nodes, rig=Rig())


def settled(model: Model) -> tuple[Model, list[Node]]:
    """The model with what no clip moves at rest; and the nodes that stand still although a clip
    moves them, since their skins have too many joints."""
    rig = model.rig
    if not rig.limbs:
        return model, []
    motion = Motion(rig)
    rest, moving = motion.matrices(), motion.moving()
    if not moving.any():
        return posed(model), []
    nodes, large = [], []
    for node in model.nodes:
        joints = list(rig.skins[node.skin].joints) if node.skin >= 0 else []
        moves = moving[node.limb] if node.limb >= 0 else bool(joints) and moving[joints].any()
        if moves and len(joints) > MOST_JOINTS:
            large.append(node)
            moves = False
        nodes.append(node if moves else _still(node, rig, rest))
    return msgspec.structs.replace(model, nodes=tuple(nodes)), large


def skinned(primitive: Primitive, joints: Doubles) -> Primitive:
    """A primitive with its vertices where these joints, (n, 4, 4) as `joint_matrices`, put them."""
    attributes = dict(primitive.attributes)
    index = attributes.pop("JOINTS_0").astype(np.int64)
    share = attributes.pop("WEIGHTS_0").astype(np.float64)
    mixed = np.einsum("ij,ijkl->ikl", share, joints[index])
    at = attributes["POSITION"].astype(np.float64)
    moved = np.einsum("ikl,il->ik", mixed[:, :3, :3], at) + mixed[:, :3, 3]
    attributes["POSITION"] = moved.astype(np.float32)
    # The cofactors of a matrix are its inverse transpose, times its determinant.
    rows = mixed[:, :3, :3]
    cofactors = np.stack(
        [np.cross(rows[:, (i + 1) % 3], rows[:, (i + 2) % 3]) for i in range(3)], axis=1
    )
    # Mirroring a surface also mirrors its image and the order of its corners.
    mirrored = np.linalg.det(rows) < 0.0
    sign = np.where(mirrored, -1.0, 1.0)[:, None]
    attributes["NORMAL"] = unit_rows(
        sign * np.einsum("ikl,il->ik", cofactors, attributes["NORMAL"])
    )
    if "TANGENT" in attributes:
        tangent = attributes["TANGENT"]
        along = unit_rows(np.einsum("ikl,il->ik", rows, tangent[:, :3]))
        attributes["TANGENT"] = np.concatenate([along, tangent[:, 3:] * sign], axis=1)
        attributes["TANGENT"] = attributes["TANGENT"].astype(np.float32)
    triangles = primitive.triangles.copy()
    turned = mirrored[triangles].sum(axis=1) > 1
    triangles[turned] = triangles[turned, ::-1]
    return Primitive(primitive.material, attributes, triangles)


def _still(node: Node, rig: Rig, rest: Doubles) -> Node:
    if node.limb >= 0:
        return Node(node.name, rest[node.limb] @ node.matrix, node.primitives)
    if node.skin < 0:
        return node
    joints = joint_matrices(rig.skins[node.skin], rest)
    return Node(node.name, np.eye(4), tuple(skinned(p, joints) for p in node.primitives))


def unit_rows(rows: Doubles) -> Floats:
    """The rows with length 1; those without a length stay zero."""
    length = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-20)
    return np.asarray(rows / length).astype(np.float32)
