"""A take: header, ingress log, tick boundaries, a hash of each frame. Sans-IO.

It is the save, the crash recovery, the log of what people chose, and the test of determinism:
replaying its ticks gives its frames. A file is the magic and then records, each

    length u32 | CRC-32 u32 | msgpack          (little-endian)

so that a torn tail is found and cut, and nothing that was acknowledged lies behind it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Annotated
from zlib import crc32

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.show.production import Production
from xrdrama.show.show import advance, opening
from xrdrama.show.state import Show
from xrdrama.show.tick import Tick
from xrdrama.timing import FrameTime
from xrdrama.wire.events import Count, Entry
from xrdrama.wire.frame import Frame, frame_hash

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


Record = Header | Logged | Ticked | Closed

_encoder = msgspec.msgpack.Encoder(order="sorted")
_decoder: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


def encode_record(record: Record) -> bytes:
    """A record with its frame."""
    data = _encoder.encode(record)
    return _HEAD.pack(len(data), crc32(data)) + data


def source_of(data: bytes, *, embed: bool) -> Source:
    """A file as a take knows it."""
    digest = blake2b(data, digest_size=16).hexdigest()
    return Source(digest, data.decode() if embed else None)


class Take(msgspec.Struct, frozen=True):
    """A take that was read: as much of it as is whole."""

    header: Header
    entries: tuple[Entry, ...]
    ticks: tuple[Ticked, ...]
    closed: Closed | None
    good: int
    """Bytes of the file that are whole; the rest is a torn tail."""
    torn: bool = False


def read_take(data: bytes, name: str = "take") -> Take:
    """The take in `data`, up to the first record that is not whole.

    RemoteProtocolError when it is no take, or its header is not whole.
    """
    if not data.startswith(MAGIC):
        raise RemoteProtocolError(f"{name} is not a take of xrdrama")
    header: Header | None = None
    entries: list[Entry] = []
    ticks: list[Ticked] = []
    closed: Closed | None = None
    good = len(MAGIC)
    for record, end in _records(data, good):
        match record:
            case Header() if header is None:
                header = record
            case Logged(entry) if header and entry.seq == len(entries):
                entries.append(entry)
                closed = None  # it was resumed
            case Ticked() if header and _follows(record, ticks, len(entries)):
                ticks.append(record)
                closed = None
            case Closed() if header:
                closed = record
            case _:  # whole, yet it cannot follow what stands before it
                break
        good = end
    if header is None:
        raise RemoteProtocolError(f"{name} has no whole header: it was cut while being begun")
    return Take(header, tuple(entries), tuple(ticks), closed, good, good < len(data))


def _follows(ticked: Ticked, ticks: list[Ticked], entries: int) -> bool:
    number, upto = (ticks[-1].number, ticks[-1].upto) if ticks else (-1, 0)
    return ticked.number > number and upto <= ticked.upto <= entries


def _records(data: bytes, start: int) -> Iterator[tuple[Record, int]]:
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


def check_sources(take: Take, now: Mapping[str, Source]) -> list[str]:
    """The names of files that are not what they were when the take was made."""
    return sorted(
        name
        for name, source in take.header.sources.items()
        if name in now and now[name].hash != source.hash
    )


def ticks_of(take: Take, production: Production) -> Iterator[tuple[Tick, Ticked]]:
    """The ticks of a take in order, each with what was noted of it."""
    done = 0
    start = production.start_timecode
    for ticked in take.ticks:
        entries = take.entries[done : ticked.upto]
        done = ticked.upto
        yield Tick(FrameTime.of(ticked.number, production.rate, start=start), entries), ticked


def replay(take: Take, production: Production) -> Iterator[tuple[Frame, bool]]:
    """Every frame of a take again, and whether its value is the one that was hashed."""
    show = opening(production)
    for tick, ticked in ticks_of(take, production):
        show, frame = advance(show, tick)
        yield frame, frame_hash(frame) == ticked.hash


def restored(take: Take, production: Production) -> Show:
    """The show as it stood after the last whole tick of a take."""
    show = opening(production)
    for tick, _ in ticks_of(take, production):
        show, _ = advance(show, tick)
    return show
