"""The map of a story as SVG: beats in rows from start to endings, with the taken path
highlighted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

import msgspec
import networkx as nx

from xrdrama.authoring.graph import story_graph
from xrdrama.story import Story

WIDTH, HEIGHT = 132, 40
GAP_X, GAP_Y = 26, 40


class Placed(msgspec.Struct, frozen=True):
    """The position of a beat on the map: the middle of its box, in pixels."""

    x: float
    y: float


def layout(story: Story) -> dict[str, Placed]:
    """Place beats in rows by their distance from the start, and near their predecessors in a
    row."""
    graph = story_graph(story)
    depth = _depths(story, graph)
    rows: dict[int, list[str]] = {}
    for beat in story.order:
        rows.setdefault(depth[beat.id], []).append(beat.id)
    placed: dict[str, Placed] = {}
    widest = max(len(row) for row in rows.values())
    for number in sorted(rows):
        row = rows[number]

        def wanted(name: str) -> float:
            above = [placed[p].x for p in graph.predecessors(name) if p in placed]
            return sum(above) / len(above) if above else 0.0

        row.sort(key=lambda name: (wanted(name), story.beats[name].index))
        step = WIDTH + GAP_X
        left = (widest - len(row)) * step / 2
        for index, name in enumerate(row):
            placed[name] = Placed(left + index * step + WIDTH / 2, number * (HEIGHT + GAP_Y) + 24)
    return placed


def _depths(story: Story, graph: nx.MultiDiGraph[str]) -> dict[str, int]:
    """The length of the longest path from the start to each beat, without loops."""
    order = nx.condensation(nx.DiGraph(graph))
    member = {name: node for node, names in order.nodes(data="members") for name in names}
    depth = dict.fromkeys(order.nodes, 0)
    for node in nx.topological_sort(order):
        for _, following in order.out_edges(node):
            depth[following] = max(depth[following], depth[node] + 1)
    return {name: depth[member[name]] for name in story.beats}


def draw_map(
    story: Story,
    *,
    taken: Sequence[tuple[str, str]] = (),
    visited: Collection[str] = (),
    labels: dict[str, str] | None = None,
) -> str:
    """The map as SVG. `taken` are the paths (from, to) that were taken, in order."""
    placed = layout(story)
    gone = set(taken)
    right = max(p.x for p in placed.values()) + WIDTH / 2 + 4
    bottom = max(p.y for p in placed.values()) + HEIGHT / 2 + 22
    parts = [
        f'<svg class="map" viewBox="-4 -4 {right + 8:.0f} {bottom + 8:.0f}" '
        f'role="img" aria-label="map of {escape(story.title)}">'
    ]
    graph = story_graph(story)
    seen: set[tuple[str, str]] = set()
    edges: list[tuple[str, str, str]] = list(graph.edges(data="how"))
    for one, other, how in edges:
        if (one, other) in seen:
            continue
        seen.add((one, other))
        parts.append(_way(placed[one], placed[other], how, lit=(one, other) in gone))
    for beat in story.order:
        p = placed[beat.id]
        kind = "ending" if beat.ending else "choice" if beat.choice else "beat"
        lit = " lit" if beat.id in visited else ""
        title = (labels or {}).get(beat.id, beat.id.replace("_", " "))
        parts.append(
            f'<g class="node {kind}{lit}" transform="translate({p.x:.1f},{p.y:.1f})">'
            f'<rect x="{-WIDTH / 2}" y="{-HEIGHT / 2}" width="{WIDTH}" height="{HEIGHT}" '
            f'rx="{HEIGHT / 2 if beat.ending else 7}"/><text dy="0.35em">{escape(title)}</text></g>'
        )
    parts.append("</svg>")
    return "".join(parts)


def _way(one: Placed, other: Placed, how: str, *, lit: bool) -> str:
    x1, y1 = one.x, one.y + HEIGHT / 2
    x2, y2 = other.x, other.y - HEIGHT / 2
    if y2 <= y1:  # backwards or sideways: around the outside
        side = max(x1, x2) + WIDTH / 2 + 18
        bend = f"{side:.1f},{y1 + 30:.1f} {side:.1f},{y2 - 30:.1f}"
    else:
        middle = (y1 + y2) / 2
        bend = f"{x1:.1f},{middle:.1f} {x2:.1f},{middle:.1f}"
    path = f"M{x1:.1f},{y1:.1f} C{bend} {x2:.1f},{y2:.1f}"
    return f'<path class="way {how}{" lit" if lit else ""}" d="{path}"/>'
