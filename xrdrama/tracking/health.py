"""Health of a tracker: rate, gaps, jitter of arrival, jumps, bad and lost packets, clocks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import pairwise
from math import cos, radians

import msgspec

from xrdrama.spatial import Pose
from xrdrama.timing import NS
from xrdrama.tracking.clocks import Clocks
from xrdrama.tracking.sample import TrackingSample
from xrdrama.tracking.sequences import Sequences

WINDOW = 2 * NS
MOST = 10_000
"""Most arrival times that are kept."""
KEPT_POSES = 600
"""Poses that are kept: two seconds at 300 samples a second."""
GAP = 50_000_000
"""The shortest time without a packet that counts as a gap, nanoseconds."""
JUMP = 0.5
"""The smallest step from one sample to the next that counts as a jump, metres."""
JUMP_ANGLE = radians(30.0)
_COS_HALF_JUMP = cos(JUMP_ANGLE / 2)
"""Of unit quaternions, the absolute scalar product is the cosine of half the angle between them."""
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
    lost: int = 0
    """Packets whose sequence numbers never came."""
    repeated: int = 0
    """Packets with the sequence number of the packet before."""
    late: int = 0
    """Packets that came after one with a higher sequence number."""
    recently_bad: int = 0
    """Bad packets of the last two seconds; 0 in the report of a subject."""
    recently_lost: int = 0
    """Lost packets of the last two seconds."""
    delay: float | None = None
    """Mean time that packets of the last two seconds took longer than the fastest of them,
    seconds; None if the tracker does not send its time."""
    worst_delay: float | None = None
    drift_ppm: float | None = None
    """How much faster our clock runs than the tracker's; None until five seconds are known."""
    noise_mm: float | None = None
    """Standard deviation of predicted minus arrived positions over the last two seconds."""
    noise_deg: float | None = None
    """The same of the directions, degrees."""
    noise_px: float | None = None
    """The same in pixels of the nearest wall; None without a stage."""
    latency_ms: float | None = None
    """Declared latency of the stage's tracker, and the mean delay; None without a stage."""
    lag_ms: float | None = None
    """Lag of the smoothing that the stage asks for; 0 without smoothing."""
    lag_px: float | None = None
    """The same in pixels of the nearest wall, at the present speed."""
    counts: dict[str, int] = {}
    """What the decoders counted, such as unknown chunks and late frames."""

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
        self.sequences: Sequences | None = None
        self.clocks: Clocks | None = None
        self.poses: deque[tuple[int, Pose]] = deque(maxlen=KEPT_POSES)
        """The newest samples: when they arrived, and their pose."""
        self._arrivals: deque[int] = deque(maxlen=MOST)
        self._last: object = None
        self._bad_at: deque[int] = deque(maxlen=MOST)
        self._lost_at: deque[tuple[int, int]] = deque(maxlen=MOST)

    def received(self, content: object, at: int, pose: Pose | None = None) -> None:
        """A good sample arrived at nanosecond `at`; one of equal `content` is a duplicate."""
        if content == self._last:
            self.duplicates += 1
        self._last = content
        if pose is not None:
            self.jumps.received(at, pose)
        self.arrived(at)

    def sampled(self, sample: TrackingSample, at: int, modulus: int) -> None:
        """A good sample of this subject arrived at nanosecond `at`; its sequence numbers wrap at
        `modulus`, 0 if they are not counted."""
        last = self._last
        if isinstance(last, TrackingSample) and _is_same(last, sample):
            self.duplicates += 1
        self._last = sample
        self.jumps.received(at, sample.pose)
        self.poses.append((at, sample.pose))
        if modulus and sample.sequence is not None:
            if self.sequences is None:
                self.sequences = Sequences(modulus)
            if lost := self.sequences.received(sample.sequence):
                self._lost_at.append((at, lost))
        if sample.taken is not None:
            if self.clocks is None:
                self.clocks = Clocks()
            self.clocks.received(at, sample.taken)
        self.arrived(at)

    def arrived(self, at: int) -> None:
        """Count a good sample that arrived at nanosecond `at`."""
        self.samples += 1
        arrivals = self._arrivals
        if arrivals:
            gap = at - arrivals[-1]
            if gap > self.longest_gap:  # noqa: PLR1730 - max() takes longer, for each packet
                self.longest_gap = gap
            if gap >= GAP:
                self.gaps += 1
        arrivals.append(at)
        oldest = at - WINDOW
        while arrivals[0] < oldest:
            arrivals.popleft()

    def refused(self, reason: str, at: int | None = None) -> None:
        """A packet arrived, at nanosecond `at`, that broke the protocol."""
        self.bad += 1
        if at is not None:
            self._bad_at.append(at)
        if reason in self.reasons or len(self.reasons) < 20:
            self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def report(self, at: int, subjects: dict[str, Report] | None = None) -> Report:
        """The report at nanosecond `at`."""
        silence = max(0, at - self._arrivals[-1]) if self._arrivals else 0
        recent = [arrival for arrival in self._arrivals if at - arrival <= WINDOW]
        steps = [b - a for a, b in pairwise(recent)]
        mean = sum(steps) / len(steps) if steps else 0.0
        jitter = sum(abs(step - mean) for step in steps) / len(steps) if steps else 0.0
        found, clocks = self.sequences, self.clocks
        delay = clocks.delay(at) if clocks else None
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
            lost=found.lost if found else 0,
            repeated=found.repeated if found else 0,
            late=found.late if found else 0,
            recently_bad=sum(at - one <= WINDOW for one in self._bad_at),
            recently_lost=sum(count for one, count in self._lost_at if at - one <= WINDOW),
            delay=delay[0] if delay else None,
            worst_delay=delay[1] if delay else None,
            drift_ppm=clocks.drift() if clocks else None,
        )


