"""The rule that plays a story: what happens next, and when.

    playthrough = begin(story, seed=7)
    playthrough, happenings = step(playthrough, Due(next_due(playthrough)))
    playthrough, happenings = step(playthrough, Picked("stay", at=now, by="voice"))

`step` and `next_due` are the whole timing interface. All random numbers depend on the seed. The
step rule is SCXML's: one event at a time, run to completion; what is due earlier comes first, and
the order of the file breaks ties. All times are nanoseconds of the show.
"""

from __future__ import annotations

from typing import Final, assert_never

import msgspec

from xrdrama.story.chance import seeded
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import HiddenPlot, Story
from xrdrama.story.stepping.due_times import due_time, is_asking, main_due, script_due
from xrdrama.story.stepping.happenings import (
    Assigned,
    BeatEntered,
    CueCalled,
    Declined,
    Directed,
    Due,
    Ended,
    Forced,
    Found,
    Happening,
    Held,
    InParallel,
    Joined,
    ParallelEnded,
    Picked,
    SoundCalled,
    Spoken,
    StoryEvent,
    Taken,
    TimeScaled,
    Voted,
)
from xrdrama.story.stepping.offering import Offering
from xrdrama.story.stepping.playthrough import Beside, Playthrough, Position, shifted

BESIDE: Final = (
    BeatEntered, Spoken, CueCalled, SoundCalled, Directed, Assigned, Taken, Declined
)  # fmt: skip
"""What can happen beside the main path."""
MAX_ENTERED = 1000
"""Most beats entered at the same time; more means an endless loop."""
MAX_STEPS = 20_000
"""Most steps without a choice; more means an endless loop."""


def begin(
    story: Story,
    *,
    seed: int = 0,
    at: int = 0,
    start: str = "",
    values: dict[str, Value] | None = None,
    time_scale: float = 1.0,
) -> tuple[Playthrough, list[Happening]]:
    """A playthrough that has just entered its first beat, and what happened there.

    `start` and `values` set another first beat and other values, as for rehearsals and demos.
    `time_scale` stretches the windows of choices; infinite: they never close.
    """
    given = values or {}
    first = Playthrough(
        story,
        values=tuple(given.get(v.id, v.init) for v in story.variables),
        visits=(0,) * len(story.order),
        plays=(0,) * story.alternatives,
        dice=seeded(seed),
        time_scale=max(1.0, time_scale),
    )
    opened = _Step.of(first)
    if to := opened.resolved(start or story.start, at):
        opened.enter(to, at)
    return opened.settled(), opened.happenings


def next_due(playthrough: Playthrough) -> int | None:
    """The time of the next due happening; None when the story waits or has ended."""
    return due_time(playthrough)


def step(playthrough: Playthrough, event: StoryEvent) -> tuple[Playthrough, list[Happening]]:
    """The playthrough after one event, and what happened. An event that is not possible changes
    nothing and is `Declined`."""
    opened = _Step.of(playthrough)
    opened.take(event)
    return opened.settled(), opened.happenings


class Reached(msgspec.Struct, frozen=True, gc=False):
    """Where a playthrough has come to: its state, what happened on the way, and the time."""

    playthrough: Playthrough
    happenings: list[Happening]
    at: int
    loops: bool
    """True when it never ends: it was stopped after MAX_STEPS steps without a choice."""


def to_next_choice(playthrough: Playthrough, event: StoryEvent) -> Reached:
    """The playthrough at its next choice or its end, after an event, and all that happened up to
    there, without waiting: the same as to `step` through the event and each `Due` after it.

    A choice is reached when it is open and its script is over, or continues after it closes.
    """
    opened = _Step.of(playthrough)
    opened.take(event)
    at, loops = opened.go_on(event.at)
    return Reached(opened.settled(), opened.happenings, at, loops)


def restart_beat(playthrough: Playthrough, at: int) -> tuple[Playthrough, list[Happening]]:
    """Restart the current beat at `at`, for an undo. It counts as the same visit."""
    opened = _Step.of(playthrough)
    opened.ending, opened.held_at = "", None
    index = opened.current.index
    visits = list(opened.visits)
    visits[index] -= 1
    opened.visits = tuple(visits)
    opened.enter(opened.beat, at)
    return opened.settled(), opened.happenings


