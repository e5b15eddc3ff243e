"""The processes that render a take, each a part of its frames.

A process that is killed is restarted from the beginning of its part.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Final

from xrdrama.errors import DeviceError
from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy
from xrdrama.processes.supervisor import Command, Supervised, Supervisor
from xrdrama.show.ports import Stop

PART: Final = Policy(attempts=3, attempts_after_ready=3, healthy_s=float(sys.maxsize))
"""A part whose process is killed three times is given up."""
REPORT_S: Final = 0.1


class _Part:
    """One part: the number of its frames that are drawn, and of those that differ from the take."""

    def __init__(self, number: int, command: Command, on_notice: Callable[[str], None]) -> None:
        self.drawn = self.different = 0
        self.failure: DeviceError | None = None
        self._number, self._on_notice = number, on_notice
        self.process = Supervised(
            f"drawing {number}",
            lambda: command,
            PART,
            on_line=self._read,
            on_ended=self._ended,
            is_ready=lambda line: line.startswith("{"),
            done=frozenset({0}),
        )

    def _read(self, line: str) -> None:
        said = json.loads(line)
        if "failed" in said:
            self.failure = DeviceError(*map(str, said["failed"]))
            return
        self.different += said["different"]
        self.drawn += 1

    def _ended(self, ended: Ended, decision: Decision) -> None:
        if self.failure is not None:
            return
        name = f"the drawing process {self._number}"
        if isinstance(decision, GiveUp) or ended.status > 0:
            tries = f" {decision.failures} times" if isinstance(decision, GiveUp) else ""
            self.failure = DeviceError(
                f"{name} ended{tries} ({ended.reason})",
                "close other programs or use fewer processes (--jobs 1), then render again",
            )
            return
        self._on_notice(
            f"{name} ended ({ended.reason}); {decision.words()} and draws its"
            f" {self.drawn} frames again"
        )
        self.drawn = self.different = 0


def draw_parts(
    commands: Sequence[Command],
    progress: Callable[[int], None],
    on_notice: Callable[[str], None],
    stop: Stop,
) -> int:
    """Render with one process per command until all are done or `stop` is set.

    Returns the number of frames that differ from the take. `progress` is called with the number of
    frames that are drawn. DeviceError when a part cannot be drawn; all processes are ended then.
    """
    parts = [_Part(number, command, on_notice) for number, command in enumerate(commands, 1)]
    processes = [part.process for part in parts]
    supervisor = Supervisor(processes, name="drawing", is_stopping=stop.is_set)
    try:
        for part in parts:
            part.process.start()
        supervisor.start()
        is_over = False
        while not is_over and not stop.wait(REPORT_S):
            is_over = all(part.process.is_over for part in parts)
            progress(sum(part.drawn for part in parts))
            for part in parts:
                if part.failure is not None:
                    raise part.failure
    finally:
        supervisor.close(timeout_s=0.0)
    return sum(part.different for part in parts)
