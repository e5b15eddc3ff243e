"""What a body's telemetry says, against what the body claims."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from xrdrama.performer.robot.body import Telemetry

FALLEN: Final = 0.7
"""The trunk's up axis below which the robot has fallen: it leans more than 45 degrees."""
STANDING: Final = 0.9
"""The same above which it stands: within 26 degrees of upright."""
HOT: Final = 80.0
"""Degrees Celsius of the hottest motor."""
SILENCE: Final = 200_000_000
"""Nanoseconds without telemetry after which a body is lost."""
MOST_AT_ONCE: Final = 20
"""Measurements that are taken in one control step: 2 kHz, four times what the robot sends."""

Verdict = Literal["absent", "lost", "fell", "unready", "stands"]


class Health(msgspec.Struct, frozen=True):
    """The newest telemetry (None before the first), when it arrived (ns), and what was odd.

    `dropped` counts measurements of a flood; `contradictions` those that claimed to be ready while
    the robot was lying.
    """

    newest: Telemetry | None = None
    arrived: int = 0
    dropped: int = 0
    contradictions: int = 0

    def after(self, measured: list[Telemetry], at: int) -> Health:
        """After what arrived up to `at`; of a flood only the newest is kept, the rest counted."""
        if not measured:
            return self
        dropped = max(0, len(measured) - MOST_AT_ONCE)
        taken = measured[dropped:]
        lies = sum(1 for one in taken if one.ready and one.up < FALLEN)
        return Health(taken[-1], at, self.dropped + dropped, self.contradictions + lies)

    def verdict(self, at: int) -> Verdict:
        """What is true of the body at `at`; its sensors count, not its claim."""
        if self.newest is None:
            return "absent"
        if at - self.arrived > SILENCE:
            return "lost"
        if not self.newest.up >= FALLEN:  # NaN has fallen, too
            return "fell"
        return "stands" if self.newest.ready and self.newest.up >= STANDING else "unready"

    @property
    def is_hot(self) -> bool:
        """Whether a motor is too hot to keep moving."""
        return self.newest is not None and not self.newest.heat < HOT
