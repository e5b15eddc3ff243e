"""Counts of the frame loop: reported at the end, checked by the tests."""

from __future__ import annotations

from collections import deque

import msgspec

KEPT = 512


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


class Pacing:
    """Records the runtime's predicted display times."""

    def __init__(self) -> None:
        self.counts = Counts()
        self.steps: deque[int] = deque(maxlen=KEPT)
        """Nanoseconds between the predicted display times of the last frames."""
        self._last: int | None = None

    def note(self, shows_at: int) -> None:
        """A frame will show at `shows_at`, nanoseconds of the runtime's clock."""
        if self._last is not None:
            step = shows_at - self._last
            self.counts.backwards += step <= 0
            self.steps.append(step)
        self._last = shows_at
