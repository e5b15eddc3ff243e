"""How many frames a second a show makes, and how many of them it draws.

Frames come in bursts where drawing is slow: several that are only made, then one that is drawn as
well. So the frames of a second are counted from the one that came most nearly on time.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from xrdrama.adapters.web.board.memory import Vitals

SECONDS: Final = 5
"""Over which it is measured."""


class Pace:
    """Told of every frame, and of the vitals once a second. `rate` is that of the show."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._lead: tuple[float, float, int] | None = None
        self._frames: deque[tuple[float, int]] = deque(maxlen=SECONDS + 1)
        self._vitals: deque[Vitals] = deque(maxlen=SECONDS + 1)

    def frame(self, number: int, at: float) -> None:
        """A frame came, at a second of the clock."""
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
        """Frames that were made a second; None while too few have come."""
        if not self._frames or self._frames[0][0] >= self._frames[-1][0]:
            return None
        (since, first), (until, last) = self._frames[0], self._frames[-1]
        skipped = self._vitals[-1].skipped - self._vitals[0].skipped if self._vitals else 0
        return round(max(0.0, last - first - skipped) / (until - since), 1)

    def drawn(self) -> float | None:
        """Frames that outputs were given a second; None while it is not known."""
        if len(self._vitals) < 2:
            return None
        first, last = self._vitals[0], self._vitals[-1]
        return round((last.frames - first.frames) / (last.at - first.at), 1)
