"""Mo-Sys F4: packets written from the layout, recordings, laws and damaged packets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.test_trackers import capture_of
from tests.tracking.damaged import fuzz
from xrdrama.errors import LocalProtocolError, RemoteProtocolError, UsageError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample, f4
from xrdrama.tracking.logs import read_log

SEEDS = [bytes.fromhex(each) for each in capture_of("f4")["datagrams"]]
FULL = SEEDS[0]


def test_axes_that_are_not_used_are_counted() -> None:
    decoder = f4.decoder()
    assert len(decoder.feed(FULL, 0)) == 1
    assert decoder.counts == {"axis 77 not used": 1}


def test_a_packet_without_a_whole_pose_makes_no_sample() -> None:
    body = bytes((0xF4, 1, 1, 0, 1, 0, 0, 0, 0))
    decoder = f4.decoder()
    assert decoder.feed(body + bytes((f4.checksum(body),)), 0) == ()
    assert decoder.counts == {"packets without tilt, roll, x, y, z": 1}


def test_positions_are_hundredths_of_a_millimetre() -> None:
    axes = {1: -2969, 2: -28030, 0x13: 3100, 5: -8121, 6: -185368, 7: 119806}
    body = bytes((0xF4, 1, 6, 0)) + b"".join(
        bytes((id, 0)) + value.to_bytes(3, "big", signed=True) for id, value in axes.items()
    )
    (got,) = f4.decoder().feed(body + bytes((f4.checksum(body),)), 0)
    assert got.pose.position == Vec3(-0.08121, -1.85368, 1.19806)
    assert got.angles == (-2.969, -28.03, 3.1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "0 bytes"),
        (b"\xf4\x01", "2 bytes"),
        (b"\xd1" + FULL[1:], "begins with D1"),
        (b"\xf4\x01\x00\x00\x00", "no axes"),
        (FULL[:-2], "is cut"),
        (FULL[:-1] + bytes((FULL[-1] ^ 1,)), "checksum"),
    ],
)
def test_what_is_wrong_is_named(data: bytes, message: str) -> None:
    with pytest.raises(RemoteProtocolError, match=message):
        f4.decoder().feed(data, 0)


@settings(deadline=None, max_examples=200)
@given(*[st.floats(-80, 80) for _ in range(3)], *[st.floats(-180, 180) for _ in range(3)],
       st.integers(0, 255))  # fmt: skip
def test_what_is_encoded_is_decoded(
    x: float, y: float, z: float, pan: float, tilt: float, roll: float, camera: int
) -> None:
    pose = Pose(Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll))
    sent = TrackingSample("x", str(camera), 5, pose, angles=(pan, tilt, roll), sequence=21)
    (got,) = f4.decoder().feed(f4.encode(sent), 5)
    assert (got.pose.position - pose.position).length() < 1e-5
    assert got.pan_tilt_roll() == pytest.approx((pan, tilt, roll), abs=6e-4)
    assert (got.subject, got.sequence) == (str(camera), 5)


def test_what_does_not_fit_is_refused() -> None:
    for sample in (
        TrackingSample("x", "256", 0, Pose()),
        TrackingSample("x", "1", 0, Pose(Vec3(90.0, 0.0, 0.0))),
    ):
        with pytest.raises(LocalProtocolError, match=r"0 to 255|24 bits"):
            f4.encode(sample)


def test_a_recording_is_paced_by_its_timecode() -> None:
    log = read_log(FULL * 50, "a.f4")
    assert (log.protocol, len(log.entries)) == ("f4", 50)
    assert log.entries[25].at == NS, "25 frames a second"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (FULL + FULL[:20], r"a.f4: packet 2 at byte \d+: F4 packet is cut"),
        (FULL + b"\0" + FULL, "packet 2 at byte .*begins with 00"),
        (f4.encode(TrackingSample("x", "1", 0, Pose())), "no timecode"),
    ],
)
def test_recordings_that_cannot_be_read_are_errors(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_log(data, "a.f4")


def test_damaged_packets_are_refused_and_nothing_else() -> None:
    assert fuzz(f4.decoder(), SEEDS, 3000, 1) > 1000


@pytest.mark.soak
def test_a_million_damaged_packets() -> None:
    assert fuzz(f4.decoder(), SEEDS, 1_000_000, 2) > 100_000


def test_a_recording_is_decoded_packet_by_packet() -> None:
    assert list(f4.packets_of(FULL * 3 + b"\xf4")) == [FULL, FULL, FULL, b"\xf4"]
    assert list(f4.packets_of(b"")) == []
