"""Counts of the frame loop: reported at the end, checked by the tests."""

from __future__ import annotations

from collections import deque
from statistics import median

import msgspec

KEPT = 512
FORGETS = 0.9
"""A slow frame counts this much of itself with each frame after it: about as Monado does it."""


class Counts(msgspec.Struct):
    """Frames of one session."""

    waited: int = 0
    ended: int = 0
    drawn: int = 0
    backwards: int = 0
    """Predicted display times that were not later than the one before."""
    lost_poses: int = 0
    """Eyes that were drawn at their last known pose."""
    bounded_fovs: int = 0
    """Eyes whose reported field of view was invalid."""
    ticks: int = 0
    """Vibrations that controllers were asked for."""


class Spent(msgspec.Struct, frozen=True):
    """Nanoseconds of one frame: waiting for the runtime, then updating the show's state, drawing,
    and copying the pictures to the runtime."""

    wait: int
    update: int
    draw: int
    copy: int

    @property
    def work(self) -> int:
        """All but waiting."""
        return self.update + self.draw + self.copy


class Budget:
    """What the last frames took, against the display's period."""

    def __init__(self) -> None:
        self.spent: deque[Spent] = deque(maxlen=KEPT)
        self.period = 0
        """Nanoseconds of the display's period: the shortest that the runtime has reported."""

    def note(self, spent: Spent, period: int) -> None:
        """A drawn frame, and the period that the runtime reported with it."""
        self.spent.append(spent)
        if period > 0:
            self.period = min(self.period or period, period)

    def medians(self, last: int = KEPT) -> dict[str, float]:
        """Median milliseconds of the last frames by part, of all work, the period, and the share
        of the period that the work took; {} before the first drawn frame."""
        kept = list(self.spent)[-last:]
        if not kept:
            return {}
        parts = ("wait", "update", "draw", "copy", "work")
        found = {f"{name}_ms": median(getattr(one, name) for one in kept) / 1e6 for name in parts}
        found["period_ms"] = self.period / 1e6
        found["share"] = found["work_ms"] / found["period_ms"] if self.period else 0.0
        return {name: round(value, 3) for name, value in found.items()}


class Pacing:
    """Records the runtime's predicted display times."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.budget = Budget()
        self.steps: deque[int] = deque(maxlen=KEPT)
        """Nanoseconds between the predicted display times of the last frames."""
        self.slowest = 0
        """Nanoseconds from waking to the end of the slowest of the last frames; the longest ago,
        the less it counts. A runtime expects the next frames to take as long, and waits."""
        self._last: int | None = None

    def worked(self, took: int) -> None:
        """A frame was ended `took` nanoseconds after the runtime had woken it."""
        self.slowest = max(took, int(self.slowest * FORGETS))

    def note(self, shows_at: int) -> None:
        """A frame will show at `shows_at`, nanoseconds of the runtime's clock."""
        if self._last is not None:
            step = shows_at - self._last
            self.counts.backwards += step <= 0
            self.steps.append(step)
        self._last = shows_at
