"""FreeD D1: the manual's layout and signs, every body, and nothing but one error on garbage."""

from __future__ import annotations

import json
import random
from math import cos, radians, sin
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Lens, inner_frustum
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.datagrams import DatagramError, decode_datagram

PACKETS = json.loads(Path(__file__).with_name("freed_packets.json").read_text())
"""Packets with their field values, computed from the manual's layout without this library."""
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "freed" / "vectors.json"
if PUBLISHED.is_file():  # a cross-check with packets of others, which a clone does not have
    PACKETS += [packet for packet in json.loads(PUBLISHED.read_text()) if "hex" in packet]
law = settings(deadline=None, max_examples=500)

# Written from the manual's layout: angles x 32768, millimetres x 64, signed 24-bit, big-endian.
VECTORS = [
    # all zero; the manual's anchor of the checksum
    ("d1 00 000000 000000 000000 000000 000000 000000 000000 000000 0000 6f",
     {"subject": "0", "pan": 0.0, "tilt": 0.0, "roll": 0.0, "at": (0.0, 0.0, 0.0)}),
    # camera 1, FreeD pan +10 (right): ours -10
    ("d1 01 050000 000000 000000 000000 000000 000000 000000 000000 0000 69",
     {"subject": "1", "pan": -10.0, "tilt": 0.0, "roll": 0.0, "at": (0.0, 0.0, 0.0)}),
    # the ends of the range: 180 and -180 degrees, 131071.98 mm and -131072 mm
    ("d1 ff 5a0000 a60000 000000 7fffff 800000 000000 ffffff 000000 abcd fe",
     {"subject": "255", "pan": -180.0, "tilt": -180.0, "roll": 0.0,
      "at": (8_388_607 / 64_000, -8_388_608 / 64_000, 0.0), "zoom": 16_777_215, "spare": 0xABCD}),
    # one unit of everything
    ("d1 02 000001 ffffff 000001 000001 ffffff 000001 000001 000001 0001 6c",
     {"subject": "2", "pan": -1 / 32768, "tilt": -1 / 32768, "roll": 1 / 32768,
      "at": (1 / 64_000, -1 / 64_000, 1 / 64_000), "zoom": 1, "focus": 1, "spare": 1}),
]  # fmt: skip


def packet(body: bytes) -> bytes:
    return body + bytes((freed.checksum(body),))


def packet_of(
    *, pan: float = 0.0, tilt: float = 0.0, roll: float = 0.0,
    x: float = 0.0, y: float = 0.0, z: float = 0.0,
) -> bytes:  # fmt: skip
    """A packet in FreeD's own words (pan positive to the right, millimetres), packed by hand."""
    body = bytearray((0xD1, 1))
    for units in (pan * 32768, tilt * 32768, roll * 32768, x * 64, y * 64, z * 64):
        body += (int(units) & 0xFFFFFF).to_bytes(3, "big")
    return packet(bytes(body) + bytes(8))


@pytest.mark.parametrize(("hexed", "expect"), VECTORS)
def test_packets_written_from_the_manual(hexed: str, expect: dict[str, Any]) -> None:
    data = bytes.fromhex(hexed)
    sample = freed.decode(data, at=77)
    pan, tilt, roll = sample.pan_tilt_roll()
    position = sample.pose.position
    assert (sample.source, sample.subject, sample.at) == ("freed", expect["subject"], 77)
    assert (pan, tilt, roll) == (expect["pan"], expect["tilt"], expect["roll"])
    assert (position.x, position.y, position.z) == pytest.approx(expect["at"], abs=1e-12)
    assert sample.zoom == expect.get("zoom", 0)
    assert sample.focus == expect.get("focus", 0)
    assert sample.spare == expect.get("spare", 0)
    assert freed.encode(sample) == data
    assert "-0.0" not in repr(sample.angles)


def test_the_anchor_of_the_checksum() -> None:
    assert freed.checksum(b"\xd1" + bytes(27)) == 0x6F


