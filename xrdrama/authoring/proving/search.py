"""Explores every state of a story that a playthrough can reach, by the number of acts.

A state is one whole number (`layout`). The moves from a state depend on few of its bits; those
are found while the first such state is stepped (`world`), and the moves are kept for all states
with the same bits. So most states cost a look-up, and every move is made by the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from xrdrama.authoring.proving.beside import Plots
from xrdrama.authoring.proving.layout import PLACE_BITS, TooLargeError
from xrdrama.authoring.proving.relevance import Relevance
from xrdrama.authoring.proving.scripts import NONE
from xrdrama.authoring.proving.spots import Move, Spot
from xrdrama.authoring.proving.steps import Steps
from xrdrama.authoring.proving.world import MOST_OUTCOMES, Facts, Oracle, World
from xrdrama.story import Story

Step = Callable[[Spot, World], Move | None]
Progress = Callable[[int], None]
Change = tuple[int, int]
"""The bits of a state that are kept, and those that are put in."""


Moves = tuple[tuple[Change, ...], tuple[Change, ...], tuple[Move, ...]]
"""The moves from a state: the changes of those without an act of the audience, the changes of those
with one, and then all moves in this order."""


class Row:
    """The moves of one kind from one place, by the bits of the state that they depend on."""

    __slots__ = ("graph", "mask", "memo", "spot", "step")

    def __init__(self, graph: Graph, spot: Spot, step: Step) -> None:
        self.graph, self.spot, self.step = graph, spot, step
        self.mask = 0
        self.memo: dict[int, Moves] = {}

    def moves(self, state: int) -> Moves:
        """The moves from a state."""
        found = self.memo.get(state & self.mask)
        return self.made(state) if found is None else found

    @property
    def quick(self) -> Quick:
        """What the search needs of it in its innermost loop."""
        return self.mask, self.memo.get, self

    def made(self, state: int) -> Moves:
        """Step a state in every way, and keep the moves."""
        graph, oracle = self.graph, Oracle()
        made: dict[tuple[str, int, int], Move] = {}
        read = self.mask
        while True:
            world = World(graph.relevance.layout, state, oracle, graph.facts)
            move = self.step(self.spot, world)
            read |= world.read
            if move is not None:
                move = move._replace(rolled=oracle.rolled)
                keep, put = graph.change(move.to, world)
                made.setdefault((move.act, keep, put), move)
            if oracle.cut:
                graph.facts.limits.add(
                    f"a random number at {self.spot.beat!r} has more than {MOST_OUTCOMES:,} values"
                )
            if not oracle.following():
                break
        if read != self.mask:  # what is kept may depend on bits that were not known to matter
            self.mask = read
            self.memo.clear()
            self.graph.quicken(self.spot)
        free = [key for key in made if not key[0]]
        acted = [key for key in made if key[0]]
        found = self.memo[state & read] = (
            tuple((keep, put) for _, keep, put in free),
            tuple((keep, put) for _, keep, put in acted),
            tuple(made[key] for key in (*free, *acted)),
        )
        return found


Quick = tuple[int, Callable[[int], Moves | None], Row]
"""A row: the bits that its moves depend on, the moves that are known by these bits, itself."""


class Graph:
    """The states of a story and the moves between them."""

    def __init__(
        self, story: Story, *, timed: bool = True, place_bits: int = PLACE_BITS[0]
    ) -> None:
        self.story = story
        self.relevance = Relevance(story, timed=timed, place_bits=place_bits)
        self.places = self.relevance.layout.places
        self.is_full = False
        """True when there are more places than bits for their numbers."""
        self.steps = Steps(self.relevance)
        self.plots = Plots(self.steps)
        self.facts = Facts()
        self.spots: list[Spot] = []
        self.rows: list[tuple[Row, ...]] = []
        self.quick: list[tuple[Quick, ...]] = []
        self.met: set[str] = set()
        """The beats that were entered, and the endings."""
        self._numbers: dict[Spot, int] = {}
        self.start = self._start()

    def number(self, spot: Spot) -> int:
        """The number of a place. TooLargeError when there are too many."""
        number = self._numbers.get(spot)
        if number is None:
            number = self._numbers[spot] = len(self.spots)
            if number > self.places:
                self.is_full = True
                raise TooLargeError("hidden plots and detours interrupt each other too deeply")
            self.spots.append(spot)
            self.met.add(spot.beat)
            self.rows.append(self._rows(spot))
            self.quick.append(tuple(row.quick for row in self.rows[number]))
        return number

    def quicken(self, spot: Spot) -> None:
        """Update what the search needs of the rows of a place."""
        number = self._numbers[spot]
        self.quick[number] = tuple(row.quick for row in self.rows[number])

    def _rows(self, spot: Spot) -> tuple[Row, ...]:
        if spot.phase == "end":
            return ()
        rows = [] if spot.phase == "stuck" else [Row(self, spot, self.steps.go_on)]
        if self.story.beats[spot.beat].hidden:
            rows.append(Row(self, spot, self.plots.find))
        if spot.beside:
            rows.append(Row(self, spot, self.plots.beside))
        return tuple(rows)

    def _start(self) -> int:
        layout = self.relevance.layout
        world = World(layout, 0, Oracle(), self.facts)
        for variable in self.story.variables:
            field = layout.variables.get(variable.slot)
            if field is not None:
                world.set(field, variable.init)
        nowhere = Spot(self.story.order[0].id, "stuck")
        move = self.steps.entering("", self.story.start, nowhere, world, NONE)
        _, put = self.change(move.to, world)
        return put

    def change(self, to: Spot, world: World) -> Change:
        """What a move does to the bits of a state: fields that are not live are set to 0."""
        live = self.live(to)
        return live & ~world.wrote, world.state & world.wrote & live | self.number(to)

    def live(self, spot: Spot) -> int:
        """The bits of the fields that matter from a place on."""
        if spot.phase == "end":
            return 0
        live = self.relevance.live[spot.beat]
        for waiting in spot.stack:
            live |= self.relevance.live[waiting.beat]
        for _, beside in spot.beside:
            live |= self.relevance.live[beside.beat]
        return live

    def spot(self, state: int) -> Spot:
        """The place of a state."""
        return self.spots[state & self.places]

    def moves(self, state: int) -> Iterator[tuple[Move, int]]:
        """Every move from a state, with the state after it."""
        for row in self.rows[state & self.places]:
            free, acted, moves = row.moves(state)
            for move, (keep, put) in zip(moves, (*free, *acted), strict=True):
                yield move, state & keep | put


class Explored(NamedTuple):
    """The states that were reached, each with the one before it; in the order of discovery."""

    before: Mapping[int, int]
    complete: bool


def searched(
    story: Story,
    limit: int,
    *,
    timed: bool = True,
    until: str = "",
    progress: Progress = lambda states: None,
) -> tuple[Graph, Explored]:
    """A story's graph and the states that were reached, with as many bits as its places need."""
    for bits in PLACE_BITS:
        graph = Graph(story, timed=timed, place_bits=bits)
        explored = explore(graph, limit, until=until, progress=progress)
        if not graph.is_full:
            break
    return graph, explored


