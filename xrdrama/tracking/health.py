"""How well a tracker does: rate, gaps, jitter of arrival, packets that were no good."""

from __future__ import annotations

from collections import deque
from itertools import pairwise

import msgspec

from xrdrama.timing import NS

WINDOW = 2 * NS
MOST = 10_000
"""Arrivals that are kept, however fast they come."""
GAP = 50_000_000
"""A silence that is reported (virtual-production.md: a red lamp for a 50 ms gap)."""


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


class Health:
    """Counts what a tracker sends. One for each source; not shared between threads."""

    def __init__(self) -> None:
        self.samples = self.bad = self.duplicates = self.gaps = 0
        self.longest_gap = 0
        self.reasons: dict[str, int] = {}
        self._arrivals: deque[int] = deque(maxlen=MOST)
        self._last: bytes = b""

    def received(self, datagram: bytes, at: int) -> None:
        """A good packet arrived at nanosecond `at`."""
        if datagram == self._last:
            self.duplicates += 1
        self._last = datagram
        self.samples += 1
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

    def report(self, at: int) -> Report:
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
        )
