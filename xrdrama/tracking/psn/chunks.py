"""Chunks of PosiStageNet: a header of 32 bits, little-endian, and data or further chunks.

bits 0-15   id, whose meaning depends on the chunk around it
bits 16-30  length of the data behind the header, bytes
bit 31      the data consists of chunks
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from xrdrama.errors import LocalProtocolError, RemoteProtocolError

HEADER = struct.Struct("<I")
MOST_BYTES = 0x7FFF
"""The largest length that a header can hold."""


class Chunk(NamedTuple):
    """A chunk: its id, where its data begins and ends in the packet, and whether it has chunks."""

    id: int
    start: int
    end: int
    has_chunks: bool


def chunk_at(packet: bytes, start: int, end: int) -> Chunk:
    """The chunk whose header is at `start`; RemoteProtocolError if it does not fit before `end`."""
    if end - start < HEADER.size:
        raise RemoteProtocolError(
            f"PSN chunk header at byte {start} is cut: {end - start} bytes are left"
        )
    (word,) = HEADER.unpack_from(packet, start)
    begin = start + HEADER.size
    length = (word >> 16) & MOST_BYTES
    if begin + length > end:
        raise RemoteProtocolError(
            f"PSN chunk {word & 0xFFFF:04X} at byte {start} has {length} bytes;"
            f" {end - begin} are left"
        )
    return Chunk(word & 0xFFFF, begin, begin + length, word >= 0x8000_0000)


def chunks_in(packet: bytes, start: int, end: int) -> Iterator[Chunk]:
    """The chunks one after another between `start` and `end`; RemoteProtocolError as `chunk_at`."""
    while start < end:
        chunk = chunk_at(packet, start, end)
        yield chunk
        start = chunk.end


def chunk(id: int, data: bytes, *, has_chunks: bool = False) -> bytes:
    """The bytes of a chunk; LocalProtocolError if the data or the id is too large for a header."""
    if len(data) > MOST_BYTES or not 0 <= id <= 0xFFFF:
        raise LocalProtocolError(f"PSN chunk {id} with {len(data)} bytes does not fit in a header")
    return HEADER.pack(id | len(data) << 16 | has_chunks << 31) + data
