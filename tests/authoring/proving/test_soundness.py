"""The search and the runtime agree: each playthrough is a path of the search, and each path of the
search is a playthrough."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.authoring.proving.following import Follower, witnessed
from tests.story.dramas import drama_of, dramas
from tests.story.stories import stories, story_of
from xrdrama.authoring.graph import check_graph
from xrdrama.authoring.proving import relevance, scripts, steps
from xrdrama.authoring.proving.beside import Plots
from xrdrama.authoring.proving.search import Graph, explore
from xrdrama.authoring.proving.spots import Move, Span, Spot
from xrdrama.authoring.proving.steps import Steps
from xrdrama.authoring.proving.world import Oracle, World
from xrdrama.story import Beat, Option, Story
from xrdrama.story.model import Effect, Item

STATES = 600
PLACES = 60


def playable(story: Story) -> bool:
    return not any(problem.code in ("G002", "G009") for problem in check_graph(story))


@settings(max_examples=100, deadline=None)
@given(stories() | dramas(), st.integers(0, 10_000))
def test_every_playthrough_is_a_path_of_the_search(story: Story, seed: int) -> None:
    assume(playable(story))
    Follower(Graph(story), seed).play(60)


@settings(max_examples=60, deadline=None)
@given(stories() | dramas(), st.booleans())
def test_every_place_of_the_search_is_reached_by_the_runtime(story: Story, timed: bool) -> None:
    assume(playable(story))
    graph = Graph(story, timed=timed)
    explored = explore(graph, STATES)
    # Where the search follows more than the runtime may do, a witness is claimed only if it plays.
    assume(not graph.facts.wider)
    first: dict[object, int] = {}
    for state in explored.before:
        spot = graph.spot(state)
        first.setdefault((spot.beat, spot.phase, spot.cursor, spot.offered), state)
    for state in list(first.values())[:PLACES]:
        assert witnessed(graph, explored, state) is not None, graph.spot(state)


def without_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(World, "get", lambda self, field: field.decode(self.state & ~once_bits(self)))


def once_bits(world: World) -> int:
    return sum(field.mask for field in world.layout.options.values())


def without_fallback(patch: pytest.MonkeyPatch) -> None:
    def available(self: Steps, beat: Beat, world: World) -> list[Option]:
        assert beat.choice is not None
        return [one for one in beat.choice.options if world.holds(one.condition)]

    patch.setattr(Steps, "available", available)


def without_visits(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(World, "count", lambda self, field: None)


def without_pauses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Plots, "passing", lambda self, spot, beat, world: Span())


def without_bounds(patch: pytest.MonkeyPatch) -> None:
    def apply(self: World, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if field := self.layout.variables.get(effect.slot):
                value = effect.value.run(self)
                self.set(field, value if value in field.numbers else field.values[0])

    patch.setattr(World, "apply", apply)


def without_time_for_silence(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(steps, "_left", lambda beat, opened, wait: None)


def one_random_number(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Oracle, "roll", lambda self, count: 0)


def without_turns(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scripts, "count_turn", lambda turns, number, world: None)


def without_turns_of_storylets(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(steps, "count_turn", lambda turns, number, world: None)


def without_effects_in_scripts(patch: pytest.MonkeyPatch) -> None:
    def changes(script: tuple[Item, ...]) -> tuple[bool, ...]:
        return tuple(False for _ in script)

    patch.setattr(relevance, "changes", changes)


def without_going_back(patch: pytest.MonkeyPatch) -> None:
    def back(self: Steps, spot: Spot, world: World, span: Span) -> Move:
        return Move("", self.stuck(spot), span)

    patch.setattr(Steps, "back", back)


MISTAKES = [
    without_once,
    without_fallback,
    without_visits,
    without_pauses,
    without_bounds,
    without_time_for_silence,
    one_random_number,
    without_turns,
    without_turns_of_storylets,
    without_effects_in_scripts,
    without_going_back,
]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_search_with_a_mistake_loses_a_playthrough(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    with pytest.raises(AssertionError):
        for seed in range(400):
            for story in (story_of(seed), drama_of(seed)):
                if playable(story):
                    Follower(Graph(story), seed).play(60)
