"""What all paths to an ending have in common: how long they take, how many there are, which beats
are on every one of them."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from xrdrama.authoring.proving.search import Explored, Graph
from xrdrama.story import Story

T = TypeVar("T")
MOST_MARKS: Final = 1 << 29
"""The most bits that are spent on the beats that are on every path to a state."""
ENDLESS: Final = float("inf")


class Paths:
    """The states of a finished search, numbered from 0 (the start), with the moves between them."""

    def __init__(self, graph: Graph, explored: Explored) -> None:
        self.graph = graph
        self.states = list(explored.before)
        self.numbers = {state: number for number, state in enumerate(self.states)}
        numbers = self.numbers
        self.after = [
            [(numbers[after], move.span) for move, after in graph.moves(state)]
            for state in self.states
        ]

    def quickest(self) -> tuple[dict[int, int], dict[int, int]]:
        """The least time to each state in nanoseconds, and the state before it (Dijkstra)."""
        times, before = {0: 0}, {0: -1}
        waiting = [(0, 0)]
        while waiting:
            time, here = heapq.heappop(waiting)
            if time > times[here]:
                continue
            for after, span in self.after[here]:
                later = time + span.least
                if after not in times or later < times[after]:
                    times[after] = later
                    before[after] = here
                    heapq.heappush(waiting, (later, after))
        return self._by_state(times), self._states_before(before)

    def longest(self) -> tuple[dict[int, float], dict[int, int], dict[int, int]]:
        """The longest time to each state that no loop leads to (infinite where an answer has no
        time limit), the state before it, and how many paths lead there.

        States behind a loop are missing: there is no longest path to them.
        """
        into = [0] * len(self.states)
        for ways in self.after:
            for after, _ in ways:
                into[after] += 1
        times: dict[int, float] = {0: 0}
        before, counts = {0: -1}, {0: 1}
        waiting = [0] if not into[0] else []
        done = []
        while waiting:
            here = waiting.pop()
            done.append(here)
            for after, span in self.after[here]:
                later = times[here] + (ENDLESS if span.most is None else span.most)
                if after not in times or later > times[after]:
                    times[after] = later
                    before[after] = here
                counts[after] = counts.get(after, 0) + counts[here]
                into[after] -= 1
                if not into[after]:
                    waiting.append(after)
        finite = {here: times[here] for here in done}
        return self._by_state(finite), self._states_before(before), self._by_state(counts)

    def lead_to(self, ends: Iterable[int]) -> set[int]:
        """The states from which one of the states `ends` can be reached, these included."""
        into: list[list[int]] = [[] for _ in self.states]
        for here, ways in enumerate(self.after):
            for after, _ in ways:
                into[after].append(here)
        waiting = [self.numbers[end] for end in ends]
        found = set(waiting)
        while waiting:
            for one in into[waiting.pop()]:
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return {self.states[number] for number in found}

    def on_every(self, ends: Iterable[int]) -> dict[int, set[str]]:
        """For each of the states `ends`, the beats that are on every path to it."""
        spots = self.graph.spots
        beats = sorted({spot.beat for spot in spots if spot.phase != "end"})
        marks = {name: 1 << number for number, name in enumerate(beats)}
        places = [0 if spot.phase == "end" else marks[spot.beat] for spot in spots]
        here = [places[state & self.graph.places] for state in self.states]
        every = {0: here[0]}
        waiting = deque([0])
        while waiting:
            one = waiting.popleft()
            passed = every[one]
            for after, _ in self.after[one]:
                new = passed | here[after]
                old = every.get(after)
                if old is not None:
                    new &= old
                if new != old:
                    every[after] = new
                    waiting.append(after)
        return {
            end: {name for name in beats if every[self.numbers[end]] & marks[name]} for end in ends
        }

    def _by_state(self, found: Mapping[int, T]) -> dict[int, T]:
        return {self.states[number]: value for number, value in found.items()}

    def _states_before(self, before: Mapping[int, int]) -> dict[int, int]:
        return {
            self.states[number]: -1 if one < 0 else self.states[one]
            for number, one in before.items()
        }


def states_on(before: Mapping[int, int], state: int) -> list[int]:
    """The states from the start to a state."""
    found = [state]
    while before[found[-1]] >= 0:
        found.append(before[found[-1]])
    return found[::-1]


def dominators(story: Story, endings: Iterable[str]) -> dict[str, list[str]]:
    """For each ending, the beats on every path to it in the graph of beats, whatever the values."""
    import networkx as nx  # most proofs do not need it

    from xrdrama.authoring.graph import story_graph

    above = nx.immediate_dominators(nx.DiGraph(story_graph(story)), story.start)
    found: dict[str, list[str]] = {}
    for beat in story.order:
        if beat.ending is None or beat.ending.id not in endings or beat.id not in above:
            continue
        chain = [beat.id]
        while chain[-1] != story.start:
            chain.append(above[chain[-1]])
        known = found.get(beat.ending.id)
        found[beat.ending.id] = _shared(chain[::-1], known)
    return found


def _shared(chain: Sequence[str], known: Sequence[str] | None) -> list[str]:
    return [name for name in chain if known is None or name in known]
