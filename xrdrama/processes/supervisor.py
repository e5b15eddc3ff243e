"""Starts processes by command line, waits until they are ready, restarts them when they end.

One `Supervisor` runs any number of `Supervised` processes. The module `restarts` decides when one
is restarted.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, assert_never

import msgspec

from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy, Restart, Restarts
from xrdrama.processes.statuses import READY

POLL_S = 0.05
"""Seconds between two polls of the processes."""
ENDS_WITHIN_S = 5.0
"""Seconds that a process has to end after SIGTERM; then it is killed."""
LAST_WORDS_S = 5.0
"""Seconds for which the pipes of an ended process are still read. Usually they end at once, but
another process that has inherited them may keep them open."""
WORDS_KEPT = 40
NOT_STARTED = 127
"""The exit status of a process that the system could not start, as in a shell."""
STOPPED = frozenset({0, -1, -2, -15, 130})
"""Exit statuses of a process that was asked to end (SIGHUP, SIGINT, SIGTERM), or obeyed."""
STOP_KNOWN_WITHIN_S = 1.0
"""Seconds until a stop of the whole show is known here: who stops it with a signal to all of its
processes (a service, a container) ends them before this one acts on its own signal."""
NOBODY_READS = (OSError, ValueError)
"""Errors of a callback whose terminal is gone. They do not stop the supervision."""


class Command(msgspec.Struct, frozen=True):
    """A command line, and the text for the process's stdin."""

    line: Sequence[str]
    stdin: str | None = None
    """Text; None: nothing."""
    stdin_stays_open: bool = False
    """stdin stays open, for `Child.write`."""
    environment: Mapping[str, str] | None = None
    """Environment; None: that of this process."""


class Child(Protocol):
    """A running process; what a supervisor needs of `ChildProcess`."""

    @property
    def is_ready(self) -> bool:
        """True after the process has reported that it is ready."""

    def poll(self) -> int | None:
        """The exit status; None while it runs."""

    def is_heard(self) -> bool:
        """True after all its output has been read."""

    @property
    def words(self) -> str:
        """The last line that it wrote to stderr."""

    def write(self, text: str) -> None:
        """Write the rest of its stdin and close it."""

    def terminate(self) -> None:
        """Send SIGTERM."""

    def wait(self, timeout_s: float) -> None:
        """Wait for its end, kill it after a timeout, and release its resources."""


