"""Whether a stage's tracker is received, and in words what is wrong if it is not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from xrdrama import plugins
from xrdrama.adapters.trackers.udp import UdpTracker
from xrdrama.errors import DeviceError, UsageError
from xrdrama.run.tracking_health import TrackingAlarms, with_costs
from xrdrama.stage.model import Stage, Tracking
from xrdrama.timing import NS, FrameRate
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.axes import Axes
from xrdrama.tracking.datagrams import TrackingProtocol
from xrdrama.tracking.edge import Edge, with_address, with_profile
from xrdrama.tracking.health import Report, wrong_subject
from xrdrama.wire.frame import Frame

RECENT = 1.0
"""Seconds of silence after which a subject is not being received any more."""
LOOK_EVERY = NS // 4
FOR_A_RATE = 0.5
"""Minimum seconds of listening for a rate."""
TRACKING_DUE = 2 * NS
"""Nanoseconds of a show after which a tracker that has sent nothing is reported."""
Kind = Literal["received", "subject", "bad", "none"]


class Finding(msgspec.Struct, frozen=True):
    """What comes to a stage's tracking socket, and what to do about it."""

    kind: Kind
    text: str
    remedy: str = ""


def judged(report: Report, tracking: Tracking, where: str) -> Finding:
    """What a report means for a stage that expects one subject; `where` is what is listened to."""
    expected = report.of(tracking.subject)
    if expected.samples and expected.silence < RECENT:
        text = f"receiving subject {tracking.subject} on {where}, {_how(expected)}"
        return Finding("received", text)
    others = [name for name, one in report.subjects.items() if one.silence < RECENT]
    if others:
        return Finding(
            "subject",
            wrong_subject(others, tracking.subject),
            f"set the camera id of the tracker to {tracking.subject}, or write"
            f' subject: "{others[0]}" under tracking: in the stage file',
        )
    if report.bad:
        return bad_packets(report, tracking, where)
    if report.packets and not report.samples:
        return Finding(
            "bad",
            f"{report.packets} packets on {where} hold no complete {tracking.protocol} sample",
            f"check that the tracker sends every part of its {tracking.protocol} messages",
        )
    only = ""
    if tracking.address.startswith("127.") or tracking.address == "::1":
        only = f"; {tracking.address} receives from this machine only, 0.0.0.0 from the network"
    return Finding(
        "none",
        f"no tracking packets on {where} ({tracking.protocol})",
        "start the tracker and send its packets there, or change address: and port: under"
        f" tracking: in the stage file{only}",
    )


def bad_packets(report: Report, tracking: Tracking, where: str) -> Finding:
    """What a report with bad packets means: their number and the most frequent reasons."""
    reasons = sorted(report.bad_reasons.items(), key=lambda item: -item[1])
    why = "; ".join(f"{reason} ({count})" for reason, count in reasons[:3])
    return Finding(
        "bad",
        f"{report.bad} packets on {where} cannot be read as {tracking.protocol}: {why}",
        f"set the tracker to send {tracking.protocol}, or change protocol: in the stage file",
    )


def _how(report: Report) -> str:
    counts = f"{report.rate:.1f} packets a second"
    for number, noun in ((report.gaps, "gap"), (report.jumps, "jump")):
        if number:
            counts += f", {number} {noun}{'s' if number > 1 else ''}"
    return counts


def protocol_of(tracking: Tracking) -> TrackingProtocol:
    """The protocol of a stage's tracker, with its vendor profile and addresses. Errors as for
    `plugins.tracker`, `with_profile` and `with_address`."""
    name = tracking.protocol
    return with_address(
        with_profile(plugins.tracker(name), name, tracking.profile), name, tracking.osc_address
    )


def edge_of(stage: Stage) -> Edge:
    """The edge of a stage: the axes of its tracker, and the subjects of its cameras."""
    return Edge(Axes.of(stage.tracking.axes), frozenset(one.subject for one in stage.cameras))


def tracker_of(stage: Stage, **more: object) -> UdpTracker:
    """The socket of a stage's tracker; `more` as for UdpTracker. DeviceError as there."""
    tracking = stage.tracking
    settings = {"port": tracking.port, "on_sample": lambda sample: None, **more}
    return UdpTracker(
        protocol_of(tracking),
        tracking.address,
        interface=tracking.interface,
        edge=edge_of(stage),
        jump=stage.ladder.jump,
        **settings,  # type: ignore[arg-type]
    )


