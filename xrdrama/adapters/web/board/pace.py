"""Rates of a show: frames made per second, and frames drawn per second.

Frames come in bursts where drawing is slow: several that are only made, then one that is drawn as
well. So the frames of a second are counted from the one that came most nearly on time.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from xrdrama.adapters.web.board.memory import Vitals

SECONDS: Final = 5
"""Seconds over which rates are measured."""


class Pace:
    """Counts frames, and computes the rates once a second. `rate` is that of the show."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._lead: tuple[float, float, int] | None = None
        self._frames: deque[tuple[float, int]] = deque(maxlen=SECONDS + 1)
        self._vitals: deque[Vitals] = deque(maxlen=SECONDS + 1)

    def frame(self, number: int, at: float) -> None:
        """Count a frame at a time of the clock, seconds."""
        lead = number - self._rate * at
        if self._lead is None or lead > self._lead[0]:
            self._lead = lead, at, number

    def second(self, vitals: Vitals | None) -> None:
        """A second is over."""
        if self._lead is None:
            self._frames.clear()
        else:
            self._frames.append(self._lead[1:])
            self._lead = None
        if vitals is None:
            self._vitals.clear()
        elif not self._vitals or vitals.at > self._vitals[-1].at:
            self._vitals.append(vitals)

    def made(self) -> float | None:
        """Frames made per second; None after too few frames."""
        if not self._frames or self._frames[0][0] >= self._frames[-1][0]:
            return None
        (since, first), (until, last) = self._frames[0], self._frames[-1]
        skipped = self._vitals[-1].skipped - self._vitals[0].skipped if self._vitals else 0
        return round(max(0.0, last - first - skipped) / (until - since), 1)

    def drawn(self) -> float | None:
        """Frames drawn by outputs per second; None if not known."""
        if len(self._vitals) < 2:
            return None
        first, last = self._vitals[0], self._vitals[-1]
        return round((last.frames - first.frames) / (last.at - first.at), 1)
