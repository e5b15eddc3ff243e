"""A test pattern to measure walls with: floor, balls and a distant dome with known positions."""

from __future__ import annotations

from math import cos, pi, sin

from panda3d.core import (
    Geom,
    GeomNode,
    GeomTriangles,
    GeomVertexData,
    GeomVertexFormat,
    GeomVertexWriter,
    LVecBase4f,
    NodePath,
)

from xrdrama.adapters.panda.graphics import Target
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.shading import shader

DOME = 40.0
# Where balls float, metres: behind walls of any usual stage, high and low.
_BALLS = (
    (-4.0, 9.0, 1.2, 1.1), (2.5, 8.0, 0.9, 0.8), (0.3, 14.0, 2.6, 1.8), (6.5, 11.0, 2.0, 1.4),
    (-9.0, 4.0, 2.0, 1.5), (9.0, 3.0, 1.5, 1.2), (0.5, 2.0, 9.0, 1.3), (-2.5, 4.0, 12.0, 1.6),
)  # fmt: skip
# The same below an LED floor, with depths below its surface.
_UNDER = ((-1.0, 0.5, 1.4, 0.7), (1.5, 1.0, 1.8, 0.9), (0.2, -0.6, 1.0, 0.4), (3.0, 3.0, 2.0, 1.2))
_DEEP = 3.0


class TestRange:
    """Draws either positions (metres, alpha 1) or checkers.

    `below` is the height of the surface of an LED floor (metres): the range then has its own floor
    and some balls below it, since nothing else is seen through an LED floor.
    """

    __test__ = False  # not for pytest
    tone = None
    """Its colours are those of the wall's pixels."""

    def __init__(self, *, positions: bool, below: float | None = None) -> None:
        self.root = NodePath("range")
        self.root.set_shader(shader("range.vert", "range.frag"))
        self.root.set_shader_input("range_rule", LVecBase4f(float(positions), 0.0, 0.0, 0.0))
        self.root.set_two_sided(True)
        self.root.attach_new_node(_ball(96)).set_scale(DOME)
        floor = self.root.attach_new_node(_ball(64))
        floor.set_scale(DOME, DOME, 0.001)
        balls: tuple[tuple[float, float, float, float], ...] = _BALLS
        if below is not None:
            floor.set_z(below - _DEEP)
            balls = tuple((x, y, below - z, radius) for x, y, z, radius in _UNDER)
        for x, y, z, radius in balls:
            ball = self.root.attach_new_node(_ball(48))
            ball.set_pos(x, y, z)
            ball.set_scale(radius)

    def add_view(self, target: Target) -> SetView:
        """A view of the range."""
        return SetView(self.root, target, (0.0, 1.0, 0.0, 1.0))


def _ball(steps: int) -> GeomNode:
    rows = GeomVertexData("ball", GeomVertexFormat.get_v3n3(), Geom.UH_static)
    vertex, normal = (GeomVertexWriter(rows, name) for name in ("vertex", "normal"))
    triangles = GeomTriangles(Geom.UH_static)
    rings = steps // 2
    for i in range(rings + 1):
        for j in range(steps + 1):
            a, b = pi * i / rings, 2 * pi * j / steps
            point = (sin(a) * cos(b), sin(a) * sin(b), cos(a))
            vertex.add_data3(*point)
            normal.add_data3(*point)
    for i in range(rings):
        for j in range(steps):
            k = i * (steps + 1) + j
            triangles.add_vertices(k, k + 1, k + steps + 2)
            triangles.add_vertices(k, k + steps + 2, k + steps + 1)
    geom = Geom(rows)
    geom.add_primitive(triangles)
    node = GeomNode("ball")
    node.add_geom(geom)
    return node