class _Step(Offering, gc=False):
    """The rule that steps an opened playthrough by one event."""

    # -- time -----------------------------------------------------------------------------------

    def take(self, event: StoryEvent) -> None:
        self.due(event.at)
        match event:
            case Picked():
                self.pick(event)
            case Due():
                pass
            case Found():
                self.found(event)
            case Forced():
                self.force(event)
            case Held():
                self.hold(event)
            case Voted():
                self.vote(event)
            case Joined():
                self.joined = event.viewers
            case TimeScaled():
                self.time_scale = max(1.0, event.scale)
            case _:
                assert_never(event)

    def due(self, at: int) -> None:
        """Handle everything that is due up to `at`, earliest first."""
        while (due := due_time(self)) is not None and due <= at:
            if self.entered > MAX_ENTERED and due == self.entered_at:
                # `xrdrama check` rejects such a story (G002), but a running show must not stop.
                self.halt(due, f"the story loops at {self.beat!r} without time passing")
                return
            self.one_due(due)

    def go_on(self, now: int) -> tuple[int, bool]:
        """Handle everything that is due until a choice is asked; the time of the last of it, and
        True if there is no end of it."""
        self.entered = 0
        for _ in range(MAX_STEPS):
            if self.has_only_script():
                now = self.read_on()
                continue
            due = due_time(self)
            if due is None or is_asking(self, due):
                return now, False
            now = due
            self.due(due)
        return now, True

    def has_only_script(self) -> bool:
        """True when the next item of the script is due before anything else can be."""
        if self.cursor_at is None or self.pending or self.parallel or self.held_at is not None:
            return False
        if self.entered > MAX_ENTERED:
            return False
        if self.phase != "waiting" or self.current.choice is None:
            return self.phase == "none"
        window = self.current.choice.window
        return window is None or window.opens is None

    def read_on(self) -> int:
        """Read the script to its end, or until something else can be due; the time reached."""
        beat, visits, at = self.current, self.visits, self.began
        while self.cursor_at is not None and not self.pending:
            if self.current is not beat or self.visits is not visits:
                break
            at = self.speak_on(self.cursor_at)
            self.advance_script(at)
        return at

    def one_due(self, due: int) -> None:
        main = main_due(self) if self.parallel else due
        if main is not None and main <= due:
            self.due_here(due)
            return
        number = next(n for n, one in enumerate(self.parallel) if script_due(one.position) == due)
        self.one_beside(number, due)

    def due_here(self, due: int) -> None:
        # Ties: delayed cues, then the script, then the choice: the order of a beat in the file.
        if self.pending and self.pending[0][0] == due:
            self.pending, item = self.pending[1:], self.pending[0][1]
            self.fire(self.current.script[item], due)
        elif self.cursor_at == due:
            self.advance_script(due)
        elif self.phase == "waiting":
            self.show_choice(due)
        elif self.phase == "shown":
            self.open_shown(due)
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
        self.one_item(item, at)

    def script_ended(self, at: int) -> None:
        beat, choice = self.current, self.current.choice
        if choice is None:
            # A beat is over after its minimum time and its delayed cues.
            earliest = max(self.began + beat.lengths.least, *(due for due, _ in self.pending), at)
            if at < earliest:
                self.cursor_at = earliest
                return
        if self.beside and not beat.exits:
            return  # the plot is over: see one_beside
        if beat.ending:
            self.ending = beat.ending.id
            self.happenings.append(Ended(beat.ending.id, at))
        elif beat.returns:
            self.return_from(at)
        elif choice:
            window = choice.window
            if self.phase == "waiting" and (window is None or window.opens is None):
                self.show_choice(at)
        else:
            way = next((exit for exit in beat.exits if self.holds(exit.condition)), None)
            if way:
                self.leave(way, at, option="", by="next")

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
            reason = held or "no hidden plot can be opened here now"
            self.happenings.append(Declined(event, reason, event.at))
            return
        self.used_plots |= {plot.index}
        self.apply(plot.effects)
        if plot.parallel:
            self.begin_beside(plot, event.at)
        elif plot.returns:
            self.detour(plot.to, event.at, by=event.kind, option=plot.id)
        elif to := self.resolved(plot.to, event.at):
            self.happenings.append(self.taken(plot.id, to, event.kind, event.at))
            self.enter(to, event.at)

    def return_from(self, at: int) -> None:
        """Continue what a hidden plot or a detour has interrupted."""
        if not self.interrupted:
            self.halt(at, f"beat {self.beat!r} returns, but nothing was interrupted")
            return
        *rest, back = self.interrupted
        self.interrupted = tuple(rest)
        if back.then:
            self.take_position(back.position)
            if to := self.resolved(back.then, at):
                self.happenings.append(self.taken("", to, "return", at))
                self.enter(to, at)
            return
        self.happenings.append(self.taken("", back.position.beat, "return", at))
        self.take_position(back.position)
        opened = self.opened if back.offers and self.opened is not None else back.left_at
        self.shift(at - opened)
        self.happenings.append(BeatEntered(self.current, at, again=True))
        if back.offers:
            self.show_choice(at)

    # -- hidden plots beside the main path ------------------------------------------------------

    def begin_beside(self, plot: HiddenPlot, at: int) -> None:
        main, before = self.position(), self.happenings
        self.happenings, self.beside = [], plot.id
        if to := self.resolved(plot.to, at):
            self.enter(to, at)
            self.parallel = (*self.parallel, Beside(plot.id, self.position()))
        self.end_beside(main, before, at)

    def one_beside(self, number: int, at: int) -> None:
        """Handle what is due in one of the plots beside the main path."""
        plot, position = self.parallel[number].plot, self.parallel[number].position
        main, before = self.position(), self.happenings
        self.happenings, self.beside = [], plot
        self.take_position(position)
        self.due_here(at)
        goes_on = self.cursor_at is not None or bool(self.pending)
        kept = (Beside(plot, self.position()),) if goes_on else ()
        self.parallel = (*self.parallel[:number], *kept, *self.parallel[number + 1 :])
        self.end_beside(main, before, at)
        if not goes_on:
            self.happenings.append(ParallelEnded(plot, at))

    def end_beside(self, main: Position, before: list[Happening], at: int) -> None:
        """Return to the main path; what happened beside it is marked."""
        plot, self.beside = self.beside, ""
        self.take_position(main)
        marked = [InParallel(plot, one, at) for one in self.happenings if isinstance(one, BESIDE)]
        self.happenings = [*before, *marked]

    def force(self, event: Forced) -> None:
        allowed = self.current.director.force
        if event.beat not in self.story.beats:
            reason = f"there is no beat {event.beat!r}"
        elif allowed is not None and event.beat not in allowed:
            reason = f"{event.beat!r} may not be forced from {self.beat!r}"
        else:
            self.ending, self.held_at, self.interrupted = "", None, ()
            self.parallel = ()
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
            paused = event.at - self.held_at
            self.shift(paused)
            self.parallel = tuple(
                Beside(one.plot, shifted(one.position, paused)) for one in self.parallel
            )
            self.held_at = None
