"""Whether a line of sight meets a piece of a wall, or the floor in front of its foot.

The pieces are prepared once, so that each look costs a few products: a running show looks at
dozens of lines in every second frame.
"""

from __future__ import annotations

from math import hypot
from typing import NamedTuple

from xrdrama.stage.advice.clipping import Point
from xrdrama.stage.advice.surfaces import Surface

_OVER = 1e-6
"""Metres by which a point may be beside a piece and count as on it, as `surfaces.contains`."""

Side = tuple[float, float, float, float]


class Piece(NamedTuple):
    """A piece of a wall, prepared: a point of its plane is on it if its product with the three
    first numbers of each side is at least the fourth."""

    normal: Point
    level: float
    """The product of the normal with the points of the plane."""
    sides: tuple[Side, ...]
    foot: tuple[float, float, float, float] | None
    """Of an upright piece: two factors of x and y and a summand, which give 0 to 1 along its foot;
    and what the factors, crossed (second * x - first * y), give everywhere on its foot."""
    plinth: float = 0.0
    """The height of the plinth above the foot, metres."""


def prepared(surface: Surface) -> Piece:
    """A piece of a wall, prepared for `meets`."""
    nx, ny, nz = surface.normal
    sides: list[Side] = []
    x, y, z = surface.corners[-1]
    level = nx * x + ny * y + nz * z
    for corner in surface.corners:
        ex, ey, ez = corner[0] - x, corner[1] - y, corner[2] - z
        mx, my, mz = ny * ez - nz * ey, nz * ex - nx * ez, nx * ey - ny * ex
        limit = mx * x + my * y + mz * z - _OVER * (1e-9 + hypot(ex, ey, ez))
        sides.append((mx, my, mz, limit))
        x, y, z = corner
    if surface.foot is None:
        return Piece(surface.normal, level, tuple(sides), None)
    (ax, ay, _), (bx, by, _) = surface.foot
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    u, v = dx / square, dy / square
    foot = (u, v, -(u * ax + v * ay), v * ax - u * ay)
    return Piece(surface.normal, level, tuple(sides), foot, surface.plinth)


def meets(piece: Piece, eye: Point, ray: Point) -> bool:
    """True for a piece that a ray meets from its front, in front of whose foot it meets the floor,
    or whose plinth it meets."""
    nx, ny, nz = piece.normal
    rx, ry, rz = ray
    x, y, z = eye
    height = nx * x + ny * y + nz * z - piece.level
    if height <= 0.0:
        return False
    fall = -(nx * rx + ny * ry + nz * rz)
    if fall > 1e-12:
        way = height / fall
        x, y, z = x + rx * way, y + ry * way, z + rz * way
        for mx, my, mz, limit in piece.sides:
            if mx * x + my * y + mz * z < limit:
                break
        else:
            return True
    return eye[2] > 0.0 and (rz < 0.0 or piece.plinth > 0.0) and _floor_before(piece, eye, ray)


def _floor_before(piece: Piece, eye: Point, ray: Point) -> bool:
    """True if a ray passes an upright piece's foot at or below height 0, or that of its plinth: so
    it meets the floor in front of it, or the plinth."""
    if piece.foot is None:
        return False
    u, v, start, level = piece.foot
    x, y, z = eye
    rx, ry, rz = ray
    across = v * rx - u * ry
    if not across:
        return False
    way = (level - v * x + u * y) / across
    if way <= 0.0 or z + rz * way > piece.plinth:
        return False
    return -1e-9 <= u * (x + rx * way) + v * (y + ry * way) + start <= 1.0 + 1e-9
