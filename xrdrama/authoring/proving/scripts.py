"""How a script continues in the states of a search: stretches in which only time passes, and items
that change something."""

from __future__ import annotations

from typing import NamedTuple

from xrdrama.authoring.proving.relevance import Relevance
from xrdrama.authoring.proving.spots import Span, Spot, exactly
from xrdrama.authoring.proving.turns import chosen_turn, count_turn, may_play
from xrdrama.authoring.proving.world import World
from xrdrama.story import Beat
from xrdrama.story.model import (
    Assign,
    CueCall,
    Direction,
    Group,
    Item,
    Jump,
    Line,
    SoundCall,
    Wait,
)
from xrdrama.story.reading import BREATH

NONE = exactly(0)


class Segment(NamedTuple):
    """A stretch of a script: the index of the item after it, and how long it takes."""

    cursor: int
    span: Span
    pending: int
    """When the last delayed cue is due, from the beginning of the beat."""
    opens: bool = False
    """True if a choice with a set time opens at its end."""
    delay: int = 0
    """Then: the time from there to the item, as one that takes time is playing."""


class Scripts:
    """Follows the scripts of a story."""

    def __init__(self, relevance: Relevance) -> None:
        self.relevance = relevance
        self.pauses, self.timed = relevance.pauses, relevance.followed

    def segment(self, spot: Spot, beat: Beat, world: World) -> Segment:
        """The script from a place up to the next item that changes something, or may change with
        the values while they can change; else up to its end."""
        span, (began, pending), cursor = NONE, spot.clock, spot.cursor
        shows, controls = shows_at(beat), self.relevance.controls[beat.id]
        opening = shows is not None and spot.phase == "run"
        while cursor < len(beat.script):
            if opening and shows is not None and began + span.least > shows:
                delay = began + span.least - max(began, shows)
                return Segment(cursor, exactly(max(0, shows - began)), pending, True, delay)
            item = beat.script[cursor]
            if isinstance(item, Jump):
                cursor = item.to
                continue
            if controls[cursor] or (span.passes and self._may_change(beat, item)):
                return Segment(cursor, span, pending)
            lasts, delayed = self.shown(item, beat, cursor, world)
            pending = max(pending, began + span.least + delayed) if delayed else pending
            span = span.then(lasts)
            cursor = item.end if isinstance(item, Group) else cursor + 1
        if opening and shows is not None:
            return Segment(cursor, span.at_least(shows - began), pending, opens=True)
        if beat.choice is None:
            span = span.at_least(max(beat.lengths.least, pending) - began)
        return Segment(cursor, span, pending)

    def _may_change(self, beat: Beat, item: Item) -> bool:
        if beat.id not in self.timed or beat.id not in self.pauses:
            return False
        return isinstance(item, Group) or getattr(item, "condition", None) is not None

    def shown(self, item: Item, beat: Beat, index: int, world: World) -> tuple[Span, int]:
        """How long an item takes that changes nothing, and the delay of a cue."""
        if isinstance(item, Group):
            return self._alternatives(item, beat, world), 0
        if isinstance(item, Direction) or (
            beat.id in self.timed and not world.holds(getattr(item, "condition", None))
        ):
            return NONE, 0
        if isinstance(item, Line):
            return exactly(item.lasts + BREATH), 0
        if isinstance(item, Wait):
            return exactly(item.lasts), 0
        return NONE, item.after if isinstance(item, CueCall | SoundCall) else 0

    def _alternatives(self, group: Group, beat: Beat, world: World) -> Span:
        """How long alternatives take that change nothing: any that is available may be played."""
        spans = []
        none = True
        for one in group.alternatives:
            if beat.id in self.timed and not world.holds(one.condition):
                continue
            spans.append(self._alternative(beat, one.start, world))
            if not one.once and group.choose != "once":
                none = False
                if group.choose == "first":
                    break
        if none or beat.id not in self.timed:
            spans.append(NONE)
        most = max(span.most or 0 for span in spans)
        typical = sum(span.typical for span in spans) // len(spans)
        return Span(min(span.least for span in spans), typical, most)

    def _alternative(self, beat: Beat, start: int, world: World) -> Span:
        span, cursor = NONE, start
        while not isinstance(item := beat.script[cursor], Jump):
            span = span.then(self.shown(item, beat, cursor, world)[0])
            cursor = item.end if isinstance(item, Group) else cursor + 1
        return span

    def changed(self, spot: Spot, beat: Beat, world: World) -> int:
        """Play the effects or the group at the cursor; returns the index of the item after it."""
        item = beat.script[spot.cursor]
        if isinstance(item, Assign):
            if world.holds(item.condition):
                world.apply(item.effects)
            return spot.cursor + 1
        assert isinstance(item, Group)
        turns = self.relevance.groups[beat.id, spot.cursor]
        available = [
            number
            for number, one in enumerate(item.alternatives)
            if may_play(turns.turns[number], world) and world.holds(one.condition)
        ]
        number = chosen_turn(turns, available, world)
        if number is None:
            return item.end
        count_turn(turns, number, world)
        return item.alternatives[number].start

    def has_more(self, beat: Beat, cursor: int) -> bool:
        """True when the rest of a script may still change something."""
        return any(self.relevance.changes[beat.id][cursor:])

    def note_rest(self, beat: Beat, cursor: int, world: World) -> None:
        """Evaluate the conditions of the rest of a script, which plays while the choice is open."""
        for item in beat.script[cursor:] if beat.id in self.timed else ():
            world.holds(getattr(item, "condition", None))
            for one in item.alternatives if isinstance(item, Group) else ():
                world.holds(one.condition)


def shows_at(beat: Beat) -> int | None:
    """When a choice with a set time is displayed, from the beginning of its beat."""
    window = beat.choice.window if beat.choice else None
    return None if window is None or window.opens is None else max(0, window.opens - window.shows)
