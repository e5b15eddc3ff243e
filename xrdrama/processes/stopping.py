"""How work ends before it is done, because somebody asked it to."""

from __future__ import annotations

import _thread
import signal
import threading
from pathlib import Path


class Stopped(Exception):  # noqa: N818 - no error: it was asked for
    """The work was stopped; `take` holds what was played until then, and is closed."""

    def __init__(self, take: Path) -> None:
        self.take = take
        super().__init__(f"stopped; take: {take}")


def set_on_signals(stop: threading.Event) -> None:
    """Let SIGINT (Ctrl-C) and SIGTERM set `stop`.

    A handler runs in the main thread, between any two of its instructions. Within `stop.wait()` or
    `stop.set()` that thread already holds the event's lock, so setting it there waits for ever.
    """

    def stopped(*_: object) -> None:
        _thread.start_new_thread(stop.set, ())  # threading.Thread takes locks, too

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stopped)
