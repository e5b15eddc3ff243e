"""The watchdog reports calls that do not return."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tests.waiting import stays_false
from xrdrama.adapters.openxr import watchdog as watchdogs
from xrdrama.adapters.openxr.watchdog import Watchdog

TICK, TIMEOUT = 0.05, 0.2


class Reports:
    """What a watchdog reported, and in which thread."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.came = threading.Event()

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        assert threading.current_thread() is not threading.main_thread()
        self.came.set()


@pytest.fixture
def reports() -> Reports:
    return Reports()


@pytest.fixture
def watchdog(reports: Reports, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watchdog]:
    monkeypatch.setattr(watchdogs, "TICK_S", TICK)
    watchdog = Watchdog(reports, TIMEOUT)
    yield watchdog
    watchdog.close()


def test_call_that_does_not_return_is_reported_once(watchdog: Watchdog, reports: Reports) -> None:
    began = time.monotonic()
    with watchdog:
        assert reports.came.wait(20.0)
        assert time.monotonic() - began >= TIMEOUT
        stays_false(lambda: len(reports.seconds) > 1, 2 * TIMEOUT, "it is reported again")
    assert reports.seconds == [TIMEOUT]


def test_calls_that_return_are_not_reported(watchdog: Watchdog, reports: Reports) -> None:
    until = time.monotonic() + 3 * TIMEOUT
    while time.monotonic() < until:
        with watchdog:
            time.sleep(0.01)  # a call that takes its time
    assert not reports.seconds


def test_own_work_is_not_counted(watchdog: Watchdog, reports: Reports) -> None:
    with watchdog:
        with watchdog.paused():
            time.sleep(3 * TIMEOUT)  # work that takes longer than a call may
        assert not reports.seconds
        assert reports.came.wait(20.0)  # the runtime is called again


def test_failed_own_work_does_not_report_the_runtime(watchdog: Watchdog, reports: Reports) -> None:
    with pytest.raises(ValueError, match="ours"), watchdog, watchdog.paused():
        raise ValueError("ours")
    stays_false(lambda: reports.seconds, 2 * TIMEOUT, "a call is reported")


def test_time_between_calls_is_not_counted(watchdog: Watchdog, reports: Reports) -> None:
    with watchdog:
        pass
    stays_false(lambda: reports.seconds, 2 * TIMEOUT, "a call is reported")


def test_time_while_this_process_is_stopped_is_not_counted() -> None:
    """Stopped for much longer than the timeout within a call, as by a debugger or a suspend."""
    script = (
        "import sys, time\n"
        "from xrdrama.adapters.openxr import watchdog as watchdogs\n"
        f"watchdogs.TICK_S = {TICK}\n"
        f"watchdog = watchdogs.Watchdog(lambda s: print('hung', flush=True), {TIMEOUT})\n"
        "with watchdog:\n"
        "    print('in', flush=True)\n"
        f"    time.sleep({TIMEOUT / 2})\n"
        "print('out', flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline() == "in\n"
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(3 * TIMEOUT)  # stopped for longer than a call may take
        os.kill(process.pid, signal.SIGCONT)
        assert lines.read() == "out\n"
    assert process.wait() == 0
