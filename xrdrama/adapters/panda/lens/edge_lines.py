"""Lines on the walls, for people who judge a stage: where the inner frustum ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from panda3d.core import (
    Geom,
    GeomNode,
    GeomTriangles,
    GeomVertexData,
    GeomVertexFormat,
    GeomVertexWriter,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
)

from xrdrama.adapters.panda.shading import shader
from xrdrama.spatial import Vec3

Point = tuple[float, float, float]
COLOUR: Final = (1.0, 0.42, 0.05, 1.0)
WIDTH: Final = 0.003
"""The width of a line as a share of its distance: about three pixels of a picture in HD."""
_AHEAD: Final = 0.002
"""How much nearer to the camera than its wall a line is, as a share of the distance."""


class EdgeLines:
    """Lines in a scene; they have the same width in the picture at every distance."""

    def __init__(self, root: NodePath) -> None:
        self._path = root.attach_new_node("edge lines")
        self._path.set_shader(shader("panel.vert", "edge.frag"))
        self._path.set_shader_input("colour", LVecBase4f(*COLOUR))
        self._path.set_two_sided(True)

    def show(self, lines: Sequence[Sequence[Point]], camera: Vec3) -> None:
        """Show these lines (metres of the stage) to a camera at a position, and no others."""
        self._path.get_children().detach()
        if not lines:
            return
        rows = GeomVertexData("lines", GeomVertexFormat.get_v3n3t2(), Geom.UH_stream)
        rows.unclean_set_num_rows(sum(4 * (len(line) - 1) for line in lines))
        vertex = GeomVertexWriter(rows, "vertex")
        triangles = GeomTriangles(Geom.UH_stream)
        first = 0
        for line in lines:
            points = [Vec3(*point) for point in line]
            for one, other in pairwise(points):
                for corner in _ribbon(one, other, camera):
                    vertex.set_data3(corner.x, corner.y, corner.z)
                triangles.add_vertices(first, first + 1, first + 2)
                triangles.add_vertices(first, first + 2, first + 3)
                first += 4
        geom = Geom(rows)
        geom.add_primitive(triangles)
        node = GeomNode("line")
        node.add_geom(geom)
        node.set_bounds(OmniBoundingVolume())
        node.set_final(True)
        self._path.attach_new_node(node)


def _ribbon(one: Vec3, other: Vec3, camera: Vec3) -> tuple[Vec3, Vec3, Vec3, Vec3]:
    """The corners of a line between two points as a strip that faces the camera."""
    a, b = (camera + (point - camera) * (1.0 - _AHEAD) for point in (one, other))
    across = (b - a).cross(a - camera)
    long = across.length()
    side = across * (1.0 / long) if long > 1e-12 else across
    half_a, half_b = ((p - camera).length() * WIDTH / 2 for p in (a, b))
    return a - side * half_a, a + side * half_a, b + side * half_b, b - side * half_b