@pytest.mark.parametrize("packet", PACKETS, ids=lambda packet: packet["note"])
def test_packets_with_known_values_decode_and_encode(packet: dict[str, Any]) -> None:
    expect = packet["expect"]
    sample = freed.decode(bytes.fromhex(packet["hex"]))
    pan, tilt, roll = sample.pan_tilt_roll()
    assert -pan == pytest.approx(expect["freed_pan_deg"], abs=1e-5)
    assert tilt == pytest.approx(expect["tilt_deg"], abs=1e-5)
    assert roll == pytest.approx(expect["roll_deg"], abs=1e-5)
    p = sample.pose.position
    assert [p.x * 1000, p.y * 1000, p.z * 1000] == pytest.approx(expect["position_mm"])
    assert (sample.zoom, sample.focus) == (expect["zoom"], expect["focus"])
    assert int(sample.subject) == expect["camera_id"]
    assert "spare" not in expect or sample.spare == int(expect["spare"], 16)
    assert freed.encode(sample).hex() == packet["hex"]


@law
@given(st.binary(min_size=27, max_size=27))
def test_every_body_comes_back_byte_for_byte(body: bytes) -> None:
    data = packet(b"\xd1" + body)
    assert freed.encode(freed.decode(data)) == data


def test_the_rotation_is_that_of_the_angles() -> None:
    sample = freed.decode(packet_of(pan=30.0, tilt=-20.0, roll=5.0))
    expected = Quat.from_angles(pan=-30.0, tilt=-20.0, roll=5.0)
    assert sample.pose.rotation.angle_to(expected) < 1e-12


# -- which way is which -------------------------------------------------------------------------

LENS = Lens(0.040, (0.036, 0.02025))
WIDTH, HEIGHT = 3840, 2160
POINT = Vec3(0.3, 6.0, 1.2)


def pixel_by_hand(data: dict[str, float]) -> tuple[float, float]:
    """The pixel of POINT for a camera given in FreeD's units, computed from sines alone."""
    a, b, g = (radians(data.get(name, 0.0)) for name in ("pan", "tilt", "roll"))
    forward = (sin(a) * cos(b), cos(a) * cos(b), sin(b))
    level = (cos(a), -sin(a), 0.0)
    above = (
        level[1] * forward[2] - level[2] * forward[1],
        level[2] * forward[0] - level[0] * forward[2],
        level[0] * forward[1] - level[1] * forward[0],
    )
    # Clockwise from behind: what was up leans to the right.
    right = tuple(u * cos(g) - v * sin(g) for u, v in zip(level, above, strict=True))
    up = tuple(u * sin(g) + v * cos(g) for u, v in zip(level, above, strict=True))
    to = [
        p - data.get(name, 0.0) / 1000
        for p, name in ((POINT.x, "x"), (POINT.y, "y"), (POINT.z, "z"))
    ]

    def along(axis: tuple[float, ...]) -> float:
        return sum(t * e for t, e in zip(to, axis, strict=True))

    scale = WIDTH * 0.040 / 0.036
    depth = along(forward)
    return WIDTH / 2 + scale * along(right) / depth, HEIGHT / 2 + scale * along(up) / depth


def pixel_through_our_code(sample: TrackingSample) -> tuple[float, float]:
    x, y, depth = inner_frustum(sample.pose, LENS, near=0.1, far=100.0).project(POINT)
    assert depth > 0
    return x * WIDTH, y * HEIGHT


SIGNS = [
    {"pan": 10.0},
    {"pan": -10.0},
    {"tilt": 10.0},
    {"tilt": -10.0},
    {"roll": 10.0},
    {"x": 1000.0},
    {"y": 1000.0},
    {"z": 1000.0},
    {"pan": 12.5, "tilt": -7.25, "roll": 3.0, "x": 400.0, "y": -1500.0, "z": 1650.0},
]


