"""Columns and order of a layered layout (Sugiyama): directed links run from left to right.

Links that would run backwards are found by a depth-first search and marked; a link over several
columns passes through a waypoint in each, which it shares with others to the same node. The order
within columns is chosen to have few crossings.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

SWEEPS = 8
SWAPS = 6
WIDEST_SWAPPED = 400
"""Items of a column above which neighbours are not swapped one by one."""


class Link(msgspec.Struct, frozen=True):
    """A link between two nodes. `leaves` is the pixel below the source's top at which it begins,
    `arrives` the one below the target's top at which it ends."""

    source: int
    target: int
    leaves: float = 0.0
    arrives: float = 0.0
    weight: float = 1.0


class Arrangement(msgspec.Struct, frozen=True):
    """Items of each column from top to bottom. Items from `count` on are waypoints of links.

    `chains` are the items of each link from its left end to its right end; for a link that runs
    backwards (`back`) the left end is its target. A link from a node to itself has no chain.
    """

    count: int
    columns: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]
    back: tuple[bool, ...]


def arrange(count: int, links: Sequence[Link]) -> Arrangement:
    """Columns for `count` nodes, in which node 0 is the start."""
    back, found = _backwards(count, links)
    return _ordered(count, links, back, _columns(count, links, back, found), found)


def _backwards(count: int, links: Sequence[Link]) -> tuple[list[bool], list[int]]:
    """Which links lead back to a node above them in a depth-first search, and the number at which
    each node was found."""
    outgoing: list[list[int]] = [[] for _ in range(count)]
    entered = [False] * count
    for number, link in enumerate(links):
        outgoing[link.source].append(number)
        entered[link.target] |= link.source != link.target
    back, found, open_, clock = [False] * len(links), [-1] * count, [False] * count, 0
    roots = [0, *(node for node in range(count) if not entered[node]), *range(count)]
    for root in roots[: len(roots) if count else 0]:
        if found[root] >= 0:
            continue
        found[root], open_[root], clock = clock, True, clock + 1
        stack = [(root, iter(outgoing[root]))]
        while stack:
            node, rest = stack[-1]
            for number in rest:
                target = links[number].target
                if open_[target]:
                    back[number] = True
                elif found[target] < 0:
                    found[target], open_[target], clock = clock, True, clock + 1
                    stack.append((target, iter(outgoing[target])))
                    break
            else:
                open_[node] = False
                stack.pop()
    return back, found


