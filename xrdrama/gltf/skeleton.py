"""The skeleton of a figure: where its joints are at rest, and the names of its morph targets.

Only the JSON of the file is read, not its vertices, so it takes milliseconds.
"""

from __future__ import annotations

import msgspec
import numpy as np

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf import gltf
from xrdrama.gltf.glb import MAX_DEPTH, MAX_NODES, split_glb
from xrdrama.gltf.rig import Doubles

MOST_SHAPES = 512


class Joints(msgspec.Struct, frozen=True):
    """Joints of the skins by name: metres, in glTF's frame (Y up); and the morph targets' names."""

    joints: dict[str, tuple[float, float, float]]
    shapes: tuple[str, ...]


def read_joints(content: bytes) -> Joints:
    """The joints and shapes of a .glb; RemoteProtocolError for a file without a skin."""
    text, _ = split_glb(content)
    try:
        file = msgspec.json.decode(text, type=gltf.File)
        joints = _joints(file)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, IndexError) as error:
        raise RemoteProtocolError(f"this is not valid glTF 2.0: {error}: export it again") from None
    return Joints(joints, _shapes(text))


def _joints(file: gltf.File) -> dict[str, tuple[float, float, float]]:
    if not file.skins:
        raise RemoteProtocolError(
            "the model has no skin: export it with its armature, or use it as a model of a set"
        )
    skins = [msgspec.convert(skin, gltf.Skin) for skin in file.skins]
    wanted = {joint for skin in skins for joint in skin.joints}
    if len(file.nodes) > MAX_NODES:
        raise RemoteProtocolError(f"the model has more than {MAX_NODES:,} nodes: reduce it")
    found: dict[str, tuple[float, float, float]] = {}
    children = {child for node in file.nodes for child in node.children}
    stack: list[tuple[int, Doubles, int]] = [
        (index, np.eye(4), 0) for index in range(len(file.nodes)) if index not in children
    ]
    while stack:
        index, above, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise RemoteProtocolError(f"the nodes are nested over {MAX_DEPTH} deep: flatten them")
        node = file.nodes[index]
        here = above @ _matrix(node)
        if index in wanted and node.name:
            x, y, z = (float(v) for v in here[:3, 3])
            if not np.isfinite([x, y, z]).all() or max(abs(x), abs(y), abs(z)) > 1e3:
                raise RemoteProtocolError(
                    f"the joint {node.name!r} is not within 1 km: export it again"
                )
            found.setdefault(node.name, (round(x, 6), round(y, 6), round(z, 6)))
        stack += [(child, here, depth + 1) for child in node.children]
    return found


def _matrix(node: gltf.Node) -> Doubles:
    if node.matrix is not None:
        return np.array(node.matrix, np.float64).reshape(4, 4).T
    x, y, z, w = np.array(node.rotation) / max(float(np.linalg.norm(node.rotation)), 1e-12)
    turn = np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.array(node.scale)
    matrix[:3, 3] = node.translation
    return matrix


def _shapes(text: bytes) -> tuple[str, ...]:
    """The names of the morph targets of all meshes, in the order in which they are found."""
    meshes = msgspec.json.decode(text).get("meshes", [])
    found: dict[str, None] = {}
    for mesh in meshes if isinstance(meshes, list) else []:
        extras = mesh.get("extras") if isinstance(mesh, dict) else None
        names = extras.get("targetNames") if isinstance(extras, dict) else None
        for name in names if isinstance(names, list) else []:
            if isinstance(name, str) and len(found) < MOST_SHAPES:
                found[name[:60]] = None
    return tuple(found)