class ChildProcess:
    """A process and the two threads that read what it writes."""

    def __init__(
        self,
        command: Command,
        on_line: Callable[[str], None],
        on_error_line: Callable[[str], bool],
        is_ready: Callable[[str], bool],
    ) -> None:
        self._ready = threading.Event()
        self._words: deque[str] = deque(maxlen=WORDS_KEPT)
        self._process = subprocess.Popen(
            command.line,
            stdin=subprocess.DEVNULL if command.stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=command.environment,
            start_new_session=True,  # Ctrl-C is for the show, which ends its processes
        )
        self._readers = [
            threading.Thread(target=target, daemon=True)
            for target in (
                lambda: self._read_stdout(on_line, is_ready),
                lambda: self._read_stderr(on_error_line),
            )
        ]
        for reader in self._readers:
            reader.start()
        if command.stdin is not None:
            self._write(command.stdin, close=not command.stdin_stays_open)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def _read_stdout(self, on_line: Callable[[str], None], is_ready: Callable[[str], bool]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            text = line.strip()
            if text:
                with contextlib.suppress(*NOBODY_READS):
                    on_line(text)
            if is_ready(text):
                self._ready.set()

    def _read_stderr(self, on_error_line: Callable[[str], bool]) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            text = line.strip()
            is_used = False
            with contextlib.suppress(*NOBODY_READS):
                is_used = on_error_line(text)
            if text and not is_used:
                self._words.append(text)

    @property
    def is_ready(self) -> bool:
        """True after the process has reported that it is ready."""
        return self._ready.is_set()

    @property
    def words(self) -> str:
        """The last line that it wrote to stderr and that `on_error_line` has not handled."""
        return self._words[-1] if self._words else ""

    def poll(self) -> int | None:
        """The exit status; None while it runs."""
        return self._process.poll()

    def is_heard(self) -> bool:
        """True after all its output has been read."""
        return not any(reader.is_alive() for reader in self._readers)

    def write(self, text: str) -> None:
        """Write the rest of its stdin and close it."""
        self._write(text, close=True)

    def _write(self, text: str, *, close: bool) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):  # it has ended; the supervisor sees that
            self._process.stdin.write(text)
            self._process.stdin.flush()
            if close:
                self._process.stdin.close()

    def terminate(self) -> None:
        """Send SIGTERM."""
        if self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL."""
        if self._process.poll() is None:
            self._process.kill()

    def wait(self, timeout_s: float) -> None:
        """Wait for its end, kill it after a timeout, and release its resources."""
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        pipes = (self._process.stdout, self._process.stderr)
        for reader, pipe in zip(self._readers, pipes, strict=True):
            reader.join(0.2)
            if pipe and not reader.is_alive():  # otherwise another process has inherited the pipe
                pipe.close()
        if self._process.stdin:
            with contextlib.suppress(OSError):
                self._process.stdin.close()


Start = Callable[
    [Command, Callable[[str], None], Callable[[str], bool], Callable[[str], bool]], Child
]


class Supervised:
    """One process: `command()` is its command line for the next start.

    Callbacks run in the supervisor's thread, except `on_line` and `on_error_line`, which are called
    in threads of their own with each line of stdout and stderr. A line for which `on_error_line`
    returns True is not kept as the reason of a failure. `on_ready(seconds)` is called when the
    process is ready, with the seconds since it ended (None at the first start; after a quiet
    `Restart` only after a healthy run). `on_ended(ended, decision)` is called when it has ended,
    `on_done(ended)` when its exit status is in `done`.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[], Command],
        policy: Policy,
        *,
        on_ready: Callable[[float | None], None] = lambda after_s: None,
        on_ended: Callable[[Ended, Decision], None] = lambda ended, decision: None,
        on_done: Callable[[Ended], None] = lambda ended: None,
        on_line: Callable[[str], None] = lambda line: None,
        on_error_line: Callable[[str], bool] = lambda line: False,
        is_ready: Callable[[str], bool] = lambda line: line == READY,
        done: frozenset[int] = frozenset(),
        last_words_s: float = LAST_WORDS_S,
        start: Start = ChildProcess,
    ) -> None:
        self.name = name
        self.child: Child | None = None
        """The process that was started last, until its end has been handled."""
        self.ended: Ended | None = None
        """How it ended, after it was given up or is done."""
        self._command, self._policy = command, policy
        self._on_ready, self._on_ended, self._on_done = on_ready, on_ended, on_done
        self._on_line, self._on_error_line, self._is_ready = on_line, on_error_line, is_ready
        self._done, self._last_words_s, self._start = done, last_words_s, start
        self._known = Restarts()
        self._ready_at: float | None = None
        self._exited_at: float | None = None
        self._ended_at: float | None = None
        self._due_at: float | None = None
        self._is_announced = False
        self._is_quiet = False

    @property
    def is_restarted(self) -> bool:
        """True after it has ended early."""
        return self._known.failures > 0

    @property
    def is_due(self) -> bool:
        """True while it waits for its restart."""
        return self._due_at is not None

    @property
    def is_running(self) -> bool:
        """True while the process runs, ready or not."""
        return self.child is not None

    @property
    def is_ready(self) -> bool:
        """True while the process runs and is ready."""
        return self.child is not None and self._ready_at is not None

    @property
    def is_over(self) -> bool:
        """True after it was given up or is done: it is not restarted."""
        return self.ended is not None

    def start(self, now: float | None = None) -> None:
        """Start it and forget earlier failures."""
        self._known, self.ended, self._ended_at = Restarts(), None, None
        self._is_quiet = False
        self._spawn(time.monotonic() if now is None else now)

    def stop(self, timeout_s: float = ENDS_WITHIN_S) -> None:
        """End it without callbacks and without a restart."""
        child, self.child = self.child, None
        self._due_at = self._ready_at = None
        if child is not None:
            child.terminate()
            child.wait(timeout_s)

    def poll(self, now: float) -> None:
        """Handle what has happened to the process until `now`, in seconds of a monotonic clock."""
        child = self.child
        if child is None:
            if self._due_at is not None and now >= self._due_at:
                self._spawn(now)
            return
        if self._ready_at is None and child.is_ready:
            self._ready_at = now
        if self._ready_at is not None and not self._is_announced:
            self._announce(now, self._ready_at)
        status = child.poll()
        if status is None:
            return
        if self._exited_at is None:
            self._exited_at = now
        if not child.is_heard() and now < self._exited_at + self._last_words_s:
            return
        is_asked = status in STOPPED - self._done
        if is_asked and now < self._exited_at + STOP_KNOWN_WITHIN_S:
            return
        self._collect(child, status, now)

    def _announce(self, now: float, ready_at: float) -> None:
        """Call `on_ready`; after many failures only when it has run for a while."""
        if self._is_quiet and now - ready_at < self._policy.healthy_s:
            return
        self._is_announced, self._is_quiet = True, False
        ended_at, self._ended_at = self._ended_at, None
        self._on_ready(None if ended_at is None else ready_at - ended_at)

    def _spawn(self, now: float) -> None:
        self._due_at = self._ready_at = self._exited_at = None
        self._is_announced = False
        command = self._command()
        try:
            self.child = self._start(command, self._on_line, self._on_error_line, self._is_ready)
        except OSError as error:  # such as no memory: handled like a process that has ended
            self._exited_at = now
            self._has_ended(Ended(NOT_STARTED, None, str(error)), now)

    def _collect(self, child: Child, status: int, now: float) -> None:
        """Handle the end of a process whose output has been read."""
        assert self._exited_at is not None
        if self._ready_at is None and child.is_ready:  # it reported this just before it ended
            self._ready_at = self._exited_at
        ready_s = None if self._ready_at is None else self._exited_at - self._ready_at
        ended = Ended(status, ready_s, child.words)
        child.wait(0.0)
        self.child = self._ready_at = None
        self._has_ended(ended, now)

    def _has_ended(self, ended: Ended, now: float) -> None:
        if ended.status in self._done:
            self.ended = ended
            self._on_done(ended)
            return
        if self._ended_at is None:  # otherwise it has not been ready since
            self._ended_at = self._exited_at
        self._known, decision = self._known.after(ended, self._policy)
        match decision:
            case Restart():
                self._due_at = now + decision.delay_s
                self._is_quiet = decision.is_quiet
            case GiveUp():
                self.ended = ended
            case _:
                assert_never(decision)
        self._on_ended(ended, decision)


class Supervisor:
    """Polls processes in a thread of its own and restarts them. `also(now)` is called at each poll,
    for decisions that depend on several processes.

    After `is_stopping()` is true, no callback is called for a process that ends, and it is not
    restarted.
    """

    def __init__(
        self,
        processes: Sequence[Supervised],
        *,
        name: str = "supervisor",
        also: Callable[[float], None] = lambda now: None,
        is_stopping: Callable[[], bool] = lambda: False,
        poll_s: float = POLL_S,
    ) -> None:
        self.processes = processes
        self._also, self._is_stopping, self._poll_s = also, is_stopping, poll_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start polling. The processes are started by their owners."""
        self._thread.start()

    def close(self, timeout_s: float = ENDS_WITHIN_S) -> None:
        """End all processes: SIGTERM, then SIGKILL after `timeout_s`."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join()
        children = [process.child for process in self.processes if process.child is not None]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + timeout_s
        for child in children:
            child.wait(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        while not self._stop.wait(self._poll_s):
            now = time.monotonic()
            watched = () if self._is_stopping() else self.processes
            for look in (*(process.poll for process in watched), self._also):
                with contextlib.suppress(*NOBODY_READS):
                    look(now)
