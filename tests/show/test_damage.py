"""A damaged take names the place, and what can be read before and behind it."""

from __future__ import annotations

import random

import pytest

from tests.show.test_take import DATA, RUN, written
from xrdrama.errors import RemoteProtocolError
from xrdrama.show.take import Logged, read_take
from xrdrama.show.take.records import MAGIC, Ticked, encode_record, whole_records

ENDS = [end for _, end in whole_records(DATA, len(MAGIC))]
RATE = (24, 1)


def flipped(at: int, bit: int = 0) -> bytes:
    data = bytearray(DATA)
    data[at] ^= 1 << bit
    return bytes(data)


def test_whole_take_has_no_damage() -> None:
    assert read_take(DATA).damage is None and not read_take(DATA).torn


def test_damage_in_the_middle_counts_what_is_before_and_behind() -> None:
    start, end = ENDS[100], ENDS[101]
    damage = read_take(flipped(start + 20)).damage
    assert damage is not None and not damage.is_tail
    assert (damage.at, damage.until, damage.size) == (start, end, len(DATA))
    before, lost, behind = RUN[:100], RUN[100], RUN[101:]
    for stretch, records in ((damage.before, before), (damage.behind, behind)):
        ticks = [one.number for one in records if isinstance(one, Ticked)]
        assert stretch.entries == sum(isinstance(one, Logged) for one in records)
        assert (stretch.frames, stretch.first, stretch.last) == (len(ticks), ticks[0], ticks[-1])
    assert damage.entries_lost == sum(isinstance(one, Logged) for one in (lost, *behind))
    said = damage.described("night.take", RATE)
    assert f"night.take is damaged at byte {start}" in said
    assert f"{damage.behind.entries} entries and {damage.behind.frames} frames" in said
    assert f"{damage.behind.first / 24:.2f} s to {damage.behind.last / 24:.2f} s" in said


def test_damaged_length_does_not_hide_the_records_behind() -> None:
    """A length that points behind the end of the file looks like a record that was cut short."""
    start = ENDS[100]
    for byte in range(4):
        damage = read_take(flipped(start + byte, 7)).damage
        assert damage is not None and not damage.is_tail and damage.until == ENDS[101]


def test_record_that_cannot_follow_is_damage_with_itself_behind() -> None:
    data = written([*RUN, Ticked(3, 0, b"twice")])
    damage = read_take(data).damage
    assert damage is not None and not damage.is_tail
    assert damage.at == damage.until == len(DATA) and damage.behind.frames == 1


def test_last_record_cut_or_damaged_is_a_tail() -> None:
    for data in (DATA[:-1], flipped(len(DATA) - 1), DATA + b"\x10\0\0\0", DATA + bytes(64)):
        damage = read_take(data).damage
        assert damage is not None and damage.is_tail and damage.size == len(data)
        count = len(data) - damage.at
        assert f"ends with {count} bytes, from byte {damage.at}" in damage.described("x", RATE)


def test_every_damaged_place_is_found_and_placed() -> None:
    chance = random.Random(41)
    for _ in range(200):
        at = chance.randrange(len(DATA))
        data = flipped(at, chance.randrange(8))
        if at < ENDS[0]:
            with pytest.raises(
                RemoteProtocolError, match=r"not a take|truncated within its header|the header of"
            ):
                read_take(data)
            continue
        damage = read_take(data).damage
        assert damage is not None and damage.at <= at < damage.until
        assert damage.is_tail == (at >= ENDS[-2])


def test_damaged_header_says_what_is_behind_it() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        read_take(flipped(len(MAGIC) + 30), "night.take")
    assert "the header of night.take is damaged at byte 8: the" in str(caught.value)
    entries = sum(isinstance(one, Logged) for one in RUN)
    assert f"{entries} entries and 220 frames" in str(caught.value)


def test_bytes_between_records_are_damage_too() -> None:
    cut = ENDS[50]
    damage = read_take(DATA[:cut] + b"garbage" + DATA[cut:]).damage
    assert damage is not None and (damage.at, damage.until) == (cut, cut + 7)
    assert encode_record(RUN[50]) == DATA[cut : ENDS[51]]  # the control: a record begins there
