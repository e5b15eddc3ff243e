"""A signal stops a show at whatever place the main thread is, also within the event itself."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, signal, sys, threading
from xrdrama.processes.stopping import set_on_signals
stop = threading.Event()
set_on_signals(stop)
with stop._cond:  # where stop.wait() and stop.set() hold it
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
    for _ in range(1000):
        pass
assert stop.wait(20)
print("stopped")
"""
SETS_IN_HANDLER = """
def set_on_signals(stop):
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
"""


def test_signals_within_the_event_stop_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "stopped\n"


def test_a_handler_that_sets_the_event_itself_hangs() -> None:
    # The control of the test above.
    old = PROGRAM.replace("stop = threading", SETS_IN_HANDLER + "stop = threading", 1)
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", old], check=True, capture_output=True, timeout=3)
