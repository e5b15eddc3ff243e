"""Reads a Portable Float Map: the points of an MPCDI geometry warp map.

A header of three lines (`PF`, width and height, a scale whose sign is the byte order: negative for
little-endian), then rows of float32 triples. The format is that of Paul Debevec's PFM; as in
MPCDI's own reader, the first row is the upper one and the scale's size has no effect.
"""

from __future__ import annotations

import re
import struct
from math import isfinite

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Vec3

MOST_SIDE = 16_384
_HEADER = re.compile(
    rb"PF\s+([0-9]{1,6})\s+([0-9]{1,6})\s+([+-]?[0-9]{0,9}\.?[0-9]{0,9}(?:[eE][+-]?[0-9]{1,3})?)\s"
)
_TRIPLE = 12


class PointMap(msgspec.Struct, frozen=True):
    """A map of points; `content` holds the rows from `begin` on."""

    width: int
    height: int
    content: bytes
    begin: int
    little: bool

    def point(self, x: int, y: int) -> Vec3 | None:
        """The point of a pixel, counted from the upper left; None for a pixel without one (NaN or
        zero)."""
        offset = self.begin + (y * self.width + x) * _TRIPLE
        numbers = struct.unpack_from("<3f" if self.little else ">3f", self.content, offset)
        if not all(map(isfinite, numbers)) or not any(numbers):
            return None
        return Vec3(*numbers)


def read_pfm(content: bytes) -> PointMap:
    """The map in a colour PFM file; RemoteProtocolError if it is damaged or has one channel."""
    header = _HEADER.match(content[:128])
    if header is None:
        raise RemoteProtocolError("the map is not a colour PFM file (PF): export the maps again")
    width, height = int(header[1]), int(header[2])
    try:
        scale = float(header[3])
    except ValueError:
        scale = 0.0
    if not (2 <= width <= MOST_SIDE and 2 <= height <= MOST_SIDE) or scale == 0.0:
        raise RemoteProtocolError(
            f"the map has {width} x {height} pixels and the scale {header[3].decode()}; expected "
            f"2 to {MOST_SIDE} pixels and a scale of 1 or -1: export the maps again"
        )
    if len(content) - header.end() < width * height * _TRIPLE:
        raise RemoteProtocolError(
            f"the map of {width} x {height} pixels is truncated: copy or export it again"
        )
    return PointMap(width, height, content, header.end(), scale < 0.0)