def _columns(
    count: int, links: Sequence[Link], back: Sequence[bool], found: Sequence[int]
) -> list[int]:
    """The column of each node: its longest path from a source, then moved to shorten its links."""
    ways = [
        (link.target, link.source) if back[number] else (link.source, link.target)
        for number, link in enumerate(links)
        if link.source != link.target
    ]
    following: list[list[int]] = [[] for _ in range(count)]
    preceding: list[list[int]] = [[] for _ in range(count)]
    for one, other in ways:
        following[one].append(other)
        preceding[other].append(one)
    column, waiting = [0] * count, [len(before) for before in preceding]
    ready = sorted((n for n in range(count) if not waiting[n]), key=lambda n: found[n])
    order: list[int] = []
    while ready:
        node = ready.pop()
        order.append(node)
        for other in following[node]:
            column[other] = max(column[other], column[node] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    for node in reversed(order):  # nearer to what follows, where that shortens more than it adds
        if following[node] and len(following[node]) > len(preceding[node]):
            column[node] = max(column[node], min(column[other] for other in following[node]) - 1)
    return column


def _ordered(
    count: int,
    links: Sequence[Link],
    back: Sequence[bool],
    column: Sequence[int],
    found: Sequence[int],
) -> Arrangement:
    columns: list[list[int]] = [[] for _ in range(max(column, default=-1) + 1)]
    for node in sorted(range(count), key=lambda node: found[node]):
        columns[column[node]].append(node)
    chains: list[tuple[int, ...]] = []
    following: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    preceding: list[list[tuple[int, float]]] = [[] for _ in range(count)]
    waypoints: dict[tuple[int, bool, int], int] = {}
    joined: set[tuple[int, int]] = set()
    for link, is_back in zip(links, back, strict=True):
        one, other = (link.target, link.source) if is_back else (link.source, link.target)
        if one == other:
            chains.append(())
            continue
        chain = [one]
        for at in range(column[one] + 1, column[other]):
            item = waypoints.setdefault((link.target, is_back, at), len(following))
            chain.append(item)
            if item == len(following):
                columns[at].append(item)
                following.append([])
                preceding.append([])
        chain.append(other)
        chains.append(tuple(chain))
        # A port nearer to the top comes first; what runs backwards leaves below everything else.
        port = 0.9 if is_back else min(0.8, link.leaves / 1000)
        for left, right in pairwise(chain):
            if left < count or (left, right) not in joined:
                joined.add((left, right))
                following[left].append((right, 0.0))
                preceding[right].append((left, port if left == one else 0.0))
    best = _uncrossed(columns, following, preceding)
    return Arrangement(count, tuple(map(tuple, best)), tuple(chains), tuple(back))


_Neighbours = Sequence[Sequence[tuple[int, float]]]


def _uncrossed(
    columns: list[list[int]], following: _Neighbours, preceding: _Neighbours
) -> list[list[int]]:
    """The order with the fewest crossings among alternating sweeps, improved by swaps."""
    place = [0.0] * len(following)
    best, fewest = [list(one) for one in columns], -1
    for sweep in range(SWEEPS + 1):
        for one in columns:
            _settle(one, place)
        forwards = sweep % 2 == 0
        neighbours = preceding if forwards else following
        for one in columns if forwards else reversed(columns):
            wanted = {item: _mean(neighbours[item], place, place[item]) for item in one}
            one.sort(key=lambda item, wanted=wanted: wanted[item])  # type: ignore[misc]
            _settle(one, place)
        if sweep >= 2:
            _swapped(columns, following, preceding, place)
        crossings = sum(_crossings(one, preceding, place) for one in columns)
        if fewest < 0 or crossings < fewest:
            best, fewest = [list(one) for one in columns], crossings
        if not crossings:
            break
    return best


def _settle(column: Iterable[int], place: list[float]) -> None:
    for index, item in enumerate(column):
        place[item] = float(index)


def _mean(
    neighbours: Sequence[tuple[int, float]], place: Sequence[float], otherwise: float
) -> float:
    if not neighbours:
        return otherwise
    return sum(place[item] + port for item, port in neighbours) / len(neighbours)


def _swapped(
    columns: list[list[int]], following: _Neighbours, preceding: _Neighbours, place: list[float]
) -> None:
    """Swap neighbours of a column as long as that removes crossings."""
    for _ in range(SWAPS):
        improved = False
        for one in columns:
            if len(one) > WIDEST_SWAPPED:
                continue
            for index in range(len(one) - 1):
                upper, lower = one[index], one[index + 1]
                gain = _pair(preceding[upper], preceding[lower], place)
                gain += _pair(following[upper], following[lower], place)
                if gain > 0:
                    one[index], one[index + 1] = lower, upper
                    place[upper], place[lower] = float(index + 1), float(index)
                    improved = True
        if not improved:
            return


def _pair(
    upper: Sequence[tuple[int, float]], lower: Sequence[tuple[int, float]], place: Sequence[float]
) -> int:
    """How many crossings fewer there are when two neighbours of a column are swapped."""
    gain = 0
    for one, port in upper:
        for other, its in lower:
            a, b = place[one] + port, place[other] + its
            gain += (a > b) - (a < b)
    return gain


def _crossings(column: Sequence[int], preceding: _Neighbours, place: Sequence[float]) -> int:
    """Crossings between a column and the one before it."""
    above: list[float] = []  # where links of items above begin, sorted
    count = 0
    for item in column:
        begins = sorted(place[other] + port for other, port in preceding[item])
        count += sum(len(above) - bisect_right(above, begin) for begin in begins)
        for begin in begins:
            insort(above, begin)
    return count
