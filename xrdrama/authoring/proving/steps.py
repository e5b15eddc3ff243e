"""The moves of a story: what can follow at a place, as the runtime plays it (`story.stepping`).

Not followed: what the director does, and windows that a viewer prefers to be longer. Everything
that the audience may do or not do, markers that open hidden plots, and every random number are.
"""

from __future__ import annotations

from typing import Final

from xrdrama.authoring.proving.relevance import Relevance
from xrdrama.authoring.proving.scripts import NONE, Scripts, shows_at
from xrdrama.authoring.proving.spots import Move, Span, Spot, exactly
from xrdrama.authoring.proving.turns import chosen_turn, count_turn, may_play
from xrdrama.authoring.proving.world import World
from xrdrama.story import Beat
from xrdrama.story.model import Detour, Exit, Option
from xrdrama.timing import NS

ELSE: Final = "else"
UNTIMED_ANSWER: Final = 5 * NS
"""How long a typical answer takes where a choice has no time limit: an assumption."""
_MOST_GROUPS: Final = 100
UNKNOWN: Final = -1
"""The delay of the rest of a script whose choice is offered again: it depends on when the option
was picked."""


class Steps:
    """Makes the moves of the main path from a place, in a world that decides what is not
    determined."""

    def __init__(self, relevance: Relevance) -> None:
        self.relevance, self.story, self.layout = relevance, relevance.story, relevance.layout
        self.scripts = Scripts(relevance)
        self.pauses = self.scripts.pauses

    def go_on(self, spot: Spot, world: World) -> Move | None:
        """What follows at a place without a marker; None when nothing does."""
        beat = self.story.beats[spot.beat]
        if spot.phase == "offer":
            return self.open(spot, beat, world, NONE, delay=UNKNOWN)
        if spot.phase == "open":
            return self.answer(spot, beat, world, NONE)
        return self.run(spot, beat, world) if spot.phase == "run" else None

    # -- the script -----------------------------------------------------------------------------

    def run(self, spot: Spot, beat: Beat, world: World) -> Move:
        """Play the script from a place: to its end if nothing can interrupt it."""
        span = NONE
        while True:
            segment = self.scripts.segment(spot, beat, world)
            spot, span = (
                self.later(spot, segment.cursor, segment.span, segment.pending),
                span.then(segment.span),
            )
            if segment.opens:
                return self.open(spot, beat, world, span, delay=segment.delay)
            if segment.cursor >= len(beat.script):
                return self.finish(spot, beat, world, span)
            paused = spot.beat in self.pauses
            if paused and span.passes:
                return Move("", spot, span)
            item = beat.script[spot.cursor]
            if isinstance(item, Detour):
                move = self.script_detour(item, spot, world, span)
                if move is not None:
                    return move
                spot = spot._replace(cursor=spot.cursor + 1)
            else:
                spot = spot._replace(cursor=self.scripts.changed(spot, beat, world))
            if paused:
                return Move("", spot, span)

    def later(self, spot: Spot, cursor: int, span: Span, pending: int) -> Spot:
        """The place after a stretch of a script; the clock is kept only where it matters."""
        clock = (0, 0)
        if spot.beat in self.relevance.clocked:
            clock = (spot.clock[0] + span.least, pending)
        return spot._replace(cursor=cursor, clock=clock)

    def script_detour(self, item: Detour, spot: Spot, world: World, span: Span) -> Move | None:
        """The detour of a script; None if its condition is false."""
        if not world.holds(item.condition):
            return None
        back = spot._replace(cursor=spot.cursor + 1)
        return self.entering("", item.to, spot, world, span, waiting=back)

    def finish(self, spot: Spot, beat: Beat, world: World, span: Span) -> Move:
        """What follows at the end of a script."""
        if beat.ending:
            return Move("", Spot(beat.ending.id, "end"), span)
        if beat.returns:
            return self.back(spot, world, span)
        if beat.choice:
            return self.open(spot, beat, world, span)
        for way in beat.exits:
            if world.holds(way.condition):
                return self.leave("", way, spot, world, span)
        return Move("", self.stuck(spot), span)

    def back(self, spot: Spot, world: World, span: Span) -> Move:
        """The return from a hidden plot or a detour."""
        if not spot.stack:
            return Move("", self.stuck(spot), span)
        first, *rest = spot.stack
        to = first._replace(stack=tuple(rest), beside=spot.beside)
        if first.phase == "then":
            return self.entering("", first.offered[0], to, world, span)
        return Move("", to, span, back=True)

    def stuck(self, spot: Spot) -> Spot:
        """The place where nothing follows any more."""
        return Spot(spot.beat, "stuck", stack=spot.stack, beside=spot.beside)

    # -- ways -----------------------------------------------------------------------------------

    def leave(self, act: str, way: Exit, spot: Spot, world: World, span: Span) -> Move:
        """Take a path."""
        world.apply(way.effects)
        return self.entering(act, way.to, spot, world, span)

    def entering(
        self, act: str, name: str, spot: Spot, world: World, span: Span, *,
        waiting: Spot | None = None,
    ) -> Move:  # fmt: skip
        """The move into a beat or a storylet; `waiting` is what continues after a return."""
        beat = self.resolved(name, world)
        if beat is None:
            return Move(act, self.stuck(spot), span)
        stack = spot.stack
        if waiting is not None:
            stack = (waiting._replace(stack=(), beside=()), *stack)
        return Move(act, self.enter(beat, stack, spot.beside, world), span, enters=True)

    def enter(
        self, name: str, stack: tuple[Spot, ...], beside: tuple[tuple[int, Spot], ...], world: World
    ) -> Spot:
        """The beginning of a beat."""
        beat = self.story.beats[name]
        world.count(self.layout.visits.get(beat.index))
        turns = self.relevance.storylets.get(beat.storylet)
        if turns is not None:
            number = self.story.storylets[beat.storylet].beats.index(name)
            count_turn(turns, number, world)
        return Spot(name, stack=stack, beside=beside)

    def resolved(self, name: str, world: World) -> str | None:
        """The beat that a path leads to: of a storylet group, the chosen one;  None if no
        beat is available."""
        for _ in range(_MOST_GROUPS):
            group = self.story.storylets.get(name)
            if group is None:
                return name
            turns = self.relevance.storylets[name]
            available = [
                number
                for number, one in enumerate(group.beats)
                if may_play(turns.turns[number], world) and world.holds(self.story.beats[one].when)
            ]
            number = chosen_turn(turns, available, world)
            if number is not None:
                return group.beats[number]
            if group.otherwise is None:
                return None
            world.apply(group.otherwise.effects)
            name = group.otherwise.to
        return None

    # -- choices --------------------------------------------------------------------------------

    def open(self, spot: Spot, beat: Beat, world: World, span: Span, *, delay: int = 0) -> Move:
        """A choice is displayed: its options are those that are available now."""
        choice = beat.choice
        assert choice is not None
        offered = self.available(beat, world)
        world.facts.offered.update(option.text_id for option in offered)
        if not offered and choice.otherwise:
            return self.leave("", choice.otherwise, spot, world, span)
        more = self.scripts.has_more(beat, spot.cursor)
        if not more:
            self.scripts.note_rest(beat, spot.cursor, world)
        wait = choice.window.shows if choice.window else 0
        opened = spot.clock[0] + wait
        now = spot._replace(
            phase="open",
            cursor=spot.cursor if more else len(beat.script),
            offered=tuple(option.id for option in offered),
            wait=wait,
            left=_left(beat, opened, wait),
            clock=(opened, delay if more else 0) if beat.id in self.relevance.clocked else (0, 0),
        )
        if more or beat.id in self.pauses:
            return Move("", now, span)
        return self.answer(now, beat, world, span) or Move("", self.stuck(spot), span)

    def available(self, beat: Beat, world: World) -> list[Option]:
        """The options that can be offered now."""
        found = [
            option
            for option in (beat.choice.options if beat.choice else ())
            if world.holds(option.condition)
            and not (option.once and world.get(self.layout.options[option.index]))
        ]
        return [option for option in found if not option.fallback] or found

    def answer(self, spot: Spot, beat: Beat, world: World, before: Span) -> Move | None:
        """One of the answers to an open choice, or what the rest of the script does; None when
        nothing follows."""
        later = self.rest(spot, beat, world)
        until = spot.left if later is None or spot.clock[1] == UNKNOWN else later.span.least
        acts = list(spot.offered if until is None or until > spot.wait else ())
        if later is not None:
            acts.append("")
        if spot.left is not None and (later is None or spot.clock[1] == UNKNOWN):
            acts.append(ELSE)
        if not acts:
            return None
        act = acts[world.oracle.choose(len(acts))]
        if act == "":
            return later and self.played_on(later, beat, world)
        choice = beat.choice
        assert choice is not None
        if act == ELSE:
            assert choice.otherwise is not None and spot.left is not None
            span = before.then(exactly(spot.left))
            return self.leave(ELSE, choice.otherwise, spot, world, span)
        option = choice.option(act)
        assert option is not None
        if _only_voted(option) and later is None and spot.left is not None:
            span = before.then(exactly(spot.left))  # votes are counted when the window closes
        else:
            span = before.then(_answering(beat, spot.wait, until, before.typical))
        return self.picked(option, spot, world, span)

    def picked(self, option: Option, spot: Spot, world: World, span: Span) -> Move:
        """An option is picked."""
        world.count(self.layout.options.get(option.index))
        if not option.detour:
            way = Exit(option.to, option.place, None, option.effects)
            return self.leave(option.id, way, spot, world, span)
        world.apply(option.effects)
        if option.to:
            waiting = Spot(spot.beat, "then", offered=(option.to,))
        else:
            waiting = spot._replace(phase="offer", offered=(), wait=0, left=None)
        return self.entering(option.id, option.detour, spot, world, span, waiting=waiting)

    def rest(self, spot: Spot, beat: Beat, world: World) -> Move | None:
        """The rest of a script while its choice is open, up to the next item that changes
        something; None if the choice closes before."""
        if not self.scripts.has_more(beat, spot.cursor):
            return None
        time, here = max(0, spot.clock[1]), spot
        while here.cursor < len(beat.script):
            segment = self.scripts.segment(here, beat, world)
            time, here = time + segment.span.least, here._replace(cursor=segment.cursor)
            if any(self.relevance.controls[beat.id][here.cursor : here.cursor + 1]):
                break
        unknown = spot.clock[1] == UNKNOWN
        world.facts.wider = world.facts.wider or unknown
        late = spot.left is not None and spot.left < time and not unknown
        if here.cursor >= len(beat.script) or late:
            return None
        left = spot.left if unknown or spot.left is None else max(0, spot.left - time)
        to = here._replace(wait=max(0, spot.wait - time), left=left, clock=(spot.clock[0], 0))
        return Move("", to, Span(0, time, time) if unknown else exactly(time))

    def played_on(self, move: Move, beat: Beat, world: World) -> Move:
        """Play the item that changes something, while the choice is open."""
        spot = move.to
        item = beat.script[spot.cursor]
        if isinstance(item, Detour):
            found = self.script_detour(item, spot, world, move.span)
            if found is not None:
                return found
            return move._replace(to=spot._replace(cursor=spot.cursor + 1))
        return move._replace(to=spot._replace(cursor=self.scripts.changed(spot, beat, world)))


def _left(beat: Beat, opened: int, wait: int) -> int | None:
    """The time from when a choice is displayed to its `else`, with the grace."""
    window = beat.choice.window if beat.choice else None
    if window is None or not window.is_timed:
        return None
    lasts = window.lasts or 0
    if window.closes is not None:
        lasts = max(0, window.closes - opened)
    return wait + lasts + window.grace


def _only_voted(option: Option) -> bool:
    """True when nothing but votes picks an option."""
    return option.voted and all(trigger.kind == "vote" for trigger in option.triggers)


def _answering(beat: Beat, wait: int, left: int | None, before: int) -> Span:
    """How long an answer takes: at once, half of the window, the whole window; or as the author
    plans the beat."""
    typical = wait + (UNTIMED_ANSWER if left is None else (left - wait) // 2)
    planned = not beat.hidden
    if planned and beat.lengths.typical is not None:
        typical = max(wait, beat.lengths.typical - before)
    most = left
    if left is None and planned and beat.lengths.most is not None:
        most = max(typical, beat.lengths.most - before)
    return Span(wait, typical if most is None else min(typical, most), most)


__all__ = ["ELSE", "UNTIMED_ANSWER", "Steps", "shows_at"]
