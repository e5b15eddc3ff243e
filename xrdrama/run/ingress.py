"""Where everything that happens to a show comes in: stamped, logged, then acknowledged.

Live, an event counts when it arrives: it is appended to the journal at once and waits for the next
tick. At a fixed rate it counts at its own time: it waits, unlogged, until every source has promised
the frame that it belongs to, and is appended in the order of the virtual clock. So the log has the
same order however fast anybody was.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple, Protocol

from xrdrama.errors import DeviceError
from xrdrama.timing import Watermarks
from xrdrama.tracking import TrackingSample
from xrdrama.wire.events import CORE, AnyEvent, Entry, Origin, Presented

MOST_SAMPLES = 2048
"""Tracking samples that may wait for one tick; more are dropped and counted."""
MOST_EVENTS = 20_000

Acknowledge = Callable[[int], None]


class Log(Protocol):
    """What appends: the journal."""

    def append(
        self,
        at: int,
        event: AnyEvent,
        origin: Origin = CORE,
        *,
        written: Acknowledge | None = None,
    ) -> Entry:
        """Log an event; `written` is called with its number once it is in the file."""


class _Coming(NamedTuple):
    """An event that was received, its sender, and the callback for when it is in the log."""

    event: AnyEvent
    origin: Origin
    acknowledge: Acknowledge | None


class IngressLog:
    """The one door. `record` may be called from any thread; `before` from the show's."""

    def __init__(
        self, log: Log, *, fixed_rate: bool, sources: tuple[str, ...] = (), since: int = 0
    ) -> None:
        """What is stamped earlier than nanosecond `since` counts then."""
        self.on_presented: Callable[[Presented], None] = lambda presented: None
        """Called at once, in the thread of `record`, with what a viewer has shown."""
        self.fixed_rate = fixed_rate
        self.dropped = 0
        self.failure = ""
        """Why the last event could not be recorded, "" when it could."""
        self._log = log
        self._changed = threading.Condition()
        self._watermarks = Watermarks(sources if fixed_rate else ())
        self._waiting: list[Entry] = []
        self._ahead: list[tuple[int, str, int, _Coming]] = []
        self._order = itertools.count()
        self._now = since
        self._newest = since

    def record(
        self,
        event: AnyEvent,
        at: int,
        origin: Origin = CORE,
        *,
        acknowledge: Acknowledge | None = None,
    ) -> bool:
        """Take an event in; False when it had to be refused (too many wait, or the disk is full).

        `acknowledge` is called with the log's number once the event is in the file; on a full disk
        that is later than it takes effect.
        """
        coming = _Coming(event, origin, acknowledge)
        if isinstance(event, Presented):
            self.on_presented(event)
        with self._changed:
            if self._is_full(event):
                self.dropped += 1
                return False
            if self.fixed_rate:
                source = getattr(event, "source", "")
                # A promise stands: what comes too late for its frame counts in the next one.
                stamp = max(at, self._now)
                heapq.heappush(self._ahead, (stamp, source, next(self._order), coming))
                return True
            # Two threads may come in another order than their stamps; the log's never goes back.
            return self._append(max(at, self._newest), coming)

    def _is_full(self, event: AnyEvent) -> bool:
        waiting = len(self._ahead) if self.fixed_rate else len(self._waiting)
        if not self.fixed_rate and isinstance(event, TrackingSample):
            return waiting >= MOST_SAMPLES
        return waiting >= MOST_EVENTS

    def _append(self, at: int, coming: _Coming) -> bool:
        try:
            entry = self._log.append(at, coming.event, coming.origin, written=coming.acknowledge)
        except DeviceError as error:
            self.failure = str(error)
            self.dropped += 1
            return False
        self.failure = ""
        self._newest = at
        self._waiting.append(entry)
        return True

    def promise(self, source: str, at: int) -> None:
        """Note a watermark."""
        with self._changed:
            self._watermarks.promise(source, at)
            self._changed.notify_all()

    def leave(self, source: str) -> None:
        """A source is gone: nobody waits for it any more."""
        with self._changed:
            self._watermarks.close(source)
            self._changed.notify_all()

    def wait_for(self, at: int, timeout: float) -> list[str]:
        """Block until every source has promised `at`; who has not after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._watermarks.reached(at), timeout)
            return self._watermarks.waiting_for(at)

    def put_back(self, entries: tuple[Entry, ...]) -> None:
        """Entries of a resumed take that no tick has seen yet."""
        with self._changed:
            self._waiting[:0] = entries
            self._newest = max((self._newest, *(entry.at for entry in entries)))

    def before(self, at: int) -> tuple[Entry, ...]:
        """All entries that count before `at` and were not handed out yet, in log order."""
        with self._changed:
            self._now = at
            while self._ahead and self._ahead[0][0] < at:
                when, _, _, coming = heapq.heappop(self._ahead)
                self._append(when, coming)
            # Live, what arrived after the frame's time belongs to the next one.
            due = bisect_left(self._waiting, at, key=lambda entry: entry.at)
            entries = tuple(self._waiting[:due])
            del self._waiting[:due]
            return entries