def explore(
    graph: Graph, limit: int, *, until: str = "", progress: Progress = lambda states: None
) -> Explored:
    """Every state that can be reached, those with the fewest acts first, or the first `limit` of
    them. `until`: only until this beat is entered. `progress` is called with the number of
    states that were reached."""
    before = {graph.start: -1}
    try:
        complete = _explore(graph, before, limit, until, progress)
    except TooLargeError as error:
        graph.facts.limits.add(str(error))
        complete = False
    return Explored(before, complete and not graph.facts.limits)


def _explore(
    graph: Graph, before: dict[int, int], limit: int, until: str, progress: Progress
) -> bool:
    quick, places, level = graph.quick, graph.places, _Level(before, [graph.start])
    while level.states and until not in graph.met:
        progress(len(before))
        following = level.following
        for state in level.states:  # what follows without an act is added here
            for mask, get, row in quick[state & places]:
                free, acted, _ = get(state & mask) or row.made(state)
                for keep, put in acted:
                    after = state & keep | put
                    if after not in before:
                        before[after] = state
                        following.append(after)
                if free:
                    level.add(state, free)
            if len(before) > limit:
                return False
        level = _Level(before, level.rest())
    return not level.states


class _Level:
    """The states that are reached with the same number of acts, and those with one act more."""

    def __init__(self, before: dict[int, int], states: list[int]) -> None:
        self.before, self.states = before, states
        self.following: list[int] = []
        self.later: set[int] = set()
        self.counted = 0
        self.nearer: set[int] = set()

    def add(self, state: int, changes: tuple[Change, ...]) -> None:
        """Add what follows without an act: also what was thought to be one act further."""
        self.later.update(self.following[self.counted :])
        self.counted = len(self.following)
        for keep, put in changes:
            after = state & keep | put
            if after in self.before:
                if after not in self.later:
                    continue
                self.later.discard(after)
                self.nearer.add(after)
            self.before[after] = state
            self.states.append(after)

    def rest(self) -> list[int]:
        """The states that are one act further."""
        if not self.nearer:
            return self.following
        return [state for state in self.following if state not in self.nearer]
