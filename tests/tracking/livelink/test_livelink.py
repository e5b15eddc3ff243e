"""Live Link Face: packets written by hand, values back and forth, and damaged packets."""

from __future__ import annotations

import random
import struct
from math import nan, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.damaged import damaged
from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.tracking import livelink
from xrdrama.tracking.faces import ARKIT, Face
from xrdrama.tracking.livelink import Packet, Timing
from xrdrama.tracking.livelink.receiving import ORDER

DEVICE = "$01234567-89ab-cdef-0123-456789abcdef"


def by_hand(
    values: list[float] | None, *, name: bytes = b"iPhone", version: int = 6, frame: int = 100
) -> bytes:
    """A packet put together field by field, as the layout in the notes says."""
    head = struct.pack("<i", version) + DEVICE.encode() + struct.pack(">i", len(name)) + name
    if values is None:
        return head
    timing = struct.pack(">if", frame, 0.25) + struct.pack(">ii", 60, 1)
    return head + timing + bytes([len(values)]) + struct.pack(f">{len(values)}f", *values)


def smile(**more: float) -> list[float]:
    values = [0.0] * 61
    values[ORDER.index("mouthSmileLeft")] = 0.75
    for name, value in more.items():
        values[ORDER.index(name)] = value
    return values


def one(datagram: bytes) -> livelink.Received:
    (received,) = livelink.decoder().feed(datagram, 7)
    return received


def test_a_packet_is_a_face_with_shapes_by_name_and_a_turned_head() -> None:
    values = smile(jawOpen=0.5)
    values[52:55] = [0.5, -0.25, 0.125]
    received = one(by_hand(values))
    face = received.face
    assert (face.subject, face.at, received.faults) == ("iPhone", 7, ())
    by_name = dict(zip(ARKIT, face.shapes, strict=True))
    assert {name: value for name, value in by_name.items() if value} == {
        "mouthSmileLeft": 0.75, "jawOpen": 0.5,
    }  # fmt: skip
    assert face.head == (0.5, -0.25, 0.125)
    assert received.packet.device == DEVICE
    assert received.packet.timing == Timing(100, 0.25, 60, 1)


def test_each_of_the_52_has_a_place_of_its_own() -> None:
    """The order of the packet is not that of the recording: only names may connect them."""
    assert sorted(ORDER) == sorted(ARKIT) and len(set(ORDER)) == 52
    for index, name in enumerate(ORDER):
        values = [0.0] * 61
        values[index] = 1.0
        assert one(by_hand(values)).face.values().index(255) == ARKIT.index(name)


@pytest.mark.parametrize("datagram", [by_hand(None), by_hand(smile())[:-245]])
def test_a_packet_without_values_is_no_face(datagram: bytes) -> None:
    assert one(datagram).face == Face("livelink", "iPhone", 7)


@pytest.mark.parametrize(
    ("datagram", "message"),
    [
        (b"", "0 bytes; expected 45"),
        (by_hand(smile(), version=7), "version 7 is not supported"),
        (by_hand(smile()[:60]), "has 60 values; expected 61"),
        (by_hand(smile())[:-1], "values have 243 bytes; expected 244"),
        (by_hand(smile()) + b"\0", "values have 245 bytes"),
        (by_hand(smile(), name=b"x" * 65), "name of 65 bytes"),
        (by_hand(None, name=b"\xff"), "name is not UTF-8"),
        (by_hand(None)[:-1], "ends inside its name"),
        (by_hand(smile())[:-255], "ends inside its timing"),
        (by_hand(None)[:41] + b"\xff\xff\xff\xff", "name of -1 bytes"),
    ],
)
def test_what_is_wrong_is_named(datagram: bytes, message: str) -> None:
    with pytest.raises(RemoteProtocolError, match=message):
        livelink.decoder().feed(datagram, 0)


