"""The pieces of a figure as Panda3D's geometry: one node for each primitive.

What shapes move is in a first array of its own, so that little is uploaded when a face moves.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from panda3d.core import (
    Geom,
    GeomEnums,
    GeomNode,
    GeomTriangles,
    GeomVertexArrayFormat,
    GeomVertexData,
    GeomVertexFormat,
)

from xrdrama.gltf.meshes import Floats, Primitive, from_gltf

_WIDEST_SHORT: Final = 65535


class Piece:
    """A primitive of a figure and its node; `skin` is the index of the joints that it follows."""

    def __init__(self, primitive: Primitive, skin: int) -> None:
        self.primitive, self.skin = primitive, skin
        self.node = GeomNode("figure piece")

    def build(self, rows: Floats | None) -> None:
        """Make its geometry; `rows` are the vertices' places among those that shapes move."""
        made = _geom(self.primitive, rows)
        self._moving = made.modify_vertex_data().modify_array(0)
        self.node.add_geom(made)

    def move(self, rows: Floats) -> None:
        """Replace places and normals, (n, 6). In place: asked for its data, Panda3D makes a copy
        and with it a new buffer on the graphics card."""
        content: Any = rows.tobytes()
        self._moving.modify_handle().copy_data_from(content)


def packed(primitive: Primitive) -> Floats:
    """(n, 6) places and normals in our frame."""
    attributes = primitive.attributes
    both = [from_gltf(attributes[name]) for name in ("POSITION", "NORMAL")]
    return np.ascontiguousarray(np.concatenate(both, axis=1), np.float32)


def _geom(primitive: Primitive, rows: Floats | None) -> Geom:
    attributes = primitive.attributes
    count = len(attributes["POSITION"])
    columns: list[tuple[str, Floats]] = [
        ("joints", attributes["JOINTS_0"]), ("weights", attributes["WEIGHTS_0"]),
        ("colour", attributes.get("COLOR_0", np.ones((count, 4), np.float32))),
    ]  # fmt: skip
    if "TEXCOORD_0" in attributes:
        uv = attributes["TEXCOORD_0"]
        columns.append(("texcoord", np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1)))
    if "TANGENT" in attributes:
        columns.append(("tangent", from_gltf(attributes["TANGENT"])))
    if rows is not None:
        columns.append(("morph_row", rows))
    moving, still = GeomVertexArrayFormat(), GeomVertexArrayFormat()
    moving.add_column("vertex", 3, GeomEnums.NT_float32, GeomEnums.C_point)
    moving.add_column("normal", 3, GeomEnums.NT_float32, GeomEnums.C_other)
    for name, values in columns:
        still.add_column(name, values.shape[1], GeomEnums.NT_float32, GeomEnums.C_other)
    layout = GeomVertexFormat()
    layout.add_array(moving)
    layout.add_array(still)
    known = GeomVertexFormat.register_format(layout)
    if primitive.morphs is None:
        data = GeomVertexData("figure", known, GeomEnums.UH_static)
    else:
        data = GeomVertexData("figure", known, GeomEnums.UH_dynamic)
    data.unclean_set_num_rows(count)
    _fill(data.modify_array_handle(0), packed(primitive))
    rest = np.concatenate([np.asarray(values, np.float32) for _, values in columns], axis=1)
    _fill(data.modify_array_handle(1), rest)
    triangles = GeomTriangles(GeomEnums.UH_static)
    wide = count > _WIDEST_SHORT
    triangles.set_index_type(GeomEnums.NT_uint32 if wide else GeomEnums.NT_uint16)
    flat = primitive.triangles.reshape(-1).astype(np.uint32 if wide else np.uint16)
    corners = triangles.modify_vertices()
    corners.unclean_set_num_rows(len(flat))
    _fill(corners.modify_handle(), flat)
    made = Geom(data)
    made.add_primitive(triangles)
    return made


def _fill(handle: Any, content: Any) -> None:
    handle.copy_data_from(np.ascontiguousarray(content).tobytes())
