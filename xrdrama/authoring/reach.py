"""Reachability in small directed graphs, in plain Python.

Importing a graph library would take longer than the whole check of a story with some hundred
beats. Graphs are dicts of successors.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

Ways = Mapping[str, Collection[str]]
"""The successors of each node."""


def reached(ways: Ways, start: str) -> set[str]:
    """The nodes that can be reached from `start`; `start` itself only if it is on a cycle."""
    return reached_from(ways, [start])


def reached_from(ways: Ways, starts: Iterable[str]) -> set[str]:
    """The nodes that can be reached from any of `starts`, in one search."""
    found: set[str] = set()
    queue = [node for start in starts for node in ways.get(start, ())]
    while queue:
        node = queue.pop()
        if node not in found:
            found.add(node)
            queue.extend(ways.get(node, ()))
    return found


def reversed_ways(ways: Ways) -> dict[str, list[str]]:
    """The predecessors of each node."""
    found: dict[str, list[str]] = {node: [] for node in ways}
    for node, successors in ways.items():
        for other in successors:
            found.setdefault(other, []).append(node)
    return found


def shortest(ways: Ways, start: str, end: str) -> list[str]:
    """The nodes of a shortest path, including both ends; empty if no path exists."""
    before: dict[str, str] = {start: ""}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if node == end:
            way = [node]
            while before[way[-1]]:
                way.append(before[way[-1]])
            return way[::-1]
        for other in ways.get(node, ()):
            if other not in before:
                before[other] = node
                queue.append(other)
    return []


def components(ways: Ways, names: Iterable[str]) -> list[list[str]]:
    """The strongly connected components among `names` (Kosaraju): each node of one leads to each
    other, without leaving `names`. Sources come first, members in the order of `names`."""
    inside = dict.fromkeys(names)
    order = _finished({n: [m for m in ways.get(n, ()) if m in inside] for n in inside})
    backwards = reversed_ways({n: [m for m in ways.get(n, ()) if m in inside] for n in inside})
    rank = {name: number for number, name in enumerate(inside)}
    seen: set[str] = set()
    found: list[list[str]] = []
    for node in reversed(order):
        if node in seen:
            continue
        part, queue = [], [node]
        while queue:
            one = queue.pop()
            if one not in seen:
                seen.add(one)
                part.append(one)
                queue.extend(backwards[one])
        found.append(sorted(part, key=rank.__getitem__))
    return found


def _finished(ways: Ways) -> list[str]:
    """The nodes in the post-order of a depth-first search."""
    seen: set[str] = set()
    order: list[str] = []
    for root in ways:
        stack = [(root, iter(ways[root]))] if root not in seen else []
        seen.add(root)
        while stack:
            node, rest = stack[-1]
            other = next((one for one in rest if one not in seen), None)
            if other is None:
                order.append(node)
                stack.pop()
            else:
                seen.add(other)
                stack.append((other, iter(ways[other])))
    return order
