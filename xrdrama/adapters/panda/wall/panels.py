"""The LED walls as meshes: facets of the stage with their positions on the processor canvas."""

from __future__ import annotations

from collections.abc import Iterable

from panda3d.core import (
    Geom,
    GeomNode,
    GeomTriangles,
    GeomVertexData,
    GeomVertexFormat,
    GeomVertexWriter,
    LMatrix4f,
    LPoint3f,
    LQuaternionf,
    LVecBase4f,
    OmniBoundingVolume,
)

from xrdrama.spatial import Pose
from xrdrama.stage import Wall
from xrdrama.stage.facets import Piece
from xrdrama.wire.frame import Projection


def panels(facets: Iterable[Piece], canvas: tuple[int, int]) -> GeomNode:
    """The facets at their places on the stage; texture coordinates are the canvas's, v up.

    Never culled: on the canvas their places have nothing to do with where they stand.
    """
    rows = GeomVertexData("panels", GeomVertexFormat.get_v3n3t2(), Geom.UH_static)
    vertex, normal, texcoord = (
        GeomVertexWriter(rows, name) for name in ("vertex", "normal", "texcoord")
    )
    triangles = GeomTriangles(Geom.UH_static)
    first = 0
    for facet in facets:
        out, corners = facet.normal, facet.corners
        for corner, (x, y) in zip(corners, facet.places, strict=True):
            vertex.add_data3(corner.x, corner.y, corner.z)
            normal.add_data3(out.x, out.y, out.z)
            texcoord.add_data2(x / canvas[0], 1.0 - y / canvas[1])
        for last in range(2, len(corners)):
            triangles.add_vertices(first, first + last - 1, first + last)
        first += len(corners)
    geom = Geom(rows)
    geom.add_primitive(triangles)
    node = GeomNode("panels")
    node.add_geom(geom)
    node.set_bounds(OmniBoundingVolume())
    node.set_final(True)
    return node


def canvas_part(wall: Wall, canvas: tuple[int, int]) -> LVecBase4f:
    """The middles of a wall's outermost LEDs on the canvas: u and v, least and most."""
    left, top = wall.at[0] + 0.5, wall.at[1] + 0.5
    right, bottom = wall.at[0] + wall.area[0] - 0.5, wall.at[1] + wall.area[1] - 0.5
    width, height = canvas
    return LVecBase4f(left / width, 1.0 - bottom / height, right / width, 1.0 - top / height)


def clip_matrix(pose: Pose, projection: Projection) -> LMatrix4f:
    """Stage to clip coordinates of a view, as shaders take it (column vectors).

    The same numbers as the view's own lens, so that a picture taken through it and looked up with
    this matrix meet in the same pixel.
    """
    p = projection
    width, height = p.right - p.left, p.top - p.bottom
    # Row vectors, as Panda3D multiplies: a camera looks along +Y, clip z runs along depth.
    a = (p.far + p.near) / (p.far - p.near)
    b = -2.0 * p.far * p.near / (p.far - p.near)
    lens = LMatrix4f(
        2.0 / width, 0.0, 0.0, 0.0,
        -(p.right + p.left) / width, -(p.top + p.bottom) / height, a, 1.0,
        0.0, 2.0 / height, 0.0, 0.0,
        0.0, 0.0, b, 0.0,
    )  # fmt: skip
    return inverse_frame(pose) * lens


def inverse_frame(pose: Pose) -> LMatrix4f:
    """Stage to view coordinates (row vectors)."""
    back = pose.inverse()
    q, at = back.rotation, back.position
    matrix = LMatrix4f()
    LQuaternionf(q.w, q.x, q.y, q.z).extract_to_matrix(matrix)
    matrix.set_row(3, LPoint3f(at.x, at.y, at.z))
    return matrix
