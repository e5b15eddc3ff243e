"""Mo-Sys F4 tracking data: packets of axes, over UDP or serial, or recorded one after another.

Layout, learnt from SMPTE's camdkit (f9f9480, camdkit.mosys, BSD-3), which reads recordings of a
StarTracker; nothing here is copied from it, and no tracker was at hand. Big-endian:

    0      F4                      4..    axes of 5 bytes: id, status, three bytes of data
    1      camera id               last   checksum: (0x40 - sum of the others) mod 256
    2      number of axes
    3      frame number (bits 0-3), recording (bit 4), genlock (bit 5)

Angles are thousandths of a degree and positions hundredths of a millimetre, 24-bit two's
complement: Mo-Sys's own header F4.h says "1/1000 degree" and "1/100 of mm resolution" (it is in
public repositories and, as a comment, in an early camdkit). camdkit of 2026 divides positions by
1000 and calls that metres; the camera of its own recording would be 119.8 m high, and is 1.198 m.
The signs are OpenTrackIO's, which are ours.
Lens axes are 16 bits (encoders) or a 32-bit float in the status byte and the data.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from math import isfinite
from typing import Final

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking.datagrams import DatagramError, Decoded, decode_datagram
from xrdrama.tracking.sample import TrackingSample

NAME: Final = "f4"
CARRIES: Final = frozenset({"encoders", "sequence", "angles"})
SUBJECTS: Final = (0, 255)
COMMAND: Final = 0xF4
AXIS: Final = 5
FRAMES: Final = 16
_PLACES: Final = {0x01: "pan", 0x02: "tilt", 0x13: "roll", 0x05: "x", 0x06: "y", 0x07: "z"}
_STEPS: Final = dict.fromkeys((0x01, 0x02, 0x13), 1_000) | dict.fromkeys((5, 6, 7), 100_000)
"""Steps of an axis in a degree, or in a metre."""
_RINGS: Final = {0x04: 0, 0x03: 1, 0x0D: 2}
"""Index in `TrackingSample.encoders` of zoom, focus and iris."""
_TIMECODE: Final = 0xF8
_STATUS: Final = 0xF9
_NEAR: Final = 0x57
"""The reciprocal of the focus distance, 1/m."""
_APERTURE: Final = 0x60
RATES: Final = {0: 24, 1: 25, 2: 30}
"""Frames per second by the rate bits of the timecode's status byte."""
STATES: Final = (
    "undefined", "tracking", "optical good", "optical acceptable", "optical unreliable",
    "optical unstable", "optical lost", "too few stars", "searching location", "waiting",
    "loading map", "no map", "test signal", "encoders only", "I/O error", "internal error",
)  # fmt: skip
_FLOAT: Final = struct.Struct(">f")
_CAMERAS: Final = frozenset(str(number) for number in range(256))


def checksum(body: bytes) -> int:
    """The last byte of a packet whose other bytes are `body`."""
    return (0x40 - sum(body)) & 0xFF


def packet_at(data: bytes, start: int) -> bytes:
    """The packet that begins at byte `start`; RemoteProtocolError if it is not a valid one."""
    if start + 4 > len(data):
        raise RemoteProtocolError(f"F4 packet has {len(data) - start} bytes; expected 10 or more")
    if data[start] != COMMAND:
        raise RemoteProtocolError(f"F4 packet begins with {data[start]:02X}; expected F4")
    size = data[start + 2] * AXIS + 5
    if data[start + 2] == 0:
        raise RemoteProtocolError("F4 packet has no axes")
    if start + size > len(data):
        left = len(data) - start
        raise RemoteProtocolError(f"F4 packet is cut: {left} bytes; expected {size}")
    packet = data[start : start + size]
    if checksum(packet[:-1]) != packet[-1]:
        raise RemoteProtocolError("F4 checksum mismatch")
    return packet


def packets_of(data: bytes) -> Iterator[bytes]:
    """The packets of a recording, one after another; what is not a packet is the last one."""
    start = 0
    while start < len(data):
        try:
            packet = packet_at(data, start)
        except RemoteProtocolError:
            packet = data[start:]
        yield packet
        start += len(packet)


def recording(data: bytes) -> Iterator[Decoded]:
    """What each packet of a recording holds; what is not a packet is an error, and the last."""
    decoder = Decoder()
    for number, packet in enumerate(packets_of(data)):
        yield decode_datagram(decoder, packet, at=number)


