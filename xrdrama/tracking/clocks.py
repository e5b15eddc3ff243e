"""The clock of a tracker against the clock of the show: delay of packets, and drift."""

from __future__ import annotations

from collections import deque

from xrdrama.timing import NS

SECONDS = 120
"""Seconds of which the fastest packet is kept."""
ENOUGH = 5
"""Seconds of packets from which a drift is computed."""
RESTARTED = NS
"""A jump of the difference between the clocks by more than this is a tracker that restarted."""


class Clocks:
    """The difference between the times of arrival and the times that a tracker gives its samples.

    The clocks have no common origin, so that only changes are known: the delay of a packet is
    counted from the fastest one of the last two seconds, and the drift is the slope of the fastest
    packets of each second. Nanoseconds.
    """

    def __init__(self) -> None:
        self._seconds: deque[tuple[int, int]] = deque(maxlen=SECONDS)
        """Arrival and difference of the fastest packet of each second."""
        self._recent: deque[tuple[int, int]] = deque(maxlen=2048)
        self._second = 0
        """The second of the newest of `_seconds`."""

    def received(self, at: int, taken: int) -> None:
        """A sample that was taken at `taken` of the tracker's clock arrived at `at` of ours."""
        difference = at - taken
        recent, seconds = self._recent, self._seconds
        if recent and not -RESTARTED <= difference - recent[-1][1] <= RESTARTED:
            recent.clear()
            seconds.clear()
        found = at, difference
        recent.append(found)
        second = at // NS
        if not seconds or second != self._second:
            seconds.append(found)
            self._second = second
        elif difference < seconds[-1][1]:
            seconds[-1] = found

    def delay(self, now: int, window: int = 2 * NS) -> tuple[float, float] | None:
        """Mean and largest delay in seconds over the fastest packet; None without packets."""
        recent = [difference for at, difference in self._recent if now - at <= window]
        if not recent:
            return None
        fastest = min(recent)
        return (sum(recent) / len(recent) - fastest) / NS, (max(recent) - fastest) / NS

    def drift(self) -> float | None:
        """How much faster our clock runs than the tracker's, parts per million; None while less
        than five seconds are known."""
        points = list(self._seconds)[:-1]  # the newest second is not over yet
        if len(points) < ENOUGH:
            return None
        mean_at = sum(at for at, _ in points) / len(points)
        mean = sum(difference for _, difference in points) / len(points)
        spread = sum((at - mean_at) ** 2 for at, _ in points)
        if not spread:
            return None
        return sum((at - mean_at) * (d - mean) for at, d in points) / spread * 1e6