@pytest.mark.parametrize("fields", SIGNS, ids=str)
def test_a_known_point_is_at_the_pixel_that_the_manual_means(fields: dict[str, float]) -> None:
    expected = pixel_by_hand(fields)
    sample = freed.decode(packet_of(**fields))
    assert pixel_through_our_code(sample) == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("name", ["pan", "tilt", "roll", "x", "y", "z"])
def test_a_wrong_sign_would_be_seen(name: str) -> None:
    """The control of the test above."""
    right, wrong = {name: 10.0}, {name: -10.0}
    if name in "xyz":
        right, wrong = {name: 500.0}, {name: -500.0}
    x, y = pixel_by_hand(right)
    found = pixel_through_our_code(freed.decode(packet_of(**wrong)))
    assert max(abs(found[0] - x), abs(found[1] - y)) > 20.0


def test_pan_right_in_freed_is_negative_here() -> None:
    sample = freed.decode(packet_of(pan=10.0))
    assert sample.pan_tilt_roll() == (-10.0, 0.0, 0.0)
    assert sample.pose.rotation.rotate(Vec3(0.0, 1.0, 0.0)).x > 0.17  # it looks to +X


# -- garbage ------------------------------------------------------------------------------------


@law
@given(st.binary(max_size=64))
def test_garbage_is_a_remote_protocol_error_and_nothing_else(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        freed.decode(data if data[:1] != b"\xd1" or len(data) != 29 else data[:-1])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (bytes(29), "type 00"),
        (packet(b"\xd1" + bytes(27))[:28], "has 28 bytes; expected 29"),
        (packet(b"\xd1" + bytes(27)) + b"\x41", "more than one FreeD message"),
        (packet(b"\xd1" + bytes(27)) * 2, "more than one FreeD message"),
        (packet(b"\xd0" + bytes(27)), r"type D0 \(poll or command\)"),
        (packet(b"\xda" + bytes(27)), r"type DA \(diagnostic mode\)"),
        (packet(b"\xa1" + bytes(27)), "type A1 is unknown"),
        (b"\xd1" + bytes(28), "checksum mismatch: it is 00"),
        (packet(b"\xd1" + bytes(27))[:-1] + b"\x01", "checksum mismatch$"),
    ],
)
def test_bad_message_is_reported_with_its_reason(data: bytes, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        freed.decode(data)


ONE, TWO = packet(b"\xd1\x01" + bytes(26)), packet(b"\xd1\x02" + bytes(26))


@pytest.mark.parametrize(
    ("datagram", "messages", "padding"),
    [
        (ONE, (ONE,), 0),
        (ONE + b"\0\0\0", (ONE,), 3),
        (ONE + b"\r\n", (ONE,), 2),
        (ONE + b"\n", (ONE,), 1),
        (ONE + b"\xff" * 35, (ONE,), 35),
        (b"\0" + ONE, (ONE,), 1),
        (ONE + TWO, (ONE, TWO), 0),
        (ONE + b"\r\n" + TWO + b"\r\n", (ONE, TWO), 4),
        (ONE + b"?!", (ONE, b"?!"), 0),
        (ONE + TWO[:20], (ONE, TWO[:20]), 0),
        (bytes(3), (bytes(3),), 0),
    ],
)
def test_a_datagram_is_split_into_messages(
    datagram: bytes, messages: tuple[bytes, ...], padding: int
) -> None:
    assert freed.split(datagram) == (messages, padding)
    if messages[0] == ONE:
        found = decode_datagram(freed.decoder(), datagram)
        assert found.samples[0].subject == "1" and found.padding == padding
        assert bool(found.error) == (messages[-1] not in (ONE, TWO))


@law
@given(st.binary(max_size=27 * 4))
def test_splitting_loses_no_byte(data: bytes) -> None:
    messages, padding = freed.split(data)
    assert sum(map(len, messages)) + padding == len(data)
    assert b"".join(messages).strip(freed.PADDING) in data


def test_feed_returns_a_sample_for_each_message_in_order() -> None:
    decoder = freed.decoder()
    samples = decoder.feed(ONE + TWO, 77)
    assert [(sample.subject, sample.at) for sample in samples] == [("1", 77), ("2", 78)]
    with pytest.raises(RemoteProtocolError, match="empty"):
        decoder.feed(b"", 78)
    with pytest.raises(DatagramError, match="has 20 bytes") as caught:
        decoder.feed(ONE + TWO[:20], 79)
    assert [sample.subject for sample in caught.value.samples] == ["1"]


def fuzz(count: int, seed: int) -> tuple[int, int]:
    """Good packets, some of them bent; how many were taken and how many refused."""
    chance = random.Random(seed)
    taken = refused = 0
    for _ in range(count):
        data = bytearray(packet(b"\xd1" + chance.randbytes(27)))
        match chance.randrange(6):
            case 0:
                data[chance.randrange(29)] ^= 1 << chance.randrange(8)
            case 1:
                del data[chance.randrange(29) :]
            case 2:
                data += chance.randbytes(chance.randrange(1, 40))
            case 3:
                data = bytearray(chance.randbytes(29))
            case _:
                pass
        try:
            sample = freed.decode(bytes(data))
        except RemoteProtocolError:
            refused += 1
            continue
        assert freed.encode(sample) == bytes(data[:29])
        assert not data[29:].strip(freed.PADDING)
        pan, tilt, roll = sample.pan_tilt_roll()
        assert max(abs(pan), abs(tilt), abs(roll)) <= 256.0
        assert sample.pose.position.length() < 132.0 * 1.8
        assert abs(sample.pose.rotation.norm() - 1.0) < 1e-12
        taken += 1
    return taken, refused


def test_damaged_packets_are_refused_and_intact_ones_accepted() -> None:
    taken, refused = fuzz(20_000, seed=1)
    assert taken > 5000 and refused > 5000


@pytest.mark.soak
def test_a_million_packets() -> None:
    taken, refused = fuzz(1_000_000, seed=2)
    assert taken > 250_000 and refused > 250_000


# -- what cannot be sent ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"subject": "256"}, "camera id"),
        ({"subject": "-1"}, "camera id"),
        ({"subject": "left"}, "camera id"),
        ({"subject": "٣"}, "camera id"),
        ({"subject": "9" * 5000}, "camera id"),
        ({"zoom": -1.0}, "24 bits"),
        ({"zoom": 2.0**24}, "24 bits"),
        ({"focus": float("nan")}, "24 bits"),
        ({"focus": float("inf")}, "24 bits"),
        ({"spare": 0x10000}, "16 bits"),
        ({"angles": (300.0, 0.0, 0.0)}, "24 bits"),
        ({"angles": (float("nan"), 0.0, 0.0)}, "24 bits"),
        ({"pose": Pose(Vec3(200.0, 0.0, 0.0))}, "24 bits"),
    ],
)
def test_value_that_does_not_fit_is_a_local_error(changes: dict[str, Any], why: str) -> None:
    fields = {"source": "test", "subject": "1", "at": 0, "pose": Pose(), **changes}
    with pytest.raises(LocalProtocolError, match=why):
        freed.encode(TrackingSample(**fields))


def test_a_sample_without_angles_is_sent_by_its_rotation() -> None:
    pose = Pose(Vec3(1.0, 2.0, 1.5), Quat.from_angles(pan=25.0, tilt=5.0, roll=-1.0))
    back = freed.decode(freed.encode(TrackingSample("test", "7", 0, pose)))
    assert back.pan_tilt_roll() == pytest.approx((25.0, 5.0, -1.0), abs=1 / 32768)
    assert (back.pose.position - pose.position).length() < 1.8 / 64_000
    assert (back.zoom, back.focus, back.spare) == (0.0, 0.0, 0)
