"""The processes of a show's inputs: started with the show and restarted when they end early."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy, Restart
from xrdrama.processes.supervisor import Command, Supervised, Supervisor
from xrdrama.show.ports import NOTE

LIVE: Final = Policy(first_delay_s=0.25, longest_delay_s=10.0, attempts=6)
FIXED_RATE: Final = Policy(attempts=1, attempts_after_ready=1)
"""At a fixed rate an input is not restarted: the events that it missed would be unknown."""


class InputProcess:
    """One input of a show: its name, its plug-in and the plug-in's settings."""

    def __init__(self, name: str, use: str, settings: Mapping[str, Any]) -> None:
        self.name, self.use = name, use
        self.settings = dict(settings)
        self.failure: Ended | None = None
        """How it ended; None again when it is ready again."""

    def command(self, endpoint: str) -> Command:
        """The command line of the process, for the show at `endpoint`."""
        line = [sys.executable, "-m", "xrdrama", "input", self.name, self.use, endpoint]
        return Command(line, json.dumps(self.settings))


class InputProcesses:
    """All inputs of a show. `on_lost(name, reason)` is called when one ends, `on_notice(text)` with
    messages for the terminal."""

    def __init__(
        self,
        processes: list[InputProcess],
        on_lost: Callable[[str, str], None],
        on_notice: Callable[[str], None] = lambda text: None,
        *,
        restart: bool,
        policy: Policy = LIVE,
    ) -> None:
        self.processes = processes
        self._policy = policy if restart else FIXED_RATE
        self._on_lost, self._on_notice = on_lost, on_notice
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
                self._on_notice(f"the input {process.name!r} is back, after {after_s:.1f} s")

        def error_line(text: str) -> bool:
            if not text.startswith(NOTE):
                return False
            if not supervised.is_restarted:
                self._on_notice(f"the input {process.name!r}: {text.removeprefix(NOTE)}")
            return True

        supervised = Supervised(
            process.name,
            lambda: process.command(self._endpoint),
            self._policy,
            on_ready=ready,
            on_ended=lambda ended, decision: self._ended(process, ended, decision),
            on_error_line=error_line,
            done=frozenset({0}),  # its recording has ended
        )
        return supervised

    def _ended(self, process: InputProcess, ended: Ended, decision: Decision) -> None:
        is_news = process.failure is None or ended.ready_s is not None
        process.failure = ended
        if is_news or isinstance(decision, GiveUp):
            self._on_lost(process.name, f"{ended.reason}; {decision.words()}")
        if self._policy is FIXED_RATE:  # the run ends with this error
            return
        until = " until it is back" if isinstance(decision, Restart) else ""
        if decision.is_announced:
            self._on_notice(
                f"the input {process.name!r} ended ({ended.reason}); {decision.words()}. The show"
                f" continues without it{until}"
            )

    def start(self, endpoint: str, is_stopping: Callable[[], bool] = lambda: False) -> None:
        """Start all processes for the show at `endpoint` and supervise them, until `is_stopping()`
        is true because the show was asked to end."""
        self._endpoint, self._is_stopping = endpoint, is_stopping
        for supervised in self._supervised:
            supervised.start()
        self._supervisor.start()

    def failures(self) -> dict[str, str]:
        """Reasons by input's name, for inputs that do not run or failed at their last start."""
        return {p.name: p.failure.reason for p in self.processes if p.failure is not None}

    def close(self) -> None:
        """End all processes."""
        self._supervisor.close()
