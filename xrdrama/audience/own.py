"""Shows of viewers' own: each seat plays the story by itself, advanced here and not by the core.

They use the same `advance` as the room's show, without a stage, at ten frames a second. A seat's
show stands still while no page of it is open, so a viewer whose connection was lost continues where
the show was. They are kept in memory: when this process is restarted, they begin again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from xrdrama.adapters.web.audience.hub import Outcome
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.view import View
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.wire.events import AnyEvent, Entry
from xrdrama.wire.frame import Frame

RATE: Final = FrameRate(10, 1)
PERIOD: Final = RATE.period
MOST_SHOWS: Final = 40
"""Shows that are played at the same time."""
MOST_KEPT: Final = 400
"""Shows that are kept for viewers who may come back."""
AT_ONCE: Final = 5
"""Most frames of one show that are made in a row when this process was late."""
FULL: Final = (
    f"All {MOST_SHOWS} places are taken: every viewer here plays a show of their own. Please try"
    " again in a few minutes."
)


class _Own:
    """The show of one seat."""

    def __init__(self, production: Production, view: View) -> None:
        self.show: Show = opening(production)
        self.stream = Stream(view)
        self.number = 0
        self.entries: list[Entry] = []
        self.seq = 0
        self.since: float | None = None
        """When its frame 0 would have been shown, in seconds of the clock; None while away."""

    def resume(self, now: float) -> None:
        """Continue from the newest frame."""
        self.since = now - (self.number - 1) * PERIOD

    def step(self, heard: Callable[[Frame], None]) -> None:
        """Make the next frame."""
        time = FrameTime.of(self.number, RATE)
        entries, self.entries = tuple(self.entries), []
        self.show, frame = advance(self.show, Tick(time, entries))
        self.number += 1
        self.stream.feed(frame)
        heard(frame)


class OwnShows:
    """A show for each seat. `view` makes the view of one; `clock` is in seconds; `heard` gets every
    frame, which may say that an event had no effect."""

    def __init__(
        self,
        production: Production,
        view: Callable[[Production], View],
        clock: Callable[[], float],
        heard: Callable[[Frame], None] = lambda _: None,
    ) -> None:
        self._production = replace(production, stage=None, outer_views=(), rate=RATE)
        self._view, self._clock, self.heard = view, clock, heard
        self._shows: OrderedDict[int, _Own] = OrderedDict()
        """The one that was left longest ago is first."""

    def stream(self, seat: int) -> Stream | str:
        """The states of a seat's show, which continues; or why there is no place for it."""
        own = self._shows.get(seat)
        if own is not None and own.since is not None:
            return own.stream
        if sum(one.since is not None for one in self._shows.values()) >= MOST_SHOWS:
            return FULL
        if own is None:
            own = self._shows[seat] = _Own(self._production, self._view(self._production))
            own.step(self.heard)
        own.resume(self._clock())
        self._forget()
        return own.stream

    def _forget(self) -> None:
        away = [seat for seat, own in self._shows.items() if own.since is None]
        for seat in away[: max(0, len(self._shows) - MOST_KEPT)]:
            del self._shows[seat]

    def left(self, seat: int) -> None:
        """The show of a seat stands still until a page of it is open again."""
        own = self._shows.get(seat)
        if own is not None:
            own.since = None
            self._shows.move_to_end(seat)

    def advance(self) -> None:
        """Make the frames that are due."""
        now = self._clock()
        for own in self._shows.values():
            if own.since is None:
                continue
            due = int((now - own.since) / PERIOD + 1e-6) + 1
            if due - own.number > AT_ONCE:  # late: the story waits, no time is skipped
                own.resume(now)
                continue
            while own.number < due:
                own.step(self.heard)

    def joined(self, viewers: int) -> None:
        """In a show of one's own nobody else is joined."""

    def send(self, seat: int, id: int, event: AnyEvent, outcome: Outcome) -> None:
        """Record an event in the log of a seat's show; it is in the next frame."""
        own = self._shows[seat]
        own.seq += 1
        at = own.number * NS // 10
        own.entries.append(Entry(own.seq, at, event, name=event.source, role="viewer"))
        outcome(own.seq)
