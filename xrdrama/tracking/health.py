"""Health of a tracker: rate, gaps, jitter of arrival, jumps, bad packets."""

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
"""Most arrival times that are kept."""
GAP = 50_000_000
"""The shortest time without a packet that counts as a gap, nanoseconds."""
JUMP = 0.5
"""The smallest step from one sample to the next that counts as a jump, metres."""
JUMP_ANGLE = radians(30.0)
JUMP_BACK = 150_000_000
"""A return to the earlier position within this time (nanoseconds) belongs to the same jump."""
MOST_SUBJECTS = 256


def wrong_subject(received: Iterable[str], expected: str) -> str:
    """The message if the subject of a stage's camera is not among the received subjects."""
    names = list(received)
    subjects = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
    plural = "s" if names[1:] else ""
    return f"receiving subject{plural} {subjects}; the stage expects subject {expected}"


class Report(msgspec.Struct, frozen=True):
    """A tracker's health over the last two seconds; counts are since the start.

    A gap that has not ended yet is counted.
    """

    samples: int
    bad: int
    duplicates: int
    gaps: int
    longest_gap: float
    """Seconds."""
    rate: float
    """Samples per second."""
    jitter: float
    """Mean deviation of the intervals from their mean, seconds."""
    silence: float
    """Seconds since the last good packet; 0 before the first."""
    bad_reasons: dict[str, int]
    jumps: int = 0
    padded: int = 0
    """Packets with padding around their messages."""
    packets: int = 0
    """Packets that arrived on the socket, good or bad; 0 in the report of a subject."""
    subjects: dict[str, Report] = {}
    """The same for each subject (camera id)."""

    def of(self, subject: str) -> Report:
        """The report of one subject; all zero if it was never received."""
        return self.subjects.get(subject) or Report(0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, {})


class Health:
    """Counts the samples of one subject, or of all together. For one thread."""

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
        """The report at nanosecond `at`."""
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

    A jump and its return within 150 ms count as one jump.
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
    """Counts the packets of one socket: in total, and for each subject. For one thread at a
    time."""

    def __init__(self, *, jump: float = JUMP) -> None:
        self._jump = jump
        self._all = Health(jump=jump)
        self._subjects: dict[str, Health] = {}

    def packet(self) -> None:
        """A packet arrived, good or bad."""
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
        """The report at nanosecond `at`."""
        names = sorted(self._subjects, key=lambda name: (len(name), name))
        return self._all.report(at, {name: self._subjects[name].report(at) for name in names})
