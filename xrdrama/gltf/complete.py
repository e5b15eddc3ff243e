"""Figures as renderers take them: every vertex has joints, and only what is drawn is there."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from xrdrama.gltf.figures import Figure
from xrdrama.gltf.meshes import Material, Model, Morphs, Node, Primitive, tangents
from xrdrama.gltf.rig import Limb, Rig, Skin


def complete(primitive: Primitive, materials: Sequence[Material]) -> Primitive:
    """A primitive without vertices that no triangle has, with joints also where only one moves it,
    and with tangents if its material needs them."""
    primitive = _compact(primitive)
    rows = dict(primitive.attributes)
    normals = primitive.material >= 0 and materials[primitive.material].normal_image >= 0
    if normals and "TANGENT" not in rows and "TEXCOORD_0" in rows:
        rows["TANGENT"] = tangents(rows, primitive.triangles)
    if "JOINTS_0" not in rows:
        count = len(rows["POSITION"])
        rows["JOINTS_0"] = np.zeros((count, 4), np.float32)
        rows["WEIGHTS_0"] = np.tile(np.array([1, 0, 0, 0], np.float32), (count, 1))
    return Primitive(primitive.material, rows, primitive.triangles, primitive.morphs)


def prepared(figure: Figure) -> Model:
    """The finest level of detail of a figure, for `write_glb`: each node has one complete primitive
    and a skin; targets that move nothing of it are left out."""
    limbs, skins = list(figure.model.rig.limbs), list(figure.model.rig.skins)
    nodes: list[Node] = []
    for node in figure.levels[0]:
        skin = node.skin if node.skin >= 0 else _own_skin(node, limbs, skins)
        for primitive in node.primitives:
            piece = _moved_only(complete(primitive, figure.model.materials))
            nodes.append(Node(node.name, np.eye(4), (piece,), skin=skin))
    rig = Rig(tuple(limbs), (), tuple(skins))
    return msgspec.structs.replace(figure.model, nodes=tuple(nodes), rig=rig)


def _own_skin(node: Node, limbs: list[Limb], skins: list[Skin]) -> int:
    """The index of a skin of one joint, which moves a node as its limb does."""
    limb = node.limb
    if limb < 0:  # it stands still below the root
        limbs.append(Limb("still", -1, np.eye(4)))
        limb = len(limbs) - 1
    skins.append(Skin((limb,), node.matrix[None]))
    return len(skins) - 1


def _compact(primitive: Primitive) -> Primitive:
    """A primitive without vertices that no triangle has: levels of detail share theirs in files."""
    used, triangles = np.unique(primitive.triangles, return_inverse=True)
    if len(used) == len(primitive.attributes["POSITION"]) or not len(used):
        return primitive
    rows = {name: values[used] for name, values in primitive.attributes.items()}
    morphs = primitive.morphs
    if morphs is not None:
        morphs = Morphs(morphs.names, morphs.positions[:, used], morphs.normals[:, used])
    flat = triangles.reshape(-1, 3).astype(np.uint32)
    return Primitive(primitive.material, rows, flat, morphs)


def _moved_only(primitive: Primitive) -> Primitive:
    """A primitive without the targets that move nothing of it."""
    morphs = primitive.morphs
    if morphs is None:
        return primitive
    both = (morphs.positions, morphs.normals)
    moves = np.any([np.any(each != 0.0, axis=(1, 2)) for each in both], axis=0)
    chosen = np.flatnonzero(moves)
    left = None
    if len(chosen):
        names = tuple(morphs.names[i] for i in chosen.tolist())
        left = Morphs(names, morphs.positions[chosen], morphs.normals[chosen])
    return msgspec.structs.replace(primitive, morphs=left)
