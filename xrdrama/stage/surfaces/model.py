"""Reads a surface from a glTF model: the triangles of its nodes, with their first UV set.

Reading and its limits are those of `xrdrama.gltf`. glTF's texture coordinates run down from the
upper left, so v on the wall is 1 - v. Corners are in glTF's axes: x right, y up, metres.
"""

from __future__ import annotations

from xrdrama.document.wording import short, suggestion
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Node, Primitive
from xrdrama.spatial import Vec3
from xrdrama.stage.surfaces.surface import Corner, Corners, Surface, bounded, checked


def read_model(content: bytes, name: str = "") -> Surface:
    """The triangles of a .glb or .gltf file, or of its node `name`.

    RemoteProtocolError for a file that cannot be read, for a mesh without texture coordinates and
    for too many triangles.
    """
    model = read_glb(content)
    names = [node.name for node in model.nodes]
    nodes = [node for node in model.nodes if not name or node.name == name]
    if not nodes and name:
        hint = suggestion(name, names) if names else "remove object: to use the whole file"
        raise RemoteProtocolError(f"the file has no mesh node {short(name)}: {hint}")
    bounded(sum(len(p.triangles) for node in nodes for p in node.primitives))
    found = [corners for node in nodes for p in node.primitives for corners in _corners(node, p)]
    if not found:
        raise RemoteProtocolError("the file has no triangles: export the mesh of the wall")
    return Surface(tuple(found))


def _corners(node: Node, primitive: Primitive) -> list[Corners]:
    """The triangles of a primitive, in the model's frame."""
    if "TEXCOORD_0" not in primitive.attributes:
        raise RemoteProtocolError(
            f"the node {short(node.name)} has no texture coordinates: unwrap the mesh so that its "
            "UV is the position on the wall, and export UVs"
        )
    points = primitive.attributes["POSITION"].astype(float)
    matrix = node.matrix
    placed = (points @ matrix[:3, :3].T + matrix[:3, 3]).tolist()
    positions = primitive.attributes["TEXCOORD_0"].tolist()
    where = f"the node {short(node.name)}"
    rows = [
        Corner(
            Vec3(*(checked(number, where) for number in point)),
            checked(u, where),
            1.0 - checked(v, where),
        )
        for point, (u, v) in zip(placed, positions, strict=True)
    ]
    return [(rows[a], rows[b], rows[c]) for a, b, c in primitive.triangles.tolist()]
