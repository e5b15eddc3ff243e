"""The OTrk header of a datagram and its checksum (OpenTrackIO 1.0.1, transport over UDP).

16 bytes, big-endian:

    0-3   "OTrk"                        8-11   offset of this segment in the sample, bytes
    4     reserved                      12-13  bit 15: last segment; bits 14-0: payload length
    5     encoding: 01 JSON, 02 CBOR    14-15  Fletcher-16, modulo 256, of bytes 0-13 and payload
    6-7   sequence number
"""

from __future__ import annotations

import struct
from itertools import accumulate
from typing import Final

import msgspec

from xrdrama.errors import LocalProtocolError, RemoteProtocolError

MAGIC: Final = b"OTrk"
SIZE: Final = 16
JSON: Final = 1
CBOR: Final = 2
LONGEST: Final = 0x7FFF
"""Bytes of payload in one datagram."""
LAST: Final = 0x8000
_LAYOUT: Final = struct.Struct(">4sBBHIHH")
_VENDOR: Final = 0x80
_LIMB: Final = 2**32 - 1
_SHORT: Final = 4096


class Segment(msgspec.Struct, frozen=True, gc=False):
    """One datagram: a whole sample, or a part of it."""

    encoding: int
    sequence: int
    offset: int
    last: bool
    payload: bytes

    @property
    def end(self) -> int:
        """The offset after its last byte."""
        return self.offset + len(self.payload)


def fletcher16(data: bytes) -> int:
    """Fletcher-16 with both sums modulo 256; the second sum is the high byte."""
    length = len(data)
    if length > _SHORT:
        return (sum(accumulate(data)) & 0xFF) << 8 | sum(data) & 0xFF
    # As a number in base 2**32, its remainder by (2**32 - 1) squared holds both sums: a power of
    # the base, B**i, leaves 1 + i (B - 1). Five times as fast as adding byte by byte.
    spread = bytearray(4 * length)
    spread[::4] = data
    weighted, plain = divmod(int.from_bytes(spread, "little") % (_LIMB * _LIMB), _LIMB)
    return (length * plain - weighted & 0xFF) << 8 | plain & 0xFF


def parse(datagram: bytes) -> Segment:
    """The segment of a datagram; RemoteProtocolError for anything else than one valid segment."""
    if len(datagram) < SIZE:
        raise RemoteProtocolError(
            f"OpenTrackIO datagram has {len(datagram)} bytes; its header alone has {SIZE}"
        )
    magic, _, encoding, sequence, offset, size, checksum = _LAYOUT.unpack_from(datagram)
    if magic != MAGIC:
        bare = "; it begins like JSON without a header" if datagram[:1] in b"{[" else ""
        raise RemoteProtocolError(f"OpenTrackIO datagram does not begin with OTrk{bare}")
    payload = datagram[SIZE:]
    if len(payload) != size & LONGEST:
        raise RemoteProtocolError(
            f"OpenTrackIO header announces {size & LONGEST} bytes of payload; {len(payload)} follow"
        )
    if fletcher16(datagram[:14] + payload) != checksum:
        raise RemoteProtocolError(f"OpenTrackIO checksum mismatch{_other_modulus(datagram)}")
    if encoding not in (JSON, CBOR):
        kind = "a vendor's own" if encoding >= _VENDOR else "unknown"
        raise RemoteProtocolError(
            f"OpenTrackIO encoding {encoding:02X} is {kind}: only 01 (JSON) and 02 (CBOR) are read"
        )
    return Segment(encoding, sequence, offset, bool(size & LAST), payload)


def _other_modulus(datagram: bytes) -> str:
    """A hint for senders that compute the sums modulo 255, as the draft versions did."""
    one = two = 0
    for byte in datagram[:14] + datagram[SIZE:]:
        one = (one + byte) % 255
        two = (two + one) % 255
    same = (two << 8 | one) == int.from_bytes(datagram[14:16], "big")
    return ": the sender computes it modulo 255, which must be 256" if same else ""


def pack(segment: Segment) -> bytes:
    """The datagram of a segment; LocalProtocolError if its payload or offset does not fit."""
    size = len(segment.payload)
    if size > LONGEST or not 0 <= segment.offset < 2**32:
        raise LocalProtocolError(
            f"a segment of {size} bytes at offset {segment.offset} does not fit in OpenTrackIO"
        )
    head = _LAYOUT.pack(
        MAGIC, 0, segment.encoding, segment.sequence & 0xFFFF, segment.offset,
        size | (LAST if segment.last else 0), 0,
    )[:14]  # fmt: skip
    return head + fletcher16(head + segment.payload).to_bytes(2, "big") + segment.payload


def cut(payload: bytes, encoding: int, sequence: int, longest: int) -> tuple[bytes, ...]:
    """The datagrams of a sample, each with at most `longest` bytes; one `sequence` for all."""
    room = longest - SIZE
    starts = range(0, len(payload), room) if payload else range(1)
    return tuple(
        pack(Segment(encoding, sequence, at, at + room >= len(payload), payload[at : at + room]))
        for at in starts
    )
