"""Stand-ins for the seams of show/ports.py, where a test needs no core."""

from __future__ import annotations

import threading
import time

from xrdrama.show.ports import Stop
from xrdrama.wire.events import AnyEvent


class RecordingIngress:
    """An ingress that keeps what comes; the show starts when the input says that it is ready.

    `records` are (stamp, event), `promises` (source, time). Live, a stamp is the arrival on this
    machine's clock, nanoseconds since the start. `broken` are the records that came earlier than
    their source had promised: there must be none. With `stop_at` the run is asked to stop once
    a promise reaches that time (fixed rate), so that an endless input ends.
    """

    def __init__(self, *, fixed_rate: bool, stop_at: int | None = None) -> None:
        self._fixed_rate = fixed_rate
        self._stop_at = stop_at
        self._began: int | None = None
        self._promised: dict[str, int] = {}
        self.stop = threading.Event()
        self.records: list[tuple[int, AnyEvent]] = []
        self.promises: list[tuple[str, int]] = []
        self.broken: list[tuple[int, AnyEvent]] = []

    @property
    def fixed_rate(self) -> bool:
        return self._fixed_rate

    @property
    def started(self) -> bool:
        return self._began is not None

    def wait_for_start(self, stop: Stop) -> bool:
        self._began = time.monotonic_ns()
        return not stop.is_set()

    def now(self) -> int:
        assert self._began is not None, "asked for the time before the start"
        assert not self._fixed_rate, "asked for the wall clock at a fixed rate"
        return time.monotonic_ns() - self._began

    def record(self, event: AnyEvent, at: int = 0) -> None:
        assert self._began is not None, f"{event} before the start"
        stamp = at if self._fixed_rate else self.now()
        if self._fixed_rate and stamp < self._promised.get(event.source, 0):
            self.broken.append((stamp, event))
        self.records.append((stamp, event))

    def promise(self, source: str, at: int) -> None:
        assert self._began is not None, "a promise before the start"
        self.promises.append((source, at))
        self._promised[source] = max(at, self._promised.get(source, 0))
        if self._stop_at is not None and at >= self._stop_at:
            self.stop.set()
