"""Random playthroughs of a story: time jumps from event to event, choices by seeded dice.

    plays = RandomPlays(story, seed=3)
    for number in range(1000):
        failed = plays.play(number)

A playthrough picks options, lets windows close, and shows the markers of hidden plots. With
`guided`, half of its choices go to what was taken least often in the playthroughs before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from xrdrama.authoring.plans.coverage import Counter
from xrdrama.authoring.plans.writing import Played
from xrdrama.story.chance import draw, seeded
from xrdrama.story.model import Beat, Story
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.stepping.due_times import is_asking
from xrdrama.story.stepping.happenings import (
    Declined,
    Due,
    Found,
    Happening,
    InParallel,
    Picked,
    Spoken,
    StoryEvent,
)
from xrdrama.story.stepping.rehearsal import ELSE
from xrdrama.story.stepping.step import MAX_STEPS, begin, next_due, step
from xrdrama.story.text import render

MOST_PICKS: Final = 2000
"""Most choices of a playthrough; a story that has not ended then is reported."""
_MARKER_ODDS: Final = (3, 12, 0)
"""A marker is shown after one of so many lines and choices of a beat where it opens a plot; each
playthrough has one of these, so that some show it late and some (0) never."""


class Failed(msgspec.Struct, frozen=True):
    """A random playthrough that did not come to an ending."""

    number: int
    seed: int
    """The seed of the story's own random numbers in this playthrough."""
    reason: str
    beat: str
    path: tuple[str, ...]
    """What was picked, in order: options, `else`, `marker NAME`."""
    played: Played
    """A plan that fails in the same way."""


def seed_of(seed: int, number: int) -> int:
    """The seed of one of many playthroughs: it does not depend on how many there are."""
    state = seeded(seed * 0x2545F4914F6CDD1D + number)
    return draw(state, 0, (1 << 31) - 1)[1]


class RandomPlays:
    """Plays a story at random, again and again, and counts what was played."""

    def __init__(self, story: Story, *, seed: int = 0, guided: bool = True) -> None:
        self.story, self.seed, self.guided = story, seed, guided
        self.counter = Counter(story)
        self.steps = 0
        self.ended = 0
        self.has_endings = any(beat.ending for beat in story.order)
        self.picks: dict[tuple[str, str], int] = {}
        self.found: dict[int, int] = {}
        self.markers = {beat.id: _markers(beat) for beat in story.order}

    def seed_of(self, number: int) -> int:
        """The seed of the story's own random numbers in a playthrough."""
        return seed_of(self.seed, number)

    def play(
        self, number: int, watch: Callable[[StoryEvent], object] | None = None
    ) -> Failed | None:
        """Play once; how it failed, or None. `watch` is called with each event.

        With `guided`, a playthrough depends on those before it.
        """
        seed = self.seed_of(number)
        one = _Play(self, seed, watch)
        self.counter.plays += 1
        try:
            reason = one.play()
        except Exception as error:  # a fault of ours: it is reported with its seed, as any other
            reason = f"{type(error).__name__}: {error}"
        self.steps += one.steps
        self.ended += bool(one.p.ending)
        if not reason:
            return None
        last = ("ending", "*") if one.p.offered else ("next choice", "")
        comment = f"played at random: {reason}"
        played = Played((*one.plan(), last), seed=seed, comment=comment)
        return Failed(number, seed, reason, one.p.beat, tuple(one.path), played)


