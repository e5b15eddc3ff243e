"""Packets of PosiStageNet, DATA and INFO, to values and back; the protocol's own axes and units."""

from __future__ import annotations

import struct
from math import isfinite

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking.psn.chunks import Chunk, chunk, chunk_at, chunks_in

DATA, INFO = 0x6755, 0x6756
VERSION = (2, 3)
MOST_TRACKERS = 1024
"""Trackers in one frame; a packet with more is refused."""
LONGEST_NAME = 64
FARTHEST = 1e6
"""The largest coordinate, metres; anything beyond is not a position on a stage."""

_HEADER = struct.Struct("<Q4B")
_THREE = struct.Struct("<3f")
_ONE = struct.Struct("<f")
_TIME = struct.Struct("<Q")

Triple = tuple[float, float, float]


class Header(msgspec.Struct, frozen=True, gc=False):
    """The header of a packet: microseconds since the server started, version, frame, packets."""

    timestamp: int
    version: tuple[int, int]
    frame: int
    packets: int


class Tracker(msgspec.Struct, frozen=True, gc=False):
    """What a DATA packet says about a tracker: metres, radians, metres per second; axes of PSN."""

    id: int
    position: Triple | None = None
    orientation: Triple | None = None
    validity: float | None = None
    timestamp: int | None = None
    """Microseconds since the server started."""
    speed: Triple | None = None
    acceleration: Triple | None = None
    target: Triple | None = None


class DataPacket(msgspec.Struct, frozen=True, gc=False):
    """A DATA packet: its trackers, the number of unknown chunks, and the faults of trackers."""

    header: Header
    trackers: tuple[Tracker, ...]
    unknown: int = 0
    faults: tuple[str, ...] = ()


class InfoPacket(msgspec.Struct, frozen=True, gc=False):
    """An INFO packet: the name of the server (None if absent), and of each tracker."""

    header: Header
    system: str | None
    names: dict[int, str]
    unknown: int = 0


def read(packet: bytes) -> DataPacket | InfoPacket:
    """The content of a packet; RemoteProtocolError and nothing else if it is invalid.

    Bytes after the packet's root chunk, and members that a newer version appends to a known
    structure, are ignored; unknown chunks are skipped and counted.
    """
    if not packet:
        raise RemoteProtocolError("PSN packet is empty")
    root = chunk_at(packet, 0, len(packet))
    if root.id not in (DATA, INFO):
        raise RemoteProtocolError(f"PSN packet type {root.id:04X} is unknown: 6755 or 6756")
    parts = list(chunks_in(packet, root.start, root.end))
    header = next((part for part in parts if part.id == 0), None)
    if header is None:
        raise RemoteProtocolError("PSN packet has no header chunk")
    if header.end - header.start < _HEADER.size:
        size = header.end - header.start
        raise RemoteProtocolError(f"PSN packet header has {size} bytes; expected {_HEADER.size}")
    time, high, low, frame, count = _HEADER.unpack_from(packet, header.start)
    if high != VERSION[0]:
        raise RemoteProtocolError(f"PSN version {high}.{low:02d} is not supported: only 2.x")
    if count == 0:
        raise RemoteProtocolError("PSN frame has a packet count of 0")
    found = Header(time, (high, low), frame, count)
    return (_data if root.id == DATA else _info)(packet, found, parts)


def _data(packet: bytes, header: Header, parts: list[Chunk]) -> DataPacket:
    unknown = sum(part.id > 1 for part in parts)
    trackers: list[Tracker] = []
    faults: list[str] = []
    for part in parts:
        if part.id != 1:
            continue
        for one in chunks_in(packet, part.start, part.end):
            if len(trackers) + len(faults) >= MOST_TRACKERS:
                raise RemoteProtocolError(f"PSN packet has more than {MOST_TRACKERS} trackers")
            tracker, skipped, fault = _tracker(packet, one)
            unknown += skipped
            if fault:
                faults.append(f"PSN tracker {one.id}: {fault}")
            else:
                trackers.append(tracker)
    return DataPacket(header, tuple(trackers), unknown, tuple(faults))


