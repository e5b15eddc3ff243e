"""Where the file of a take cannot be read on, and what can be read behind that place. Sans-IO."""

from __future__ import annotations

import re
from typing import Final, assert_never, get_args

import msgspec

from xrdrama.show.take.records import (
    HEAD,
    Closed,
    Header,
    Logged,
    Outage,
    Record,
    Revision,
    Ticked,
    whole_records,
)


class Stretch(msgspec.Struct, frozen=True):
    """What can be read of one side of a damaged place."""

    entries: int = 0
    frames: int = 0
    first: int = -1
    """The lowest frame number, or -1 without frames."""
    last: int = -1
    """The highest frame number, or -1 without frames."""


class Damage(msgspec.Struct, frozen=True):
    """A place from which a take's file cannot be read on."""

    at: int
    """The first byte that does not belong to a whole record that can follow."""
    until: int
    """Where the next whole record begins; without one, the size of the file."""
    size: int
    before: Stretch
    behind: Stretch
    """The whole records behind the place; they cannot be replayed without what is lost."""
    entries_lost: int = 0
    """Entries that a take which ends at `at` lacks, as far as the records behind it show."""

    @property
    def is_tail(self) -> bool:
        """True without whole records behind: the last record was being written, or is damaged."""
        return self.until == self.size

    def described(self, name: str, rate: tuple[int, int]) -> str:
        """Where `name` is damaged, and what can be read before and behind, in one sentence."""
        before = f"{_counts(self.before, rate)} before it can be read"
        if self.is_tail:
            return (
                f"{name} ends with {self.size - self.at} bytes, from byte {self.at}, that are no"
                f" whole record; {before}"
            )
        behind = f"from byte {self.until}, {_counts(self.behind, rate)}"
        return f"{name} is damaged at byte {self.at}: {before}; behind it, {behind}"

    def loss(self, rate: tuple[int, int]) -> str:
        """What a take lacks that continues from `at`, for a person."""
        frames = f"{self.behind.frames} frames{_span(self.behind, rate)}"
        return f"{self.entries_lost} entries and at least {frames}"


def _counts(stretch: Stretch, rate: tuple[int, int]) -> str:
    return f"{stretch.entries} entries and {stretch.frames} frames{_span(stretch, rate)}"


def _span(stretch: Stretch, rate: tuple[int, int]) -> str:
    if stretch.frames == 0:
        return ""
    first, last = (number * rate[1] / rate[0] for number in (stretch.first, stretch.last))
    return f" ({first:.2f} s to {last:.2f} s)"


def _first_key(record: type[msgspec.Struct]) -> bytes:
    """The bytes of the key that comes first in a record's map, whose keys are sorted."""
    config = record.__struct_config__
    names = [field.encode_name for field in msgspec.structs.fields(record)]
    key = min([*names, str(config.tag_field)]).encode()
    return bytes([0xA0 + len(key)]) + key


_KEYS: Final = sorted({_first_key(kind) for kind in get_args(Record)})
_BODY: Final = re.compile(b"[\x81-\x8f](?:" + b"|".join(map(re.escape, _KEYS)) + b")")
"""How the body of a record begins: a map of a few keys, the first of which is known."""


def damage_at(data: bytes, at: int, entries: int, numbers: list[int]) -> Damage:
    """What lies at byte `at`, where reading ended after so many entries and these frames."""
    until, behind = len(data), 0
    highest, frames = entries, []
    position = at
    while found := _BODY.search(data, position + HEAD.size):
        start = found.start() - HEAD.size
        position = start + 1
        for record, end in whole_records(data, start):
            until = min(until, start)
            position = end
            match record:
                case Logged(entry):
                    behind += 1
                    highest = max(highest, entry.seq + 1)
                case Ticked(number):
                    frames.append(number)
                case Header() | Closed() | Outage() | Revision():
                    pass  # nothing is lost with them
                case _:
                    assert_never(record)
    return Damage(
        at,
        until,
        len(data),
        _stretch(entries, numbers),
        _stretch(behind, frames),
        max(behind, highest - entries),
    )


def _stretch(entries: int, numbers: list[int]) -> Stretch:
    if not numbers:
        return Stretch(entries)
    return Stretch(entries, len(numbers), min(numbers), max(numbers))
