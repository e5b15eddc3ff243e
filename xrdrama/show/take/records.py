"""The records of a take's file: values and bytes. Sans-IO.

A file is the magic and then records, each

    length u32 | CRC-32 u32 | msgpack          (little-endian)

A flipped bit changes the checksum or the length; either way the record is not whole.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Annotated
from zlib import crc32

import msgspec

from xrdrama.wire.events import Count, Entry

MAGIC = b"XRTAKE1\n"
MAX_RECORD = 64 * 1024 * 1024
HEAD = struct.Struct("<II")


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
    """The file could not be written for a time; the records that waited come before this record.

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


class Revision(msgspec.Struct, frozen=True, tag="revision"):
    """The show continued with newer files of its story from frame `number` on.

    `sources` are the files that changed or were added, `roles` the parts of all files, as in the
    header's options.
    """

    number: Count
    sources: dict[str, Source]
    roles: str


Record = Header | Logged | Ticked | Closed | Outage | Revision

_encoder = msgspec.msgpack.Encoder(order="sorted")
_decoder: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """A record with its frame."""
    data = _encoder.encode(record)
    return HEAD.pack(len(data), crc32(data)) + data


def whole_records(data: bytes, start: int) -> Iterator[tuple[Record, int]]:
    """The whole records from byte `start` on, each with where it ends; up to one that is not."""
    while start + HEAD.size <= len(data):
        size, check = HEAD.unpack_from(data, start)
        body = data[start + HEAD.size : start + HEAD.size + size]
        if size > MAX_RECORD or len(body) < size or crc32(body) != check:
            return
        try:
            record = _decoder.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return
        start += HEAD.size + size
        yield record, start
