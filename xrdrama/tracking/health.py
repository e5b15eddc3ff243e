"""How well a tracker does: rate, gaps, jitter of arrival, jumps, packets that were refused."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import pairwise
from math import radians

import msgspec

from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.tracking.sample import TrackingSample

WINDOW = 2 * NS
MOST = 10_000
"""Arrivals that are kept, however fast they come."""
GAP = 50_000_000
"""A silence that is reported (virtual-production.md: a red lamp for a 50 ms gap)."""
JUMP = 0.5
"""Metres from one sample to the next that are counted as a jump."""
JUMP_ANGLE = radians(30.0)
JUMP_BACK = 150_000_000
"""A return to where the camera was within so long belongs to the same jump."""
MOST_SUBJECTS = 256


def wrong_subject(received: Iterable[str], expected: str) -> str:
    """What is wrong when a stage's camera is not among the subjects that are received."""
    names = list(received)
    subjects = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    plural = "s" if names[1:] else ""
    return f"receiving subject{plural} {subjects}; the stage expects subject {expected}"


class Report(msgspec.Struct, frozen=True):
    """A tracker's health over the last two seconds; counts are since the start.

    A silence that lasts is a gap already, before the packet that ends it.
    """

    samples: int
    bad: int
    duplicates: int
    gaps: int
    longest_gap: float
    """Seconds."""
    rate: float
    """Samples a second."""
    jitter: float
    """Mean deviation of the intervals from their mean, seconds."""
    silence: float
    """Seconds since the last good packet; 0 before the first."""
    bad_reasons: dict[str, int]
    jumps: int = 0
    padded: int = 0
    """Packets with padding around their messages."""
    packets: int = 0
    """Packets that arrived on the socket, whatever they held; 0 in the report of a subject."""
    subjects: dict[str, Report] = {}
    """The same for each subject (camera id)."""

    def of(self, subject: str) -> Report:
        """The report of one subject; an empty one where it was never received."""
        return self.subjects.get(subject) or Report(0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, {})


class Health:
    """Counts what one subject sends, or all of them. Not shared between threads."""

    def __init__(self, *, jump: float = JUMP) -> None:
        self.samples = self.bad = self.duplicates = self.gaps = self.padded = self.packets = 0
        self.longest_gap = 0
        self.reasons: dict[str, int] = {}
        self.jumps = Jumps(jump)
        self._arrivals: deque[int] = deque(maxlen=MOST)
        self._last: object = None

    def received(self, content: object, at: int, pose: Pose | None = None) -> None:
        """A good sample arrived at nanosecond `at`; one of equal `content` is a duplicate."""
        if content == self._last:
            self.duplicates += 1
        self._last = content
        self.samples += 1
        if pose is not None:
            self.jumps.received(at, pose)
        if self._arrivals:
            gap = at - self._arrivals[-1]
            self.longest_gap = max(self.longest_gap, gap)
            self.gaps += gap >= GAP
        self._arrivals.append(at)
        while at - self._arrivals[0] > WINDOW:
            self._arrivals.popleft()

    def refused(self, reason: str) -> None:
        """A packet arrived that broke the protocol."""
        self.bad += 1
        if reason in self.reasons or len(self.reasons) < 20:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def report(self, at: int, subjects: dict[str, Report] | None = None) -> Report:
        """The state of things at nanosecond `at`."""
        silence = max(0, at - self._arrivals[-1]) if self._arrivals else 0
        recent = [arrival for arrival in self._arrivals if at - arrival <= WINDOW]
        steps = [b - a for a, b in pairwise(recent)]
        mean = sum(steps) / len(steps) if steps else 0.0
        jitter = sum(abs(step - mean) for step in steps) / len(steps) if steps else 0.0
        return Report(
            self.samples,
            self.bad,
            self.duplicates,
            self.gaps + (silence >= GAP),
            max(silence, self.longest_gap) / NS,
            NS / mean if mean else 0.0,
            jitter / NS,
            silence / NS,
            dict(self.reasons),
            self.jumps.count,
            self.padded,
            self.packets,
            subjects or {},
        )


class Jumps:
    """Counts jumps of one subject: steps of more than `limit` metres or 30 degrees.

    Away and back again within 150 ms is one jump.
    """

    def __init__(self, limit: float = JUMP) -> None:
        self.limit, self.count = limit, 0
        self._last: Pose | None = None
        self._before: tuple[int, Pose] | None = None

    def received(self, at: int, pose: Pose) -> None:
        """The subject's next pose, at nanosecond `at`."""
        last, self._last = self._last, pose
        if last is None or not self._is_far(last, pose):
            return
        if self._before is not None:
            since, home = self._before
            if at - since <= JUMP_BACK and not self._is_far(home, pose):
                self._before = None
                return
        self.count += 1
        if self._before is None or at - self._before[0] > JUMP_BACK:
            self._before = (at, last)

    def _is_far(self, a: Pose, b: Pose) -> bool:
        way = (b.position - a.position).length()
        return way > self.limit or a.rotation.angle_to(b.rotation) > JUMP_ANGLE


class SubjectsHealth:
    """Counts what comes to one socket: together, and for each subject. One thread at a time."""

    def __init__(self, *, jump: float = JUMP) -> None:
        self._jump = jump
        self._all = Health(jump=jump)
        self._subjects: dict[str, Health] = {}

    def packet(self) -> None:
        """A packet arrived, whatever it holds."""
        self._all.packets += 1

    def received(self, sample: TrackingSample, at: int) -> None:
        """A good sample arrived at nanosecond `at`."""
        subject, pose = sample.subject, sample.pose
        content = msgspec.structs.replace(sample, at=0)
        if subject not in self._subjects and len(self._subjects) < MOST_SUBJECTS:
            self._subjects[subject] = Health(jump=self._jump)
        self._all.received(content, at)
        if subject in self._subjects:
            before = self._subjects[subject].jumps.count
            self._subjects[subject].received(content, at, pose)
            self._all.jumps.count += self._subjects[subject].jumps.count - before

    def padded(self) -> None:
        """A packet had padding."""
        self._all.padded += 1

    def refused(self, reason: str) -> None:
        """A packet arrived that broke the protocol."""
        self._all.refused(reason)

    def report(self, at: int) -> Report:
        """The state of things at nanosecond `at`."""
        names = sorted(self._subjects, key=lambda name: (len(name), name))
        return self._all.report(at, {name: self._subjects[name].report(at) for name in names})
