"""Work of a tracking packet: decoded, checked and counted, against a hand-written struct loop."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tracking import TrackingSample, f4, freed, osc, psn
from xrdrama.tracking.datagrams import decode_datagram, sequence_modulus
from xrdrama.tracking.health import SubjectsHealth

CAMERAS, RATE = 8, 240
GOAL = 4.0
_D1 = struct.Struct(">BB18s3s3sHB")
_CHUNK = struct.Struct("<HH")
_PSN_HEADER = struct.Struct("<Q4B")
_THREE = struct.Struct("<3f")
_TIME = struct.Struct("<Q")


def _stream() -> list[tuple[int, TrackingSample]]:
    """A second of eight moving cameras at 240 Hz, with arrival in nanoseconds."""
    found = []
    for number in range(RATE):
        for camera in range(CAMERAS):
            at = (number * CAMERAS + camera) * 1_000_000_000 // (RATE * CAMERAS)
            turn = Quat.from_angles(pan=number / 10, tilt=3.0, roll=1.0)
            place = Vec3(1.0 + number / 1000, 2.0, 1.5)
            found.append(
                (at, TrackingSample("o", str(camera), at, Pose(place, turn), zoom=9.0, focus=7.0,
                                    encoders=(0.5, 0.25, None), sequence=number))
            )  # fmt: skip
    return found


def bench_tracking() -> list[BenchResult]:
    """What the receiver does with each packet of eight cameras at 240 Hz (decode, check, health),
    against a loop that only checks, unpacks and scales the same fields; each binary protocol."""
    loops: tuple[tuple[str, Any, Callable[[bytes], object]], ...] = (
        ("tracking_packet", freed, _loop_freed),
        ("tracking_packet_psn", psn, _loop_psn),
        ("tracking_packet_f4", f4, _loop_f4),
        ("tracking_packet_osc", osc, _loop_osc),
    )
    return [_compared(*each) for each in loops]


def _compared(name: str, protocol: Any, read: Callable[[bytes], object]) -> BenchResult:
    packets = [(at, protocol.encode(sample)) for at, sample in _stream()]

    def received() -> SubjectsHealth:
        decoder, health = protocol.decoder(), SubjectsHealth()
        modulus = sequence_modulus(decoder)
        for at, packet in packets:
            found = decode_datagram(decoder, packet, at=at)
            health.packet()
            for sample in found.samples:
                health.received(sample, at, modulus)
        return health

    assert received().report(0).samples == len(packets) == CAMERAS * RATE
    loop = lambda: [read(packet) for _, packet in packets]  # noqa: E731
    return compared(name, received, loop, goal=GOAL, pairs=20)


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


def _loop_psn(packet: bytes) -> tuple[object, ...]:
    """The fields of a DATA packet as a hand-written loop reads them: the chunks may come in any
    order, so that it must look at each."""
    kind, _ = _CHUNK.unpack_from(packet, 0)
    assert kind == 0x6755
    at, end, found = 4, len(packet), []
    while at < end:
        kind, size = _CHUNK.unpack_from(packet, at)
        at, size = at + 4, size & 0x7FFF
        assert at + size <= end
        if kind == 0:
            time, major, _, frame, _ = _PSN_HEADER.unpack_from(packet, at)
            assert major == 2
        elif kind == 1:
            inside, last = at, at + size
            while inside < last:
                tracker, length = _CHUNK.unpack_from(packet, inside)
                inside += 4
                stop = inside + (length & 0x7FFF)
                values: list[object] = [tracker, None, None, None]
                while inside < stop:
                    part, length = _CHUNK.unpack_from(packet, inside)
                    inside += 4
                    if part == 0:
                        x, y, z = _THREE.unpack_from(packet, inside)
                        values[1] = (x, z, y)
                    elif part == 2:
                        x, y, z = _THREE.unpack_from(packet, inside)
                        values[2] = (x, z, y)
                    elif part == 6:
                        (values[3],) = _TIME.unpack_from(packet, inside)
                    inside += length & 0x7FFF
                found.append(values)
        at += size
    return time, frame, found


def _loop_f4(packet: bytes) -> tuple[object, ...]:
    """The axes of a packet as a hand-written loop reads them: checksum, unpack, scale."""
    assert packet[0] == 0xF4 and (0x40 - sum(packet[:-1])) & 0xFF == packet[-1]
    values = {}
    for start in range(4, 4 + packet[2] * 5, 5):
        axis = packet[start]
        if axis in (1, 2, 0x13, 5, 6, 7):
            number = int.from_bytes(packet[start + 2 : start + 5], "big", signed=True)
            values[axis] = number / (100_000 if 5 <= axis <= 7 else 1000)
        else:
            values[axis] = int.from_bytes(packet[start + 3 : start + 5], "big") / 65_536
    return packet[1], packet[3] % 16, values


def _loop_osc(packet: bytes) -> tuple[object, ...]:
    """A message as a hand-written loop reads it: address, type tags, numbers."""
    end = packet.index(b"\0")
    address = packet[:end].decode()
    tags = end + 4 - end % 4
    end = packet.index(b"\0", tags)
    at = end + 4 - (end - tags) % 4
    numbers: list[float] = []
    for tag in packet[tags + 1 : end].decode():
        form = ">" + tag
        numbers += struct.unpack_from(form, packet, at)
        at += struct.calcsize(form)
    return address.split("/")[2], numbers
