"""Recordings of OpenTrackIO: datagrams one after another, or JSON logs without headers.

A log may be JSON lines, one document, several documents one after another, or lists of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xrdrama.errors import RemoteProtocolError
from xrdrama.timing import NS
from xrdrama.tracking.datagrams import Decoded, decode_datagram
from xrdrama.tracking.opentrackio.decoding import Decoder
from xrdrama.tracking.opentrackio.faults import FaultList
from xrdrama.tracking.opentrackio.form import Sample
from xrdrama.tracking.opentrackio.header import JSON, LONGEST, MAGIC, SIZE, Segment, pack, parse
from xrdrama.tracking.opentrackio.payload import read

LARGEST_DOCUMENT: Final = 1 << 18
_STRUCTURE: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[{}\[\],]|[^\s"{}\[\],]+', re.DOTALL)
_OUTSIDE: Final = (b"[", b"]", b",")


def recording(data: bytes) -> Iterator[Decoded]:
    """What a file of datagrams or a JSON log holds, part by part. Never raises.

    The parts are numbered by their time of arrival, so that `at` is 0, 1, 2 ...
    """
    decoder = Decoder()
    if data.startswith(MAGIC) or not data.strip():
        for number, datagram in enumerate(datagrams(data)):
            yield decode_datagram(decoder, datagram, at=number)
        if lost := decoder.finish():
            yield Decoded(error=lost)
        return
    document = _Documents(decoder)
    for number, (line, text) in enumerate(documents(data)):
        if isinstance(text, str):
            yield Decoded(error=f"line {line}: {text}")
            continue
        found = decode_datagram(document, text, at=number)
        if found.error:
            yield Decoded(error=f"line {line}: {found.error}")
        else:
            yield found


def is_recording(data: bytes) -> bool:
    """True for what looks like datagrams, or like a JSON log of samples."""
    if data.startswith(MAGIC):
        return True
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    keys = (b'"transforms"', b'"sampleId"', b'"protocol"', b'"timing"', b'"static"', b'"lens"')
    return start[:1] in (b"{", b"[") and b'"xrdrama"' not in start and any(k in start for k in keys)


def timed(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The datagrams of a recording, each with its nanosecond since the first.

    The time is the sample's timestamp, or else the sample's number times the period of its sample
    rate. A JSON document becomes a datagram; one with a source number that receivers discard stays
    as it is. RemoteProtocolError, with the line, for a part that cannot be read, has no time, or
    has a time before that of the part before it.
    """
    parts: Iterator[tuple[int, bytes | str]] = documents(data)
    if data.startswith(MAGIC):
        parts = enumerate(datagrams(data), 1)
    first = before = None
    for number, (line, part) in enumerate(parts):
        where = f"line {line}" if not data.startswith(MAGIC) else f"datagram {line}"
        try:
            if isinstance(part, str):
                raise RemoteProtocolError(part)
            datagram = part
            if not part.startswith(MAGIC):
                if len(part) > LONGEST:
                    raise RemoteProtocolError(f"the document has more than {LONGEST} bytes")
                datagram = pack(Segment(JSON, number & 0xFFFF, 0, True, part))
            segment = parse(datagram)
            if segment.offset or not segment.last:
                raise RemoteProtocolError("only samples in a single segment can be replayed")
            at = _time(read(segment.payload, segment.encoding, FaultList()), number)
        except RemoteProtocolError as error:
            raise RemoteProtocolError(f"{where}: {error}") from None
        if before is not None and at < before:
            raise RemoteProtocolError(f"{where}: the time goes back by {(before - at) / NS:g} s")
        first = at if first is None else first
        before = at
        yield at - first, datagram


def _time(sample: Sample, number: int) -> int:
    """The nanosecond of a sample on its sender's clock."""
    timing = sample.timing
    if timing and timing.sample_timestamp:
        return timing.sample_timestamp.seconds * NS + timing.sample_timestamp.nanoseconds
    if timing and timing.sample_rate:
        return number * NS * timing.sample_rate.denom // timing.sample_rate.num
    raise RemoteProtocolError("the sample has neither sampleTimestamp nor sampleRate")


class _Documents:
    """Feeds JSON documents to a decoder as if they were datagrams."""

    def __init__(self, decoder: Decoder) -> None:
        self.feed = decoder.feed_document
        self._decoder = decoder

    def __getattr__(self, name: str) -> object:
        return getattr(self._decoder, name)


def datagrams(data: bytes) -> Iterator[bytes]:
    """Datagrams that were written one after another; each header has the length of its own."""
    start = 0
    while True:
        size = int.from_bytes(data[start + 12 : start + 14], "big") & LONGEST
        end = start + SIZE + size
        if not data.startswith(MAGIC, end):  # the last one, or something else follows
            end = len(data)
        yield data[start:end]
        start = end
        if start >= len(data):
            return


def documents(data: bytes) -> Iterator[tuple[int, bytes | str]]:
    """The JSON objects of a log, each with the number of its line; a text says what is wrong.

    In JSON lines, a damaged line does not spoil the lines after it.
    """
    text = data.removeprefix(b"\xef\xbb\xbf")
    lines = text.split(b"\n")
    filled = [line.strip() for line in lines if line.strip()]
    whole = sum(line[:1] == b"{" and line[-1:] == b"}" for line in filled)
    if len(filled) > 1 and whole * 2 >= len(filled):
        for number, line in enumerate(lines, 1):
            for _, found in _objects(line):
                yield number, found
        return
    yield from _objects(text)


def _objects(text: bytes) -> Iterator[tuple[int, bytes | str]]:
    """The objects of a text that are not inside another object, each with its line."""
    depth = begin = 0
    line, counted = 1, 0
    stray = False
    for match in _STRUCTURE.finditer(text):
        token = match[0]
        if depth == 0:
            line += text.count(b"\n", counted, match.start())
            counted = match.start()
        if token == b"{":
            if depth == 0:
                begin, stray = match.start(), False
            depth += 1
        elif depth == 0:
            if token not in _OUTSIDE and not stray:
                stray = True
                yield line, "expected a JSON object"
        elif token == b"}":
            depth -= 1
            if depth == 0:
                yield line, _bounded(text[begin : match.end()])
    if depth:
        yield line, "the JSON object has no end: the file or line is cut off"


def _bounded(document: bytes) -> bytes | str:
    if len(document) <= LARGEST_DOCUMENT:
        return document
    return f"the JSON object has {len(document)} bytes; at most {LARGEST_DOCUMENT} are read"
