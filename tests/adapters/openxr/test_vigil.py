"""Keeping vigil beside calls that may never return."""

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
from xrdrama.adapters.openxr import vigil as vigils
from xrdrama.adapters.openxr.vigil import Vigil

TICK, PATIENCE = 0.05, 0.2


class Told:
    """What a vigil told, and where."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.came = threading.Event()

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        assert threading.current_thread() is not threading.main_thread()
        self.came.set()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def vigil(told: Told, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vigil]:
    monkeypatch.setattr(vigils, "TICK", TICK)
    vigil = Vigil(told, PATIENCE)
    yield vigil
    vigil.close()


def test_a_call_that_does_not_return_is_told_once(vigil: Vigil, told: Told) -> None:
    began = time.monotonic()
    with vigil:
        assert told.came.wait(20.0)
        assert time.monotonic() - began >= PATIENCE
        stays_false(lambda: len(told.seconds) > 1, 2 * PATIENCE, "it is reported again")
    assert told.seconds == [PATIENCE]


def test_calls_that_return_are_not_told_however_many(vigil: Vigil, told: Told) -> None:
    until = time.monotonic() + 3 * PATIENCE
    while time.monotonic() < until:
        with vigil:
            time.sleep(0.01)  # a call that takes its time
    assert not told.seconds


def test_our_own_work_takes_its_time(vigil: Vigil, told: Told) -> None:
    with vigil:
        with vigil.works():
            time.sleep(3 * PATIENCE)  # work that takes longer than a call may
        assert not told.seconds
        assert told.came.wait(20.0)  # asked again: what comes now is theirs


def test_work_that_fails_leaves_the_runtime_watched(vigil: Vigil, told: Told) -> None:
    with pytest.raises(ValueError, match="ours"), vigil, vigil.works():
        raise ValueError("ours")
    stays_false(lambda: told.seconds, 2 * PATIENCE, "a call is reported")


def test_between_calls_nobody_waits(vigil: Vigil, told: Told) -> None:
    with vigil:
        pass
    stays_false(lambda: told.seconds, 2 * PATIENCE, "a call is reported")


def test_a_process_that_was_stopped_itself_blames_nobody() -> None:
    """Stopped for much longer than its patience within a call, as by a debugger or a suspend."""
    script = (
        "import sys, time\n"
        "from xrdrama.adapters.openxr import vigil as vigils\n"
        f"vigils.TICK = {TICK}\n"
        f"vigil = vigils.Vigil(lambda s: print('hung', flush=True), {PATIENCE})\n"
        "with vigil:\n"
        "    print('in', flush=True)\n"
        f"    time.sleep({PATIENCE / 2})\n"
        "print('out', flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline() == "in\n"
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(3 * PATIENCE)  # stopped for longer than a call may take
        os.kill(process.pid, signal.SIGCONT)
        assert lines.read() == "out\n"
    assert process.wait() == 0
