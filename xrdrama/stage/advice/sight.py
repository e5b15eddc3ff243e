"""Whether a line of sight meets a piece of a wall, or the floor in front of it or below it.

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
    foot: tuple[float, float, float, float, float] | None
    """Of an upright piece: two factors of x and y and a summand, which give 0 to 1 along its foot;
    the height of its lower edge at 0, and how much higher that is at 1."""


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
    low, high = surface.lowest
    foot = (dx / square, dy / square, -(ax * dx + ay * dy) / square, low, high - low)
    return Piece(surface.normal, level, tuple(sides), foot)


def meets(piece: Piece, eye: Point, ray: Point) -> bool:
    """True for a piece that a ray meets from its front, or whose plane it meets below the piece."""
    nx, ny, nz = piece.normal
    rx, ry, rz = ray
    fall = -(nx * rx + ny * ry + nz * rz)
    if fall <= 1e-12:
        return False
    x, y, z = eye
    way = (nx * x + ny * y + nz * z - piece.level) / fall
    if way <= 0.0:
        return False
    x, y, z = x + rx * way, y + ry * way, z + rz * way
    for mx, my, mz, limit in piece.sides:
        if mx * x + my * y + mz * z < limit:
            return rz < 0.0 and _is_below(piece, x, y, z)
    return True


def _is_below(piece: Piece, x: float, y: float, z: float) -> bool:
    """True for a point of an upright piece's plane that is below its lower edge."""
    if piece.foot is None:
        return False
    u, v, start, low, rise = piece.foot
    along = u * x + v * y + start
    return -1e-9 <= along <= 1.0 + 1e-9 and z <= low + rise * along
