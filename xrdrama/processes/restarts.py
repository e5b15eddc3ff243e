"""When a process that ended is started again, and when it is given up: no clock, no process."""

from __future__ import annotations

from math import inf

import msgspec

OUTSIDE = frozenset({1, 2, 9, 15})
"""SIGHUP, SIGINT, SIGKILL and SIGTERM: signals that a process does not cause itself."""


class Policy(msgspec.Struct, frozen=True):
    """How a supervisor restarts a process.

    A process that has been ready once in this run is worth waiting for: it is restarted for as long
    as the supervisor runs, unless `attempts_after_ready` says otherwise.
    """

    first_delay_s: float = 0.25
    """Seconds before a restart after a healthy run; doubled for each further failure."""
    longest_delay_s: float = 5.0
    healthy_s: float = 2.0
    """Seconds that a process must have been ready for its run to count as healthy."""
    attempts: int = 5
    """Failures in a row after which a process that was never ready is given up."""
    attempts_after_ready: float = inf
    """Failures in a row after which a process that was ready before is given up."""
    final: frozenset[int] = frozenset()
    """Exit statuses with which a process that was never ready is given up at once: a restart would
    end in the same way."""
    announced: int = 5
    """Failures in a row that are announced one by one."""


class Ended(msgspec.Struct, frozen=True):
    """How a process ended."""

    status: int
    """As in `subprocess`: negative for a signal."""
    ready_s: float | None = None
    """Seconds for which it was ready; None: it never was in this start."""
    words: str = ""
    """The last line that it wrote to stderr."""

    @property
    def reason(self) -> str:
        """The cause in words: `killed by signal 9`, or the exit status with its last words."""
        how = (
            f"killed by signal {-self.status}" if self.status < 0 else f"exit status {self.status}"
        )
        # Who is killed from outside has said nothing about it.
        return how if not self.words or -self.status in OUTSIDE else f"{how}: {self.words}"


class Restart(msgspec.Struct, frozen=True):
    """The process is to be started again."""

    delay_s: float
    failures: int = 1
    announced: int = 5

    @property
    def is_announced(self) -> bool:
        """Whether it is announced. What fails again and again is announced a few times only."""
        return self.failures <= self.announced

    @property
    def is_quiet(self) -> bool:
        """True when further failures are not announced, until it has run healthily."""
        return self.failures >= self.announced

    def words(self) -> str:
        """What happens next, for the end of a sentence."""
        if self.is_quiet:
            return (
                f"it is restarted every {self.delay_s:g} s from now on, without further messages"
                " until it keeps running"
            )
        return "it is being restarted"


class GiveUp(msgspec.Struct, frozen=True):
    """The process is not to be started again."""

    failures: int
    is_announced = True

    def words(self) -> str:
        """What happens next, for the end of a sentence."""
        tries = f" after {self.failures} attempts" if self.failures > 1 else ""
        return f"it is not restarted{tries}"


Decision = Restart | GiveUp


class Restarts(msgspec.Struct, frozen=True):
    """What is known of the earlier starts of a process."""

    failures: int = 0
    """Ends in a row without a healthy run between them."""
    was_ready: bool = False

    def after(self, ended: Ended, policy: Policy) -> tuple[Restarts, Decision]:
        """What is known, and what to do, after the process has ended."""
        is_healthy = ended.ready_s is not None and ended.ready_s >= policy.healthy_s
        was_ready = self.was_ready or ended.ready_s is not None
        failures = 1 if is_healthy else self.failures + 1
        known = Restarts(failures, was_ready)
        if not was_ready and ended.status in policy.final:
            return known, GiveUp(failures)
        if failures >= (policy.attempts_after_ready if was_ready else policy.attempts):
            return known, GiveUp(failures)
        # The exponent is bounded, because a float is.
        delay = min(policy.longest_delay_s, policy.first_delay_s * 2.0 ** min(failures - 1, 60))
        return known, Restart(delay, failures, policy.announced)
