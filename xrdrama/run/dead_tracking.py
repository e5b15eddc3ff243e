"""Warnings after a run at a fixed rate: cameras without a tracking sample, and bad packets."""

from __future__ import annotations

from pathlib import Path

from xrdrama.adapters.trackers.replay import load_log
from xrdrama.run.listening import bad_packets, edge_of, judged, protocol_of
from xrdrama.show import Show
from xrdrama.stage.model import Stage
from xrdrama.tracking.datagrams import Decoder, decode_datagram, subject_aliases
from xrdrama.tracking.health import Report, SubjectsHealth, wrong_subject


def report_of_log(path: Path, stage: Stage, until: int) -> Report:
    """The health of a recording's datagrams up to nanosecond `until` after its first.

    UsageError as for `load_log` and `protocol_of`.
    """
    log, protocol, edge = load_log(path), protocol_of(stage.tracking), edge_of(stage)
    health, decoders = SubjectsHealth(), dict[str, Decoder]()
    at = 0
    for entry in log.entries:
        if entry.at - log.entries[0].at > until:
            break
        at = entry.at - log.entries[0].at
        decoder = decoders.get(entry.sender)
        if decoder is None:
            decoder = decoders[entry.sender] = protocol.decoder()
        found = decode_datagram(decoder, entry.datagram, at=at)
        health.packet()
        for sample in found.samples:
            health.received(edge.enter(sample, subject_aliases(decoder)), at)
        if found.error:
            health.refused(found.error, at)
    return health.report(at)


def tracking_warnings(show: Show, report: Report, where: str) -> tuple[str, ...]:
    """A warning for bad packets, and one for each camera that never had a sample.

    `show` is the state at the end, `report` is of the packets from `where`: an address and port,
    or the path of a recording.
    """
    stage = show.production.stage
    if stage is None:
        return ()
    found = []
    if report.bad:
        finding = bad_packets(report, stage.tracking, where)
        found.append(f"{finding.text}: {finding.remedy}")
    for camera, known in zip(stage.cameras, show.cameras, strict=True):
        if known.arrived is None:
            why = _reason(show, report, stage, camera.subject, where)
            found.append(
                f"the camera {camera.id} (subject {camera.subject}) had no tracking sample: {why}"
            )
    return tuple(found)


def _reason(show: Show, report: Report, stage: Stage, subject: str, where: str) -> str:
    """Why a subject had no sample, and what to do about it."""
    if others := list(show.other_subjects):
        return (
            f"{wrong_subject(others, subject)}: set the camera id of the tracker to {subject}, or"
            f' write subject: "{others[0]}" for this camera in the stage file'
        )
    if report.samples:
        return f"send its packets, too: {where} has those of other cameras only"
    if report.bad:
        return f"no packet of {where} could be read"
    finding = judged(report, stage.tracking, where)
    return f"{finding.text}: {finding.remedy}"
