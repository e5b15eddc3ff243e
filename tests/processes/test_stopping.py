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


READS_IN_A_LIBRARY = """
import ctypes, os, signal, threading, time
from xrdrama.processes.stopping import set_on_signals
stop = threading.Event()
set_on_signals(stop, interrupts_calls={interrupts_calls})
libc, (end, start) = ctypes.CDLL(None, use_errno=True), os.pipe()

def signal_and_answer():
    time.sleep(0.3)  # the main thread is in its read by then
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.2)  # the interruption is seen before the answer
    os.write(start, b"answer")

threading.Thread(target=signal_and_answer).start()
print(libc.read(end, ctypes.create_string_buffer(8), 8), stop.wait(20))
"""


@pytest.mark.parametrize(("interrupts_calls", "read"), [(False, 6), (True, -1)])
def test_a_signal_can_leave_the_calls_of_a_library_uninterrupted(
    interrupts_calls: bool, read: int
) -> None:
    # Monado's client takes an interrupted read for a lost session.
    program = READS_IN_A_LIBRARY.format(interrupts_calls=interrupts_calls)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == f"{read} True\n"
