"""Recordings of a tracker: every datagram with its time of arrival. Sans-IO.

Our own form is JSON lines: a header, then a line for each datagram:

    {"xrdrama": "tracking log", "version": 1, "protocol": "freed"}
    {"at": 16666667, "from": "10.0.0.7:40000", "hex": "d101..."}

`at` is in nanoseconds since the recording began. Recordings of Mo-Sys F4 (packets one after
another, without times) are read too: their packets are one frame of their timecode apart.
So are logs of OpenTrackIO (JSON, or datagrams one after another), whose samples have times.
Nothing is skipped: a line that cannot be read is an error that names it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.timing import NS
from xrdrama.tracking import f4, opentrackio

KIND = "tracking log"
VERSION = 1
LARGEST_FILE = 1 << 30
MOST_ENTRIES = 20_000_000


class Header(msgspec.Struct, frozen=True):
    """The first line of a recording."""

    xrdrama: str
    version: int
    protocol: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]


class Line(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """A datagram of a recording: nanosecond of arrival, sender, bytes in hex."""

    at: Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
    hex: str
    sender: Annotated[str, msgspec.Meta(max_length=80)] = ""


class Entry(msgspec.Struct, frozen=True):
    """A datagram that arrived at nanosecond `at` of a recording."""

    at: int
    datagram: bytes
    sender: str = ""


class TrackingLog(msgspec.Struct, frozen=True):
    """A recording: its protocol, and its datagrams in the order of their times."""

    protocol: str
    entries: tuple[Entry, ...]

    @property
    def seconds(self) -> float:
        """From the first datagram to the last."""
        return (self.entries[-1].at - self.entries[0].at) / NS if self.entries else 0.0


_header = msgspec.json.Decoder(Header)
_line = msgspec.json.Decoder(Line)


def header_line(protocol: str) -> str:
    """The first line of a recording."""
    return msgspec.json.encode(Header(KIND, VERSION, protocol)).decode() + "\n"


def entry_line(entry: Entry) -> str:
    """The line of a datagram."""
    return msgspec.json.encode(Line(entry.at, entry.datagram.hex(), entry.sender)).decode() + "\n"


def is_log(data: bytes) -> bool:
    """True if the bytes begin with the header of a recording in our own form."""
    try:
        return _header.decode(data.partition(b"\n")[0]).xrdrama == KIND
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def read_log(data: bytes, name: str) -> TrackingLog:
    """The recording in the bytes of a file; `name` is the file's, for messages.

    UsageError for a file that is not a recording, is cut, has two recordings or two documents in
    one line, or whose times go back.
    """
    if len(data) > LARGEST_FILE:
        raise UsageError(f"{name} is larger than 1 GiB", "record the takes into separate files")
    other = next((reader for is_one, reader in _OTHERS if is_one(data)), None)
    if other is not None:
        return other(data, name)
    lines = data.split(b"\n")
    is_cut = lines[-1] != b""
    first, *rest = (lines if is_cut else lines[:-1]) or [b""]
    try:
        header = _header.decode(first)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{name} is not a tracking log: line 1: {_reason(error)}",
            "make one with xrdrama track record, or name a Mo-Sys F4 recording (.f4)",
        ) from None
    if header.xrdrama != KIND or header.version != VERSION:
        raise UsageError(
            f"{name}: line 1: this is not a tracking log of version {VERSION}",
            "make one with xrdrama track record",
        )
    entries: list[Entry] = []
    for number, line in enumerate(rest, 2):
        if not line.strip():
            continue
        entry = _entry(line, name, number, is_last=is_cut and number == len(rest) + 1)
        if entries and entry.at < entries[-1].at:
            raise UsageError(
                f"{name}: line {number}: the time goes back from {entries[-1].at} to {entry.at}",
                "sort the lines by at, or split the file where a new recording begins",
            )
        if len(entries) >= MOST_ENTRIES:
            raise UsageError(
                f"{name} has more than {MOST_ENTRIES} datagrams", "split the recording"
            )
        entries.append(entry)
    if not entries:
        raise UsageError(f"{name} has no datagrams", "record while the tracker sends")
    return TrackingLog(header.protocol, tuple(entries))


def _entry(line: bytes, name: str, number: int, *, is_last: bool) -> Entry:
    where = f"{name}: line {number}"
    try:
        found = _line.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if b'"xrdrama"' in line:
            raise UsageError(
                f"{where}: a second recording begins here", "split the file before this line"
            ) from None
        if is_last:
            raise UsageError(
                f"{where} is cut: the recording did not end properly",
                f"delete line {number}; the {number - 2} datagrams before it are complete",
            ) from None
        remedy = "put each datagram on its own line" if "trailing" in str(error) else _REMEDY
        raise UsageError(f"{where}: {_reason(error)}", remedy) from None
    try:
        datagram = bytes.fromhex(found.hex)
    except ValueError:
        raise UsageError(f"{where}: hex is not pairs of 0-9 and a-f", _REMEDY) from None
    return Entry(found.at, datagram, found.sender)


_REMEDY = "correct or delete this line; each line is {at, from, hex}"


def _reason(error: Exception) -> str:
    text = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
    if "trailing" in text:
        return "two JSON documents in one line"
    return text.removeprefix("JSON is malformed: ").partition(" (byte")[0]


def _opentrackio_log(data: bytes, name: str) -> TrackingLog:
    """The samples of an OpenTrackIO log, at their own times."""
    try:
        entries = tuple(Entry(at, datagram) for at, datagram in opentrackio.timed(data))
    except RemoteProtocolError as error:
        raise UsageError(
            f"{name} cannot be replayed: {error}",
            "correct or remove this part; all faults are listed by xrdrama track decode opentrackio"
            f" {name}",
        ) from None
    if not entries:
        raise UsageError(f"{name} has no samples", "record while the tracker sends")
    return TrackingLog(opentrackio.NAME, entries)


def _f4_log(data: bytes, name: str) -> TrackingLog:
    """The packets of an F4 recording, one frame of its timecode apart."""
    entries: list[Entry] = []
    start, rate = 0, 0
    while start < len(data):
        try:
            packet = f4.packet_at(data, start)
        except RemoteProtocolError as error:
            raise UsageError(
                f"{name}: packet {len(entries) + 1} at byte {start}: {error}",
                f"cut the file to {start} bytes: what is before them is complete",
            ) from None
        rate = rate or f4.rate_of(packet) or 0
        if not rate:
            raise UsageError(
                f"{name}: the F4 recording has no timecode, so that its rate is unknown",
                "record it with timecode, or record the tracker with xrdrama track record",
            )
        entries.append(Entry(len(entries) * NS // rate, packet, "f4"))
        start += len(packet)
    return TrackingLog(f4.NAME, tuple(entries))


def _is_f4(data: bytes) -> bool:
    return data[:1] == bytes((f4.COMMAND,))


_OTHERS = ((_is_f4, _f4_log), (opentrackio.is_recording, _opentrackio_log))
"""Recordings of other forms, each with the function that reads them."""
