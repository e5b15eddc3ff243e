"""FreeD camera tracking (Vinten D1 message): 29 bytes over UDP or serial. Sans-IO.

Layout and signs: Vinten Radamec FreeD manual V1.4.4, pp. 28-41. Big-endian:

    0      D1                     11-19  X, Y, height, 24-bit two's complement, 1/64 mm
    1      camera id              20-25  zoom, focus, 24-bit unsigned, the vendor's own scale
    2-10   pan, tilt, roll,       26-27  spare (vendors: iris, frame counter)
           24-bit, 1/32768 deg    28     checksum: (0x40 - sum of the others) mod 256

FreeD's pan is positive to the right; ours to the left. Its axes are ours: Z up, pan 0 along +Y.
"""

from __future__ import annotations

from math import isfinite
from typing import Final

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking.sample import TrackingSample

NAME: Final = "freed"
SIZE: Final = 29
DEGREES_PER_UNIT: Final = 1 / 32768
METRES_PER_UNIT: Final = 1 / 64_000
_CAMERAS: Final = frozenset(str(number) for number in range(256))


def checksum(body: bytes) -> int:
    """The last byte of a message whose other 28 bytes are `body`."""
    return (0x40 - sum(body)) & 0xFF


def decode(datagram: bytes, *, at: int = 0) -> TrackingSample:
    """Decode one D1 message, or raise RemoteProtocolError and nothing else.

    `at` is the nanosecond at which it arrived. The subject is the camera id.
    """
    if len(datagram) != SIZE:
        raise RemoteProtocolError(f"FreeD D1 has {SIZE} bytes, not {len(datagram)}")
    if datagram[0] != 0xD1:
        raise RemoteProtocolError(f"FreeD type {datagram[0]:02X} is not D1 (position and angles)")
    if checksum(datagram[:-1]) != datagram[-1]:
        raise RemoteProtocolError("FreeD checksum mismatch")
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
    """The D1 message of a sample; LocalProtocolError when a value does not fit."""
    pan, tilt, roll = sample.pan_tilt_roll()
    p = sample.pose.position
    if sample.subject not in _CAMERAS:
        raise LocalProtocolError(f"{sample.subject!r} is no FreeD camera id: 0 to 255")
    if not isfinite(sample.pose.rotation.norm()):
        raise LocalProtocolError("the rotation is no number")
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
        raise LocalProtocolError(f"{units:g} does not fit FreeD's 24 bits") from None


def _unsigned(value: float | None, size: int = 3) -> bytes:
    try:
        return round(value or 0).to_bytes(size, "big")
    except (OverflowError, ValueError):
        raise LocalProtocolError(f"{value} does not fit FreeD's {8 * size} bits") from None