def _is_same(one: TrackingSample, other: TrackingSample) -> bool:
    """True if two samples differ at most in the time of their arrival."""
    return (
        one.pose == other.pose
        and one.zoom == other.zoom
        and one.focus == other.focus
        and one.spare == other.spare
        and one.taken == other.taken
        and msgspec.structs.replace(one, at=0) == msgspec.structs.replace(other, at=0)
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
        p, q, r, s = a.position, b.position, a.rotation, b.rotation
        x, y, z = q.x - p.x, q.y - p.y, q.z - p.z
        if x * x + y * y + z * z > self.limit * self.limit:
            return True
        return abs(r.w * s.w + r.x * s.x + r.y * s.y + r.z * s.z) < _COS_HALF_JUMP


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

    def received(self, sample: TrackingSample, at: int, modulus: int = 0) -> None:
        """A good sample arrived at nanosecond `at`; `modulus` is that of its sequence numbers."""
        one = self._subjects.get(sample.subject)
        if one is None and len(self._subjects) < MOST_SUBJECTS:
            one = self._subjects[sample.subject] = Health(jump=self._jump)
        if one is not None:
            one.sampled(sample, at, modulus)
        self._all.arrived(at)

    def poses(self, subject: str) -> tuple[tuple[int, Pose], ...]:
        """The newest samples of a subject: when they arrived, and their pose."""
        one = self._subjects.get(subject)
        return tuple(one.poses) if one else ()

    def padded(self) -> None:
        """A packet had padding."""
        self._all.padded += 1

    def refused(self, reason: str, at: int | None = None) -> None:
        """A packet arrived, at nanosecond `at`, that broke the protocol."""
        self._all.refused(reason, at)

    def report(self, at: int) -> Report:
        """The report at nanosecond `at`; in total, packets are those of all subjects."""
        names = sorted(self._subjects, key=lambda name: (len(name), name))
        rows = {name: self._subjects[name].report(at) for name in names}
        total = self._all.report(at, rows)
        summed = {
            key: sum(getattr(row, key) for row in rows.values())
            for key in ("duplicates", "jumps", "lost", "repeated", "late", "recently_lost")
        }
        return msgspec.structs.replace(total, **summed)
