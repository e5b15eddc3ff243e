"""Shows of viewers' own: each seat plays the story by itself, advanced here and not by the core.

They use the same `advance` as the room's show, without a stage, at ten frames a second. A seat's
show stands still while no page of it is open, so a viewer whose connection was lost continues where
the show was. A restarted process plays the picks of its journal again, as fast as it can, when the
viewer comes back; until that is done the page has no new state.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from xrdrama.adapters.web.audience.hub import Outcome, Refusal
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.view import View
from xrdrama.audience.journal import PLACES_EVERY_S, Journal, KeptShow, Pick
from xrdrama.errors import DeviceError
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


REPLAYED_S: Final = 0.05
"""Seconds of each tenth of a second in which shows are played again after a restart."""
BEGINS_AGAIN: Final = (
    "Your branch could not be continued, so it begins again. Your picks until now are lost."
)
SAID_S: Final = 20.0
"""Seconds of its show for which a page says that a branch begins again."""


class _Own:
    """The show of one seat. `kept` is what a server before this one knew of it."""

    def __init__(self, production: Production, view: View, kept: KeptShow | None = None) -> None:
        self.show: Show = opening(production)
        self.stream = Stream(view)
        self.number = 0
        self.entries: list[Entry] = []
        self.since: float | None = None
        """When its frame 0 would have been shown, in seconds of the clock; None while away."""
        self._picks = list(kept.picks) if kept else []
        self.behind_until = kept.frame if kept else 0
        """Frames before this one are played again, and not sent."""

    def is_behind(self) -> bool:
        """True while it is played again after a restart."""
        return self.number < self.behind_until

    def resume(self, now: float) -> None:
        """Continue from the newest frame."""
        self.since = now - (self.number - 1) * PERIOD

    def again(self) -> None:
        """Make the next frame of a show that is played again."""
        self._take([pick for pick in self._picks if pick.frame == self.number])
        self._picks = [pick for pick in self._picks if pick.frame > self.number]
        self.stream.view.note(self._next())

    def _take(self, picks: list[Pick]) -> None:
        self.entries += [_entry(pick.seq, pick.frame, pick.event) for pick in picks]

    def step(self, heard: Callable[[Frame], None]) -> None:
        """Make the next frame."""
        frame = self._next()
        if self.number > SAID_S / PERIOD:
            self.stream.note = ""
        self.stream.feed(frame)
        heard(frame)

    def _next(self) -> Frame:
        time = FrameTime.of(self.number, RATE)
        entries, self.entries = tuple(self.entries), []
        self.show, frame = advance(self.show, Tick(time, entries))
        self.number += 1
        return frame


def _entry(seq: int, frame: int, event: AnyEvent) -> Entry:
    """An event in the log of an own show; its frame takes it."""
    return Entry(seq, frame * NS // 10, event, name=getattr(event, "source", ""), role="viewer")


class OwnShows:
    """A show for each seat. `view` makes the view of one; `clock` is in seconds; `heard` gets every
    frame, which may say that an event had no effect; `notice` what the terminal should say."""

    def __init__(
        self,
        production: Production,
        view: Callable[[Production], View],
        clock: Callable[[], float],
        heard: Callable[[Frame], None] = lambda _: None,
        *,
        journal: Journal | None = None,
        notice: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._journal, self._notice = journal or Journal(), notice
        self._kept, self._lost = self._journal.kept, self._journal.lost
        self._placed_at = 0.0
        self._has_failed = False
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
            own = self._shows[seat] = self._open(seat)
        own.resume(self._clock())
        self._forget()
        return own.stream

    def _open(self, seat: int) -> _Own:
        """A show that continues where it was before a restart, or a new one."""
        own = _Own(self._production, self._view(self._production), self._kept.pop(seat, None))
        if seat in self._lost:
            self._lost.remove(seat)
            own.stream.note = BEGINS_AGAIN
        if not own.is_behind():
            own.step(self.heard)
        return own

    def _forget(self) -> None:
        away = [seat for seat, own in self._shows.items() if own.since is None]
        forgotten = away[: max(0, len(self._shows) - MOST_KEPT)]
        for seat in forgotten:
            del self._shows[seat]
        self._write(lambda: self._journal.gone(forgotten))

    def _write(self, write: Callable[[], None]) -> None:
        """Write to the journal; one message says that it cannot be written."""
        try:
            write()
        except DeviceError as error:
            if not self._has_failed:
                self._notice(
                    f"where viewers' own shows are is not kept ({error}): after a restart they"
                    " continue from their newest pick"
                )
            self._has_failed = True
        else:
            self._has_failed = False

    def left(self, seat: int) -> None:
        """The show of a seat stands still until a page of it is open again."""
        own = self._shows.get(seat)
        if own is not None:
            own.since = None
            self._shows.move_to_end(seat)

    def advance(self) -> None:
        """Make the frames that are due."""
        now = self._clock()
        self._play_again(now)
        for own in self._shows.values():
            if own.since is None or own.is_behind():
                continue
            due = int((now - own.since) / PERIOD + 1e-6) + 1
            if due - own.number > AT_ONCE:  # late: the story waits, no time is skipped
                own.resume(now)
                continue
            while own.number < due:
                own.step(self.heard)
        if now - self._placed_at >= PLACES_EVERY_S:
            self._placed_at = now
            places = {seat: o.number for seat, o in self._shows.items() if not o.is_behind()}
            self._write(lambda: self._journal.places(places))

    def _play_again(self, now: float) -> None:
        """Bring shows up to where they were before a restart, for a part of the time."""
        until = time.perf_counter() + REPLAYED_S
        for own in self._shows.values():
            if own.since is None or not own.is_behind():
                continue
            while own.is_behind():
                if time.perf_counter() >= until:
                    return
                own.again()
            own.resume(now)
            own.step(self.heard)

    def joined(self, viewers: int) -> None:
        """In a show of one's own nobody else is joined."""

    def send(self, seat: int, id: int, event: AnyEvent, outcome: Outcome) -> None:
        """Record an event in the log of a seat's show; it is in the next frame."""
        own = self._shows[seat]
        try:
            seq, again = self._journal.pick(seat, own.number, id, event)
        except DeviceError as error:
            outcome(Refusal(str(error), "not_recorded"))
            return
        if not again:
            own.entries.append(_entry(seq, own.number, event))
        outcome(seq)
