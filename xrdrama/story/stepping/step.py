"""Playing a story: what happens next, and when.

    playthrough = begin(story, seed=7)
    playthrough, happenings = step(playthrough, Due(next_due(playthrough)))
    playthrough, happenings = step(playthrough, Picked("stay", at=now, by="voice"))

`step` and `next_due` are the whole timing interface. Nothing is random that the seed does not
decide. The step rule is SCXML's: one event at a time, run to completion; what is due earlier comes
first, and the order of the file breaks ties. All times are nanoseconds of the show.
"""

from __future__ import annotations

from xrdrama.story.chance import seeded
from xrdrama.story.expressions.expression import Expression, Scope, Value
from xrdrama.story.model import (
    BREATH,
    Beat,
    CueCall,
    Direction,
    Effect,
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
    Taken,
)
from xrdrama.story.stepping.playthrough import Interrupted, Phase, Playthrough, closing

MAX_ENTERED = 1000
"""Beats entered at one moment; more is a circle."""


def begin(
    story: Story,
    *,
    seed: int = 0,
    at: int = 0,
    start: str = "",
    values: dict[str, Value] | None = None,
) -> tuple[Playthrough, list[Happening]]:
    """A playthrough that has just entered its first beat, and what happened there.

    `start` and `values` begin elsewhere in the story, as rehearsals and demos do.
    """
    given = values or {}
    first = Playthrough(
        story,
        values=tuple(given.get(v.id, v.init) for v in story.variables),
        visits=(0,) * len(story.order),
        dice=seeded(seed),
    )
    stage = _Stage(first)
    stage.enter(start or story.start, at)
    return stage.settled(), stage.happenings


def next_due(playthrough: Playthrough) -> int | None:
    """When something happens next by itself; None when the story waits or has ended."""
    return _next_due(playthrough)


def step(playthrough: Playthrough, event: StoryEvent) -> tuple[Playthrough, list[Happening]]:
    """The playthrough after one event, and what happened. An event that cannot be followed
    changes nothing and is `Declined`."""
    stage = _Stage(playthrough)
    stage.take(event)
    return stage.settled(), stage.happenings


def anew(playthrough: Playthrough, at: int) -> tuple[Playthrough, list[Happening]]:
    """The current beat begun anew at `at`: the way back of an undo. Counts as the same visit."""
    stage = _Stage(playthrough)
    stage.ending, stage.held_at = "", None
    index = stage.current.index
    visits = list(stage.visits)
    visits[index] -= 1
    stage.visits = tuple(visits)
    stage.enter(stage.beat, at)
    return stage.settled(), stage.happenings


def _next_due(p: Playthrough | _Stage) -> int | None:
    if p.held_at is not None or p.ending or not p.beat:
        return None
    due = _choice_due(p)
    if p.cursor_at is not None and (due is None or p.cursor_at < due):
        due = p.cursor_at
    if p.pending and (due is None or p.pending[0][0] < due):
        due = p.pending[0][0]
    return due


def _choice_due(p: Playthrough | _Stage) -> int | None:
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


