"""What a viewer's page sends of its microphone and camera, and the answers: /senses/KIND.

A socket of its own for each sense. The page sends binary messages, each a header of 8 bytes and
what was heard or seen:

    byte 0      1 a sound, 2 a picture
    byte 1      1, the version
    bytes 2, 3  0
    bytes 4-7   milliseconds of the page's clock at its end, unsigned, little-endian

A sound is 16-bit little-endian samples, mono, 16 kHz, 10 to 200 ms. A picture is a baseline or
progressive JPEG of at most 640 x 480. Answers are JSON: `Standing` and `Understood`.
"""

from __future__ import annotations

import struct
from typing import Final, Literal

import msgspec

from xrdrama.errors import RemoteProtocolError

Sense = Literal["voice", "gesture"]
RATE: Final = 16_000
"""Samples a second."""
LEAST_SAMPLES, MOST_SAMPLES = 160, 3200
MOST_PICTURE: Final = 48 * 1024
"""Bytes of the largest picture."""
WIDEST, HIGHEST = 640, 480
LEAST_SIDE: Final = 32
HEADER: Final = struct.Struct("<BBHI")
VERSION: Final = 1
SOUND, PICTURE = 1, 2

# Markers of a JPEG that begin a frame with its size, and those without a length.
_FRAMES: Final = frozenset((0xC0, 0xC1, 0xC2))
_OTHER_FRAMES: Final = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset((0x01, *range(0xD0, 0xD8)))


class Sound(msgspec.Struct, frozen=True):
    """Samples that ended at `ms` of the page's clock."""

    ms: int
    pcm: bytes

    @property
    def samples(self) -> int:
        """How many there are."""
        return len(self.pcm) // 2


class Picture(msgspec.Struct, frozen=True):
    """A JPEG that was taken at `ms` of the page's clock."""

    ms: int
    width: int
    height: int
    jpeg: bytes


class Standing(msgspec.Struct, frozen=True, tag_field="is", tag="standing"):
    """Whether the recogniser listens or looks, and words for the viewer."""

    now: Literal["loading", "on", "muted", "slow", "dead"]
    text: str = ""


class Understood(msgspec.Struct, frozen=True, tag_field="is", tag="understood"):
    """The result of something that was said or shown: words for the viewer. Nothing that was said
    is in `heard` unless it was near a phrase that is open."""

    verdict: str
    text: str = ""
    heard: str = ""


def decode_sound(data: bytes) -> Sound:
    """A sound of a page, or RemoteProtocolError."""
    ms = _header(data, SOUND)
    pcm = data[HEADER.size :]
    if len(pcm) % 2 or not LEAST_SAMPLES <= len(pcm) // 2 <= MOST_SAMPLES:
        raise RemoteProtocolError(
            f"a sound of {len(pcm)} bytes; {2 * LEAST_SAMPLES} to {2 * MOST_SAMPLES} are allowed"
        )
    return Sound(ms, pcm)


def decode_picture(data: bytes) -> Picture:
    """A picture of a page, whose size is read but which is not decoded; or RemoteProtocolError."""
    ms = _header(data, PICTURE)
    jpeg = data[HEADER.size :]
    if len(jpeg) > MOST_PICTURE:
        raise RemoteProtocolError(f"a picture of {len(jpeg)} bytes; {MOST_PICTURE} are allowed")
    width, height = jpeg_size(jpeg)
    if not (LEAST_SIDE <= width <= WIDEST and LEAST_SIDE <= height <= HIGHEST):
        raise RemoteProtocolError(
            f"a picture of {width} x {height}; at most {WIDEST} x {HIGHEST} is allowed"
        )
    return Picture(ms, width, height, jpeg)


def _header(data: bytes, kind: int) -> int:
    if len(data) < HEADER.size:
        raise RemoteProtocolError(f"a message of {len(data)} bytes without a header")
    found, version, zero, ms = HEADER.unpack_from(data)
    if (found, version, zero) != (kind, VERSION, 0):
        raise RemoteProtocolError(
            f"a message of kind {found}, version {version}: kind {kind}, version {VERSION} is"
            " expected"
        )
    return int(ms)


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    """Width and height in a JPEG's header. RemoteProtocolError if it has no size, so that nothing
    large is decoded."""
    if jpeg[:2] != b"\xff\xd8":
        raise RemoteProtocolError("a picture that is not a JPEG")
    at = 2
    while at + 4 <= len(jpeg):
        if jpeg[at] != 0xFF:
            break
        marker = jpeg[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker in _BARE:
            at += 2
            continue
        if marker in _OTHER_FRAMES or marker in (0xD8, 0xD9, 0xDA):
            break
        if marker in _FRAMES:
            if at + 9 > len(jpeg):
                break
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return int(width), int(height)
        at += 2 + max(2, int.from_bytes(jpeg[at + 2 : at + 4], "big"))
    raise RemoteProtocolError("a JPEG without a size that can be read")


class PageClock:
    """Converts a page's milliseconds to nanoseconds of this machine.

    The message that came fastest decides; its lead is forgotten at 1 ms a second, so that a clock
    that runs differently is followed.
    """

    def __init__(self) -> None:
        self._offset: int | None = None
        self._arrived = 0

    def at(self, ms: int, arrived: int) -> tuple[int, int]:
        """When something of page time `ms` was, and how much later it arrived than it could have;
        both ns. `arrived` is the clock of this machine, which only goes forward."""
        offset = arrived - ms * 1_000_000
        if self._offset is None:
            self._offset = offset
        else:
            leak = max(0, arrived - self._arrived) // 1000
            self._offset = min(offset, self._offset + leak)
        self._arrived = arrived
        return ms * 1_000_000 + self._offset, offset - self._offset
