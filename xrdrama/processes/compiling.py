"""Processes that read models, for compiling and importing sets: restarted when somebody kills them,
limited in time and memory."""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from xrdrama.errors import AuthoringError, DeviceError, Problem, UsageError
from xrdrama.processes.restarts import OUTSIDE, Decision, Ended, GiveUp, Policy
from xrdrama.processes.supervisor import Command, Supervised, Supervisor

COMPILE_SECONDS = 120.0
"""Seconds that one start may take."""
COMPILE_MEMORY = 4 << 30
"""Bytes of address space."""
KILLED: Final = frozenset(-number for number in OUTSIDE)
"""Exit statuses of a process that was ended from outside, for lack of memory for example."""
COMPILING: Final = Policy(attempts=3, final=frozenset(range(-64, 256)) - KILLED)
"""Whatever else ends it is in the set's files, and would end it again."""
LOOK_S: Final = 0.05


class _Reading:
    """One piece of work on models, by as many starts of its process as it takes."""

    def __init__(self, words: Sequence[str], seconds: float, memory: int) -> None:
        self.over = threading.Event()
        self.ended: Ended | None = None
        """How the last start ended; None while there is or will be one."""
        self.failures = 0
        self.started_at = 0.0
        self.lines: list[str] = []
        """What the last start wrote to stdout."""
        limits = ["--seconds", str(seconds), "--memory", str(memory)]
        self._line = [sys.executable, "-m", "xrdrama", *words, *limits]
        self._seconds = seconds
        self.process = Supervised(
            words[0],
            self._command,
            COMPILING,
            on_line=self.lines.append,
            on_ended=self._has_ended,
            on_done=self._is_done,
            is_ready=lambda line: False,
            done=frozenset({0}),
        )

    def _command(self) -> Command:
        self.lines.clear()
        self.started_at = time.monotonic()
        return Command(self._line)

    def _has_ended(self, ended: Ended, decision: Decision) -> None:
        if isinstance(decision, GiveUp):
            self.failures = decision.failures
            self._is_done(ended)

    def _is_done(self, ended: Ended) -> None:
        self.ended = ended
        self.over.set()

    @property
    def is_late(self) -> bool:
        """True when this start has taken too long."""
        return self.process.is_running and time.monotonic() - self.started_at > self._seconds


def compile_in_child(file: Path, folder: Path) -> None:
    """Compile the scene `file` into `folder`, in a process that its models may crash or hang.

    The process is restarted when it is killed, and given up after `COMPILING.attempts` kills.
    AuthoringError for what is wrong in the files; DeviceError for any other reason.
    """
    words = ["compile", str(file.resolve()), str(folder)]
    run_in_child(words, file, "compile", COMPILE_SECONDS, COMPILE_MEMORY)


def run_in_child(
    words: Sequence[str], file: Path, verb: str, seconds: float, memory: int
) -> list[str]:
    """Run the hidden command `words` on `file` within limits; returns the lines that it printed.

    Errors as for `compile_in_child`; `verb` is what it does to the file, for messages.
    """
    reading = _Reading(words, seconds, memory)
    supervisor = Supervisor([reading.process], name=f"{words[0]} a set")
    try:
        reading.process.start()
        supervisor.start()
        while not reading.over.wait(LOOK_S):
            if reading.is_late:
                raise DeviceError(
                    f"{file} took over {seconds:g} s to {verb}", "make its models smaller"
                )
    finally:
        supervisor.close(timeout_s=0.0)
    assert reading.ended is not None
    if reading.ended.status != 0:
        raise _failure(file, verb, reading.ended, reading.failures, reading.lines)
    return reading.lines


def _failure(file: Path, verb: str, ended: Ended, failures: int, lines: list[str]) -> Exception:
    """Why the work failed: in the words of the process, else by how it ended."""
    if ended.status in KILLED:
        return DeviceError(
            f"the process that {verb}s {file} ended {failures} times ({ended.reason})",
            "free memory, then try again",
        )
    try:
        said = json.loads("\n".join(lines))
        if "failed" in said:
            return DeviceError(*map(str, said["failed"]))
        if "refused" in said:
            return UsageError(*map(str, said["refused"]))
        return AuthoringError([Problem(**problem) for problem in said["problems"]])
    except (ValueError, KeyError, TypeError):
        return DeviceError(
            f"importing the models of {file} failed ({ended.reason})",
            "export the model again, or remove it from the scene",
        )


def limit_resources(seconds: float, memory: int) -> None:
    """Limit this process to so many seconds of processor time and bytes of address space."""
    whole = max(1, round(seconds))
    # SIGXCPU at the first limit, SIGKILL at the second, which would look like somebody's kill.
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
