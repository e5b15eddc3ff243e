"""The processes that hear, see and feel: started with the show, started again when they die."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from xrdrama.processes.child import NOTE

RESTARTS = 5
LAST_WORDS = 5.0
"""Seconds that we listen for what a process said before it ended."""
PAUSE = 1.0
"""Seconds before a process is started again; doubled each time."""


class Process:
    """One input's process: what it is to do, and how it does."""

    def __init__(self, name: str, use: str, settings: Mapping[str, Any]) -> None:
        self.name, self.use = name, use
        self.settings = dict(settings)
        self.restarts = 0
        self.said: deque[str] = deque(maxlen=20)
        self.noticed: Callable[[str], None] = lambda text: None
        """Called with what a person should know of it while it runs."""
        self._child: subprocess.Popen[str] | None = None
        self._listener: threading.Thread | None = None

    def start(self, endpoint: str) -> None:
        """Start it; it says hello to `endpoint` when its model is loaded."""
        command = [sys.executable, "-m", "xrdrama", "input", self.name, self.use, endpoint]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # the terminal's Ctrl-C is for us: we end it
        )
        assert self._child.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # it has died already, and is found out
            self._child.stdin.write(json.dumps(self.settings))
            self._child.stdin.close()
        self._listener = threading.Thread(target=self._listen, args=(self._child,), daemon=True)
        self._listener.start()

    def _listen(self, child: subprocess.Popen[str]) -> None:
        assert child.stderr is not None
        with child.stderr as lines:
            for line in lines:
                text = line.strip()
                if text.startswith(NOTE) and not self.restarts:
                    self.noticed(f"the input {self.name!r}: {text.removeprefix(NOTE)}")
                elif text:
                    self.said.append(text)

    def exit_status(self) -> int | None:
        """None while it runs."""
        return self._child.poll() if self._child else None

    def reason(self) -> str:
        """Why it ended, in its own last words."""
        status = self.exit_status()
        if status is not None and self._listener:
            self._listener.join(LAST_WORDS)
        how = f"killed by signal {-status}" if status and status < 0 else f"ended with {status}"
        return f"{how}: {self.said[-1]}" if self.said else how

    def stop(self) -> None:
        """Ask it to end."""
        if self._child and self._child.poll() is None:
            self._child.terminate()

    def wait(self, timeout: float) -> None:
        """Wait for its end, and make it end."""
        if self._child is None:
            return
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._listener:
            self._listener.join(LAST_WORDS)


class Processes:
    """All inputs of a show. `lost(name, reason)` is called when one dies, `noticed(text)` with what
    a person should know of one.

    At a fixed rate a dead one is not started again: it could not say what it missed.
    """

    def __init__(
        self,
        processes: list[Process],
        *,
        restart: bool,
        lost: Callable[[str, str], None],
        noticed: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.processes = processes
        for process in processes:
            process.noticed = noticed
        self._restart, self._lost = restart, lost
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="inputs", daemon=True)
        self._endpoint = ""

    def start(self, endpoint: str) -> None:
        """Start them all and watch over them."""
        self._endpoint = endpoint
        for process in self.processes:
            process.start(endpoint)
        self._watcher.start()

    def close(self) -> None:
        """End them all."""
        self._stop.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for process in self.processes:
            process.stop()
        for process in self.processes:
            process.wait(5.0)

    def _watch(self) -> None:
        due: dict[str, float] = {}
        while not self._stop.wait(0.1):
            for process in self.processes:
                if process.name in due:
                    if time.monotonic() >= due[process.name]:
                        del due[process.name]
                        process.start(self._endpoint)
                elif process.exit_status():
                    self._died(process, due)

    def _died(self, process: Process, due: dict[str, float]) -> None:
        if process.restarts > RESTARTS:
            return
        self._lost(process.name, process.reason())
        process.restarts += 1
        if not self._restart or process.restarts > RESTARTS:
            process.restarts = RESTARTS + 1
            return
        due[process.name] = time.monotonic() + PAUSE * 2 ** (process.restarts - 1)
