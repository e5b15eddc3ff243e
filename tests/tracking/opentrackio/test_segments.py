"""Samples in several datagrams: both ways to number, losses, duplicates, lies, bounds."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.opentrackio.packets import dynamic, packet, text_of
from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking.datagrams import decode_datagram
from xrdrama.tracking.opentrackio import Decoder
from xrdrama.tracking.opentrackio.header import SIZE, parse
from xrdrama.tracking.opentrackio.segments import (
    LATER,
    LOST,
    MOST_BYTES,
    MOST_WAITING,
    OLDEST,
    Joiner,
)

law = settings(deadline=None, max_examples=200)
SAMPLE, SEGMENT = "a number for each sample", "a number for each segment"


def sent(number: int, payload: bytes, *, parts: int, way: str) -> list[bytes]:
    """A sample in `parts` datagrams; `number` counts samples."""
    size = -(-len(payload) // parts)
    starts = list(range(0, len(payload), size))
    first = number if way == SAMPLE else number * len(starts)
    return [
        packet(
            payload[at : at + size],
            sequence=(first + (0 if way == SAMPLE else index)) % 65536,
            offset=at,
            last=at + size >= len(payload),
        )
        for index, at in enumerate(starts)
    ]


def joined(datagrams: Iterable[bytes], joiner: Joiner | None = None) -> list[bytes]:
    joiner = joiner or Joiner()
    found = []
    for at, datagram in enumerate(datagrams):
        whole = joiner.join(parse(datagram), datagram[:SIZE], at)
        joiner.drop_old(at)
        found += [whole] if whole is not None else []
    return found


def texts(count: int, size: int = 90) -> list[bytes]:
    """Different payloads of equal length, so that a mix of two would go unnoticed by its size."""
    return [bytes([65 + number % 26]) * size for number in range(count)]


@pytest.mark.parametrize("way", [SAMPLE, SEGMENT])
@pytest.mark.parametrize("start", [0, 65_530])
def test_both_ways_to_number_are_joined_also_when_numbers_wrap(way: str, start: int) -> None:
    wanted = texts(20)
    datagrams = []
    for number, text in enumerate(wanted):
        datagrams += sent((start + number) % 65536, text, parts=3, way=way)
    if way == SEGMENT:
        datagrams = []
        for number, text in enumerate(wanted):
            for index, one in enumerate(sent(0, text, parts=3, way=SAMPLE)):
                part = parse(one)
                sequence = (start + number * 3 + index) % 65536
                datagrams.append(
                    packet(part.payload, sequence=sequence, offset=part.offset, last=part.last)
                )
    assert joined(datagrams) == wanted


@pytest.mark.parametrize("way", [SAMPLE, SEGMENT])
@law
@given(seed=st.integers(0, 2**32))
def test_no_sample_is_ever_mixed_or_half(way: str, seed: int) -> None:
    """Losses, duplicates and local reordering, of a sender whose numbering is known."""
    chance = random.Random(seed)
    wanted = texts(26)
    known = sent(0, wanted[0], parts=3, way=way) + sent(1, wanted[1], parts=3, way=way)
    stream: list[tuple[float, bytes]] = []
    lost = set()
    for number, text in enumerate(wanted[2:], 2):
        for index, datagram in enumerate(sent(number, text, parts=3, way=way)):
            if chance.random() < 0.1:
                lost.add(number)
                continue
            for _ in range(1 + (chance.random() < 0.2)):
                stream.append((number * 3 + index + chance.uniform(0, 4), datagram))
    found = joined(known + [datagram for _, datagram in sorted(stream)])
    assert set(found) <= set(wanted), "half of one sample and half of another"
    assert len(found) == len(set(found)), "a duplicate was used"
    whole = [text for number, text in enumerate(wanted) if number not in lost]
    assert set(found) == set(whole)


@pytest.mark.parametrize("way", [SAMPLE, SEGMENT])
def test_a_lost_segment_drops_the_whole_sample_and_is_counted(way: str) -> None:
    samples = [text_of(dynamic(sourceNumber=number)) for number in range(1, 9)]
    decoder = Decoder()
    subjects, errors = [], []
    for number, text in enumerate(samples):
        datagrams = sent(number, text, parts=3, way=way)
        if number == 3:
            del datagrams[1]
        for datagram in datagrams:
            found = decode_datagram(decoder, datagram)
            subjects += [sample.subject for sample in found.samples]
            errors += [found.error] if found.error else []
    assert subjects == ["1", "2", "3", "5", "6", "7", "8"]
    assert errors == [LOST] and decoder.joiner.lost == 1


@pytest.mark.parametrize("way", [SAMPLE, SEGMENT])
def test_segments_in_any_order(way: str) -> None:
    (text,) = texts(1)
    for seed in range(20):
        datagrams = sent(4, text, parts=5, way=way)
        random.Random(seed).shuffle(datagrams)
        assert joined(datagrams) == [text]


def test_duplicates_are_ignored_and_counted() -> None:
    joiner = Joiner()
    (text,) = texts(1)
    datagrams = sent(1, text, parts=2, way=SAMPLE)
    single = packet(b"{}", sequence=2)
    assert joined([*datagrams, *datagrams, single, single], joiner) == [text, b"{}"]
    assert joiner.duplicates == 3


def test_the_same_bytes_later_are_not_a_duplicate() -> None:
    """A sender without numbers whose camera stands still sends equal packets."""
    joiner, single = Joiner(), packet(b"{}")
    part = parse(single)
    assert joiner.join(part, single[:SIZE], 0) == b"{}"
    assert joiner.join(part, single[:SIZE], OLDEST) is None
    assert joiner.join(part, single[:SIZE], 2 * OLDEST) == b"{}"


@pytest.mark.parametrize(
    ("segments", "why"),
    [
        ([(0, 20, False), (10, 20, True)], "overlap"),
        ([(10, 20, True), (0, 20, False)], "overlap"),
        ([(10, 20, True), (40, 5, False)], "is beyond the last"),
        ([(40, 5, False), (10, 20, True)], "is beyond the last"),
        ([(MOST_BYTES - 4, 5, True)], f"ends at byte {MOST_BYTES + 1}"),
        ([(2**32 - 1, 5, False)], "at most"),
        ([(0, 0, False)], "no payload"),
        ([(8, 0, True)], "no payload"),
    ],
)
def test_offsets_that_lie_are_refused(segments: list[tuple[int, int, bool]], why: str) -> None:
    datagrams = [packet(b"x" * size, offset=at, last=last) for at, size, last in segments]
    joiner = Joiner()
    with pytest.raises(RemoteProtocolError, match=why):
        joined(datagrams, joiner)
    assert joined(sent(1, b"good" * 9, parts=2, way=SAMPLE), joiner) == [b"good" * 9]


def test_a_gap_between_segments_is_not_a_sample() -> None:
    assert joined([packet(b"ab", last=False), packet(b"cd", offset=3)]) == []


def test_segments_of_two_encodings_are_not_joined() -> None:
    assert joined([packet(b"ab", last=False), packet(b"cd", offset=2, encoding=2)]) == []


def test_memory_is_bounded() -> None:
    joiner = Joiner()
    for number in range(3000):
        datagram = packet(b"x" * 1400, sequence=number * 7 % 65536, offset=1400, last=False)
        joiner.join(parse(datagram), datagram[:SIZE], number)
        joiner.drop_old(number)
        assert len(joiner._waiting) <= MOST_WAITING and joiner._bytes <= MOST_BYTES
    assert joiner.lost >= 3000 - MOST_WAITING
    assert joiner.finish() > 0 and joiner._bytes == 0 and not joiner._waiting


def test_an_old_segment_is_dropped_by_age_and_by_later_samples() -> None:
    part = packet(b"x", sequence=5, last=False)
    joiner = Joiner()
    joiner.join(parse(part), part[:SIZE], 0)
    assert joiner.drop_old(OLDEST) == 0 and joiner.drop_old(OLDEST + 1) == 1
    joiner = Joiner()
    for number, datagram in enumerate([part, *(packet(b"{}", sequence=n) for n in range(LATER))]):
        assert joiner.drop_old(0) == 0
        joiner.join(parse(datagram), datagram[:SIZE], number)
    assert joiner.drop_old(0) == 1


def test_a_sender_may_change_the_way_it_numbers() -> None:
    wanted = texts(8)
    datagrams = []
    for number, text in enumerate(wanted[:2]):
        datagrams += sent(number, text, parts=2, way=SAMPLE)
    for number, text in enumerate(wanted[2:], 50):
        datagrams += sent(number, text, parts=2, way=SEGMENT)
    assert joined(datagrams)[-3:] == wanted[-3:]


def test_an_incomplete_sample_at_the_end_is_reported() -> None:
    decoder = Decoder()
    assert decoder.finish() == ""
    decoder.feed(packet(b"{", last=False), 0)
    assert decoder.finish() == LOST