class _Stage:
    """A playthrough opened up for one step; fields change, `settled` closes it again."""

    def __init__(self, p: Playthrough) -> None:
        self.p = p
        self.happenings: list[Happening] = []
        for name in _FIELDS:
            setattr(self, name, getattr(p, name))

    story: Story
    beat: str
    began: int
    cursor: int
    cursor_at: int | None
    pending: tuple[tuple[int, int], ...]
    phase: Phase
    opened: int | None
    offered: tuple[str, ...]
    values: tuple[Value, ...]
    visits: tuple[int, ...]
    dice: int
    used_options: frozenset[int]
    used_plots: frozenset[int]
    interrupted: tuple[Interrupted, ...]
    held_at: int | None
    ending: str

    def settled(self) -> Playthrough:
        return Playthrough(**{name: getattr(self, name) for name in _FIELDS})

    @property
    def current(self) -> Beat:
        return self.story.beats[self.beat]

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

    def due(self, at: int) -> None:
        """All that is due up to `at`, earliest first."""
        now, entered = -1, 0
        while (due := _next_due(self)) is not None and due <= at:
            entered = entered if due == now else 0
            now = due
            if entered > MAX_ENTERED:
                # `xrdrama check` refuses such a story (G002); a show that runs one must not stop.
                self.halt(due, f"the story runs in a circle without time at {self.beat!r}")
                return
            visits = self.visits
            self.one_due(due)
            entered += self.visits is not visits

    def halt(self, at: int, reason: str) -> None:
        """Stand still until the director forces another beat."""
        self.cursor_at, self.pending, self.phase = None, (), "none"
        self.happenings.append(Declined(Due(at), reason, at))

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
            case _:
                self.fire(item, at)

    def fire(self, item: Item, at: int) -> None:
        match item:
            case CueCall():
                self.happenings.append(CueCalled(item, at))
            case SoundCall():
                self.happenings.append(SoundCalled(item, at))
            case Direction():
                self.happenings.append(Directed(item, at))

    def script_ended(self, at: int) -> None:
        beat = self.current
        if beat.choice is None:
            # A beat is over when it has taken its least time and its delayed cues have come.
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

    def holds(self, condition: Expression | None) -> bool:
        if condition is None:
            return True
        return bool(condition.run(Scope(list(self.values), self.visits, self.dice)))

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
            return "nothing is open"
        if event.option not in self.offered:
            return f"{event.option!r} is not offered at {self.beat!r}"
        closes = closing(self.current, self.began, self.opened)
        began = event.at if event.began is None else event.began
        if closes is not None and began > closes:
            return "too late"
        return ""

    # -- moving ---------------------------------------------------------------------------------

    def leave(self, way: Exit, at: int, *, option: str, by: str) -> None:
        self.apply(way.effects)
        self.happenings.append(self.taken(option, way.to, by, at))
        self.enter(way.to, at)

    def taken(self, option: str, to: str, by: str, at: int) -> Taken:
        choice = self.current.choice
        return Taken(self.beat, choice.id if choice else "", option, to, by, at)

    def apply(self, effects: tuple[Effect, ...]) -> None:
        if not effects:
            return
        scope = Scope(list(self.values), self.visits, self.dice)
        for effect in effects:
            scope.values[effect.slot] = _clamped(effect, effect.value.run(scope))
        self.values, self.dice = tuple(scope.values), scope.dice

    def enter(self, name: str, at: int) -> None:
        beat = self.story.beats[name]
        self.beat, self.began = name, at
        self.cursor, self.cursor_at, self.pending = 0, at, ()
        self.phase = "waiting" if beat.choice else "none"
        self.opened, self.offered = None, ()
        visits = list(self.visits)
        visits[beat.index] += 1
        self.visits = tuple(visits)
        self.happenings.append(BeatEntered(beat, at))

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
            reason = held or "nothing is hidden there now"
            self.happenings.append(Declined(event, reason, event.at))
            return
        self.used_plots |= {plot.index}
        self.apply(plot.effects)
        self.happenings.append(self.taken(plot.id, plot.to, event.kind, event.at))
        if plot.returns:
            left = {name: getattr(self, name) for name in _INTERRUPTED}
            self.interrupted = (*self.interrupted, Interrupted(left_at=event.at, **left))
        self.enter(plot.to, event.at)

    def return_from_hidden(self, at: int) -> None:
        if not self.interrupted:
            self.halt(at, f"beat {self.beat!r} returns, but nothing was interrupted")
            return
        *rest, back = self.interrupted
        self.interrupted = tuple(rest)
        self.happenings.append(self.taken("", back.beat, "return", at))
        for name in _INTERRUPTED:
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

    def shift(self, by: int) -> None:
        """Move all that is still to come: the story stood still for so long."""
        self.began += by
        self.cursor_at = None if self.cursor_at is None else self.cursor_at + by
        self.opened = None if self.opened is None else self.opened + by
        self.pending = tuple((at + by, item) for at, item in self.pending)


def _clamped(effect: Effect, value: Value) -> Value:
    kind = effect.kind
    if not kind.is_number or isinstance(value, str | bool):
        return value
    return type(kind.least)(min(kind.most, max(kind.least, value)))


_FIELDS = Playthrough.__struct_fields__
_INTERRUPTED = tuple(name for name in Interrupted.__struct_fields__ if name != "left_at")
