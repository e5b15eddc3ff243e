"""Decodes the datagrams of one sender of OpenTrackIO. Sans-IO."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking.datagrams import DatagramError, Fault
from xrdrama.tracking.opentrackio.faults import FaultList
from xrdrama.tracking.opentrackio.form import Sample, Static
from xrdrama.tracking.opentrackio.header import JSON, SIZE, parse
from xrdrama.tracking.opentrackio.payload import read
from xrdrama.tracking.opentrackio.reading import (
    check_source_number,
    merged,
    subject_of,
    tracking_sample,
)
from xrdrama.tracking.opentrackio.segments import LOST, Joiner
from xrdrama.tracking.opentrackio.unread import unread
from xrdrama.tracking.sample import TrackingSample

MOST_SOURCES: Final = 64
"""Sources of one sender whose static blocks are remembered."""


class Decoder:
    """Decodes datagrams in the order of their arrival; keeps segments and static blocks.

    After each `feed`, `faults` lists by JSON path what was wrong with the sample, `unread` what it
    has and a TrackingSample has not, and `poseless` has the sample if it has no pose (then `feed`
    returned none).
    """

    sequence_modulus = 2**32

    def __init__(self) -> None:
        self.joiner = Joiner()
        self.faults: tuple[Fault, ...] = ()
        self.poseless: tuple[TrackingSample, ...] = ()
        self.unread: tuple[str, ...] = ()
        self._poseless = self._faulty = 0
        self._labels: dict[str, str] = {}
        self._statics: OrderedDict[tuple[object, object], Static] = OrderedDict()

    @property
    def counts(self) -> dict[str, int]:
        """How often a duplicate datagram was ignored, and an incomplete sample dropped."""
        return {
            "duplicate datagrams": self.joiner.duplicates,
            "incomplete samples": self.joiner.lost,
            "samples without a pose": self._poseless,
            "samples with faults": self._faulty,
        }

    @property
    def aliases(self) -> dict[str, str]:
        """The label of the camera of each subject, where the static block has one."""
        return self._labels

    def feed(self, datagram: bytes, at: int) -> tuple[TrackingSample, ...]:
        """The sample that a datagram completes, which arrived at nanosecond `at`; or none.

        RemoteProtocolError for a datagram that breaks the protocol, or if a sample was dropped
        because a segment of it was lost; DatagramError in the latter case if there is a sample.
        """
        self.faults, self.poseless, self.unread = (), (), ()
        segment = parse(datagram)
        payload = self.joiner.join(segment, datagram[:SIZE], at)
        found = () if payload is None else self._samples(payload, segment.encoding, at, True)
        if self.joiner.drop_old(at):
            raise DatagramError(LOST, found)
        return found

    def feed_document(self, payload: bytes, at: int) -> tuple[TrackingSample, ...]:
        """The sample of a JSON document without header, from a log. Errors as for `feed`.

        Every source number is read, since logs are not received from a multicast group.
        """
        self.faults, self.poseless, self.unread = (), (), ()
        return self._samples(payload, JSON, at, False)

    def finish(self) -> str:
        """At the end of a recording: the message if a sample is still incomplete, or ""."""
        return LOST if self.joiner.finish() else ""

    def _samples(
        self, payload: bytes, encoding: int, at: int, received: bool
    ) -> tuple[TrackingSample, ...]:
        report = FaultList()
        sample = read(payload, encoding, report)
        if received:
            check_source_number(sample)
        found, has_pose = tracking_sample(sample, self._static(sample), at, report)
        self.faults, self.unread = tuple(report.found), unread(sample)
        self._faulty += bool(self.faults)
        if has_pose:
            return (found,)
        self.poseless = (found,)
        self._poseless += 1
        return ()

    def _static(self, sample: Sample) -> Static | None:
        """All that the source of a sample has said in its static blocks."""
        source = (sample.source_id, subject_of(sample))
        known = self._statics.pop(source, None)
        if isinstance(sample.static, Static):
            known = merged(known, sample.static) if known else sample.static
            if known.camera and known.camera.label and len(self._labels) < MOST_SOURCES:
                self._labels[subject_of(sample)] = known.camera.label
        if known is not None:
            self._statics[source] = known
            if len(self._statics) > MOST_SOURCES:
                self._statics.popitem(last=False)
        return known


def decoder() -> Decoder:
    """A decoder for one sender."""
    return Decoder()


__all__ = ["Decoder", "RemoteProtocolError", "decoder"]
