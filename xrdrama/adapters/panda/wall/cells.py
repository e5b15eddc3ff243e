"""The cells of LED walls on the canvas, each drawn with no more pictures than it shows.

Most LEDs show one picture: the outer one, or a camera's. On a processor that draws without a
graphics card, every lookup of a picture costs at every LED, even if a branch leaves it out. So each
mesh is drawn once for each `Part`, and the vertex shader drops the cells of the other parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Final, Literal

import numpy as np
from panda3d.core import (
    Geom,
    GeomEnums,
    GeomNode,
    GeomTriangles,
    GeomVertexArrayFormat,
    GeomVertexData,
    GeomVertexFormat,
    OmniBoundingVolume,
)

from xrdrama.spatial import Vec3
from xrdrama.stage import Facet
from xrdrama.stage.facets import Piece, Place2

Part = Literal["OUTER", "COVERED", "MIXED"]
PARTS: Final[tuple[Part, ...]] = ("OUTER", "COVERED", "MIXED")
"""Cells that no camera sees; that one camera's picture covers, inside its soft edge; the others."""
_CELL_PX: Final = 64.0
_SIDES: Final = ("cell_corner", "cell_across", "cell_up")


def cells(facets: Iterable[Piece], canvas: tuple[int, int]) -> GeomNode:
    """The facets in cells, at their places on the stage; texture coordinates are the canvas's.

    Every vertex has its cell's corner and two sides (metres): the parallelogram over them contains
    the cell. Rectangles are divided into cells of up to 64 LEDs, a triangle is one cell.
    """
    layout = GeomVertexArrayFormat()
    layout.add_column("vertex", 3, GeomEnums.NT_float32, GeomEnums.C_point)
    for name in _SIDES:
        layout.add_column(name, 3, GeomEnums.NT_float32, GeomEnums.C_other)
    layout.add_column("texcoord", 2, GeomEnums.NT_float32, GeomEnums.C_texcoord)
    form = GeomVertexFormat()
    form.add_array(layout)
    rows: list[tuple[float, ...]] = []
    triangles = GeomTriangles(Geom.UH_static)
    for corners, places in (cell for facet in facets for cell in _divided(facet)):
        start, across, up = corners[0], corners[1] - corners[0], corners[-1] - corners[0]
        first = len(rows)
        for at, (x, y) in zip(corners, places, strict=True):
            box = (value for point in (at, start, across, up) for value in _numbers(point))
            rows.append((*box, x / canvas[0], 1.0 - y / canvas[1]))
        for last in range(2, len(corners)):
            triangles.add_vertices(first, first + last - 1, first + last)
    data = GeomVertexData("cells", GeomVertexFormat.register_format(form), Geom.UH_static)
    data.unclean_set_num_rows(len(rows))
    data.modify_array_handle(0).copy_data_from(np.array(rows, np.float32).tobytes())
    geom = Geom(data)
    geom.add_primitive(triangles)
    node = GeomNode("cells")
    node.add_geom(geom)
    # Never culled: on the canvas their places have nothing to do with where they stand.
    node.set_bounds(OmniBoundingVolume())
    node.set_final(True)
    return node


def _divided(facet: Piece) -> Iterator[tuple[tuple[Vec3, ...], tuple[Place2, ...]]]:
    """The corners of each cell of a facet, on the stage and on the canvas."""
    if not isinstance(facet, Facet):
        yield facet.corners, facet.places
        return
    start, right, _, above = facet.corners
    (x, y), (right_x, right_y), _, (above_x, above_y) = facet.places
    across, up = right - start, above - start
    columns = _count(abs(right_x - x) + abs(right_y - y))
    rows = _count(abs(above_x - x) + abs(above_y - y))

    def at(i: int, j: int) -> tuple[Vec3, Place2]:
        s, t = i / columns, j / rows
        place = (
            x + (right_x - x) * s + (above_x - x) * t,
            y + (right_y - y) * s + (above_y - y) * t,
        )
        return start + across * s + up * t, place

    for j in range(rows):
        for i in range(columns):
            around = (at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1))
            yield tuple(one for one, _ in around), tuple(two for _, two in around)


def _count(pixels: float) -> int:
    return max(1, ceil(pixels / _CELL_PX - 1e-6))


def _numbers(point: Vec3) -> tuple[float, float, float]:
    return point.x, point.y, point.z
