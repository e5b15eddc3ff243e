"""The rule that plays a story: what happens next, and when.

    playthrough = begin(story, seed=7)
    playthrough, happenings = step(playthrough, Due(next_due(playthrough)))
    playthrough, happenings = step(playthrough, Picked("stay", at=now, by="voice"))

`step` and `next_due` are the whole timing interface. All random numbers depend on the seed. The
step rule is SCXML's: one event at a time, run to completion; what is due earlier comes first, and
the order of the file breaks ties. All times are nanoseconds of the show.
"""

from __future__ import annotations

from typing import assert_never

from xrdrama.story.chance import seeded
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import (
    BREATH,
    CueCall,
    Direction,
    Exit,
    Item,
    Line,
    SoundCall,
    Story,
    Wait,
)
from xrdrama.story.stepping.happenings import (
    BeatEntered,
    ChoiceOpened,
    CueCalled,
    Declined,
    Directed,
    Due,
    Ended,
    Forced,
    Found,
    Happening,
    Held,
    Picked,
    SoundCalled,
    Spoken,
    StoryEvent,
)
from xrdrama.story.stepping.opened import INTERRUPTED, Opened
from xrdrama.story.stepping.playthrough import Interrupted, Playthrough, closing

MAX_ENTERED = 1000
"""Most beats entered at the same time; more means an endless loop."""


def begin(
    story: Story,
    *,
    seed: int = 0,
    at: int = 0,
    start: str = "",
    values: dict[str, Value] | None = None,
) -> tuple[Playthrough, list[Happening]]:
    """A playthrough that has just entered its first beat, and what happened there.

    `start` and `values` set another first beat and other values, as for rehearsals and demos.
    """
    given = values or {}
    first = Playthrough(
        story,
        values=tuple(given.get(v.id, v.init) for v in story.variables),
        visits=(0,) * len(story.order),
        dice=seeded(seed),
    )
    opened = _Step(first)
    opened.enter(start or story.start, at)
    return opened.settled(), opened.happenings


def next_due(playthrough: Playthrough) -> int | None:
    """The time of the next due happening; None when the story waits or has ended."""
    return _next_due(playthrough)


def step(playthrough: Playthrough, event: StoryEvent) -> tuple[Playthrough, list[Happening]]:
    """The playthrough after one event, and what happened. An event that is not possible changes
    nothing and is `Declined`."""
    opened = _Step(playthrough)
    opened.take(event)
    return opened.settled(), opened.happenings


def restart_beat(playthrough: Playthrough, at: int) -> tuple[Playthrough, list[Happening]]:
    """Restart the current beat at `at`, for an undo. It counts as the same visit."""
    opened = _Step(playthrough)
    opened.ending, opened.held_at = "", None
    index = opened.current.index
    visits = list(opened.visits)
    visits[index] -= 1
    opened.visits = tuple(visits)
    opened.enter(opened.beat, at)
    return opened.settled(), opened.happenings


def _next_due(p: Playthrough | _Step) -> int | None:
    if p.held_at is not None or p.ending or not p.beat:
        return None
    due = _choice_due(p)
    if p.cursor_at is not None and (due is None or p.cursor_at < due):
        due = p.cursor_at
    if p.pending and (due is None or p.pending[0][0] < due):
        due = p.pending[0][0]
    return due


def _choice_due(p: Playthrough | _Step) -> int | None:
    choice = p.current.choice
    window = choice.window if choice else None
    if window is None or p.phase == "none":
        return None
    if p.phase == "waiting":
        return None if window.opens is None else p.began + window.opens
    closes = closing(p.current, p.began, p.opened)
    if closes is None:
        return None
    return closes if p.phase == "open" else closes + window.grace


