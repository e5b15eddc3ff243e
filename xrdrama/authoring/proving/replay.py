"""Plays a path of the search with the runtime: a witness counts only if the runtime follows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from msgspec.structs import replace

from xrdrama.authoring.proving.search import Explored, Graph
from xrdrama.authoring.proving.spots import Move, Spot
from xrdrama.authoring.proving.steps import ELSE
from xrdrama.story.chance import seeded
from xrdrama.story.model import Effect
from xrdrama.story.stepping.happenings import BeatEntered, Due, Found, Happening, Picked, StoryEvent
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.stepping.step import begin, next_due, step

SEEDS: Final = 400
"""How many seeds are tried for a path with random numbers."""
_DICE: Final = 20_000
_MOST_STEPS: Final = 100_000


class Leg(NamedTuple):
    """A move of a path, and the state that it leads to."""

    move: Move
    state: int


class Replayed(NamedTuple):
    """A playthrough at the end of a path, the time that it took with every answer at once, and the
    seed that leads there; None if the random numbers were chosen on the way."""

    playthrough: Playthrough
    at: int
    seed: int | None


def path_to(graph: Graph, explored: Explored, state: int) -> list[Leg]:
    """The moves from the start to a state, with the fewest acts."""
    states = [state]
    while explored.before[states[-1]] >= 0:
        states.append(explored.before[states[-1]])
    states.reverse()
    legs = []
    for one, other in pairwise(states):
        moves = [move for move, after in graph.moves(one) if after == other]
        legs.append(Leg(min(moves, key=lambda move: (move.act != "", move.rolled)), other))
    return legs


def acts(legs: Sequence[Leg]) -> tuple[str, ...]:
    """What the audience does on a path: option ids, `else`, `marker:name`."""
    return tuple(leg.move.act for leg in legs if leg.move.act)


def replay(graph: Graph, legs: Sequence[Leg]) -> Replayed | None:
    """The playthrough that follows a path; None if the runtime does not follow it."""
    rolled = any(leg.move.rolled for leg in legs)
    for seed in range(SEEDS if rolled else 1):
        found = _replayed(graph, legs, seed)
        if found is not None:
            return found
    return _replayed(graph, legs, None) if rolled else None


def _replayed(graph: Graph, legs: Sequence[Leg], seed: int | None) -> Replayed | None:
    """With a seed, or None: with the numbers that the path needs."""
    player = _Player.started(graph, seed or 0)
    for leg in legs:
        if seed is None and leg.move.rolled:
            found = next(player.tried(leg), None)
            if found is None:
                return None
            player = found
        elif not player.follow(leg):
            return None
    return Replayed(player.playthrough, player.now, seed)


class _Player:
    """A playthrough that follows a path, with the beats that it has entered."""

    def __init__(self, graph: Graph, playthrough: Playthrough) -> None:
        self.graph, self.playthrough = graph, playthrough
        self.now = 0
        self.entered: list[str] = []
        """The beats that were entered, or continued after a return."""
        self.expected = 1
        """How many of them the path has."""

    @classmethod
    def started(cls, graph: Graph, seed: int) -> _Player:
        """A player at the start of the story."""
        playthrough, happened = begin(graph.story, seed=seed)
        made = cls(graph, playthrough)
        made._note(happened)
        return made

    def tried(self, leg: Leg) -> Iterator[_Player]:
        """Players after a leg, one for each random number that leads to its state."""
        for dice in range(_DICE):
            made = _Player(self.graph, replace(self.playthrough, dice=seeded(dice)))
            made.now, made.expected, made.entered = self.now, self.expected, [*self.entered]
            if made.follow(leg) and made._agrees(leg):
                yield made

    def follow(self, leg: Leg) -> bool:
        """Make a move; False if the runtime does something else."""
        act, to = leg.move.act, leg.move.to
        kind, colon, name = act.partition(":")
        if colon:
            self._take(Found(kind, name, self.now))
        elif act and act != ELSE:
            if not self._until(lambda p: p.phase in ("open", "grace") and act in p.offered):
                return False
            self._take(Picked(act, self.now))
        self.expected += leg.move.enters or leg.move.back
        if not self._until(lambda p: len(self.entered) > self.expected or self._is_at(to)):
            return False
        if leg.move.enters or leg.move.back:
            return self.entered[self.expected - 1] == to.beat
        return to.phase != "end" or self.playthrough.ending == to.beat

    def _is_at(self, spot: Spot) -> bool:
        p = self.playthrough
        if len(self.entered) < self.expected:
            return False
        if spot.phase == "end":
            return p.ending == spot.beat
        if p.beat != spot.beat or len(p.interrupted) != len(spot.stack):
            return False
        if not all(_is_beside(p, plot, place) for plot, place in spot.beside):
            return False
        return _is_in_phase(p, spot)

    def _until(self, reached: Callable[[Playthrough], bool]) -> bool:
        """Let time pass until something is reached; False if nothing more is due before."""
        for _ in range(_MOST_STEPS):
            if reached(self.playthrough):
                return True
            due = next_due(self.playthrough)
            if due is None:
                return False
            self.now = max(self.now, due)
            self._take(Due(self.now))
        return False

    def _take(self, event: StoryEvent) -> None:
        self.playthrough, happened = step(self.playthrough, event)
        self._note(happened)

    def _note(self, happened: Sequence[Happening]) -> None:
        self.entered += [one.beat.id for one in happened if isinstance(one, BeatEntered)]

    def _agrees(self, leg: Leg) -> bool:
        """True unless a variable that matters has another value than in the search, where nothing
        after the move can have changed it."""
        if len(self.entered) != self.expected or leg.move.to.phase == "end":
            return True
        set_there = {
            part.slot
            for part in self.graph.relevance.parts[leg.move.to.beat]
            if isinstance(part, Effect)
        }
        live = self.graph.live(leg.move.to)
        return all(
            field.decode(leg.state) == self.playthrough.values[slot]
            for slot, field in self.graph.relevance.layout.variables.items()
            if field.mask & live and slot not in set_there
        )


def _is_in_phase(p: Playthrough, spot: Spot) -> bool:
    shown = p.phase in ("shown", "open", "grace")
    if spot.phase in ("open", "offer"):
        same = spot.phase == "offer" or p.offered == spot.offered
        whole = spot.cursor == len(p.current.script)  # the rest of the script does not matter
        return shown and same and (whole or _has_played(p.cursor, p.cursor_at, spot))
    if spot.phase == "stuck":
        return next_due(p) is None
    return shown or _has_played(p.cursor, p.cursor_at, spot)


def _has_played(cursor: int, cursor_at: int | None, spot: Spot) -> bool:
    """True when a script has come to a place."""
    return cursor >= spot.cursor or cursor_at is None


def _is_beside(p: Playthrough, plot: int, spot: Spot) -> bool:
    """True when a plot beside the main path has come to a place, or is over."""
    names = {one.index: one.id for beat in p.story.order for one in beat.hidden}
    for one in p.parallel:
        if one.plot == names[plot]:
            here = one.position
            return here.beat == spot.beat and _has_played(here.cursor, here.cursor_at, spot)
    return True
