"""PosiStageNet 2.03: packets written from the specification, joined frames, laws, garbage."""

from __future__ import annotations

import random
import re
import struct
from math import nan, pi

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.damaged import damaged
from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample, psn
from xrdrama.tracking.datagrams import DatagramError, decode_datagram
from xrdrama.tracking.psn.layouts import Reader
from xrdrama.tracking.psn.packets import DataPacket, InfoPacket, read
from xrdrama.tracking.psn.receiving import MOST_PENDING

law = settings(deadline=None, max_examples=300)


def chunk(id: int, data: bytes, subchunks: int = 0) -> bytes:
    """A chunk, written from the specification: id 16 bits, length 15 bits, has_subchunks 1 bit."""
    return struct.pack("<I", id | len(data) << 16 | subchunks << 31) + data


def header(*, time: int = 1_000_000, frame: int = 1, packets: int = 1) -> bytes:
    return chunk(0, struct.pack("<QBBBB", time, 2, 3, frame, packets))


def three(id: int, *values: float) -> bytes:
    return chunk(id, struct.pack("<3f", *values))


def data(*trackers: bytes, head: bytes = b"") -> bytes:
    return chunk(0x6755, (head or header()) + chunk(1, b"".join(trackers), 1), 1)


def info(names: dict[int, str], system: str = "server") -> bytes:
    trackers = b"".join(chunk(n, chunk(0, name.encode()), 1) for n, name in names.items())
    return chunk(0x6756, header() + chunk(1, system.encode()) + chunk(2, trackers, 1), 1)


def at(number: int, x: float = 0.0) -> bytes:
    """A tracker with a position only."""
    return chunk(number, three(0, x, 1.5, 4.0), 1)


def test_a_packet_with_every_chunk_of_the_specification() -> None:
    tracker = chunk(
        7,
        three(0, 1.0, 1.5, 4.0)  # right, up, depth
        + three(1, 0.1, 0.2, 0.3)
        + three(2, 0.0, pi / 6, 0.0)  # about the vertical axis
        + chunk(3, struct.pack("<f", 0.75))
        + three(4, 1.0, 2.0, 3.0)
        + three(5, 9.0, 8.0, 7.0)
        + chunk(6, struct.pack("<Q", 1_234_567)),
        1,
    )
    (sample,) = psn.decoder().feed(data(tracker), 77)
    assert (sample.source, sample.subject, sample.at) == ("psn", "7", 77)
    assert sample.pose.position == Vec3(1.0, 4.0, 1.5)
    assert sample.pose.rotation.angles() == pytest.approx((30.0, 0.0, 0.0), abs=1e-5)
    assert sample.taken == 1_234_567_000, "the tracker's time, not the packet's"
    assert sample.status == "validity 0.75" and sample.sequence == 1


def test_the_first_bytes_are_little_endian() -> None:
    (sample,) = psn.decoder().feed(data(at(3)), 0)
    packet = psn.encode(sample)
    assert packet[:2] == b"\x55\x67" and packet[3] & 0x80, "id 6755; it consists of chunks"
    assert packet[4:8] == b"\x00\x00\x0c\x00", "the header: id 0, 12 bytes, no chunks"


@pytest.mark.parametrize(
    ("vector", "angles"),
    [
        ((0.0, pi / 4, 0.0), (45.0, 0.0, 0.0)),  # about up: right-hand rule, to the left
        ((pi / 4, 0.0, 0.0), (0.0, 45.0, 0.0)),  # about right: up
        ((0.0, 0.0, pi / 4), (0.0, 0.0, 45.0)),  # about depth: clockwise seen from behind
    ],
)
def test_axes_of_rotation(
    vector: tuple[float, float, float], angles: tuple[float, float, float]
) -> None:
    (sample,) = psn.decoder().feed(data(chunk(1, three(0, 0, 0, 0) + three(2, *vector), 1)), 0)
    assert sample.pose.rotation.angles() == pytest.approx(angles, abs=1e-5)


def test_the_packets_time_is_used_where_a_tracker_has_none() -> None:
    (sample,) = psn.decoder().feed(data(at(1), head=header(time=42)), 0)
    assert sample.taken == 42_000


def test_unknown_chunks_and_longer_structures_are_skipped_and_counted() -> None:
    longer = chunk(0, struct.pack("<3f2f", 1.0, 2.0, 3.0, 4.0, 5.0))
    tracker = chunk(1, longer + chunk(99, b"new"), 1)
    packet = chunk(0x6755, header() + chunk(7, b"?") + chunk(1, tracker, 1), 1)
    decoder = psn.decoder()
    (sample,) = decoder.feed(packet + b"padding", 0)
    assert sample.pose.position == Vec3(1.0, 3.0, 2.0)
    assert decoder.counts["unknown chunks"] == 2


