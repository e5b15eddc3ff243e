"""Vendor profiles of FreeD: named values from raw numbers, and back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.spatial import Pose
from xrdrama.tracking import TrackingSample, freed
from xrdrama.tracking.profiles import PROFILES, Range


def packet(zoom: int, focus: int, spare: int) -> bytes:
    """A D1 packet of camera 1 at rest, packed by hand from the manual's layout."""
    body = b"\xd1\x01" + bytes(18) + zoom.to_bytes(3) + focus.to_bytes(3) + spare.to_bytes(2)
    return body + bytes(((0x40 - sum(body)) & 0xFF,))


def read(profile: str, zoom: int, focus: int, spare: int) -> TrackingSample:
    (sample,) = freed.with_profile(profile).decoder().feed(packet(zoom, focus, spare), 0)
    assert (sample.zoom, sample.focus, sample.spare) == (zoom, focus, spare) or profile[0] == "o"
    return sample


def test_z_cam_sends_lengths_and_an_f_number() -> None:
    """The example of its description: 9.50 mm, 1230.0 mm, F2.8, and a sequence number of 4 bits."""
    sample = read("zcam", 950, 12300, 0x7118)
    assert (sample.focal_mm, sample.focus_m, sample.f_number) == (9.5, 1.23, 2.8)
    assert sample.sequence == 7
    assert freed.with_profile("zcam").decoder().sequence_modulus == 16
    unknown = read("zcam", 0, 0, 0)
    assert (unknown.focal_mm, unknown.focus_m, unknown.f_number) == (None, None, None)


def test_panasonic_counts_focus_and_iris_the_other_way() -> None:
    wide = read("panasonic", 0x555, 0xFFF, 0xFFF)
    tele = read("panasonic", 0xFFF, 0x555, 0x555)
    assert wide.encoders == (0.0, 0.0, 0.0), "wide, infinity, open"
    assert tele.encoders == (1.0, 1.0, 1.0), "tele, near, closed"


def test_the_ends_of_every_range() -> None:
    for name, zoom, focus in (
        ("generic", 0xFFFF, 0xFFFF), ("sony", 0x7AC0, 0xF000), ("stype", 0xFFFFFF, 0xFFFFFF),
        ("mosys", 0xFFFF, 0xFFFF), ("ncam", 0xFFFFFF, 0xFFFFFF),
    ):  # fmt: skip
        encoders = read(name, zoom, focus, 0).encoders
        assert encoders is not None and encoders[:2] == (1.0, 1.0), name


def test_a_number_out_of_range_gives_no_value_and_is_counted() -> None:
    decoder = freed.with_profile("panasonic").decoder()
    (sample,) = decoder.feed(packet(0x554, 0xAAA, 0xFFF), 0)
    assert sample.encoders is not None and sample.encoders[0] is None
    assert sample.encoders[1] == pytest.approx(0.5, abs=1e-3)
    assert decoder.counts == {"zoom out of the range of panasonic": 1}


def test_an_offset_is_removed() -> None:
    sample = read("offset_80000", 0x80010, 0x80000, 0)
    assert (sample.zoom, sample.focus) == (16.0, 0.0)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(PROFILES)), st.integers(0, 2**24 - 1), st.integers(0, 2**24 - 1),
       st.integers(0, 2**16 - 1))  # fmt: skip
def test_every_packet_comes_back_byte_for_byte(
    name: str, zoom: int, focus: int, spare: int
) -> None:
    protocol, data = freed.with_profile(name), packet(zoom, focus, spare)
    (sample,) = protocol.decoder().feed(data, 0)
    assert protocol.encode(sample) == data


def test_lens_values_without_raw_numbers_are_encoded_by_the_profile() -> None:
    lens = TrackingSample(
        "x", "1", 0, Pose(), sequence=9, encoders=(0.5, 0.25, 1.0), focal_mm=35.0, focus_m=2.0,
        f_number=4.0,
    )  # fmt: skip
    zcam = freed.with_profile("zcam")
    (back,) = zcam.decoder().feed(zcam.encode(lens), 0)
    assert (back.focal_mm, back.focus_m, back.f_number, back.sequence) == (35.0, 2.0, 4.0, 9)
    sony = freed.with_profile("sony")
    (back,) = sony.decoder().feed(sony.encode(lens), 0)
    assert back.encoders == pytest.approx((0.5, 0.25, 1.0), abs=1e-4)


def test_each_profile_says_where_its_numbers_are_from() -> None:
    for profile in PROFILES.values():
        assert profile.source and "not tested on a device" in profile.known
    assert "unknown ranges" not in PROFILES["sony"].known
    assert "zoom and focus start at 80000" in PROFILES["offset_80000"].known


@given(st.integers(0, 0xFFF), st.integers(1, 0xFFF))
def test_a_share_is_of_its_range(first: int, size: int) -> None:
    for one in (Range(first, first + size), Range(first + size, first)):
        assert one.share(one.first) == 0.0 and one.share(one.last) == 1.0
        assert one.raw(one.share(first) or 0.0) == first
