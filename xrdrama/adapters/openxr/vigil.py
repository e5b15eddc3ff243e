"""Notices a runtime that hangs without dying: a call into it that does not return.

Such a call blocks its thread for good, so a thread of our own keeps vigil beside it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final

PATIENCE: Final = 3.0
"""Seconds that a call may take in a running session. The longest that is in order is a second (a
runtime that keeps its pictures); a viewer in the dark is not to wait longer than must be."""
OPENING: Final = 20.0
"""Seconds that a call may take before: a runtime may start its whole service within the first."""
TICK: Final = 0.25


class Vigil:
    """Within `with vigil:` a runtime is asked; `hung(seconds)` is called, once and in the vigil's
    own thread, when it has not answered for `patience` seconds.

    Seconds are counted in the vigil's own steps: a process that was stopped itself, or got no
    processor, does not take that for the runtime's silence.
    """

    def __init__(self, hung: Callable[[float], None], patience: float = PATIENCE) -> None:
        self.patience = patience
        self._hung = hung
        self._asked = 0
        self._waits = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="vigil", daemon=True)
        self._thread.start()

    def __enter__(self) -> None:
        self._asked += 1
        self._waits = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._waits = False

    @contextmanager
    def works(self) -> Iterator[None]:
        """Within an ask: what is done now is our own work, and takes the time that it takes."""
        self._waits = False
        try:
            yield
        finally:
            self.__enter__()

    def _watch(self) -> None:
        asked, ticks = 0, 0
        while not self._over.wait(TICK):
            if not self._waits or self._asked != asked:
                asked, ticks = self._asked, 0
                continue
            ticks += 1
            if ticks * TICK >= self.patience:
                self._hung(self.patience)
                return

    def close(self) -> None:
        """Keep vigil no more."""
        self._over.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()
