"""Directions and halves of the triangles of a mesh wall."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, cos, radians

from xrdrama.spatial import ORIGIN, Pose, Vec3
from xrdrama.stage.facets import Piece

FLAT = cos(radians(0.5))
"""Triangles whose normals differ less from their mean are one flat wall."""
_LEAST = 1e-9


def mean_normal(pieces: Sequence[Piece]) -> tuple[Vec3, bool]:
    """The mean normal, weighted by area, and True if the pieces are in one plane, so that a view
    along it has the same pixel density everywhere."""
    total = ORIGIN
    for piece in pieces:
        total = total + piece.normal * piece.area
    if total.length() < _LEAST:
        return pieces[0].normal, False
    mean, first = total.unit(), pieces[0].corners[0]
    size = sum(piece.area for piece in pieces) ** 0.5
    flat = all(
        piece.normal.dot(mean) >= FLAT
        and all(abs((corner - first).dot(mean)) <= 0.005 * size for corner in piece.corners)
        for piece in pieces
    )
    return mean, flat


def upright(pieces: Sequence[Piece], forward: Vec3) -> tuple[Vec3, Vec3]:
    """Unit vectors to the right and up in a view along `forward` (metres, of unit length).

    Up is the direction in which positions on the canvas rise, as near as a view along `forward`
    allows; for pieces without area on the canvas it is the vertical.
    """
    rise = ORIGIN
    for piece in pieces:
        rise = rise + _rise(piece) * piece.area
    for candidate in (rise, Vec3(0.0, 0.0, 1.0), Vec3(0.0, 1.0, 0.0)):
        up = candidate - forward * candidate.dot(forward)
        if up.length() > 1e-3 * max(candidate.length(), _LEAST):
            up = up.unit()
            return forward.cross(up), up
    raise ValueError("the forward vector is not of unit length")


def _rise(piece: Piece) -> Vec3:
    """The direction on the wall in which places on the canvas rise, of unit length; zero for a
    piece without area on the canvas."""
    a, b, c = piece.corners[:3]
    (ax, ay), (bx, by), (cx, cy) = piece.places[:3]
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if abs(area) < _LEAST:
        return ORIGIN
    # The gradient of the position with respect to y of the canvas, which points down.
    down = ((c - a) * (bx - ax) - (b - a) * (cx - ax)) * (1.0 / area)
    return down * (-1.0 / max(down.length(), _LEAST))


def halves(view: Pose, pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The pieces in two groups, neither empty, divided across the wider angle seen from `view`."""
    back = view.inverse()
    angles = []
    for piece in pieces:
        p = back.apply(piece.centre)
        angles.append((atan2(p.x, p.y), atan2(p.z, max(abs(p.y), _LEAST))))
    spans = [max(a[i] for a in angles) - min(a[i] for a in angles) for i in (0, 1)]
    axis = 0 if spans[0] >= spans[1] else 1
    order = sorted(range(len(pieces)), key=lambda index: angles[index][axis])
    middle = (angles[order[0]][axis] + angles[order[-1]][axis]) / 2
    count = sum(angles[index][axis] < middle for index in order)
    count = count if 0 < count < len(pieces) else len(pieces) // 2
    first = set(order[:count])
    one = tuple(piece for index, piece in enumerate(pieces) if index in first)
    return one, tuple(piece for index, piece in enumerate(pieces) if index not in first)
