"""Reachability in plain Python answers as networkx does."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.reach import components, reached, reversed_ways, shortest

NODES = "abcdefg"
GRAPHS = st.fixed_dictionaries(
    {node: st.lists(st.sampled_from(NODES), max_size=3) for node in NODES}
)


def graph_of(ways: dict[str, list[str]]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(ways)
    graph.add_edges_from((a, b) for a, others in ways.items() for b in others)
    return graph


@given(GRAPHS)
def test_the_answers_are_those_of_networkx(ways: dict[str, list[str]]) -> None:
    graph = graph_of(ways)
    for node in NODES:
        assert reached(ways, node) - {node} == nx.descendants(graph, node)
        on_a_circle = any(nx.has_path(graph, to, node) for to in ways[node])
        assert (node in reached(ways, node)) == on_a_circle
        assert reached(reversed_ways(ways), node) - {node} == nx.ancestors(graph, node)
        for other in NODES:
            way = shortest(ways, node, other)
            length = nx.shortest_path_length(graph, node, other) if way else None
            assert (len(way) - 1 == length) if way else not nx.has_path(graph, node, other)
    parts = components(ways, NODES)
    assert {frozenset(part) for part in parts} == {
        frozenset(part) for part in nx.strongly_connected_components(graph)
    }
    order = {name: number for number, part in enumerate(parts) for name in part}
    assert all(order[a] <= order[b] for a in NODES for b in ways[a])
