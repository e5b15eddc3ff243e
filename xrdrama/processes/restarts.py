"""Decides whether a process that ended is restarted, and when. It uses no clock or process."""

from __future__ import annotations

from math import inf

import msgspec

OUTSIDE = frozenset({1, 2, 9, 15})
"""SIGHUP, SIGINT, SIGKILL and SIGTERM: signals that come from outside the process."""


class Policy(msgspec.Struct, frozen=True):
    """How a supervisor restarts a process.

    A process that was ready once in this run is restarted for as long as the supervisor runs,
    unless `attempts_after_ready` is set.
    """

    first_delay_s: float = 0.25
    """Seconds before a restart after a healthy run; doubled for each further failure in a row."""
    longest_delay_s: float = 5.0
    healthy_s: float = 2.0
    """Seconds that a process must have been ready for its run to count as healthy."""
    attempts: int = 5
    """Failures in a row after which a process that was never ready is given up."""
    attempts_after_ready: float = inf
    """Failures in a row after which a process that was ready before is given up."""
    final: frozenset[int] = frozenset()
    """Exit statuses after which a process that was never ready is given up at once."""
    announced: int = 5
    """Failures in a row that are announced one by one."""


class Ended(msgspec.Struct, frozen=True):
    """How a process ended."""

    status: int
    """As in `subprocess`: negative for a signal."""
    ready_s: float | None = None
    """Seconds for which it was ready; None if it was never ready since this start."""
    words: str = ""
    """The last line that it wrote to stderr."""

    @property
    def reason(self) -> str:
        """The cause: `killed by signal 9`, or the exit status and the last line of stderr."""
        how = (
            f"killed by signal {-self.status}" if self.status < 0 else f"exit status {self.status}"
        )
        # A process killed from outside has not written the reason to stderr.
        return how if not self.words or -self.status in OUTSIDE else f"{how}: {self.words}"


class Restart(msgspec.Struct, frozen=True):
    """The process is restarted after `delay_s`."""

    delay_s: float
    failures: int = 1
    announced: int = 5

    @property
    def is_announced(self) -> bool:
        """True when the restart is announced; after several failures in a row it is not."""
        return self.failures <= self.announced

    @property
    def is_quiet(self) -> bool:
        """True when further failures are not announced until a healthy run."""
        return self.failures >= self.announced

    def words(self) -> str:
        """The decision as the end of a sentence."""
        if self.is_quiet:
            return (
                f"it is restarted every {self.delay_s:g} s from now on, without further messages"
                " until it keeps running"
            )
        return "it is being restarted"


class GiveUp(msgspec.Struct, frozen=True):
    """The process is not restarted."""

    failures: int
    is_announced = True

    def words(self) -> str:
        """The decision as the end of a sentence."""
        tries = f" after {self.failures} attempts" if self.failures > 1 else ""
        return f"it is not restarted{tries}"


Decision = Restart | GiveUp


class Restarts(msgspec.Struct, frozen=True):
    """The history of a process: its failures in a row, and whether it was ever ready."""

    failures: int = 0
    """Failures in a row, without a healthy run between them."""
    was_ready: bool = False

    def after(self, ended: Ended, policy: Policy) -> tuple[Restarts, Decision]:
        """The new history and the decision, after the process has ended."""
        is_healthy = ended.ready_s is not None and ended.ready_s >= policy.healthy_s
        was_ready = self.was_ready or ended.ready_s is not None
        failures = 1 if is_healthy else self.failures + 1
        known = Restarts(failures, was_ready)
        if not was_ready and ended.status in policy.final:
            return known, GiveUp(failures)
        if failures >= (policy.attempts_after_ready if was_ready else policy.attempts):
            return known, GiveUp(failures)
        # The exponent is bounded, so that the float does not overflow.
        delay = min(policy.longest_delay_s, policy.first_delay_s * 2.0 ** min(failures - 1, 60))
        return known, Restart(delay, failures, policy.announced)
