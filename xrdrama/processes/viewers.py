"""The processes that show a running show to people: started with it, replaced when they end.

A headset that is not there, or whose runtime dies or hangs, gives way to a window, which stands by
from the start: it is loaded, and needs only to open. The show goes on meanwhile, on the same beat.
Then another viewer looks for the headset beside the window, and takes over once it could be seen.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.processes.statuses import HERE, LEFT, NO_DEVICE, SAY, On, Report

PREFIX: Final = "XRDRAMA_VIEWER_PREFIX"
"""What stands before the command of a headset's viewer, for a runtime that needs other libraries
than the rest of this machine; words as in a shell."""
RESTARTS: Final = 3
FOUND: Final = "the headset is there again"
AGAIN: Final = 3.0
"""Seconds until the headset is looked for again; twice as many after every time that it was lost
again, up to `SELDOM` times as many."""
SELDOM: Final = 32
SOON: Final = 0.05
POLITE: Final = 15.0


class Change(msgspec.Struct, frozen=True):
    """A viewer was replaced: by what, and why."""

    to: str
    reason: str


class Watched(msgspec.Struct, frozen=True):
    """How a show was watched: on what at the end, what changed, what the last viewer tells."""

    on: str
    changes: tuple[Change, ...]
    report: Report | None


class _Child:
    """One viewer's process."""

    def __init__(
        self, command: list[str], on: On, notice: Callable[[str], None], *, waits: bool
    ) -> None:
        self.on, self._notice = on, notice
        self.is_ready = False
        """True once it has said that it could show the show now."""
        self.said: deque[str] = deque(maxlen=40)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if waits else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # the terminal's Ctrl-C is for us: we end it
        )
        self._listeners = [
            threading.Thread(target=target, daemon=True) for target in (self._listen, self._hear)
        ]
        for listener in self._listeners:
            listener.start()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if line.strip():
                self.said.append(line.strip())

    def _hear(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.is_ready = self.is_ready or line.strip() == HERE
            if line.startswith(SAY):
                self._notice(line.removeprefix(SAY).strip())

    def call(self) -> None:
        """Tell one that stands by to go."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write("go\n")
            self.process.stdin.close()
        except OSError:
            return  # it has ended; that is seen where ends are watched

    def reason(self) -> str:
        """Why it ended, in its own last words."""
        self._listeners[0].join(0.2)
        status = self.process.poll()
        how = f"killed by signal {-status}" if status and status < 0 else f"ended with {status}"
        return self.said[-1] if status in (NO_DEVICE, LEFT) and self.said else how

    @property
    def may_come_back(self) -> bool:
        """True when it ended because its device went away, or took it along."""
        status = self.process.poll()
        return status is not None and (status == NO_DEVICE or status < 0)

    def end(self) -> None:
        """Ask it to end, and make it."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(POLITE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        for listener, pipe in zip(
            self._listeners, (self.process.stderr, self.process.stdout), strict=True
        ):
            listener.join(0.2)
            if pipe and not listener.is_alive():  # else a runtime that it started still has it
                pipe.close()


