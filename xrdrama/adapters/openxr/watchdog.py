"""A watchdog for calls into a runtime that hang: calls that never return.

Such a call blocks its thread forever, so a second thread watches it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final

CALL_TIMEOUT_S: Final = 3.0
"""Seconds that a call may take in a running session, beyond what a frame of ours took. The longest
normal call takes one second (a runtime that does not release its images); the wearer sees nothing
meanwhile, so it is short. Runtimes pace by the frames that they get: after one that took three
seconds, the next `xrWaitFrame` of Monado takes nearly as long, and each after it a fifth less."""
OPENING_TIMEOUT_S: Final = 20.0
"""Seconds that a call may take before a session runs: the first may start the whole service."""
TICK_S: Final = 0.25


class Watchdog:
    """Watches the calls made within `with watchdog:`.

    `hung(seconds)` is called once, in the watchdog's own thread, when a call has taken `timeout_s`
    seconds. Seconds are counted in steps of this thread: if this process itself was stopped or got
    no processor time, the runtime is not blamed for it.
    """

    def __init__(self, hung: Callable[[float], None], timeout_s: float = CALL_TIMEOUT_S) -> None:
        self.timeout_s = timeout_s
        self._hung = hung
        self._calls = 0
        self._in_call = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def __enter__(self) -> None:
        self._calls += 1
        self._in_call = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._in_call = False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Not watched: our own work within a watched block, which may take any time."""
        self._in_call = False
        try:
            yield
        finally:
            self.__enter__()

    def _watch(self) -> None:
        calls, ticks = 0, 0
        while not self._over.wait(TICK_S):
            if not self._in_call or self._calls != calls:
                calls, ticks = self._calls, 0
                continue
            ticks += 1
            if ticks * TICK_S >= self.timeout_s:
                self._hung(self.timeout_s)
                return

    def close(self) -> None:
        """Stop watching."""
        self._over.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()
