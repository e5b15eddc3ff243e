"""Proves what can happen in a story: `prove`, and `witness_to` for one beat or ending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from xrdrama.authoring.proving.paths import (
    ENDLESS,
    MOST_MARKS,
    Paths,
    dominators,
    states_on,
)
from xrdrama.authoring.proving.proof import (
    Acts,
    EndingProof,
    Fixed,
    Proof,
    Seconds,
    Stuck,
    Witness,
)
from xrdrama.authoring.proving.replay import Leg, acts, path_to, replay
from xrdrama.authoring.proving.search import Explored, Graph, Progress, searched
from xrdrama.authoring.proving.spots import Spot
from xrdrama.story import Story
from xrdrama.timing import NS

MOST_STATES: Final = 400_000
"""The states that are explored unless another number is asked for: some seconds."""
_EXACT: Final = 1 << 53


def prove(
    story: Story, *, states: int = MOST_STATES, progress: Progress = lambda states: None
) -> Proof:
    """What is proved about a story within a number of states; `progress` is called with the number
    of states that were reached."""
    graph, explored = searched(story, states, progress=progress)
    timed = True
    if not explored.complete and graph.relevance.can_be_smaller:
        # Without the conditions of lines and cues there are fewer states: they change no path.
        smaller, explored_smaller = searched(story, states, timed=False, progress=progress)
        if explored_smaller.complete:
            graph, explored, timed = smaller, explored_smaller, False
    return _Proof(story, graph, explored, states, timed=timed).made()


def witness_to(story: Story, goal: str, *, states: int = MOST_STATES) -> Witness | None:
    """The path with the fewest acts to a beat or an ending, played by the runtime; None if it is
    not found within so many states. The playthrough has just entered the beat."""
    return find_witness(story, goal, states=states)[0]


def find_witness(
    story: Story,
    goal: str,
    *,
    states: int = MOST_STATES,
    progress: Progress = lambda states: None,
) -> tuple[Witness | None, bool]:
    """The same, and whether all states were searched: if so, a path that was not found does not
    exist."""
    graph, explored = searched(story, states, timed=False, until=goal, progress=progress)
    phases = ("run",) if goal in story.beats else ("end",)
    for state in _at(graph, explored, goal, phases):
        legs = path_to(graph, explored, state)
        found = replay(graph, legs)
        if found is not None:
            beats = tuple(
                graph.spot(one).beat
                for one, leg in zip((graph.start, *(leg.state for leg in legs)), legs, strict=False)
                if leg.move.act
            )
            return Witness(goal, acts(legs), beats, found.playthrough, found.at, found.seed), True
    return None, explored.complete


def _at(graph: Graph, explored: Explored, beat: str, phases: Sequence[str]) -> Iterator[int]:
    """The states at the beginning of a beat, or at an ending; those with the fewest acts first."""
    for state in explored.before:
        for place in graph.spot(state).places:
            if place.beat == beat and place.phase in phases and not place.cursor:
                yield state
                break


class _Proof:
    """Collects what is proved."""

    def __init__(
        self, story: Story, graph: Graph, explored: Explored, limit: int, *, timed: bool
    ) -> None:
        self.story, self.graph, self.explored, self.timed = story, graph, explored, timed
        self.limits = set(graph.facts.limits)
        if len(explored.before) > limit:
            self.limits.add(f"the story has more than {limit:,} states")
        self.ends = {
            graph.spot(state).beat: state
            for state in explored.before
            if graph.spot(state).phase == "end"
        }
        self.complete = explored.complete
        self.paths = Paths(graph, explored) if self.complete else None

    def made(self) -> Proof:
        """The proof."""
        endings = self.endings()
        missing = self.options(), self.plots(), self.beats()
        never = missing if self.complete else ((), (), ())
        return Proof(
            self.story.id,
            self.complete,
            len(self.explored.before),
            tuple(sorted(self.limits)),
            endings,
            *never,
            () if self.complete else tuple(name for names in missing for name in names),
            tuple(self.stuck()),
            tuple(self.endless()),
            tuple(self.conditions()) if self.complete else (),
            self.dominators(endings),
        )

    # -- endings --------------------------------------------------------------------------------

    def endings(self) -> tuple[EndingProof, ...]:
        """The proof of every ending, in the order of the file."""
        quick = self.paths.quickest() if self.paths and self.timed else None
        long = self.paths.longest() if self.paths else None
        found = []
        for name in dict.fromkeys(ending.id for ending in self.story.endings()):
            state = self.ends.get(name)
            if state is None:
                found.append(EndingProof(name, False if self.complete else None))
                continue
            found.append(self.ending(name, state, quick, long))
        return tuple(found)

    def ending(
        self,
        name: str,
        state: int,
        quick: tuple[dict[int, int], dict[int, int]] | None,
        long: tuple[dict[int, float], dict[int, int], dict[int, int]] | None,
    ) -> EndingProof:
        """The proof of an ending that the search has reached."""
        legs = path_to(self.graph, self.explored, state)
        played = replay(self.graph, legs)
        if played is None:
            self.limits.add(f"the runtime does not follow the path to {name!r} (a bug of xrdrama)")
            self.complete = False
            return EndingProof(name, None)
        counted = None if long is None or state not in long[0] else long[2][state]
        seconds, unbounded, slow = None, "", None
        if quick is not None and long is not None:
            seconds, unbounded = _seconds(legs, quick[0][state], long[0].get(state))
            slow = None if seconds.most is None else self.acts_on(long[1], state)
        return EndingProof(
            name,
            True,
            acts(legs),
            played.seed if any(leg.move.rolled for leg in legs) else None,
            seconds,
            None if quick is None else self.acts_on(quick[1], state),
            slow,
            unbounded,
            str(counted) if counted is not None and counted > _EXACT else counted,
        )

    def acts_on(self, before: Mapping[int, int], state: int) -> Acts:
        """The acts of a path."""
        return acts(path_to(self.graph, Explored(before, complete=True), state))

    # -- what never happens ---------------------------------------------------------------------

    def options(self) -> tuple[str, ...]:
        """Options that were not offered, of beats that were entered."""
        entered = self._entered()
        return tuple(
            option.text_id
            for beat in self.story.order
            for option in (beat.choice.options if beat.choice else ())
            if beat.id in entered and option.text_id not in self.graph.facts.offered
        )

    def plots(self) -> tuple[str, ...]:
        """Hidden plots that were not opened, in no beat."""
        plots = {plot.index: plot.id for beat in self.story.order for plot in beat.hidden}
        return tuple(name for n, name in plots.items() if n not in self.graph.facts.plots)

    def beats(self) -> tuple[str, ...]:
        """Beats that were not entered."""
        entered = self._entered()
        return tuple(beat.id for beat in self.story.order if beat.id not in entered)

    def _entered(self) -> set[str]:
        spots = [spot for spot in self.graph.spots if spot.phase != "end"]
        return {place.beat for spot in spots for place in spot.places}

    def stuck(self) -> Iterator[Stuck]:
        """The beats in which the story can stop without an ending."""
        seen: set[str] = set()
        for state in self.explored.before:
            spot = self.graph.spot(state)
            if _is_stuck(spot) and spot.beat not in seen:
                seen.add(spot.beat)
                yield Stuck(spot.beat, acts(path_to(self.graph, self.explored, state)))

    def endless(self) -> Iterator[Stuck]:
        """The beats from which the story continues for ever: no answer leads to an ending any more.

        Only the first beat of each such path, and not those that lead to a place where the story
        stops.
        """
        if self.paths is None:
            return
        stops = [s for s in self.explored.before if _is_stuck(self.graph.spot(s))]
        good = self.paths.lead_to([*self.ends.values(), *stops])
        seen: set[str] = set()
        for state, before in self.explored.before.items():
            beat = self.graph.spot(state).beat
            if state not in good and (before < 0 or before in good) and beat not in seen:
                seen.add(beat)
                yield Stuck(beat, acts(path_to(self.graph, self.explored, state)))

    def conditions(self) -> Iterator[Fixed]:
        """Conditions that were true or false in every state."""
        facts = self.graph.facts
        met: set[int] = set()
        for read in self.graph.relevance.reads:
            key = id(read.condition)
            asks = read.condition.reads or read.condition.beats
            if key in met or not asks or (key in facts.true) == (key in facts.false):
                continue
            met.add(key)
            place = getattr(read.owner, "place", self.story.beats[read.beat].place)
            yield Fixed(
                place.file,
                place.line,
                place.column,
                read.beat,
                read.condition.text,
                key in facts.true,
            )

    def dominators(self, endings: Sequence[EndingProof]) -> dict[str, list[str]]:
        """For each ending that can be reached, the beats on every path to it."""
        reached = [ending.id for ending in endings if ending.reachable]
        cost = len(self.explored.before) * len(self.story.order)
        if self.paths is None or not self.complete or cost > MOST_MARKS:
            return dominators(self.story, reached)
        every = self.paths.on_every([self.ends[name] for name in reached])
        return {
            name: [
                beat for beat in self._order_of(self.ends[name]) if beat in every[self.ends[name]]
            ]
            for name in reached
        }

    def _order_of(self, end: int) -> list[str]:
        spots = (self.graph.spot(state) for state in states_on(self.explored.before, end))
        return list(dict.fromkeys(spot.beat for spot in spots if spot.phase != "end"))


def _is_stuck(spot: Spot) -> bool:
    return spot.phase == "stuck" or (
        spot.phase == "open" and not spot.offered and spot.left is None
    )


def _seconds(legs: Sequence[Leg], least: int, most: float | None) -> tuple[Seconds, str]:
    """The running times of an ending, and why there is no longest one."""
    typical = sum(leg.move.span.typical for leg in legs)
    if most is None:
        return Seconds(_s(least), _s(typical), None), "a loop leads there"
    if most == ENDLESS:
        return Seconds(_s(least), _s(typical), None), "a choice has no time limit"
    return Seconds(_s(least), _s(typical), _s(most)), ""


def _s(time: float) -> float:
    return round(time / NS, 3)
