"""glTF surfaces: the same triangles as an OBJ of the same wall, by node, or the one error."""

from __future__ import annotations

import numpy as np
import pytest

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import Material, Model, Node, Primitive
from xrdrama.gltf.writer import write_glb
from xrdrama.stage.surfaces.model import read_model
from xrdrama.stage.surfaces.obj import read_obj

OBJ = b"v -1 0 0\nv 1 0 0\nv 1 1 0.5\nv -1 1 0.5\nvt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\nf 1/1 2/2 3/3 4/4"


def glb(*, uv: bool = True, matrix: np.ndarray | None = None) -> bytes:
    """The wall of OBJ as a GLB with two nodes; the second is moved 4 m to the right."""
    points = np.array([[-1, 0, 0], [1, 0, 0], [1, 1, 0.5], [-1, 1, 0.5]], np.float32)
    attributes = {"POSITION": points, "NORMAL": np.tile(np.float32([0, 0, 1]), (4, 1))}
    if uv:
        attributes["TEXCOORD_0"] = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)
    piece = Primitive(0, attributes, np.array([[0, 1, 2], [0, 2, 3]], np.uint32))
    moved = np.eye(4)
    moved[0, 3] = 4.0
    nodes = (Node("near", np.eye(4), (piece,)), Node("far", moved, (piece,)))
    return write_glb(Model(nodes, (Material("plain"),), ()))


def test_a_node_is_the_same_surface_as_an_obj() -> None:
    assert read_model(glb(), "near") == read_obj(OBJ)
    far = read_model(glb(), "far")
    assert [c.point.x for c in far.triangles[0]] == [3, 5, 5]
    assert len(read_model(glb()).triangles) == 4


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (glb(uv=False), "near", "no texture coordinates"),
        (glb(), "Near", "near"),
        (b"glTF", "", "truncated"),
        (b"", "", "GLB|glTF|JSON"),
        (glb()[:200], "", "truncated|export"),
    ],
)
def test_other_content_is_refused(content: bytes, name: str, says: str) -> None:
    with pytest.raises(RemoteProtocolError, match=says):
        read_model(content, name)
