"""The records of a take's file: values, bytes, and where a file cannot be read. Sans-IO.

A file is the magic and then records, each

    length u32 | CRC-32 u32 | msgpack          (little-endian)

A flipped bit changes the checksum or the length; either way the record is not whole.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Annotated, Final, get_args
from zlib import crc32

import msgspec

from xrdrama.wire.events import Count, Entry

MAGIC = b"XRTAKE1\n"
MAX_RECORD = 64 * 1024 * 1024
_HEAD = struct.Struct("<II")


class Source(msgspec.Struct, frozen=True):
    """A file that the show was made from: its hash, and its text (None for large assets)."""

    hash: str
    text: str | None = None


class Header(msgspec.Struct, frozen=True, tag="header"):
    """What a take needs to be played again."""

    show: str
    version: str
    schema: str
    rate: tuple[int, int]
    sources: dict[str, Source]
    options: dict[str, str] = {}
    began: str = ""
    """Wall clock, ISO 8601; for people."""


class Logged(msgspec.Struct, frozen=True, tag="entry"):
    """An entry of the ingress log."""

    entry: Entry


class Ticked(msgspec.Struct, frozen=True, tag="tick"):
    """A frame was made: its number, the log up to which it was made, the hash of its value.

    `presented` is False where the picture came too late to be drawn live.
    """

    number: Count
    upto: Count
    hash: Annotated[bytes, msgspec.Meta(max_length=32)]
    presented: bool = True


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """The take ended on purpose; `counts` are what was dropped, late, lost."""

    counts: dict[str, int] = {}


class Outage(msgspec.Struct, frozen=True, tag="outage"):
    """The file could not be written for a while; what waited stands before this record.

    `refused` events came when too many waited: they took no effect, and are not in the take.
    """

    reason: str
    first: Count = 0
    """The number of the first frame that had to wait."""
    last: Count = 0
    frames: Count = 0
    entries: Count = 0
    refused: Count = 0

    def described(self) -> str:
        """What happened, for a person."""
        refused = f", {self.refused} events were refused" if self.refused else ""
        return (
            f"the take was not written for a while ({self.reason}): {self.frames} frames"
            f" ({self.first} to {self.last}) and {self.entries} events were written later{refused}"
        )


Record = Header | Logged | Ticked | Closed | Outage

_encoder = msgspec.msgpack.Encoder(order="sorted")
_decoder: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """A record with its frame."""
    data = _encoder.encode(record)
    return _HEAD.pack(len(data), crc32(data)) + data


def whole_records(data: bytes, start: int) -> Iterator[tuple[Record, int]]:
    """The whole records from byte `start` on, each with where it ends; up to one that is not."""
    while start + _HEAD.size <= len(data):
        size, check = _HEAD.unpack_from(data, start)
        body = data[start + _HEAD.size : start + _HEAD.size + size]
        if size > MAX_RECORD or len(body) < size or crc32(body) != check:
            return
        try:
            record = _decoder.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return
        start += _HEAD.size + size
        yield record, start


class Stretch(msgspec.Struct, frozen=True):
    """What can be read of one side of a damaged place."""

    entries: int = 0
    frames: int = 0
    first: int = -1
    """The lowest frame number, -1 when there is no frame."""
    last: int = -1
    """The highest frame number, -1 when there is no frame."""


class Damage(msgspec.Struct, frozen=True):
    """A place from which a take's file cannot be read on."""

    at: int
    """The first byte that does not belong to a whole record that can follow."""
    until: int
    """Where the next whole record begins; the size of the file when there is none."""
    size: int
    before: Stretch
    behind: Stretch
    """The whole records behind the place; they cannot be replayed without what is lost."""
    entries_lost: int = 0
    """Entries that a take which ends at `at` lacks, as far as the records behind tell."""

    @property
    def is_tail(self) -> bool:
        """True when nothing whole lies behind: the last record was being written, or is damaged."""
        return self.until == self.size

    def described(self, name: str, rate: tuple[int, int]) -> str:
        """Where `name` is damaged, and what can be read before and behind, in one sentence."""
        before = f"{_told(self.before, rate)} before it can be read"
        if self.is_tail:
            return (
                f"{name} ends with {self.size - self.at} bytes, from byte {self.at}, that are no"
                f" whole record; {before}"
            )
        behind = f"from byte {self.until}, {_told(self.behind, rate)}"
        return f"{name} is damaged at byte {self.at}: {before}; behind it, {behind}"

    def loss(self, rate: tuple[int, int]) -> str:
        """What a take lacks that goes on from `at`, for a person."""
        frames = f"{self.behind.frames} frames{_span(self.behind, rate)}"
        return f"{self.entries_lost} entries and at least {frames}"


def _told(stretch: Stretch, rate: tuple[int, int]) -> str:
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
    while found := _BODY.search(data, position + _HEAD.size):
        start = found.start() - _HEAD.size
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