PARTS: dict[int, tuple[str, struct.Struct]] = {
    0: ("position", _THREE),
    1: ("speed", _THREE),
    2: ("orientation", _THREE),
    3: ("validity", _ONE),
    4: ("acceleration", _THREE),
    5: ("target", _THREE),
    6: ("timestamp", _TIME),
}


def _tracker(packet: bytes, chunk_: Chunk) -> tuple[Tracker, int, str]:
    """A tracker, how many unknown chunks it has, and its fault or ""."""
    values: dict[str, object] = {}
    unknown = 0
    for part in chunks_in(packet, chunk_.start, chunk_.end):
        if part.id not in PARTS:
            unknown += 1
            continue
        name, form = PARTS[part.id]
        size = part.end - part.start
        if size < form.size:
            return Tracker(chunk_.id), unknown, f"{name} has {size} bytes; expected {form.size}"
        found = form.unpack_from(packet, part.start)
        if form is not _TIME and not all(map(isfinite, found)):
            return Tracker(chunk_.id), unknown, f"{name} is NaN or infinite"
        if form is _THREE and max(map(abs, found)) > FARTHEST:
            return Tracker(chunk_.id), unknown, f"{name} is beyond {FARTHEST:g}"
        values[name] = found if form is _THREE else found[0]
    return Tracker(chunk_.id, **values), unknown, ""  # type: ignore[arg-type]


def _info(packet: bytes, header: Header, parts: list[Chunk]) -> InfoPacket:
    system: str | None = None
    names: dict[int, str] = {}
    unknown = 0
    for part in parts:
        if part.id == 1:
            system = _name(packet, part)
        elif part.id == 2:
            for one in chunks_in(packet, part.start, part.end):
                if len(names) >= MOST_TRACKERS:
                    raise RemoteProtocolError(f"PSN packet has more than {MOST_TRACKERS} trackers")
                for piece in chunks_in(packet, one.start, one.end):
                    if piece.id == 0:
                        names[one.id] = _name(packet, piece)
                    else:
                        unknown += 1
        elif part.id != 0:
            unknown += 1
    return InfoPacket(header, system, names, unknown)


def _name(packet: bytes, part: Chunk) -> str:
    text = packet[part.start : part.end].decode("utf-8", "replace").rstrip("\0").strip()
    return "".join(c if c.isprintable() else "?" for c in text)[:LONGEST_NAME]


def data_packet(found: DataPacket) -> bytes:
    """The bytes of a DATA packet. LocalProtocolError if it does not fit in one chunk."""
    trackers = b"".join(
        chunk(one.id, _tracker_chunks(one), has_chunks=True) for one in found.trackers
    )
    body = chunk(0, _header(found.header)) + chunk(1, trackers, has_chunks=True)
    return chunk(DATA, body, has_chunks=True)


def info_packet(found: InfoPacket) -> bytes:
    """The bytes of an INFO packet. LocalProtocolError if it does not fit in one chunk."""
    names = b"".join(
        chunk(number, chunk(0, name.encode()), has_chunks=True)
        for number, name in found.names.items()
    )
    system = b"" if found.system is None else chunk(1, found.system.encode())
    body = chunk(0, _header(found.header)) + system + chunk(2, names, has_chunks=True)
    return chunk(INFO, body, has_chunks=True)


def _header(header: Header) -> bytes:
    return _HEADER.pack(header.timestamp, *header.version, header.frame, header.packets)


def _tracker_chunks(one: Tracker) -> bytes:
    parts = []
    for number, (name, form) in PARTS.items():
        value = getattr(one, name)
        if value is not None:
            parts.append(chunk(number, form.pack(*value) if form is _THREE else form.pack(value)))
    return b"".join(parts)
