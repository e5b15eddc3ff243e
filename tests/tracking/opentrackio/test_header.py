"""The header of OpenTrackIO: layout, checksum, and one error for everything else."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.opentrackio.packets import PUBLISHED, fletcher, packet
from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.tracking.opentrackio.header import (
    LONGEST,
    Segment,
    cut,
    fletcher16,
    pack,
    parse,
)

law = settings(deadline=None, max_examples=300)

# Summed by hand: 61 -> 61, 61; 61 62 -> C3, 124 mod 256 = 24.
SUMS = [
    (b"", 0x0000),
    (b"a", 0x6161),
    (b"ab", 0x24C3),
    (b"\xff\xff", 0xFDFE),
    (b"\x01" * 256, 0x8000),
]


@pytest.mark.parametrize(("data", "expected"), SUMS)
def test_checksum_of_short_texts(data: bytes, expected: int) -> None:
    assert fletcher16(data) == expected == fletcher(data)


@law
@given(st.binary(max_size=6000))
def test_checksum_is_the_sum_byte_after_byte(data: bytes) -> None:
    assert fletcher16(data) == fletcher(data)


@pytest.mark.parametrize("size", [0, 1, 255, 4095, 4096, 4097, 32_767 + 14])
def test_checksum_of_the_largest_bytes_at_every_size(size: int) -> None:
    assert fletcher16(b"\xff" * size) == fletcher(b"\xff" * size)


@pytest.mark.parametrize(
    ("sequence", "offset", "last", "payload", "encoding", "hexed"),
    [
        # the smallest one, written field by field
        (0, 0, True, b"{}", 1, "4f54726b 00 01 0000 00000000 8002 56c0 7b7d"),
        # a middle segment of CBOR: sequence 0x1234, offset 0x05a0
        (0x1234, 0x5A0, False, b"\xa0", 2, "4f54726b 00 02 1234 000005a0 0001 9e0d a0"),
    ],
)
def test_packets_written_by_hand(
    sequence: int, offset: int, last: bool, payload: bytes, encoding: int, hexed: str
) -> None:
    body = bytes.fromhex(hexed)
    data = body[:14] + fletcher(body[:14] + body[16:]).to_bytes(2, "big") + body[16:]
    segment = Segment(encoding, sequence, offset, last, payload)
    assert parse(data) == segment and pack(segment) == data


@law
@given(
    st.sampled_from([1, 2]), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1), st.booleans(),
    st.binary(max_size=2000),
)  # fmt: skip
def test_every_segment_comes_back(
    encoding: int, sequence: int, offset: int, last: bool, payload: bytes
) -> None:
    segment = Segment(encoding, sequence, offset, last, payload)
    assert parse(pack(segment)) == segment
    assert pack(segment) == packet(
        payload, sequence=sequence, offset=offset, last=last, encoding=encoding
    )


def modulo_255(data: bytes) -> bytes:
    one = two = 0
    for byte in data[:14] + data[16:]:
        one, two = (one + byte) % 255, (two + (one + byte) % 255) % 255
    return data[:14] + bytes((two, one)) + data[16:]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "0 bytes; its header alone has 16"),
        (packet(b"{}")[:15], "15 bytes"),
        (b"otrk" + packet(b"{}")[4:], "does not begin with OTrk"),
        (b'{"transforms": []}', "begins like JSON without a header"),
        (packet(b"{}")[:-1], "announces 2 bytes of payload; 1 follow"),
        (packet(b"{}") + b"\0", "announces 2 bytes of payload; 3 follow"),
        (packet(b"{}")[:-1] + b"]", "checksum mismatch"),
        (modulo_255(packet(b"{}" * 40)), "modulo 255, which must be 256"),
        (packet(b"{}", encoding=3), "encoding 03 is unknown"),
        (packet(b"{}", encoding=0), "encoding 00 is unknown"),
        (packet(b"{}", encoding=0x80), "encoding 80 is a vendor's own"),
    ],
)
def test_what_is_refused_is_named(data: bytes, why: str) -> None:
    with pytest.raises(RemoteProtocolError, match=why):
        parse(data)


def test_every_flipped_bit_is_noticed() -> None:
    data = packet(b'{"a": 1}', sequence=9, offset=3)
    for place in range(len(data) * 8):
        bent = bytearray(data)
        bent[place // 8] ^= 1 << place % 8
        with pytest.raises(RemoteProtocolError):
            parse(bytes(bent))


@pytest.mark.parametrize(
    "segment",
    [Segment(1, 0, 0, True, bytes(LONGEST + 1)), Segment(1, 0, 2**32, True, b"x")],
    ids=["too long", "too far"],
)
def test_a_segment_that_does_not_fit_is_not_packed(segment: Segment) -> None:
    with pytest.raises(LocalProtocolError, match="does not fit in OpenTrackIO"):
        pack(segment)


@law
@given(st.binary(max_size=5000), st.integers(17, 1500))
def test_a_sample_is_cut_into_segments_that_join(payload: bytes, longest: int) -> None:
    parts = [parse(one) for one in cut(payload, 1, 5, longest)]
    assert b"".join(part.payload for part in parts) == payload
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert all(part.sequence == 5 for part in parts)
    assert [part.offset for part in parts] == [i * (longest - 16) for i in range(len(parts))]


def test_the_published_packet_has_our_checksum() -> None:
    if PUBLISHED is None:
        return  # an extra check; those above have packets of our own
    data = (PUBLISHED / "golden_json_single.bin").read_bytes()
    segment = parse(data)
    assert (segment.encoding, segment.sequence, segment.offset, segment.last) == (1, 0, 0, True)
    assert pack(segment) == data == packet(segment.payload)


def test_noise_is_a_remote_protocol_error() -> None:
    chance = random.Random(3)
    for _ in range(3000):
        data = b"OTrk" * chance.randrange(2) + chance.randbytes(chance.randrange(60))
        with pytest.raises(RemoteProtocolError):
            parse(data)
