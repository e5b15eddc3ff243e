"""The processes that render a take, each a part of its frames.

A process that is killed is restarted from the beginning of its part: it costs that part only.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from xrdrama.errors import DeviceError
from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy
from xrdrama.processes.supervisor import Command, Supervised, Supervisor
from xrdrama.show.ports import Stop

PART: Final = Policy(attempts=3, attempts_after_ready=3, healthy_s=float(sys.maxsize))
"""A part whose process is killed three times is given up."""
REPORT_S: Final = 0.1


class DrawnPart(msgspec.Struct, frozen=True):
    """What a process has drawn."""

    different: int
    """Frames that differ from those of the take."""
    pixels: tuple[str, ...]
    """The SHA-256 of each frame's picture of the wall, in hex."""
    beyond: str = ""
    """That of the frame after the part, to be compared with the first of the next part."""


class _Part:
    """One part, and what is known of its frames so far."""

    def __init__(self, number: int, command: Command, on_notice: Callable[[str], None]) -> None:
        self._begin()
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

    def _begin(self) -> None:
        self.different = 0
        self.pixels: list[str] = []
        self.beyond = ""

    @property
    def drawn(self) -> int:
        """The number of frames that are drawn."""
        return len(self.pixels)

    def result(self) -> DrawnPart:
        """What the process has drawn, at its end."""
        return DrawnPart(self.different, tuple(self.pixels), self.beyond)

    def _read(self, line: str) -> None:
        said = json.loads(line)
        if "failed" in said:
            self.failure = DeviceError(*map(str, said["failed"]))
            return
        if "beyond" in said:
            self.beyond = str(said["beyond"])
            return
        self.different += int(said["different"])
        self.pixels.append(str(said["pixels"]))

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
        self._begin()


def draw_parts(
    commands: Sequence[Command],
    progress: Callable[[int], None],
    on_notice: Callable[[str], None],
    stop: Stop,
    *,
    at_once: int | None = None,
    on_part: Callable[[int, DrawnPart], None] = lambda index, part: None,
) -> list[DrawnPart]:
    """Render with one process per command until all are done or `stop` is set; at most `at_once`
    processes run at a time.

    Returns what each has drawn. `progress` is called with the number of frames that are drawn,
    `on_part` with the index of each part that is done. DeviceError when a part cannot be drawn;
    all processes are ended then.
    """
    parts = [_Part(number, command, on_notice) for number, command in enumerate(commands, 1)]
    processes = [part.process for part in parts]
    supervisor = Supervisor(processes, name="drawing", is_stopping=stop.is_set)
    try:
        waiting = dict(enumerate(parts))
        running: dict[int, _Part] = {}
        supervisor.start()
        while (waiting or running) and not stop.is_set():
            while waiting and len(running) < (at_once or len(parts)):
                index = min(waiting)
                running[index] = waiting.pop(index)
                running[index].process.start()
            stop.wait(REPORT_S)
            over = [index for index, part in running.items() if part.process.is_over]
            progress(sum(part.drawn for part in parts))
            for part in parts:
                if part.failure is not None:
                    raise part.failure
            for index in over:
                on_part(index, running.pop(index).result())
    finally:
        supervisor.close(timeout_s=0.0)
    return [part.result() for part in parts]
