"""The moves of a story: what can follow at a place, as the runtime plays it (`story.stepping`).

Not followed: the director's force and undo. Everything that the audience may do or not do, markers
that open hidden plots, and every random number are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xrdrama.authoring.proving.layout import Layout
from xrdrama.authoring.proving.spots import Move, Span, Spot, exactly
from xrdrama.authoring.proving.world import World
from xrdrama.story import Beat, Story
from xrdrama.story.model import (
    BREATH,
    CueCall,
    Exit,
    HiddenPlot,
    Item,
    Line,
    Option,
    SoundCall,
    Wait,
)
from xrdrama.timing import NS

ELSE = "else"
UNTIMED_ANSWER = 5 * NS
"""How long a typical answer takes where a choice has no time limit: an assumption."""


class Segment(NamedTuple):
    """A stretch of a script in which nothing changes but time."""

    cursor: int
    time: int
    pending: int
    """When the last delayed cue is due, from the beginning of the beat."""


class Steps:
    """Makes the moves from a place, in a world that decides what is not determined."""

    def __init__(self, story: Story, layout: Layout, *, timed: bool) -> None:
        self.story, self.layout, self.timed = story, layout, timed
        self.clocked = {beat.id for beat in story.order if _needs_clock(beat)}

    # -- what the story does --------------------------------------------------------------------

    def go_on(self, spot: Spot, world: World) -> Move | None:
        """What follows at a place without a marker; None when nothing does."""
        beat = self.story.beats.get(spot.beat)
        if beat is None or spot.phase in ("stuck", "end"):
            return None
        if spot.phase == "open":
            return self.answer(spot, beat, world, 0)
        segment = self.segment(spot, beat, world)
        after = self.later(spot, segment)
        opens = _opens(beat)
        if opens is not None and spot.clock[0] + segment.time >= opens:
            if segment.cursor < len(beat.script):
                for item in beat.script[segment.cursor :]:
                    world.holds(getattr(item, "condition", None))
            return self.open(after, beat, world, segment.time)
        if segment.cursor < len(beat.script):
            return Move("", after, exactly(segment.time))
        return self.finish(after, beat, world, segment.time)

    def later(self, spot: Spot, segment: Segment) -> Spot:
        """The place after a segment; the clock is kept only where it matters."""
        clock = (0, 0)
        if spot.beat in self.clocked:
            clock = (spot.clock[0] + segment.time, segment.pending)
        return spot._replace(cursor=segment.cursor, clock=clock)

    def segment(self, spot: Spot, beat: Beat, world: World) -> Segment:
        """The script from a place up to the next item that may change with the values, if a hidden
        plot can change them; else up to its end."""
        time, (began, pending), cursor = 0, spot.clock, spot.cursor
        opens = _opens(beat)
        while cursor < len(beat.script):
            if opens is not None and began + time > opens:
                return Segment(cursor, max(0, opens - began), pending)
            item = beat.script[cursor]
            condition = getattr(item, "condition", None)
            if beat.hidden and time and condition is not None and self.timed:
                return Segment(cursor, time, pending)
            cursor += 1
            if self.timed and not world.holds(condition):
                continue
            time += _lasts(item)
            if isinstance(item, CueCall | SoundCall) and item.after:
                pending = max(pending, began + time + item.after)
        if opens is not None:
            return Segment(cursor, max(time, opens - began), pending)
        if beat.choice is None:
            time = max(began + time, beat.lengths.least, pending) - began
        return Segment(cursor, time, pending)

    def finish(self, spot: Spot, beat: Beat, world: World, time: int) -> Move:
        """What follows at the end of a script."""
        if beat.ending:
            return Move("", Spot(beat.ending.id, "end"), exactly(time))
        if beat.returns:
            return self.back(spot, time)
        if beat.choice:
            return self.open(spot, beat, world, time)
        for way in beat.exits:
            if world.holds(way.condition):
                return Move("", self.leave(way, spot, world), exactly(time), enters=True)
        return Move("", self.stuck(spot), exactly(time))

    def back(self, spot: Spot, time: int) -> Move:
        """The return from a hidden plot."""
        if not spot.stack:
            return Move("", self.stuck(spot), exactly(time))
        first, *rest = spot.stack
        return Move("", first._replace(stack=tuple(rest)), exactly(time), back=True)

    def stuck(self, spot: Spot) -> Spot:
        """The place where nothing follows any more."""
        return Spot(spot.beat, "stuck", stack=spot.stack)

    def leave(self, way: Exit, spot: Spot, world: World) -> Spot:
        """Take a path."""
        world.apply(way.effects)
        return self.enter(way.to, spot.stack, world)

    def enter(self, name: str, stack: tuple[Spot, ...], world: World) -> Spot:
        """The beginning of a beat."""
        world.count(self.layout.visits.get(self.story.beats[name].index))
        return Spot(name, stack=stack)

    # -- choices --------------------------------------------------------------------------------

    def open(self, spot: Spot, beat: Beat, world: World, time: int) -> Move:
        """A choice opens: its options are those that are available now."""
        choice = beat.choice
        assert choice is not None
        offered = [option for option in choice.options if self.is_available(option, world)]
        world.facts.offered.update(option.text_id for option in offered)
        if not offered and choice.otherwise:
            return Move("", self.leave(choice.otherwise, spot, world), exactly(time), enters=True)
        now = spot._replace(
            phase="open",
            cursor=0,
            offered=tuple(option.id for option in offered),
            left=_left(beat, spot.clock[0]),
            clock=(0, 0),
        )
        if beat.hidden:
            return Move("", now, exactly(time))
        return self.answer(now, beat, world, time) or Move("", self.stuck(spot), exactly(time))

    def is_available(self, option: Option, world: World) -> bool:
        """True when an option can be offered now."""
        if not world.holds(option.condition):
            return False
        return not (option.once and world.get(self.layout.options[option.index]))

    def answer(self, spot: Spot, beat: Beat, world: World, time: int) -> Move | None:
        """One of the answers to an open choice; None when nothing follows."""
        choice = beat.choice
        assert choice is not None
        pickable = spot.offered if spot.left is None or spot.left > 0 else ()
        acts = [*pickable, *([ELSE] if spot.left is not None else [])]
        if not acts:
            return None
        act = acts[world.oracle.choose(len(acts))]
        if act == ELSE:
            assert choice.otherwise is not None and spot.left is not None
            to = self.leave(choice.otherwise, spot, world)
            return Move(ELSE, to, exactly(time + spot.left), enters=True)
        option = choice.option(act)
        assert option is not None
        world.count(self.layout.options.get(option.index))
        to = self.leave(Exit(option.to, option.place, None, option.effects), spot, world)
        return Move(act, to, exactly(time) + _answering(beat, spot.left, time), enters=True)

    # -- hidden plots ---------------------------------------------------------------------------

    def find(self, spot: Spot, world: World) -> Move | None:
        """One of the hidden plots that can be opened at a place; None when nothing follows."""
        beat = self.story.beats.get(spot.beat)
        time = None if beat is None else self.time_at(spot, beat, world)
        if beat is None or time == 0:
            return None
        found = list(self.openable(beat, world))
        if not found:
            return None
        plot, act = found[world.oracle.choose(len(found))]
        world.facts.plots.add(plot.index)
        world.set(self.layout.plots[plot.index], 1)
        world.apply(plot.effects)
        stack = (spot._replace(stack=()), *spot.stack) if plot.returns else spot.stack
        waited = Span() if plot.returns else Span(0, (time or 0) // 2, time)
        return Move(act, self.enter(plot.to, stack, world), waited, enters=True)

    def time_at(self, spot: Spot, beat: Beat, world: World) -> int | None:
        """The time that passes at a place before the story continues; None without limit."""
        if spot.phase == "run":
            return self.segment(spot, beat, world).time
        return spot.left if spot.phase == "open" else None

    def openable(self, beat: Beat, world: World) -> Sequence[tuple[HiddenPlot, str]]:
        """The hidden plots that can be opened now, each with what must be found. Of plots with the
        same trigger, the first one opens."""
        found: list[tuple[HiddenPlot, str]] = []
        taken: set[str] = set()
        for plot in beat.hidden:
            if world.get(self.layout.plots[plot.index]) or not world.holds(plot.condition):
                continue
            triggers = [f"{t.kind}:{value}" for t in plot.triggers for value in t.values]
            free = [one for one in triggers if one not in taken]
            taken.update(triggers)
            if free:
                found.append((plot, free[0]))
        return found


def _opens(beat: Beat) -> int | None:
    """When the choice opens at a set time, from the beginning of the beat."""
    window = beat.choice.window if beat.choice else None
    return window.opens if window else None


def _lasts(item: Item) -> int:
    if isinstance(item, Line):
        return item.lasts + BREATH
    return item.lasts if isinstance(item, Wait) else 0


def _left(beat: Beat, opened: int) -> int | None:
    """The time from the opening of a choice to its `else`, with the grace."""
    window = beat.choice.window if beat.choice else None
    if window is None or not window.is_timed:
        return None
    if window.closes is not None:
        return max(opened, window.closes) + window.grace - opened
    return (window.lasts or 0) + window.grace


def _answering(beat: Beat, left: int | None, time: int) -> Span:
    """How long an answer takes: at once, half of the window, the whole window; or as the author
    plans the beat."""
    planned = beat.lengths.typical
    typical = UNTIMED_ANSWER if left is None else left // 2
    if planned is not None and not beat.hidden:
        typical = max(0, planned - time)
    most = left
    if left is None and beat.lengths.most is not None and not beat.hidden:
        most = max(typical, beat.lengths.most - time)
    if most is not None:
        typical = min(typical, most)
    return Span(0, typical, most)


def _needs_clock(beat: Beat) -> bool:
    """True when what can happen in a beat depends on the time since it began."""
    window = beat.choice.window if beat.choice else None
    if window is not None:
        return window.opens is not None or window.closes is not None
    return bool(beat.hidden) and beat.choice is None