class Decoder:
    """Decodes the datagrams of one sender; a datagram has one or more packets."""

    sequence_modulus = FRAMES

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """Axes that are not used, by id, and packets without a whole pose."""

    def feed(self, datagram: bytes, at: int) -> tuple[TrackingSample, ...]:
        """The samples of a datagram that arrived at nanosecond `at`, one for each packet.

        RemoteProtocolError for a bad packet, after which nothing is read; DatagramError if there
        are samples before it.
        """
        samples: list[TrackingSample] = []
        start = 0
        try:
            while start < len(datagram) or not datagram:
                packet = packet_at(datagram, start)
                start += len(packet)
                sample = self._sample(packet, at + len(samples))
                if sample is not None:
                    samples.append(sample)
        except RemoteProtocolError as error:
            if not samples:
                raise
            raise DatagramError(str(error), samples) from None
        return tuple(samples)

    def _sample(self, packet: bytes, at: int) -> TrackingSample | None:
        places: dict[str, float] = {}
        rings: list[float | None] = [None, None, None]
        more: dict[str, object] = {}
        for start in range(4, len(packet) - 1, AXIS):
            axis, status = packet[start], packet[start + 1]
            data = packet[start + 2 : start + AXIS]
            if axis in _PLACES:
                places[_PLACES[axis]] = int.from_bytes(data, "big", signed=True) / _STEPS[axis]
            elif axis in _RINGS:
                rings[_RINGS[axis]] = int.from_bytes(data[1:], "big") / 65_536
            elif axis in (_NEAR, _APERTURE):
                (value,) = _FLOAT.unpack_from(packet, start + 1)
                more |= _length(axis, value)
            elif axis == _TIMECODE:
                more |= _timecode(status, data)
            elif axis == _STATUS:
                more["status"] = STATES[data[1] >> 4]
            else:
                self.counts[f"axis {axis:02X} not used"] += 1
        missing = [name for name in _PLACES.values() if name not in places]
        if missing:
            self.counts[f"packets without {', '.join(missing)}"] += 1
            return None
        pan, tilt, roll = places["pan"], places["tilt"], places["roll"]
        return TrackingSample(
            NAME,
            str(packet[1]),
            at,
            Pose(
                Vec3(places["x"], places["y"], places["z"]),
                Quat.from_angles(pan=pan, tilt=tilt, roll=roll),
            ),
            sequence=packet[3] % FRAMES,
            angles=(pan, tilt, roll),
            encoders=None if rings == [None] * 3 else (rings[0], rings[1], rings[2]),
            **more,  # type: ignore[arg-type]
        )


def decoder() -> Decoder:
    """A decoder for one sender."""
    return Decoder()


def _length(axis: int, value: float) -> dict[str, object]:
    """Focus distance in metres, or f-number, of a float; {} if it is not a positive number."""
    if not isfinite(value) or value <= 1e-6:
        return {}
    if axis == _APERTURE:
        return {"f_number": min(value, 1e9)}
    return {"focus_m": 1.0 / value} if value < 1e6 else {}


def _timecode(status: int, data: bytes) -> dict[str, object]:
    """Timecode, `HH:MM:SS:FF`, of the bits hhhhhhmm mmmmssss ssffffff; {} if it is out of range."""
    bits = int.from_bytes(data, "big")
    hours, minutes = bits >> 18, bits >> 12 & 63
    seconds, frames = bits >> 6 & 63, bits & 63
    rate = RATES.get(status >> 5 & 3)
    if rate is None or hours > 23 or minutes > 59 or seconds > 59 or frames >= rate:
        return {}
    return {"timecode": f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}"}


def rate_of(packet: bytes) -> int | None:
    """The frames per second that a packet's timecode states, or None."""
    for start in range(4, len(packet) - 1, AXIS):
        if packet[start] == _TIMECODE:
            return RATES.get(packet[start + 1] >> 5 & 3)
    return None


def encode(sample: TrackingSample) -> bytes:
    """The packet of a sample: pose and encoders; LocalProtocolError if a value does not fit."""
    if sample.subject not in _CAMERAS:
        raise LocalProtocolError(f"{sample.subject!r} is not an F4 camera id: use 0 to 255")
    pan, tilt, roll = sample.pan_tilt_roll()
    p = sample.pose.position
    values = {"pan": pan, "tilt": tilt, "roll": roll, "x": p.x, "y": p.y, "z": p.z}
    axes = [bytes((id, 0)) + _steps(values[name], _STEPS[id]) for id, name in _PLACES.items()]
    for id, index in _RINGS.items():
        share = sample.encoders[index] if sample.encoders else None
        if share is not None:
            raw = min(65_535, round(share * 65_536))
            axes.append(bytes((id, 0, 0)) + raw.to_bytes(2, "big"))
    status = (sample.sequence or 0) % FRAMES
    body = bytes((COMMAND, int(sample.subject), len(axes), status)) + b"".join(axes)
    return body + bytes((checksum(body),))


def _steps(value: float, steps: int) -> bytes:
    try:
        return round(value * steps).to_bytes(3, "big", signed=True)
    except (OverflowError, ValueError):
        raise LocalProtocolError(f"{value:g} does not fit in 24 bits of F4") from None
