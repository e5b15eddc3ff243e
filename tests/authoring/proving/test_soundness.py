"""The search and the runtime agree: each playthrough is a path of the search, and each path of the
search is a playthrough."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.authoring.proving.following import Follower, witnessed
from tests.story.stories import stories, story_of
from xrdrama.authoring.graph import check_graph
from xrdrama.authoring.proving import steps
from xrdrama.authoring.proving.search import Graph, explore
from xrdrama.authoring.proving.spots import Spot
from xrdrama.authoring.proving.steps import Steps
from xrdrama.authoring.proving.world import Oracle, World
from xrdrama.story import Story
from xrdrama.story.model import Effect

STATES = 4_000


def playable(story: Story) -> bool:
    return all(problem.code != "G002" for problem in check_graph(story))


@settings(max_examples=150, deadline=None)
@given(stories(), st.integers(0, 10_000))
def test_every_playthrough_is_a_path_of_the_search(story: Story, seed: int) -> None:
    assume(playable(story))
    follower = Follower(Graph(story), seed)
    follower.play(60)


@settings(max_examples=100, deadline=None)
@given(stories())
def test_every_state_of_a_finished_search_is_reached_by_the_runtime(story: Story) -> None:
    assume(playable(story))
    graph = Graph(story)
    explored = explore(graph, STATES)
    first = {}
    for state in explored.before:
        spot = graph.spot(state)
        first.setdefault((spot.beat, spot.phase, spot.cursor, spot.offered), state)
    for state in first.values():
        assert witnessed(graph, explored, state) is not None, graph.spot(state)


def without_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Steps, "is_available", lambda self, option, world: world.holds(option.condition)
    )


def without_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Steps, "enter", lambda self, name, stack, world: Spot(name, stack=stack))


def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Steps, "time_at", lambda self, spot, beat, world: 0)


def without_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    def apply(self: World, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if field := self.layout.variables.get(effect.slot):
                value = effect.value.run(self)
                self.set(field, value if value in field.numbers else field.values[0])

    monkeypatch.setattr(World, "apply", apply)


def without_time_for_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_left", lambda beat, opened: None)


def one_random_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Oracle, "roll", lambda self, count: 0)


@pytest.mark.parametrize(
    "mistake",
    [
        without_once,
        without_visits,
        without_pauses,
        without_bounds,
        without_time_for_silence,
        one_random_number,
    ],
)
def test_a_search_with_a_mistake_loses_a_playthrough(
    mistake: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mistake(monkeypatch)
    with pytest.raises(AssertionError):
        for seed in range(400):
            story = story_of(seed)
            if playable(story):
                Follower(Graph(story), seed).play(60)