class _Step(Opened):
    """The rule that steps an opened playthrough by one event."""

    # -- time -----------------------------------------------------------------------------------

    def take(self, event: StoryEvent) -> None:
        self.due(event.at)
        match event:
            case Picked():
                self.pick(event)
            case Found():
                self.found(event)
            case Forced():
                self.force(event)
            case Held():
                self.hold(event)
            case Due():
                pass
            case _:
                assert_never(event)

    def due(self, at: int) -> None:
        """Handle everything that is due up to `at`, earliest first."""
        now, entered = -1, 0
        while (due := _next_due(self)) is not None and due <= at:
            entered = entered if due == now else 0
            now = due
            if entered > MAX_ENTERED:
                # `xrdrama check` rejects such a story (G002), but a running show must not stop.
                self.halt(due, f"the story loops at {self.beat!r} without time passing")
                return
            visits = self.visits
            self.one_due(due)
            entered += self.visits is not visits

    def one_due(self, due: int) -> None:
        # Ties: delayed cues, then the script, then the choice: the order of a beat in the file.
        if self.pending and self.pending[0][0] == due:
            self.pending, item = self.pending[1:], self.pending[0][1]
            self.fire(self.current.script[item], due)
        elif self.cursor_at == due:
            self.advance_script(due)
        elif self.phase == "waiting":
            self.open_choice(due)
        elif self.phase == "open":
            self.phase = "grace"
        else:
            self.silence(due)

    # -- the script -----------------------------------------------------------------------------

    def advance_script(self, at: int) -> None:
        script = self.current.script
        if self.cursor >= len(script):
            self.cursor_at = None
            self.script_ended(at)
            return
        item = script[self.cursor]
        self.cursor += 1
        self.cursor_at = at
        if not self.holds(getattr(item, "condition", None)):
            return
        match item:
            case Line():
                self.cursor_at = at + item.lasts + BREATH
                self.happenings.append(Spoken(item, at))
            case Wait():
                self.cursor_at = at + item.lasts
            case CueCall() | SoundCall() if item.after:
                entry = (at + item.after, self.cursor - 1)
                self.pending = tuple(sorted((*self.pending, entry)))
            case CueCall() | SoundCall() | Direction():
                self.fire(item, at)
            case _:
                assert_never(item)

    def fire(self, item: Item, at: int) -> None:
        match item:
            case CueCall():
                self.happenings.append(CueCalled(item, at))
            case SoundCall():
                self.happenings.append(SoundCalled(item, at))
            case Direction():
                self.happenings.append(Directed(item, at))
            case Line() | Wait():
                pass  # they take time: see advance_script
            case _:
                assert_never(item)

    def script_ended(self, at: int) -> None:
        beat = self.current
        if beat.choice is None:
            # A beat is over after its minimum time and its delayed cues.
            earliest = max(self.began + beat.lengths.least, *(due for due, _ in self.pending), at)
            if at < earliest:
                self.cursor_at = earliest
                return
        if beat.ending:
            self.ending = beat.ending.id
            self.happenings.append(Ended(beat.ending.id, at))
        elif beat.returns:
            self.return_from_hidden(at)
        elif beat.choice:
            window = beat.choice.window
            if self.phase == "waiting" and (window is None or window.opens is None):
                self.open_choice(at)
        else:
            way = next((exit for exit in beat.exits if self.holds(exit.condition)), None)
            if way:
                self.leave(way, at, option="", by="next")

    # -- the choice -----------------------------------------------------------------------------

    def open_choice(self, at: int) -> None:
        choice = self.current.choice
        assert choice is not None
        offered = tuple(
            option
            for option in choice.options
            if self.holds(option.condition)
            and not (option.once and option.index in self.used_options)
        )
        self.opened = at
        self.offered = tuple(option.id for option in offered)
        self.phase = "open"
        if not offered and choice.otherwise:
            self.leave(choice.otherwise, at, option="else", by="else")
            return
        self.happenings.append(ChoiceOpened(self.current, offered, at))

    def silence(self, at: int) -> None:
        choice = self.current.choice
        assert choice is not None and choice.otherwise is not None
        self.leave(choice.otherwise, at, option="else", by="timeout")

    def pick(self, event: Picked) -> None:
        reason = self.cannot_pick(event)
        if reason:
            self.happenings.append(Declined(event, reason, event.at))
            return
        choice = self.current.choice
        assert choice is not None
        option = choice.option(event.option)
        assert option is not None
        self.used_options |= {option.index}
        way = Exit(option.to, option.place, None, option.effects)
        self.leave(way, event.at, option=option.id, by=event.by)

    def cannot_pick(self, event: Picked) -> str:
        if self.ending:
            return "the story has ended"
        if self.held_at is not None:
            return "the story is held"
        if self.phase not in ("open", "grace"):
            return "no choice is open"
        if event.option not in self.offered:
            return f"{event.option!r} is not offered at {self.beat!r}"
        closes = closing(self.current, self.began, self.opened)
        began = event.at if event.began is None else event.began
        if closes is not None and began > closes:
            return "the window has closed"
        return ""

    # -- hidden plots and the director ----------------------------------------------------------

    def found(self, event: Found) -> None:
        plot = next(
            (
                plot
                for plot in self.settled().hidden()
                if any(t.kind == event.kind and event.name in t.values for t in plot.triggers)
            ),
            None,
        )
        if plot is None or self.held_at is not None:
            held = "the story is held" if self.held_at is not None else ""
            reason = held or "no hidden plot can be opened there now"
            self.happenings.append(Declined(event, reason, event.at))
            return
        self.used_plots |= {plot.index}
        self.apply(plot.effects)
        self.happenings.append(self.taken(plot.id, plot.to, event.kind, event.at))
        if plot.returns:
            left = {name: getattr(self, name) for name in INTERRUPTED}
            self.interrupted = (*self.interrupted, Interrupted(left_at=event.at, **left))
        self.enter(plot.to, event.at)

    def return_from_hidden(self, at: int) -> None:
        if not self.interrupted:
            self.halt(at, f"beat {self.beat!r} returns, but nothing was interrupted")
            return
        *rest, back = self.interrupted
        self.interrupted = tuple(rest)
        self.happenings.append(self.taken("", back.beat, "return", at))
        for name in INTERRUPTED:
            setattr(self, name, getattr(back, name))
        self.shift(at - back.left_at)
        self.happenings.append(BeatEntered(self.current, at, again=True))

    def force(self, event: Forced) -> None:
        allowed = self.current.director.force
        if event.beat not in self.story.beats:
            reason = f"there is no beat {event.beat!r}"
        elif allowed is not None and event.beat not in allowed:
            reason = f"{event.beat!r} may not be forced from {self.beat!r}"
        else:
            self.ending, self.held_at, self.interrupted = "", None, ()
            self.happenings.append(self.taken("", event.beat, "director", event.at))
            self.enter(event.beat, event.at)
            return
        self.happenings.append(Declined(event, reason, event.at))

    def hold(self, event: Held) -> None:
        if event.on == (self.held_at is not None):
            return
        if event.on:
            if not self.current.director.hold:
                reason = f"{self.beat!r} may not be held"
                self.happenings.append(Declined(event, reason, event.at))
                return
            self.held_at = event.at
        elif self.held_at is not None:
            self.shift(event.at - self.held_at)
            self.held_at = None