class Viewers:
    """The viewer of a show and whoever replaces it. `notice(text)` is told of every change."""

    def __init__(
        self, show: str, on: On, out: Path, notice: Callable[[str], None], *, name: str = "viewer"
    ) -> None:
        self.name = name
        self.closed = False
        """True once the window was closed: who watches has had enough."""
        self.changes: list[Change] = []
        self._show, self._first, self._notice = show, on, notice
        self._log = out / "viewer.json"
        self._endpoint = ""
        self._lost: Callable[[str, str], None] = lambda name, reason: None
        self._shows: _Child | None = None
        self._stands_by: _Child | None = None
        self._looks: _Child | None = None
        """The viewer that looks for a headset which was lost."""
        self._look_at: float | None = None
        """When to start the next one; None: not at all."""
        self._lost_again = 0
        self._restarts = 0
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="viewers", daemon=True)

    @property
    def gone(self) -> bool:
        """True when nobody shows the show, and nobody will."""
        return self._shows is None

    @property
    def on(self) -> str:
        """What the show is seen on now: headset, window, or nothing."""
        return self._shows.on if self._shows else ""

    def start(self, endpoint: str, lost: Callable[[str, str], None]) -> None:
        """Start, for the core at `endpoint`; `lost(name, reason)` is called when one goes away."""
        self._endpoint, self._lost = endpoint, lost
        self._log.parent.mkdir(parents=True, exist_ok=True)
        self._log.unlink(missing_ok=True)
        self._shows = self._child(self._first)
        if self._first == "headset" and has_screen():
            self._stands_by = self._child("window", standby=True)
        self._watcher.start()

    def _child(self, on: On, *, standby: bool = False) -> _Child:
        command = [sys.executable, "-m", "xrdrama", "viewer", self._endpoint, self._show]
        command += ["--on", on, "--name", self.name, "--log", str(self._log)]
        if standby:
            command.append("--standby")
        prefix = shlex.split(os.environ.get(PREFIX, "")) if on == "headset" else []
        return _Child([*prefix, *command], on, self._notice, waits=standby)

    def _watch(self) -> None:
        while not self._stop.wait(SOON):
            child = self._shows
            if child is None or child.process.poll() is None:
                self._keep_standby()
                self._look()
            elif child.process.returncode == 0:
                self.closed = True
                return
            else:
                self._replace(child)

    def _replace(self, child: _Child) -> None:
        """A viewer has ended before its time: another one takes over, or nobody can."""
        reason = child.reason()
        child.end()
        self._lost(self.name, reason)
        self._shows = self._next(child)
        if child.on == "headset" and child.may_come_back:
            wait = AGAIN * min(SELDOM, 2**self._lost_again)
            self._look_at = time.monotonic() + wait
            self._lost_again += 1
        to = self._shows.on if self._shows else "nothing"
        self.changes.append(Change(to, reason))
        back = " and in the headset again once it is there" if self._look_at else ""
        if self._shows:
            self._notice(f"{reason}; the show goes on in the {to}{',' * bool(back)}{back}")
        else:
            hint = "set DISPLAY for a window" if not has_screen() else "see above"
            self._notice(f"{reason}; nobody sees the show now, which goes on ({hint}){back}")

    def _keep_standby(self) -> None:
        """A window that ended while it stood by is replaced now, not when it is needed."""
        window = self._stands_by
        if window is None or window.process.poll() is None:
            return
        window.end()
        self._stands_by = None
        if self._restarts < RESTARTS:
            self._restarts += 1
            self._stands_by = self._child("window", standby=True)

    def _look(self) -> None:
        """Have somebody look for a headset that was lost, and let it take over when it is there."""
        looks = self._looks
        if looks is None:
            if self._look_at is not None and time.monotonic() >= self._look_at:
                self._looks = self._child("headset", standby=True)
        elif looks.is_ready:
            self._return_to(looks)
        elif looks.process.poll() is not None:
            # It hung with its runtime, say; what cannot be helped by looking ends it for good.
            self._look_at = time.monotonic() + AGAIN if looks.may_come_back else None
            looks.end()
            self._looks = None

    def _return_to(self, headset: _Child) -> None:
        """The headset is there again: the window gives way, and another one stands by."""
        self._looks = self._look_at = None
        if self._shows:
            self._shows.end()
        self._shows = headset
        headset.call()
        self.changes.append(Change("headset", FOUND))
        self._notice(f"{FOUND}; the show goes on in it")
        if has_screen():
            self._stands_by = self._child("window", standby=True)

    def _next(self, child: _Child) -> _Child | None:
        if child.on == "headset":
            ready, self._stands_by = self._stands_by, None
            if ready is not None and ready.process.poll() is None:
                ready.call()
                return ready
            return self._child("window") if has_screen() else None
        if child.process.returncode == NO_DEVICE or self._restarts >= RESTARTS:
            return None
        self._restarts += 1
        return self._child("window")

    def told(self) -> Watched:
        """How the show was watched, once they are closed."""
        try:
            report = msgspec.json.decode(self._log.read_bytes(), type=Report)
        except (OSError, msgspec.MsgspecError):
            report = None
        return Watched(self.on, tuple(self.changes), report)

    def close(self) -> None:
        """End them all."""
        self._stop.set()
        if self._watcher.is_alive():
            self._watcher.join()
        for child in (self._shows, self._stands_by, self._looks):
            if child is not None:
                child.end()


def has_screen() -> bool:
    """True when a window could open."""
    return sys.platform == "win32" or bool(os.environ.get("DISPLAY"))
