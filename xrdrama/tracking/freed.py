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

from collections import Counter
from math import isfinite
from typing import Final

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking.datagrams import DatagramError
from xrdrama.tracking.profiles import PROFILES, Profile, profiled, unprofiled
from xrdrama.tracking.sample import TrackingSample

NAME: Final = "freed"
CARRIES: Final = frozenset({"zoom", "focus", "spare", "angles"})
SUBJECTS: Final = (0, 255)
FULL_SCALE: Final = 2**24 - 1
"""The largest count of zoom and focus."""
SIZE: Final = 29
DEGREES_PER_UNIT: Final = 1 / 32768
METRES_PER_UNIT: Final = 1 / 64_000
PADDING: Final = b"\x00\r\n \xff"
"""Bytes that may be before, between and after messages; none of them is a message type."""
_NAMES: Final = tuple(str(number) for number in range(256))
_CAMERAS: Final = frozenset(_NAMES)
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
    """Decodes the datagrams of one sender. Without a profile, FreeD needs no state between them."""

    def __init__(self, profile: Profile | None = None) -> None:
        self.padding = 0
        """Bytes of padding in the last datagram that held a message."""
        self.counts: Counter[str] = Counter()
        """How often which ring was outside the range of the profile."""
        self.sequence_modulus = 1 << profile.sequence_bits if profile else 0
        self._profile = profile

    def feed(self, datagram: bytes, at: int) -> tuple[TrackingSample, ...]:
        """The samples of a datagram that arrived at nanosecond `at`, one for each message.

        Each has a timestamp one nanosecond later than the one before it. RemoteProtocolError for a
        bad message, after which nothing is read; DatagramError if there are samples before it.
        """
        self.padding = 0
        if len(datagram) == SIZE and datagram[0] == 0xD1 and sum(datagram) & 0xFF == 0x40:
            return (self._profiled(_sample(datagram, at)),)  # nearly every packet
        messages, padding = split(datagram)
        samples: list[TrackingSample] = []
        try:
            for number, message in enumerate(messages):
                samples.append(self._profiled(decode(message, at=at + number)))
        except RemoteProtocolError as error:
            if not samples:
                raise
            self.padding = padding
            raise DatagramError(str(error), samples) from None
        self.padding = padding
        return tuple(samples)

    def _profiled(self, sample: TrackingSample) -> TrackingSample:
        """The sample with what the profile says about its raw numbers."""
        profile = self._profile
        if profile is None:
            return sample
        return profiled(sample, profile, self.counts)


class FreeD:
    """FreeD as a vendor uses it: `decoder` and `encode` of a tracking protocol."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile

    def decoder(self) -> Decoder:
        """A decoder for one sender."""
        return Decoder(self.profile)

    def encode(self, sample: TrackingSample) -> bytes:
        """The D1 message of a sample: raw numbers where it has them, else by the profile."""
        return encode(unprofiled(sample, self.profile))


def with_profile(name: str) -> FreeD:
    """FreeD with a vendor's profile; KeyError for an unknown name."""
    return FreeD(PROFILES[name])


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
    number = int.from_bytes
    pan = 0.0 - number(datagram[2:5], "big", signed=True) * DEGREES_PER_UNIT  # left; never -0.0
    tilt = number(datagram[5:8], "big", signed=True) * DEGREES_PER_UNIT
    roll = number(datagram[8:11], "big", signed=True) * DEGREES_PER_UNIT
    return TrackingSample(
        NAME,
        _NAMES[datagram[1]],
        at,
        Pose(
            Vec3(
                number(datagram[11:14], "big", signed=True) * METRES_PER_UNIT,
                number(datagram[14:17], "big", signed=True) * METRES_PER_UNIT,
                number(datagram[17:20], "big", signed=True) * METRES_PER_UNIT,
            ),
            Quat.from_angles(pan=pan, tilt=tilt, roll=roll),
        ),
        zoom=float(number(datagram[20:23], "big")),
        focus=float(number(datagram[23:26], "big")),
        angles=(pan, tilt, roll),
        spare=number(datagram[26:28], "big"),
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