def listen(stages: Iterable[Stage], seconds: float) -> dict[str, Finding]:
    """Listen to the trackers of some stages at once; a finding for each stage's id."""
    open_: dict[str, tuple[Stage, UdpTracker]] = {}
    found: dict[str, Finding] = {}
    try:
        for stage in stages:
            try:
                open_[stage.id] = (stage, tracker_of(stage))
            except (DeviceError, UsageError) as error:
                found[stage.id] = Finding("none", error.message, error.remedy)
        began = time.monotonic()
        heard: dict[str, Finding] = {}
        while open_ and (passed := time.monotonic() - began) < seconds:
            time.sleep(min(0.1, seconds - passed))
            heard = {
                name: judged(one.health(), stage.tracking, one.where)
                for name, (stage, one) in open_.items()
            }
            all_received = all(finding.kind == "received" for finding in heard.values())
            if all_received and passed > FOR_A_RATE:
                break
        found |= heard
    finally:
        for _, tracker in open_.values():
            tracker.close()
    return found


class TrackingWatch:
    """Reports each change of a stage's tracker once during a live show.

    `timeout` is the time in nanoseconds of the show after which missing packets are reported.
    """

    def __init__(self, tracker: UdpTracker, stage: Stage, *, timeout: int) -> None:
        self.tracker, self.tracking = tracker, stage.tracking
        self.timeout = timeout
        self._due = -(2**62)
        self._reported: Kind = "received"
        self._has_reported = False

    def look(self, since_start: int) -> str:
        """The message to print now, or ""; `since_start` is nanoseconds of the show."""
        if since_start < self._due:
            return ""
        self._due = since_start + LOOK_EVERY
        finding = judged(self.tracker.health(), self.tracking, self.tracker.where)
        if finding.kind == self._reported:
            return ""
        if finding.kind in ("none", "bad") and since_start < self.timeout:
            return ""
        self._reported = finding.kind
        if finding.kind == "received" and not self._has_reported:
            return ""
        self._has_reported = True
        return f"{finding.text}: {finding.remedy}" if finding.remedy else finding.text


class StageTracker:
    """The tracker of a show's stage: its socket, its samples from before the start, its health.

    `record(sample, at)` gets every sample. `operated`: our simulated operator sends them.
    """

    def __init__(
        self,
        stage: Stage,
        *,
        operated: bool,
        clock: Callable[[], int],
        record: Callable[[TrackingSample, int], object],
        on_lost: Callable[[str], None],
        rate: FrameRate | None = None,
    ) -> None:
        self._stage, self._clock, self._rate = stage, clock, rate
        self._alarms = TrackingAlarms()
        self._looked: tuple[int, Report] | None = None
        """When the last report was made, and the report."""
        self._record = record
        self._early: dict[str, TrackingSample] | None = {}
        """The newest sample of each subject until the show starts."""
        # The operator is given the port, so that any free one will do and two shows can run.
        port = 0 if operated else stage.tracking.port
        self._socket = tracker_of(
            stage, port=port, clock=clock, on_sample=self._sample, on_lost=on_lost
        )
        self._watch = None if operated else TrackingWatch(self._socket, stage, timeout=TRACKING_DUE)

    @property
    def address(self) -> tuple[str, int]:
        """Where packets must be sent."""
        return self._socket.address

    @property
    def where(self) -> str:
        """What is listened to, in words."""
        return self._socket.where

    def health(self) -> Report:
        """The health of the whole socket."""
        return self._socket.health()

    def _sample(self, sample: TrackingSample) -> None:
        early = self._early
        if early is not None:
            early[sample.subject] = sample
        else:
            self._record(sample, sample.at)

    def begin(self, at: int) -> None:
        """The show starts: record the samples that came before as if they came at `at`."""
        early, self._early = self._early or {}, None
        for sample in tuple(early.values()):
            self._record(sample, at)

    def notice(self, since_start: int) -> str:
        """What a person should know now, or ""; `since_start` is nanoseconds of the show."""
        return self._watch.look(since_start) if self._watch else ""

    def report(self) -> Report:
        """The health of the first camera's subject, with the counts of the whole socket; in
        `subjects`, those of every camera have the costs of prediction and smoothing."""
        found = self._socket.health()
        rows = dict(found.subjects)
        for camera in self._stage.cameras:
            poses = self._socket.poses(camera.subject)
            row = found.of(camera.subject)
            rows[camera.subject] = with_costs(row, poses, self._stage, camera, self._rate)
        return msgspec.structs.replace(
            rows[self._stage.camera.subject],
            bad=found.bad,
            bad_reasons=found.bad_reasons,
            padded=found.padded,
            recently_bad=found.recently_bad,
            counts=found.counts,
            subjects={name: row for name, row in rows.items() if row.samples},
        )

    def shown(self, frame: Frame) -> Frame:
        """The frame with alarms about packets: damaged, lost, a drifting clock."""
        now = self._clock()
        if self._looked is None or now - self._looked[0] >= LOOK_EVERY:
            self._looked = now, self.report()
        return self._alarms.added(frame, self._looked[1])

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
