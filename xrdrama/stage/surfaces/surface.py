"""A surface as its file describes it: triangles, each corner with its position on the wall."""

from __future__ import annotations

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Vec3

MOST_TRIANGLES = 10_000
"""Most triangles of a wall. One quad for each LED panel is enough: panels are flat."""
FARTHEST = 1e6
"""Largest coordinate, in the units of the file."""


class Corner(msgspec.Struct, frozen=True):
    """A corner: its point in the units and axes of the file, and its position on the wall (u to
    the right, v up, both 0 to 1)."""

    point: Vec3
    u: float
    v: float


Corners = tuple[Corner, Corner, Corner]


class Surface(msgspec.Struct, frozen=True):
    """Triangles, counter-clockwise as the audience sees them."""

    triangles: tuple[Corners, ...]


def bounded(count: int) -> None:
    """RemoteProtocolError if a surface has more triangles than a wall may have."""
    if count > MOST_TRIANGLES:
        raise RemoteProtocolError(
            f"the surface has more than {MOST_TRIANGLES} triangles: use one quad for each LED panel"
        )


def checked(number: float, where: str) -> float:
    """A coordinate; RemoteProtocolError if it is NaN, infinite or out of range."""
    if not -FARTHEST <= number <= FARTHEST:  # NaN, too
        raise RemoteProtocolError(
            f"{where}: {number!r} is not a coordinate: export the surface again, in metres"
        )
    return number
