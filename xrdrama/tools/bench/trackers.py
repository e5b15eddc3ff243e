"""Work of a tracking packet: decoded, checked and counted, against a hand-written struct loop."""

from __future__ import annotations

import struct

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.datagrams import decode_datagram, sequence_modulus
from xrdrama.tracking.health import SubjectsHealth

CAMERAS, RATE = 8, 240
GOAL = 4.0
_D1 = struct.Struct(">BB18s3s3sHB")


def _stream() -> list[tuple[int, TrackingSample]]:
    """A second of eight moving cameras at 240 Hz, with arrival in nanoseconds."""
    found = []
    for number in range(RATE):
        for camera in range(CAMERAS):
            at = (number * CAMERAS + camera) * 1_000_000_000 // (RATE * CAMERAS)
            turn = Quat.from_angles(pan=number / 10, tilt=3.0, roll=1.0)
            place = Vec3(1.0 + number / 1000, 2.0, 1.5)
            found.append(
                (at, TrackingSample("o", str(camera), at, Pose(place, turn), zoom=9.0, focus=7.0))
            )
    return found


def bench_tracking() -> list[BenchResult]:
    """What the receiver does with each packet of eight cameras at 240 Hz (decode, check, health),
    against a loop that only unpacks and scales the same fields."""
    packets = [(at, freed.encode(sample)) for at, sample in _stream()]

    def received() -> SubjectsHealth:
        decoder, health = freed.decoder(), SubjectsHealth()
        modulus = sequence_modulus(decoder)
        for at, packet in packets:
            found = decode_datagram(decoder, packet, at=at)
            health.packet()
            for sample in found.samples:
                health.received(sample, at, modulus)
        return health

    assert received().report(0).samples == len(packets) == CAMERAS * RATE
    loop = lambda: [_loop_freed(packet) for _, packet in packets]  # noqa: E731
    return [compared("tracking_packet", received, loop, goal=GOAL, pairs=20)]


def _loop_freed(packet: bytes) -> tuple[float, ...]:
    """The fields of a D1 message as a hand-written loop reads them: checksum, unpack, scale."""
    kind, camera, six, zoom, focus, spare, check = _D1.unpack(packet)
    assert kind == 0xD1 and (0x40 - sum(packet[:28])) & 0xFF == check
    number = int.from_bytes
    pan, tilt, roll, x, y, z = [number(six[i : i + 3], "big", signed=True) for i in range(0, 18, 3)]
    return (
        camera, -pan / 32768, tilt / 32768, roll / 32768, x / 64000, y / 64000, z / 64000,
        number(zoom, "big"), number(focus, "big"), spare,
    )  # fmt: skip
