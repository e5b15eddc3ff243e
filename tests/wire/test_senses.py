"""What pages send of microphones and cameras: bounds, garbage, and the clock of a page."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from xrdrama.errors import RemoteProtocolError
from xrdrama.wire.senses import (
    HEADER,
    MOST_PICTURE,
    PageClock,
    Sound,
    decode_picture,
    decode_sound,
    jpeg_size,
)

MS = 1_000_000


def sound(samples: int = 1600, kind: int = 1, version: int = 1, zero: int = 0) -> bytes:
    return HEADER.pack(kind, version, zero, 700) + b"\1\0" * samples


def jpeg(width: int, height: int, *, progressive: bool = False) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG", progressive=progressive)
    return out.getvalue()


def picture(data: bytes) -> bytes:
    return HEADER.pack(2, 1, 0, 900) + data


def test_sounds_and_pictures_are_decoded() -> None:
    assert decode_sound(sound()) == Sound(700, b"\1\0" * 1600)
    for progressive in (False, True):
        found = decode_picture(picture(jpeg(320, 240, progressive=progressive)))
        assert (found.ms, found.width, found.height) == (900, 320, 240)
    commented = b"\xff\xd8\xff\xfe\0\6abcd\xff\xff" + jpeg(64, 48)[3:]
    assert jpeg_size(commented) == (64, 48)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\1", sound()[:7], sound(0), sound(159), sound(3201), sound() + b"\0",
        sound(kind=2), sound(kind=0), sound(version=2), sound(zero=1),
    ],
)  # fmt: skip
def test_what_is_no_sound_is_refused(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        decode_sound(data)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (sound(), "of kind 1"),
        (picture(b""), "not a JPEG"),
        (picture(b"\x89PNG" + b"\0" * 400), "not a JPEG"),
        (picture(b"\xff\xd8\xff\xd9"), "without a size"),
        (picture(b"\xff\xd8" + b"\xff\xe0\xff\xff" * 3), "without a size"),
        (picture(b"\xff\xd8\xff\xc3\0\x0b\x08\0\x40\0\x40"), "without a size"),
        (picture(jpeg(656, 480)), "at most 640 x 480"),
        (picture(jpeg(640, 496)), "at most 640 x 480"),
        (picture(jpeg(16, 240)), "at most 640 x 480"),
        # Sixty-five thousand pixels wide in a hundred bytes: it is never decoded.
        (picture(b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff" + b"\0" * 90), "at most 640 x 480"),
        (picture(b"\xff\xd8" + b"\0" * MOST_PICTURE), "are allowed"),
    ],
)
def test_what_is_no_picture_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        decode_picture(data)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from((b"", sound(200), picture(jpeg(64, 48)))))
def test_garbage_is_refused_and_nothing_else_is_raised(noise: bytes, valid: bytes) -> None:
    for data in (noise, valid[: len(noise)] + noise, HEADER.pack(2, 1, 0, 0) + noise):
        for decode in (decode_sound, decode_picture):
            try:
                found = decode(data)
            except RemoteProtocolError:
                continue
            assert len(data) <= MOST_PICTURE + HEADER.size and found.ms >= 0


def test_the_clock_of_a_page_is_that_of_what_came_fastest() -> None:
    clock = PageClock()
    assert clock.at(1000, 5_000 * MS) == (5_000 * MS, 0)
    assert clock.at(1100, 5_180 * MS)[1] == pytest.approx(80 * MS, abs=MS)  # it came late
    at, late = clock.at(1200, 5_150 * MS)  # faster than the first
    assert (at, late) == (5_150 * MS, 0)


@pytest.mark.parametrize("drift", [1.0003, 0.9997])
def test_a_page_whose_clock_drifts_is_followed(drift: float) -> None:
    clock = PageClock()
    for second in range(3600):
        at, late = clock.at(round(second * 1000 * drift), second * 1000 * MS)
        assert late <= 2 * MS and abs(at - second * 1000 * MS) <= 2 * MS


def test_a_page_that_falls_behind_is_late() -> None:
    clock = PageClock()
    clock.at(0, 0)
    assert clock.at(1000, 4_000 * MS)[1] > 2_900 * MS
