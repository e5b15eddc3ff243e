"""Joins the segments of one sender to whole samples. Sans-IO, bounded in memory and in age.

Senders number in two ways, and both are read: the sequence number rises with each sample (all
segments of a sample have the same), or with each segment. A sample with a lost segment is dropped
whole and counted; duplicates are ignored; segments may arrive in any order.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.timing import NS
from xrdrama.tracking.opentrackio.header import Segment

MOST_BYTES: Final = 1 << 18
"""Bytes of one sample, and of all segments that wait for others."""
MOST_WAITING: Final = 256
"""Segments that wait for others."""
OLDEST: Final = NS
"""How long a segment waits for others, nanoseconds."""
LATER: Final = 3
"""A segment is dropped once this many samples that began after it are complete."""
REMEMBERED: Final = 256
"""Datagrams that are remembered, to ignore their duplicates."""
LOST: Final = "a segment of an OpenTrackIO sample was lost: the whole sample is dropped"
_SWITCH: Final = 3

Key = tuple[int, int]
"""Sequence number and offset."""


class Waiting(msgspec.Struct, gc=False):
    """A segment that waits for others: when it arrived, and how many samples were complete."""

    segment: Segment
    at: int
    number: int


class Joiner:
    """Segments in, whole samples out.

    `lost` counts dropped samples, `duplicates` ignored datagrams.
    """

    def __init__(self) -> None:
        self.lost = self.duplicates = 0
        self._waiting: OrderedDict[Key, Waiting] = OrderedDict()
        self._bytes = 0
        self._completed = 0
        self._seen: OrderedDict[bytes, int] = OrderedDict()
        self._by_sample: bool | None = None  # how the sender numbers; None: not known yet
        self._against = 0  # samples in a row that would be whole only in the other way

    def join(self, segment: Segment, head: bytes, at: int) -> bytes | None:
        """The payload of the sample that a segment completes, or None.

        `head` is the datagram's header (its identity), `at` its arrival in nanoseconds.
        RemoteProtocolError for a segment that contradicts others.
        """
        if self._is_duplicate(head, at):
            return None
        if segment.last and segment.offset == 0:
            self._completed += 1
            return segment.payload
        if segment.end > MOST_BYTES:
            raise RemoteProtocolError(
                f"OpenTrackIO segment ends at byte {segment.end} of its sample; at most "
                f"{MOST_BYTES} are read"
            )
        if not segment.payload:
            raise RemoteProtocolError("OpenTrackIO segment has no payload")
        self._add(segment, at)
        chain = self._chain(segment)
        if chain is None:
            return None
        for key in chain:
            self._bytes -= len(self._waiting.pop(key).segment.payload)
        self._completed += 1
        return b"".join(part.payload for part in chain.values())

    def drop_old(self, at: int) -> int:
        """Drop segments that have waited too long; the number of samples dropped with them."""
        dropped: list[Segment] = []
        while self._waiting:
            first = next(iter(self._waiting.values()))
            if not (
                at - first.at > OLDEST
                or self._completed - first.number >= LATER
                or self._bytes > MOST_BYTES
                or len(self._waiting) > MOST_WAITING
            ):
                break
            dropped.append(self._take(first.segment))
        return self._count(dropped)

    def finish(self) -> int:
        """Drop all that waits, at the end of a recording; the number of samples dropped."""
        return self._count([self._take(one.segment) for one in [*self._waiting.values()]])

    def _count(self, dropped: list[Segment]) -> int:
        """Count the samples that segments belonged to."""
        samples, before = 0, None
        for part in sorted(dropped, key=lambda part: (part.sequence, part.offset)):
            follows = before is not None and (
                part.sequence == before.sequence
                or (not self._by_sample and part.offset >= before.end)
            )
            samples += not follows
            before = part
        self.lost += samples
        return samples

    def _take(self, segment: Segment) -> Segment:
        self._bytes -= len(segment.payload)
        return self._waiting.pop((segment.sequence, segment.offset)).segment

    def _is_duplicate(self, head: bytes, at: int) -> bool:
        before = self._seen.get(head)
        if before is not None and at - before <= OLDEST:
            self.duplicates += 1
            return True
        self._seen[head] = at
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return False

    def _add(self, segment: Segment, at: int) -> None:
        """Keep a segment; RemoteProtocolError if it overlaps another of its sample."""
        same = [
            one.segment
            for one in self._waiting.values()
            if one.segment.sequence == segment.sequence
        ]
        if any(one.offset == segment.offset for one in same):  # the next sample of that number
            self._count([self._take(one) for one in same])
            same = []
        for one in same:
            if one.offset < segment.end and segment.offset < one.end:
                self._count([self._take(each) for each in same])
                raise RemoteProtocolError(
                    "OpenTrackIO segments of one sample overlap: the sample is dropped"
                )
            first, second = sorted((one, segment), key=lambda part: part.offset)
            if first.last and second is not first:
                self._count([self._take(each) for each in same])
                raise RemoteProtocolError(
                    "OpenTrackIO segment is beyond the last one: the sample is dropped"
                )
        if same:
            self._by_sample, self._against = True, 0
        self._waiting[segment.sequence, segment.offset] = Waiting(segment, at, self._completed)
        self._bytes += len(segment.payload)

    def _chain(self, segment: Segment) -> dict[Key, Segment] | None:
        """The segments of the sample that `segment` belongs to, from the first to the last."""
        chain = self._linked(segment, 0)
        if chain is not None:
            return chain
        chain = self._linked(segment, 1)
        if chain is None or any(
            key not in chain
            for key in self._waiting
            if key[0] in {sequence for sequence, _ in chain}
        ):
            return None
        if self._by_sample:
            self._against += 1
            if self._against < _SWITCH:
                return None
        self._by_sample, self._against = False, 0
        return chain

    def _linked(self, segment: Segment, step: int) -> dict[Key, Segment] | None:
        """The chain in which the sequence number rises by `step` from segment to segment."""
        found = [segment]
        while found[0].offset:
            sequence = (found[0].sequence - step) & 0xFFFF
            before = self._ending(sequence, found[0].offset)
            if before is None:
                return None
            found.insert(0, before)
        while not found[-1].last:
            sequence = (found[-1].sequence + step) & 0xFFFF
            after = self._waiting.get((sequence, found[-1].end))
            if after is None:
                return None
            found.append(after.segment)
        if len({part.encoding for part in found}) > 1:
            return None
        return {(part.sequence, part.offset): part for part in found}

    def _ending(self, sequence: int, end: int) -> Segment | None:
        for one in self._waiting.values():
            if one.segment.sequence == sequence and one.segment.end == end:
                return None if one.segment.last else one.segment
        return None
