"""Stops work early when a person or the system asks for it."""

from __future__ import annotations

import _thread
import signal
import threading
from pathlib import Path


class Stopped(Exception):  # noqa: N818 - not an error: the stop was requested
    """The work was stopped; `take` is closed and contains what was played until then."""

    def __init__(self, take: Path) -> None:
        self.take = take
        super().__init__(f"stopped; take: {take}")


def set_on_signals(stop: threading.Event, *, interrupts_calls: bool = True) -> None:
    """Set `stop` on SIGINT (Ctrl-C) and SIGTERM.

    With `interrupts_calls=False` the system continues a call that the signal interrupts, such as a
    read in a library that would take the interruption for a lost connection (Monado's client does).
    A wait of Python's own is then continued, too: `stop` is set after it.

    A handler runs in the main thread, between any two of its instructions. Within `stop.wait()` or
    `stop.set()` that thread already holds the event's lock, so setting it there waits for ever.
    """

    def stopped(*_: object) -> None:
        _thread.start_new_thread(stop.set, ())  # threading.Thread takes locks, too

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
        if not interrupts_calls and hasattr(signal, "siginterrupt"):  # Windows has no such calls
            signal.siginterrupt(number, False)