class _Play:
    """One random playthrough."""

    def __init__(
        self, plays: RandomPlays, seed: int, watch: Callable[[StoryEvent], object] | None = None
    ) -> None:
        self.plays, self.watch = plays, watch
        self.count = plays.counter.add
        self.dice = seeded(seed ^ 0x5DEECE66D)
        self.odds = (
            _MARKER_ODDS[self.draw(len(_MARKER_ODDS) - 1)] if any(plays.markers.values()) else 0
        )
        self.steps = self.now = 0
        self.path: list[str] = []
        self.log: list[Spoken | tuple[str, str]] = []
        self.reason = ""
        self.spoke = False
        self.silent: tuple[str, tuple[int, ...]] | None = None
        """The beat and its visits, while its window is left to close."""
        self.p, happened = begin(plays.story, seed=seed)
        self.note(happened)

    def play(self) -> str:
        """Play to an ending; the reason why it was not reached, or ""."""
        waited = 0
        while not self.reason:
            p = self.p
            if self.silent and self.silent != (p.beat, p.visits):
                self.silent = None
            if self.spoke and not self.silent:
                self.spoke = False
                if self.plays.markers[p.beat] and self.show_marker():
                    continue
            due = next_due(p)
            if due is None or (is_asking(p, due) and not self.silent):
                if p.ending or not self.goes_on():
                    break
                waited = 0
                continue
            waited += 1
            if waited > MAX_STEPS:
                return f"the story loops at beat {p.beat!r} without a choice"
            self.now = max(self.now, due)
            self.take(Due(due))
        return self.reason

    def goes_on(self) -> bool:
        """Decide at a choice; False, with a reason if it is a fault, where nothing can be done."""
        p = self.p
        if not p.offered or p.phase not in ("open", "grace"):
            self.reason = f"the story stops at beat {p.beat!r}, which has no ending"
            return False
        if len(self.path) >= MOST_PICKS:
            if self.plays.has_endings:
                self.reason = f"no ending after {MOST_PICKS} choices"
            return False
        if not (self.plays.markers[p.beat] and self.show_marker(("next choice", ""))):
            self.choose()
        return True

    def take(self, event: StoryEvent) -> None:
        """Let an event happen."""
        self.steps += 1
        if self.watch:
            self.watch(event)
        self.p, happened = step(self.p, event)
        if happened:
            self.note(happened)

    def note(self, happened: list[Happening]) -> None:
        """Count what happened, and keep what a plan would say of it."""
        for one in happened:
            self.count(one)
            happening = one.happening if type(one) is InParallel else one
            if type(happening) is Spoken:
                self.log.append(happening)
                self.spoke = True
            elif type(happening) is Declined:
                self.reason = happening.reason

    # -- decisions ------------------------------------------------------------------------------

    def draw(self, most: int) -> int:
        """A random number from 0 to `most`."""
        self.dice, number = draw(self.dice, 0, most)
        return number

    def choose(self) -> None:
        """Pick one of the open options, or let the window close."""
        p, picks = self.p, self.plays.picks
        ways = list(p.offered)
        choice = p.current.choice
        if choice and choice.window and choice.window.is_timed and p.closes_at is not None:
            ways.append(ELSE)
        beat = p.beat
        if self.plays.guided and len(ways) > 1 and self.draw(1):
            fewest = min(picks.get((beat, way), 0) for way in ways)
            ways = [way for way in ways if picks.get((beat, way), 0) == fewest]
        way = ways[self.draw(len(ways) - 1)] if len(ways) > 1 else ways[0]
        picks[beat, way] = picks.get((beat, way), 0) + 1
        self.path.append(way)
        self.log.append(("select", way))
        if way == ELSE:
            self.silent = (beat, p.visits)
        else:
            self.take(Picked(way, self.now))

    def show_marker(self, before: tuple[str, str] | None = None) -> bool:
        """Show a marker that opens a hidden plot now, if the dice say so."""
        found = self.plays.found
        plots = [
            (plot.index, trigger.values[0])
            for plot in self.p.hidden()
            for trigger in plot.triggers
            if trigger.kind == "marker"
        ]
        if not plots or not self.odds or self.p.held_at is not None:
            return False
        index, marker = plots[self.draw(len(plots) - 1)]
        eager = self.plays.guided and not found.get(index)
        if self.draw(1 if eager else self.odds - 1):
            return False
        found[index] = found.get(index, 0) + 1
        self.path.append(f"marker {marker}")
        self.log.extend([before, ("marker", marker)] if before else [("marker", marker)])
        self.take(Found("marker", marker, self.now))
        return True

    # -- the plan -------------------------------------------------------------------------------

    def plan(self) -> tuple[tuple[str, str], ...]:
        """The steps of a plan that plays the same."""
        language = self.plays.story.language
        return tuple(_said(one, language) if isinstance(one, Spoken) else one for one in self.log)


def _said(spoken: Spoken, language: str) -> tuple[str, str]:
    line = spoken.line
    name = f"{capitals(line.speaker)}: " if line.speaker else ""
    return "line", name + render(line.text, spoken.values, language)


def _markers(beat: Beat) -> bool:
    """True when a marker can open a plot in a beat, and does not pick an option there."""
    options = beat.choice.options if beat.choice else ()
    picking = {v for o in options for t in o.triggers if t.kind == "marker" for v in t.values}
    opening = {v for p in beat.hidden for t in p.triggers if t.kind == "marker" for v in t.values}
    return bool(opening) and not opening & picking
