"""OSC: messages and bundles written from the specification, laws and damaged packets."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.test_trackers import capture_of
from tests.tracking.damaged import fuzz
from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking import TrackingSample, osc

SEEDS = [bytes.fromhex(each) for each in capture_of("osc")["datagrams"]]


def text(value: str) -> bytes:
    """A string of OSC: NUL-terminated, padded to a multiple of four."""
    data = value.encode()
    return data + bytes(4 - len(data) % 4)


def pose(*numbers: float, address: str = "/camera/1/pose", tags: str = "") -> bytes:
    return text(address) + text("," + (tags or "f" * len(numbers))) + struct.pack(
        f">{len(numbers)}f", *numbers
    )  # fmt: skip


def bundle(*elements: bytes, seconds: int = 0) -> bytes:
    parts = (struct.pack(">I", len(one)) + one for one in elements)
    return b"#bundle\0" + struct.pack(">II", seconds, 1) + b"".join(parts)


def test_iris_is_the_ninth_number() -> None:
    (sample,) = osc.decoder().feed(pose(0, 0, 0, 0, 0, 0, 1, 2, 3), 9)
    assert (sample.zoom, sample.focus, sample.iris, sample.taken) == (1, 2, 3, None)


def test_a_bundle_without_a_time_has_none_and_its_bundles_are_read() -> None:
    (sample,) = osc.decoder().feed(bundle(bundle(pose(1, 2, 3, 0, 0, 0))), 9)
    assert sample.taken is None and sample.pose.position == Vec3(1.0, 2.0, 3.0)


def test_other_messages_are_counted() -> None:
    decoder = osc.decoder()
    other = text("/xremote") + text(",sTb") + text("hello") + struct.pack(">I", 3) + b"abc\0"
    assert decoder.feed(bundle(other, text("/play")), 0) == ()
    assert decoder.counts == {"messages that are not poses": 2}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "no end"),
        (b"/a", "multiple of 4"),
        (text("camera"), "begin with /"),
        (text("/a") + text("f"), "comma"),
        (pose(1, 2, 3, 4, 5), "has 5 arguments"),
        (pose(1, 2, 3, 4, 5, float("nan")), "NaN"),
        (pose(1, 2, 3, 4, 5, 6, address="//pose"), "no camera id"),
        (pose(1, 2, 3, 4, 5, 6, tags="ffffffz"), "'z' is unknown"),
        (pose(1, 2, 3, 4, 5, tags="ffffff"), "cut in its arguments"),
        (b"#bundle\0" + bytes(4), "no time tag"),
        (b"#bundle\0" + bytes(8) + b"\0\0\0\xff", "0 are left"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, message: str) -> None:
    with pytest.raises(RemoteProtocolError, match=message):
        osc.decoder().feed(data, 0)


def test_bundles_nested_too_deep_are_refused() -> None:
    data = pose(1, 2, 3, 4, 5, 6)
    for _ in range(9):
        data = bundle(data)
    with pytest.raises(RemoteProtocolError, match="nested"):
        osc.decoder().feed(data, 0)


@settings(deadline=None, max_examples=200)
@given(*[st.floats(-100, 100) for _ in range(3)], *[st.floats(-180, 180) for _ in range(3)],
       st.one_of(st.none(), st.floats(0, 1e5)))  # fmt: skip
def test_what_is_encoded_is_decoded(
    x: float, y: float, z: float, pan: float, tilt: float, roll: float, zoom: float | None
) -> None:
    turn = Quat.from_angles(pan=pan, tilt=tilt, roll=roll)
    sent = TrackingSample("x", "a-1", 5, Pose(Vec3(x, y, z), turn), angles=(pan, tilt, roll),
                          zoom=zoom)  # fmt: skip
    (got,) = osc.decoder().feed(osc.encode(sent), 5)
    assert got.pose.position == sent.pose.position and got.angles == sent.angles
    assert got.zoom == zoom


@pytest.mark.parametrize("subject", ["", "a/b", "a b", "ä", "a*"])
def test_a_subject_that_is_no_part_of_an_address_is_refused(subject: str) -> None:
    with pytest.raises(LocalProtocolError, match="part of an OSC address"):
        osc.encode(TrackingSample("x", subject, 0, Pose()))


def test_damaged_packets_are_refused_and_nothing_else() -> None:
    assert fuzz(osc.decoder(), SEEDS, 3000, 1) > 1000


@pytest.mark.soak
def test_a_million_damaged_packets() -> None:
    assert fuzz(osc.decoder(), SEEDS, 1_000_000, 2) > 100_000


def test_addresses_of_poses_are_configurable() -> None:
    protocol = osc.with_address("/vp/{subject}/xyz")
    sent = TrackingSample("x", "crane", 0, Pose(Vec3(1.0, 2.0, 3.0)))
    data = protocol.encode(sent)
    assert data.startswith(b"/vp/crane/xyz\0")
    decoder = protocol.decoder()
    (got,) = decoder.feed(data, 0)
    assert got.subject == "crane" and got.pose.position == sent.pose.position
    assert decoder.feed(pose(1, 2, 3, 4, 5, 6), 0) == () and sum(decoder.counts.values()) == 1
    (only,) = osc.with_address("/tracker").decoder().feed(pose(*[0] * 6, address="/tracker"), 0)
    assert only.subject == "1"


def test_a_decoder_that_has_read_an_address_reads_what_a_new_one_reads() -> None:
    heads = [
        text(f"/camera/{subject}/pose") + text("," + tags) + struct.pack(">" + tags, *range(count))
        for subject, tags, count in (("1", "ffffff", 6), ("1", "ffffffdd", 8), ("2", "iifffd", 6))
    ]
    chance, known = random.Random(4), osc.decoder()
    assert [known.feed(head, 0)[0].subject for head in heads] == ["1", "1", "2"]
    outcomes = set()
    for at in range(3000):
        data = bytearray(chance.choice(heads))
        for _ in range(chance.randrange(3)):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 44, 127, 128, 255))
        cut = bytes(
            data[: len(data) - chance.choice((0, 0, 0, 4, 8))] + bytes(chance.choice((0, 0, 4)))
        )
        found = [_fed(decoder, cut, at) for decoder in (known, osc.decoder())]
        assert found[0] == found[1], cut
        outcomes.add(type(found[0]))
    assert outcomes == {tuple, str}


def _fed(decoder: osc.Decoder, datagram: bytes, at: int) -> tuple[TrackingSample, ...] | str:
    try:
        return decoder.feed(datagram, at)
    except RemoteProtocolError as error:
        return str(error)
