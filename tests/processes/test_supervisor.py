"""The supervisor: with a clock and processes of the test's own, and with real processes."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.bridge.cores import no_thread_left
from tests.waiting import wait_until
from xrdrama.processes.restarts import Decision, Ended, GiveUp, Policy
from xrdrama.processes.supervisor import (
    NOT_STARTED,
    STOP_KNOWN_WITHIN_S,
    ChildProcess,
    Command,
    Supervised,
    Supervisor,
)

TIMEOUT_S = 60.0
NEVER = Policy(attempts=1, attempts_after_ready=1)
"""The control: nothing is restarted."""


class FakeChild:
    """A process that ends when the test says so."""

    def __init__(self) -> None:
        self.is_ready = False
        self.status: int | None = None
        self.heard = True
        self.words = ""
        self.asked = False

    def poll(self) -> int | None:
        return self.status

    def is_heard(self) -> bool:
        return self.heard

    def write(self, text: str) -> None:
        self.words = text

    def terminate(self) -> None:
        self.asked = True

    def wait(self, timeout_s: float) -> None:
        pass


class Stage:
    """A supervised process on a clock that the test moves."""

    def __init__(self, policy: Policy) -> None:
        self.children: list[FakeChild] = []
        self.happened: list[str] = []
        self.now = 0.0
        self.fails = 0

        def start(command: Command, *_: object) -> FakeChild:
            if self.fails:
                self.fails -= 1
                raise OSError("no memory")
            self.children.append(FakeChild())
            return self.children[-1]

        self.supervised = Supervised(
            "one",
            lambda: Command(["one"]),
            policy,
            on_ready=lambda after_s: self.happened.append(
                "ready" if after_s is None else f"back after {after_s:.1f}"
            ),
            on_ended=self._ended,
            on_done=lambda ended: self.happened.append("done"),
            done=frozenset({0}),
            last_words_s=5.0,
            start=start,
        )
        self.supervised.start(self.now)

    def _ended(self, ended: Ended, decision: Decision) -> None:
        self.happened.append(f"{ended.reason}: {type(decision).__name__}")

    @property
    def child(self) -> FakeChild:
        return self.children[-1]

    def after(self, seconds: float) -> None:
        self.now += seconds
        self.supervised.poll(self.now)

    def ready(self) -> None:
        self.child.is_ready = True
        self.supervised.poll(self.now)

    def die(self, status: int = -9) -> None:
        self.child.status = status
        self.supervised.poll(self.now)


def test_a_process_is_restarted_when_its_time_has_come_and_says_how_long_it_was_away() -> None:
    stage = Stage(Policy(first_delay_s=0.5))
    stage.ready()
    stage.after(10.0)
    stage.die()
    assert not stage.supervised.is_running and stage.supervised.is_due
    stage.after(0.4)
    assert len(stage.children) == 1
    stage.after(0.2)
    assert len(stage.children) == 2 and not stage.supervised.is_ready
    stage.after(1.0)
    stage.ready()
    assert stage.happened == ["ready", "killed by signal 9: Restart", "back after 1.6"]


@given(st.lists(st.booleans(), max_size=30))
def test_whatever_happens_one_process_runs_or_is_due_until_it_is_over(dies: list[bool]) -> None:
    stage = Stage(Policy(attempts=3))
    for one in dies:
        if stage.supervised.is_running:
            if one:
                stage.die()
            else:
                stage.ready()
        else:
            stage.after(10.0)
        supervised = stage.supervised
        assert [supervised.is_running, supervised.is_due, supervised.is_over].count(True) == 1
        assert sum(child.status is None for child in stage.children) == supervised.is_running


def test_what_a_process_wrote_last_is_waited_for_but_not_for_ever() -> None:
    stage = Stage(Policy())
    stage.child.heard = False
    stage.die(1)
    assert stage.happened == [] and not stage.supervised.is_due
    stage.child.words = "no model"
    stage.child.heard = True
    stage.after(0.1)
    assert stage.happened == ["exit status 1: no model: Restart"]
    stage.after(10.0)
    stage.child.heard = False  # another process has its pipes
    stage.die()
    stage.after(4.9)
    assert len(stage.happened) == 1
    stage.after(0.2)
    assert len(stage.happened) == 2


def test_a_process_that_ends_as_it_should_is_not_restarted() -> None:
    stage = Stage(Policy())
    stage.ready()
    stage.die(0)
    stage.after(100.0)
    assert stage.happened == ["ready", "done"] and stage.supervised.is_over
    assert len(stage.children) == 1


@pytest.mark.parametrize("status", [0, -signal.SIGINT, -signal.SIGTERM, 130])
def test_end_that_was_asked_for_is_reported_only_once_a_stop_would_be_known(status: int) -> None:
    stage = Stage(Policy(final=frozenset({0})))
    stage.supervised._done = frozenset()
    stage.die(status)
    stage.after(STOP_KNOWN_WITHIN_S - 0.1)
    assert stage.happened == []
    stage.after(0.2)
    assert len(stage.happened) == 1


@pytest.mark.parametrize("status", [1, -signal.SIGKILL, -signal.SIGSEGV])
def test_crash_is_reported_at_once(status: int) -> None:
    stage = Stage(Policy())
    stage.die(status)
    assert len(stage.happened) == 1


@pytest.mark.parametrize("stops", [True, False])
def test_process_that_ends_with_all_others_is_not_restarted(tmp_path: Path, stops: bool) -> None:
    """A stop of the whole show: its process gets the signal before the show has acted on it."""
    ready, stop = threading.Semaphore(0), threading.Event()
    supervised, pids = real(tmp_path, Policy(first_delay_s=0.001), ready.release)
    supervisor = Supervisor([supervised], poll_s=0.005, is_stopping=stop.is_set)
    supervised.start()
    supervisor.start()
    try:
        assert ready.acquire(timeout=TIMEOUT_S)
        os.kill(int(pids.read_text()), signal.SIGINT)
        child = supervised.child
        assert child is not None
        wait_until(lambda: child.poll() is not None, TIMEOUT_S)
        if stops:
            stop.set()
        is_back = ready.acquire(timeout=STOP_KNOWN_WITHIN_S + 1.0 if stops else TIMEOUT_S)
    finally:
        supervisor.close()
    assert is_back == (not stops)


def test_a_process_that_cannot_be_started_is_tried_again() -> None:
    stage = Stage(Policy(attempts=9))
    stage.fails = 2
    stage.die()
    stage.after(10.0)
    stage.after(10.0)
    stage.after(10.0)
    assert len(stage.children) == 2
    failed = f"exit status {NOT_STARTED}: no memory: Restart"
    assert stage.happened[1:] == [failed, failed]


def test_after_many_failures_it_is_back_only_once_it_keeps_running() -> None:
    stage = Stage(Policy(healthy_s=2.0, announced=2, longest_delay_s=1.0))
    for _ in range(4):
        stage.ready()
        stage.die()
        stage.after(1.0)
    back = [one for one in stage.happened if "ready" in one or "back" in one]
    assert back == ["ready", "back after 1.0"]
    stage.ready()
    stage.after(1.9)
    assert not stage.happened[-1].startswith("back")
    stage.after(0.2)
    assert stage.happened[-1] == "back after 3.0"  # since the end that was announced last


def test_a_process_that_is_stopped_is_not_restarted_and_nothing_is_called() -> None:
    stage = Stage(Policy())
    child = stage.child
    stage.supervised.stop()
    stage.after(100.0)
    assert child.asked and stage.happened == [] and len(stage.children) == 1


SCRIPT = """
import os, sys, time
open({pids!r}, "a").write(f"{{os.getpid()}}\\n")
print("ready", flush=True)
sys.stdin.read()
"""


def real(tmp_path: Path, policy: Policy, ready: Callable[[], None]) -> tuple[Supervised, Path]:
    pids = tmp_path / "pids"
    pids.touch()
    script = SCRIPT.format(pids=str(pids))
    command = Command([sys.executable, "-c", script], "", stdin_stays_open=True)
    supervised = Supervised("real", lambda: command, policy, on_ready=lambda _: ready())
    return supervised, pids


def kill_five_times(tmp_path: Path, policy: Policy, timeout_s: float) -> int:
    """How many processes there were, after every one was killed as soon as it was ready."""
    count = threading.Semaphore(0)
    supervised, pids = real(tmp_path, policy, count.release)
    supervisor = Supervisor([supervised], poll_s=0.005)
    with no_thread_left("supervisor"):
        supervised.start()
        supervisor.start()
        try:
            for _ in range(5):
                if not count.acquire(timeout=timeout_s):
                    break
                os.kill(int(pids.read_text().split()[-1]), signal.SIGKILL)
            else:
                assert count.acquire(timeout=timeout_s)
        finally:
            supervisor.close()
    started = [int(pid) for pid in pids.read_text().split()]
    assert not [pid for pid in started if Path(f"/proc/{pid}").exists()]
    return len(started)


def test_a_process_that_is_killed_comes_back_each_time(tmp_path: Path) -> None:
    assert kill_five_times(tmp_path, Policy(first_delay_s=0.001, announced=99), TIMEOUT_S) == 6


def test_a_supervisor_that_never_restarts_is_noticed(tmp_path: Path) -> None:
    """The control."""
    assert kill_five_times(tmp_path, NEVER, 1.0) == 1


def test_a_callback_that_cannot_write_to_the_terminal_does_not_end_the_supervisor(
    tmp_path: Path,
) -> None:
    count = threading.Semaphore(0)

    def ready() -> None:
        count.release()
        raise BrokenPipeError

    supervised, pids = real(tmp_path, Policy(first_delay_s=0.001), ready)
    supervisor = Supervisor([supervised], poll_s=0.005)
    supervised.start()
    supervisor.start()
    try:
        assert count.acquire(timeout=TIMEOUT_S)
        os.kill(int(pids.read_text()), signal.SIGKILL)
        assert count.acquire(timeout=TIMEOUT_S)
    finally:
        supervisor.close()


def test_a_process_that_does_not_end_when_asked_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True)"
    )
    command = Command([sys.executable, "-c", f"{deaf}\ninput()"], "", stdin_stays_open=True)
    supervised = Supervised("deaf", lambda: command, Policy())
    supervisor = Supervisor([supervised], poll_s=0.005)
    supervised.start()
    supervisor.start()
    wait_until(lambda: supervised.is_ready, TIMEOUT_S)
    child = supervised.child
    assert isinstance(child, ChildProcess)
    supervisor.close(timeout_s=0.05)
    assert child.poll() == -signal.SIGKILL


@pytest.mark.parametrize("used", [True, False])
def test_lines_of_a_process_are_passed_on_and_the_last_one_is_its_reason(used: bool) -> None:
    script = "import sys; print('hello'); sys.stderr.write('broken\\n\\n'); sys.exit(7)"
    lines: list[str] = []
    ends: list[tuple[Ended, Decision]] = []
    supervised = Supervised(
        "talker",
        lambda: Command([sys.executable, "-c", script]),
        NEVER,
        on_line=lines.append,
        on_error_line=lambda line: used,
        on_ended=lambda ended, decision: ends.append((ended, decision)),
    )
    supervisor = Supervisor([supervised], poll_s=0.005)
    supervised.start()
    supervisor.start()
    wait_until(lambda: bool(ends), TIMEOUT_S)
    supervisor.close()
    assert lines == ["hello"]
    assert ends == [(Ended(7, None, "" if used else "broken"), GiveUp(1))]