def test_names_are_aliases_of_subjects() -> None:
    decoder = psn.decoder()
    assert decoder.feed(info({1: "Camera A", 2: "actor\0"}), 0) == ()
    assert decoder.aliases == {"1": "Camera A", "2": "actor"} and decoder.system == "server"


def test_packets_of_a_frame_are_joined_in_any_order() -> None:
    halves = [
        data(at(number), head=header(frame=5, packets=2, time=10_000 + number)) for number in (1, 2)
    ]
    for order in (halves, halves[::-1]):
        decoder = psn.decoder()
        assert decoder.feed(order[0], 1) == ()
        assert {sample.subject for sample in decoder.feed(order[1], 2)} == {"1", "2"}
        assert not decoder.counts["incomplete frames"]


def test_a_frame_that_never_completes_is_dropped_whole() -> None:
    decoder = psn.decoder()
    for frame in range(MOST_PENDING + 2):
        head = header(frame=frame, packets=2, time=1_000_000 + 16_667 * frame)
        assert decoder.feed(data(at(1), head=head), 0) == ()
    assert decoder.counts["incomplete frames"] == 2
    late = data(at(2), head=header(frame=0, packets=2, time=1_000_001))
    assert decoder.feed(late, 0) == ()
    whole = data(at(3), head=header(frame=9, time=1_400_000))
    assert [sample.subject for sample in decoder.feed(whole, 0)] == ["3"]
    assert len(decoder._pending) == 0


def test_late_and_repeated_packets_are_counted_and_not_used() -> None:
    decoder = psn.decoder()
    frames = [
        data(at(1, x), head=header(frame=(254 + x) % 256, time=1_000_000 + 16_667 * x))
        for x in range(4)
    ]
    assert len(decoder.feed(frames[0], 0)) == 1
    assert len(decoder.feed(frames[2], 0)) == 1
    assert decoder.feed(frames[1], 0) == () and decoder.counts["late frames"] == 1
    assert len(decoder.feed(frames[3], 0)) == 1, "frame ids wrap"
    assert decoder.feed(frames[3], 0) == () and decoder.counts["duplicated packets"] == 1


def test_a_server_that_restarts_is_followed_at_once() -> None:
    decoder = psn.decoder()
    assert decoder.feed(data(at(1), head=header(time=10**10, frame=200)), 0)
    assert decoder.feed(data(at(1), head=header(time=5, frame=100)), 0)
    assert decoder.counts["restarts"] == 1


def test_trackers_without_a_position_make_no_sample() -> None:
    decoder = psn.decoder()
    assert decoder.feed(data(chunk(1, three(2, 0, 0, 1), 1)), 0) == ()
    assert decoder.counts["trackers without a position"] == 1
    assert len(decoder.feed(data(at(1)), 0)) == 1
    assert decoder.counts["without an orientation"] == 1


def test_a_bad_tracker_is_named_and_the_others_are_used() -> None:
    packet = data(at(1), chunk(2, three(0, float("nan"), 0, 0), 1), at(3))
    with pytest.raises(DatagramError, match="PSN tracker 2: position is NaN") as caught:
        psn.decoder().feed(packet, 0)
    assert [sample.subject for sample in caught.value.samples] == ["1", "3"]


@pytest.mark.parametrize(
    ("packet", "message"),
    [
        (b"", "empty"),
        (b"\x55", "header at byte 0 is cut"),
        (chunk(0x6757, b""), "type 6757 is unknown"),
        (data(at(1))[:-5], "bytes; "),
        (chunk(0x6755, chunk(1, b"", 1), 1), "no header"),
        (chunk(0x6755, chunk(0, b"123"), 1), "header has 3 bytes; expected 12"),
        (chunk(0x6755, chunk(0, struct.pack("<Q4B", 0, 3, 0, 0, 1)), 1), "version 3.00"),
        (data(head=header(packets=0)), "packet count of 0"),
        (data(*[at(1)] * 1025), "more than 1024"),
        (info(dict.fromkeys(range(1025), "")), "more than 1024"),
    ],
)
def test_what_is_wrong_is_named(packet: bytes, message: str) -> None:
    with pytest.raises(RemoteProtocolError, match=message):
        psn.decoder().feed(packet, 0)


poses = st.builds(
    lambda x, y, z, pan, tilt, roll: Pose(
        Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll)
    ),
    *[st.floats(-100, 100) for _ in range(3)],
    *[st.floats(-180, 180) for _ in range(3)],
)


@law
@given(poses, st.integers(0, 65_535), st.integers(0, 2**50))
def test_what_is_encoded_is_decoded(pose: Pose, number: int, at: int) -> None:
    sent = TrackingSample("x", str(number), at, pose)
    (got,) = psn.decoder().feed(psn.encode(sent), at)
    assert got.subject == str(number)
    assert (got.pose.position - pose.position).length() < 1e-4
    assert got.pose.rotation.angle_to(pose.rotation) < 1e-5
    assert got.taken == at // 1000 * 1000


