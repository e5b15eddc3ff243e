"""FreeD camera tracking (Vinten D1 message): 29 bytes over UDP or serial. Sans-IO.

Layout and signs: Vinten Radamec FreeD manual V1.4.4, pp. 28-41. Big-endian:

    0      D1                     11-19  X, Y, height, 24-bit two's complement, 1/64 mm
    1      camera id              20-25  zoom, focus, 24-bit unsigned, the vendor's own scale
    2-10   pan, tilt, roll,       26-27  spare (vendors: iris, frame counter)
           24-bit, 1/32768 deg    28     checksum: (0x40 - sum of the others) mod 256

FreeD's pan is positive to the right; ours to the left. Its axes are ours: Z up, pan 0 along +Y.

Over UDP, senders add padding (NUL to 32 bytes) or line ends, or put several messages into one
datagram: `split` separates them. `decoder` and `encode` are the interface of a tracking protocol.
"""

from __future__ import annotations

from math import isfinite
from typing import Final

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking.datagrams import DatagramError
from xrdrama.tracking.sample import TrackingSample

NAME: Final = "freed"
SIZE: Final = 29
DEGREES_PER_UNIT: Final = 1 / 32768
METRES_PER_UNIT: Final = 1 / 64_000
PADDING: Final = b"\x00\r\n \xff"
"""Bytes that may be before, between and after messages; none of them is a message type."""
_CAMERAS: Final = frozenset(str(number) for number in range(256))
_OTHER_TYPES: Final = {
    0xD0: "poll or command",
    0xD2: "system status",
    0xD3: "system parameters",
    0xD4: "target data",
    0xD5: "image data",
    0xD6: "EEPROM data",
    0xD7: "EEPROM data request",
    0xD8: "camera calibration",
    0xDA: "diagnostic mode",
}


def checksum(body: bytes) -> int:
    """The last byte of a message whose other 28 bytes are `body`."""
    return (0x40 - sum(body)) & 0xFF


def split(datagram: bytes) -> tuple[tuple[bytes, ...], int]:
    """The messages of a datagram (at least one), and how many bytes of padding it has.

    A D1 message has 29 bytes; any other type ends the datagram, because its length is unknown.
    """
    if len(datagram) == SIZE and datagram[0] == 0xD1:  # nearly every packet
        return (datagram,), 0
    messages: list[bytes] = []
    start = padding = 0
    while start < len(datagram):
        if datagram[start] in PADDING:
            start += 1
            padding += 1
            continue
        end = start + SIZE if datagram[start] == 0xD1 else len(datagram)
        messages.append(datagram[start:end])
        start = end
    return (tuple(messages), padding) if messages else ((datagram,), 0)


class Decoder:
    """Decodes the datagrams of one sender. FreeD needs no state between them."""

    def __init__(self) -> None:
        self.padding = 0
        """Bytes of padding in the last datagram that held a message."""

    def feed(self, datagram: bytes, at: int) -> tuple[TrackingSample, ...]:
        """The samples of a datagram that arrived at nanosecond `at`, one for each message.

        Each has a timestamp one nanosecond later than the one before it. RemoteProtocolError for a
        bad message, after which nothing is read; DatagramError if there are samples before it.
        """
        messages, padding = split(datagram)
        samples: list[TrackingSample] = []
        self.padding = 0
        try:
            for number, message in enumerate(messages):
                samples.append(decode(message, at=at + number))
        except RemoteProtocolError as error:
            if not samples:
                raise
            self.padding = padding
            raise DatagramError(str(error), samples) from None
        self.padding = padding
        return tuple(samples)


def decoder() -> Decoder:
    """A decoder for one sender."""
    return Decoder()


def decode(datagram: bytes, *, at: int = 0) -> TrackingSample:
    """The sample of one D1 message; RemoteProtocolError and nothing else if it is invalid.

    `at` is the nanosecond at which it arrived. The subject is the camera id. Padding is ignored.
    """
    (message, *more), _ = split(datagram)
    if not message:
        raise RemoteProtocolError("FreeD datagram is empty")
    if message[0] != 0xD1:
        raise RemoteProtocolError(f"FreeD message type {message[0]:02X} {_other(message[0])}")
    if len(message) != SIZE:
        raise RemoteProtocolError(f"FreeD D1 message has {len(message)} bytes; expected {SIZE}")
    if checksum(message[:-1]) != message[-1]:
        unset = "" if message[-1] else ": it is 00, the sender may not compute it"
        raise RemoteProtocolError(f"FreeD checksum mismatch{unset}")
    if more:
        raise RemoteProtocolError("more than one FreeD message in the datagram: use split()")
    return _sample(message, at)


def _other(kind: int) -> str:
    if kind in PADDING:
        return "is padding: the datagram has no message"
    if kind in _OTHER_TYPES:
        return f"({_OTHER_TYPES[kind]}) is not supported: only D1 (position and angles) is read"
    return "is unknown: only D1 (position and angles) is read"


def _sample(datagram: bytes, at: int) -> TrackingSample:
    units = [_signed(datagram, start) for start in range(2, 20, 3)]
    pan, tilt, roll = (units[i] * DEGREES_PER_UNIT for i in range(3))
    x, y, height = (units[i] * METRES_PER_UNIT for i in range(3, 6))
    pan = 0.0 - pan  # to the left; never -0.0
    return TrackingSample(
        NAME,
        str(datagram[1]),
        at,
        Pose(
            Vec3(x, y, height),
            Quat.from_angles(pan=pan, tilt=tilt, roll=roll),
        ),
        zoom=float(int.from_bytes(datagram[20:23], "big")),
        focus=float(int.from_bytes(datagram[23:26], "big")),
        angles=(pan, tilt, roll),
        spare=int.from_bytes(datagram[26:28], "big"),
    )


def encode(sample: TrackingSample) -> bytes:
    """The D1 message of a sample (29 bytes); LocalProtocolError if a value does not fit."""
    pan, tilt, roll = sample.pan_tilt_roll()
    p = sample.pose.position
    if sample.subject not in _CAMERAS:
        raise LocalProtocolError(f"{sample.subject!r} is not a FreeD camera id: use 0 to 255")
    if not isfinite(sample.pose.rotation.norm()):
        raise LocalProtocolError("the rotation is NaN or infinite")
    body = b"".join(
        (
            bytes((0xD1, int(sample.subject))),
            *(_three(value / DEGREES_PER_UNIT) for value in (-pan, tilt, roll)),
            *(_three(value / METRES_PER_UNIT) for value in (p.x, p.y, p.z)),
            _unsigned(sample.zoom),
            _unsigned(sample.focus),
            _unsigned(sample.spare, 2),
        )
    )
    return body + bytes((checksum(body),))


def _signed(datagram: bytes, start: int) -> int:
    return int.from_bytes(datagram[start : start + 3], "big", signed=True)


def _three(units: float) -> bytes:
    try:
        return round(units).to_bytes(3, "big", signed=True)
    except (OverflowError, ValueError):
        raise LocalProtocolError(f"{units:g} does not fit in 24 bits of FreeD") from None


def _unsigned(value: float | None, size: int = 3) -> bytes:
    try:
        return round(value or 0).to_bytes(size, "big")
    except (OverflowError, ValueError):
        raise LocalProtocolError(f"{value} does not fit in {8 * size} bits of FreeD") from None
