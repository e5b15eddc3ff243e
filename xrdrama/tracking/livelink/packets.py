"""Packets of Live Link Face to values and back; the protocol's own order and units.

    0       version 6, int32, little-endian
    4       37 bytes: device id
    41      int32 length of the name, then the name in UTF-8; from here on big-endian
    +0      int32 frame, float32 sub-frame, int32 rate, int32 denominator
    +16     int8 count = 61, then 61 float32: 52 shapes, then yaw, pitch and roll of the head, of
            the left eye and of the right eye

Without a face, a packet ends after the name or after the denominator.
"""

from __future__ import annotations

import struct
from math import isfinite
from typing import Final

import msgspec

from xrdrama.errors import LocalProtocolError, RemoteProtocolError

VERSION: Final = 6
COUNT: Final = 61
"""Values of a packet with a face."""
DEVICE_BYTES: Final = 37
LONGEST_NAME: Final = 64
"""Bytes of a name; a packet with a longer one is refused."""

_VERSION = struct.Struct("<i")
_LENGTH = struct.Struct(">i")
_TIMING = struct.Struct(">ifii")
_VALUES = struct.Struct(f">{COUNT}f")
_NAME_AT = _VERSION.size + DEVICE_BYTES + _LENGTH.size


class Timing(msgspec.Struct, frozen=True):
    """When a packet was taken: frame of the device's timecode, and frames in `denominator` s."""

    frame: int
    sub_frame: float
    rate: int
    denominator: int

    def seconds(self) -> float | None:
        """The time of day of the device, s; None if the rate is not a rate."""
        if self.rate <= 0 or self.denominator <= 0:
            return None
        return (self.frame + self.sub_frame) * self.denominator / self.rate


class Packet(msgspec.Struct, frozen=True):
    """A packet as it was sent. `values` are () without a face; they may be NaN."""

    device: str
    name: str
    timing: Timing | None = None
    values: tuple[float, ...] = ()


def read(datagram: bytes) -> Packet:
    """The content of a datagram; RemoteProtocolError and nothing else if it is invalid."""
    if len(datagram) < _NAME_AT:
        raise RemoteProtocolError(
            f"Live Link packet has {len(datagram)} bytes; expected {_NAME_AT} or more"
        )
    (version,) = _VERSION.unpack_from(datagram)
    if version != VERSION:
        raise RemoteProtocolError(f"Live Link version {version} is not supported: only {VERSION}")
    (length,) = _LENGTH.unpack_from(datagram, _NAME_AT - _LENGTH.size)
    end = _NAME_AT + length
    if not 0 <= length <= LONGEST_NAME:
        raise RemoteProtocolError(f"Live Link name of {length} bytes; expected 0 to {LONGEST_NAME}")
    if end > len(datagram):
        raise RemoteProtocolError("Live Link packet ends inside its name")
    device = _text(datagram[_VERSION.size : _VERSION.size + DEVICE_BYTES], "device id")
    name = _text(datagram[_NAME_AT:end], "name")
    timing, values = _tail(datagram[end:])
    return Packet(device, name, timing, values)


def _tail(tail: bytes) -> tuple[Timing | None, tuple[float, ...]]:
    """Timing and values, as far as a packet has them."""
    if not tail:
        return None, ()
    if len(tail) < _TIMING.size:
        raise RemoteProtocolError("Live Link packet ends inside its timing")
    frame, sub_frame, rate, denominator = _TIMING.unpack_from(tail)
    if not isfinite(sub_frame):
        raise RemoteProtocolError("Live Link sub-frame is NaN or infinite")
    timing = Timing(frame, sub_frame, rate, denominator)
    rest = tail[_TIMING.size :]
    if not rest:
        return timing, ()
    if rest[0] != COUNT:
        raise RemoteProtocolError(f"Live Link packet has {rest[0]} values; expected {COUNT}")
    if len(rest) != 1 + _VALUES.size:
        raise RemoteProtocolError(
            f"Live Link values have {len(rest) - 1} bytes; expected {_VALUES.size}"
        )
    return timing, _VALUES.unpack_from(rest, 1)


def encode(packet: Packet) -> bytes:
    """The datagram of a packet; LocalProtocolError if a value does not fit."""
    try:
        name, device = packet.name.encode(), packet.device.encode()
    except UnicodeEncodeError as error:
        raise LocalProtocolError(f"a name is not valid Unicode: {error.reason}") from None
    if len(device) != DEVICE_BYTES:
        raise LocalProtocolError(f"device id of {len(device)} bytes; expected {DEVICE_BYTES}")
    if len(name) > LONGEST_NAME:
        raise LocalProtocolError(f"name of {len(name)} bytes; expected {LONGEST_NAME} or fewer")
    head = _VERSION.pack(VERSION) + device + _LENGTH.pack(len(name)) + name
    if packet.timing is None and not packet.values:
        return head
    if packet.timing is None or len(packet.values) not in (0, COUNT):
        raise LocalProtocolError(f"a face needs a timing and {COUNT} values")
    time = packet.timing
    if not isfinite(time.sub_frame):
        raise LocalProtocolError("the sub-frame is NaN or infinite")
    try:
        timing = _TIMING.pack(time.frame, time.sub_frame, time.rate, time.denominator)
        values = bytes((COUNT,)) + _VALUES.pack(*packet.values) if packet.values else b""
    except (struct.error, OverflowError) as error:
        raise LocalProtocolError(f"a value does not fit into a Live Link packet: {error}") from None
    return head + timing + values


def _text(data: bytes, what: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise RemoteProtocolError(f"Live Link {what} is not UTF-8") from None