def test_values_that_are_no_values_are_faults_and_the_rest_is_used() -> None:
    values = smile(jawOpen=nan, mouthPucker=1.5, jawLeft=-0.5)
    values[52:55] = [0.1, 4.0, 0.0]
    received = one(by_hand(values))
    assert [fault.path for fault in received.faults] == [
        "shapes.jawLeft", "shapes.jawOpen", "shapes.mouthPucker", "head.tilt",
    ]  # fmt: skip
    by_name = dict(zip(ARKIT, received.face.shapes, strict=True))
    assert (by_name["jawOpen"], by_name["mouthPucker"], by_name["jawLeft"]) == (0.0, 1.0, 0.0)
    assert by_name["mouthSmileLeft"] == 0.75
    assert received.face.head is None


def test_an_overtaken_packet_is_dropped_and_counted_and_a_restart_is_not() -> None:
    decoder = livelink.decoder()
    frames = [100, 102, 101, 102, 103, 5]
    used = [bool(decoder.feed(by_hand(smile(), frame=frame), 0)) for frame in frames]
    assert used == [True, True, False, True, True, True]
    assert decoder.counts == {"packets overtaken by newer ones": 1}


single = st.floats(width=32)
packets = st.builds(
    Packet,
    st.text("0123456789abcdef-$", min_size=37, max_size=37),
    st.text(max_size=16).filter(lambda name: len(name.encode()) <= 64),
    st.builds(
        Timing,
        st.integers(-(2**31), 2**31 - 1),
        st.floats(width=32, allow_nan=False, allow_infinity=False),
        st.integers(-(2**31), 2**31 - 1),
        st.integers(-(2**31), 2**31 - 1),
    ),
    st.one_of(st.just(()), st.lists(single, min_size=61, max_size=61).map(tuple)),
)


@given(packets)
def test_encode_and_decode_are_identity(packet: Packet) -> None:
    datagram = livelink.encode(packet)
    again = livelink.read(datagram)
    assert livelink.encode(again) == datagram
    assert repr(again) == repr(packet)  # NaN is not equal to itself


@given(
    st.lists(st.integers(0, 255), min_size=52, max_size=52),
    st.tuples(*[st.floats(-pi, pi)] * 3),
)
def test_a_face_comes_back_as_it_was_sent(values: list[int], head: tuple[float, ...]) -> None:
    face = Face("livelink", "lan", 7, tuple(v / 255 for v in values), head)  # type: ignore[arg-type]
    back = one(livelink.datagram_of(face)).face
    assert back.values() == tuple(values)
    assert back.turn() == face.turn()


@pytest.mark.parametrize(
    "packet",
    [
        Packet("short", "x"),
        Packet(DEVICE, "x" * 65),
        Packet(DEVICE, "\ud800"),
        Packet(DEVICE, "x", None, (0.0,) * 61),
        Packet(DEVICE, "x", Timing(0, 0.0, 60, 1), (0.0,) * 60),
        Packet(DEVICE, "x", Timing(2**31, 0.0, 60, 1)),
        Packet(DEVICE, "x", Timing(0, nan, 60, 1)),
        Packet(DEVICE, "x", Timing(0, 0.0, 60, 1), (1e39,) * 61),
    ],
)
def test_what_does_not_fit_is_not_sent(packet: Packet) -> None:
    with pytest.raises(LocalProtocolError):
        livelink.encode(packet)


def fuzzed(count: int, seed: int) -> tuple[int, int]:
    """How many of `count` damaged packets were refused and used; any other error is raised."""
    chance, decoder = random.Random(seed), livelink.decoder()
    seeds = [by_hand(smile(), frame=frame) for frame in range(8)] + [by_hand(None)]
    refused = used = 0
    for number in range(count):
        packet = damaged(chance, seeds)
        try:
            found = decoder.feed(packet, number)
        except RemoteProtocolError:
            refused += 1
            continue
        used += 1
        for received in found:
            assert len(received.face.values()) in (0, 52)
            assert all(0 <= value <= 255 for value in received.face.values())
    return refused, used


def test_damaged_packets_are_refused_with_the_one_error() -> None:
    refused, used = fuzzed(10_000, 1)
    assert refused > 5_000 and used > 500  # the damage reaches both sides of the decoder


@pytest.mark.soak
def test_a_million_damaged_packets_raise_nothing_else() -> None:
    refused, used = fuzzed(1_000_000, 2)
    assert refused > 500_000 and used > 50_000