def test_an_encoder_counts_frames_and_names_trackers_once_a_second() -> None:
    encoder, decoder = psn.encoder(), psn.decoder()
    kinds, samples = [], []
    for number in range(130):
        sent = TrackingSample("x", "crane", number * 1_000_000_000 // 60, Pose())
        for packet in encoder.packets(sent):
            kinds.append(type(read(packet)))
            samples += decoder.feed(packet, sent.at)
    assert kinds.count(InfoPacket) == 3
    assert len(samples) == 130 and not decoder.counts["late frames"]
    assert decoder.aliases == {"1": "crane"}
    assert [sample.sequence for sample in samples] == [n % 256 for n in range(130)]


@pytest.mark.parametrize("subject", ["", "x", "65536", "-1", "٣"])
def test_a_subject_that_is_no_id_is_refused(subject: str) -> None:
    with pytest.raises(LocalProtocolError, match="not a PSN tracker id"):
        psn.encode(TrackingSample("x", subject, 0, Pose()))


SEEDS = [
    data(at(1), at(2), head=header(frame=2)),
    data(at(1), head=header(frame=3, packets=2)),
    data(chunk(5, three(0, 1, 2, 3) + three(2, 1, 0, 0) + chunk(3, b"\0\0\x80?"), 1)),
    info({1: "A", 2: "B"}),
]


def fuzz(count: int, seed: int) -> int:
    """Feed damaged packets to one decoder; how many were refused."""
    chance, decoder, refused = random.Random(seed), psn.decoder(), 0
    for number in range(count):
        packet = damaged(chance, SEEDS)
        found = decode_datagram(decoder, packet, at=number)
        assert not found.error.startswith("fault"), (found.error, packet.hex())
        assert len(decoder._pending) <= MOST_PENDING
        refused += bool(found.error)
    return refused


def test_damaged_packets_are_refused_and_nothing_else() -> None:
    assert fuzz(4000, 1) > 500


@pytest.mark.soak
def test_a_million_damaged_packets() -> None:
    assert fuzz(1_000_000, 2) > 100_000


def test_the_fuzz_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(packet: bytes) -> object:
        raise IndexError("no such byte")

    monkeypatch.setattr("xrdrama.tracking.psn.layouts.read", careless)
    with pytest.raises(AssertionError):
        fuzz(10, 1)


class CountingReader(Reader):
    """Counts the packets that it does not read by a layout."""

    learned = 0

    def _learned(self, packet: bytes) -> DataPacket | InfoPacket:
        self.learned += 1
        return super()._learned(packet)


def equal_in_steps_and_at_once(packets: list[bytes]) -> int:
    """Reads packets one after another with one reader, and each by itself; how many were read by a
    layout."""
    reader = CountingReader()
    for packet in packets:
        try:
            plain: object = read(packet)
        except RemoteProtocolError as error:
            with pytest.raises(RemoteProtocolError, match=re.escape(str(error))):
                reader.read(packet)
            continue
        assert repr(reader.read(packet)) == repr(plain)
    return len(packets) - reader.learned


def test_packets_with_the_layout_of_one_before_are_read_alike() -> None:
    rng = random.Random(5)

    def tracker(number: int, far: float = 9.0) -> bytes:
        place, turn = ([rng.uniform(-far, far) for _ in range(3)] for _ in range(2))
        time = chunk(6, struct.pack("<Q", rng.randrange(2**40)))
        valid = chunk(3, struct.pack("<f", rng.random()))
        return chunk(number, three(2, *turn) + time + three(0, *place) + valid, 1)

    packets = []
    for frame in range(200):
        head = header(frame=frame, time=1_000_000 + frame)
        packets.append(data(*(tracker(rng.randrange(9)) for _ in range(3)), head=head))
        if frame % 20 == 0:
            packets.append(data(tracker(1, 1e7), tracker(2), tracker(3), head=head))  # out of range
            packets.append(data(at(7), at(8), head=head))
            packets.append(data(chunk(7, three(1, 1, 2, 3) + three(0, 1, 2, 3), 1), head=head))
            packets.append(data(chunk(7, three(5, 1, 2, 3) + three(0, 1, 2, nan), 1), head=head))
            packets.append(data(at(1), head=header(frame=frame) + header(frame=9)))
            packets.append(info({1: "A"}))
    assert equal_in_steps_and_at_once(packets) > 180
    damaged = [bytearray(rng.choice(packets)) for _ in range(3000)]
    for each in damaged:
        for _ in range(rng.randrange(3)):
            each[rng.randrange(len(each))] = rng.randrange(256)
    assert equal_in_steps_and_at_once([bytes(each) for each in damaged]) > 200
