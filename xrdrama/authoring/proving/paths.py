"""What all paths to an ending have in common: how long they take, how many there are, which beats
are on every one of them."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from xrdrama.authoring.proving.layout import LOCATION
from xrdrama.authoring.proving.search import Explored, Graph
from xrdrama.story import Story

MOST_MARKS: Final = 1 << 29
"""The most bits that are spent on the beats that are on every path to a state."""
_ENDLESS: Final = float("inf")


class Longest(NamedTuple):
    """The longest paths of the states that no loop leads to, and how many paths there are."""

    times: Mapping[int, float]
    before: Mapping[int, int]
    counts: Mapping[int, int]


def quickest(graph: Graph) -> tuple[dict[int, int], dict[int, int]]:
    """The least time to each state in nanoseconds, and the state before it (Dijkstra)."""
    times = {graph.start: 0}
    before = {graph.start: -1}
    waiting = [(0, graph.start)]
    while waiting:
        time, state = heapq.heappop(waiting)
        if time > times[state]:
            continue
        for move, after in graph.moves(state):
            later = time + move.span.least
            if after not in times or later < times[after]:
                times[after] = later
                before[after] = state
                heapq.heappush(waiting, (later, after))
    return times, before


def longest(graph: Graph, explored: Explored) -> Longest:
    """The longest time to each state that no loop leads to; infinite where an answer has no time
    limit. States behind a loop are missing: there is no longest path to them."""
    into = dict.fromkeys(explored.before, 0)
    for state in explored.before:
        for _, after in graph.moves(state):
            into[after] += 1
    times: dict[int, float] = {graph.start: 0}
    before = {graph.start: -1}
    counts = {graph.start: 1}
    waiting = [graph.start] if not into[graph.start] else []
    done: set[int] = set()
    while waiting:
        state = waiting.pop()
        done.add(state)
        for move, after in graph.moves(state):
            most = move.span.most
            later = times[state] + (_ENDLESS if most is None else most)
            if after not in times or later > times[after]:
                times[after] = later
                before[after] = state
            counts[after] = counts.get(after, 0) + counts[state]
            into[after] -= 1
            if not into[after]:
                waiting.append(after)
    return Longest({state: times[state] for state in done}, before, counts)


def states_on(before: Mapping[int, int], state: int) -> list[int]:
    """The states from the start to a state."""
    found = [state]
    while before[found[-1]] >= 0:
        found.append(before[found[-1]])
    return found[::-1]


def on_every_path(graph: Graph, ends: Iterable[int]) -> dict[int, set[str]]:
    """For each of the states `ends`, the beats that are on every path to it."""
    beats = sorted({spot.beat for spot in graph.spots if spot.phase != "end"})
    marks = {name: 1 << number for number, name in enumerate(beats)}
    here = [0 if spot.phase == "end" else marks[spot.beat] for spot in graph.spots]
    every = {graph.start: here[graph.start & LOCATION]}
    waiting = deque([graph.start])
    while waiting:
        state = waiting.popleft()
        passed = every[state]
        for _, after in graph.moves(state):
            new = passed | here[after & LOCATION]
            old = every.get(after)
            if old is not None:
                new &= old
            if new != old:
                every[after] = new
                waiting.append(after)
    return {end: {name for name in beats if every[end] & marks[name]} for end in ends}


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
