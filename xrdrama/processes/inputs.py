"""The processes of a show's inputs: started with the show, restarted when they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from xrdrama.processes.child import NOTE
from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy, Restart
from xrdrama.processes.supervisor import Command, Supervised, Supervisor

LIVE: Final = Policy(first_delay_s=0.25, longest_delay_s=10.0, attempts=6)
FIXED_RATE: Final = Policy(attempts=1, attempts_after_ready=1)
"""At a fixed rate an input is not restarted: it could not say what it missed."""


class InputProcess:
    """One input of a show: its name, the plug-in that it uses and that one's settings."""

    def __init__(self, name: str, use: str, settings: Mapping[str, Any]) -> None:
        self.name, self.use = name, use
        self.settings = dict(settings)
        self.failure: Ended | None = None
        """How it ended, from its end until it is ready again."""

    def command(self, endpoint: str) -> Command:
        """The command line with which it connects to the show at `endpoint`."""
        line = [sys.executable, "-m", "xrdrama", "input", self.name, self.use, endpoint]
        return Command(line, json.dumps(self.settings))


class InputProcesses:
    """All inputs of a show. `lost(name, reason)` is called when one ends, for the show; `noticed(
    text)` with what a person should know of one."""

    def __init__(
        self,
        processes: list[InputProcess],
        lost: Callable[[str, str], None],
        noticed: Callable[[str], None] = lambda text: None,
        *,
        restart: bool,
        policy: Policy = LIVE,
    ) -> None:
        self.processes = processes
        self._policy = policy if restart else FIXED_RATE
        self._lost, self._noticed = lost, noticed
        self._endpoint = ""
        self._supervised = [self._supervise(process) for process in processes]
        self._is_stopping: Callable[[], bool] = lambda: False
        self._supervisor = Supervisor(
            self._supervised,
            name="inputs",
            is_stopping=lambda: self._is_stopping(),  # noqa: PLW0108 - it is set by `start`
        )

    def _supervise(self, process: InputProcess) -> Supervised:
        def ready(after_s: float | None) -> None:
            process.failure = None
            if after_s is not None:
                self._noticed(f"the input {process.name!r} is back, after {after_s:.1f} s")

        def error_line(text: str) -> bool:
            if not text.startswith(NOTE):
                return False
            if not supervised.is_restarted:
                self._noticed(f"the input {process.name!r}: {text.removeprefix(NOTE)}")
            return True

        supervised = Supervised(
            process.name,
            lambda: process.command(self._endpoint),
            self._policy,
            on_ready=ready,
            on_ended=lambda ended, decision: self._ended(process, ended, decision),
            on_error_line=error_line,
            done=frozenset({0}),  # its file has ended
        )
        return supervised

    def _ended(self, process: InputProcess, ended: Ended, decision: Decision) -> None:
        is_news = process.failure is None or ended.ready_s is not None
        process.failure = ended
        if is_news or isinstance(decision, GiveUp):
            self._lost(process.name, f"{ended.reason}; {decision.words()}")
        if self._policy is FIXED_RATE:  # the run ends with this as its error
            return
        until = " until it is back" if isinstance(decision, Restart) else ""
        if decision.is_announced:
            self._noticed(
                f"the input {process.name!r} ended ({ended.reason}); {decision.words()}. The show"
                f" continues without it{until}"
            )

    def start(self, endpoint: str, is_stopping: Callable[[], bool] = lambda: False) -> None:
        """Start them all, for the show at `endpoint`, and watch over them until `is_stopping()`:
        the show was asked to end."""
        self._endpoint, self._is_stopping = endpoint, is_stopping
        for supervised in self._supervised:
            supervised.start()
        self._supervisor.start()

    def failures(self) -> dict[str, str]:
        """Why inputs are not running, or were not when they were started last, by name."""
        return {p.name: p.failure.reason for p in self.processes if p.failure is not None}

    def close(self) -> None:
        """End them all."""
        self._supervisor.close()
