"""The graph of a story as GraphML (http://graphml.graphdrawing.org/), for yEd, Gephi, networkx."""

from __future__ import annotations

from xrdrama.authoring.exchange.arrows import arrows, knots, lost
from xrdrama.authoring.exchange.xml import attribute, text_node
from xrdrama.story import Story

not_carried_over = lost
_NODE_KEYS = ("kind", "scene", "ending", "title")
_EDGE_KEYS = ("how", "name", "text", "condition")


def write(story: Story) -> str:
    """The story as a directed graph: a node for each beat, an edge for each path, with data."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>']
    parts.append('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">')
    for where, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        parts += [
            f'  <key id="{where}.{key}" for="{where}" attr.name="{key}" attr.type="string"/>'
            for key in keys
        ]
    parts.append(f'  <graph id="{attribute(story.id)}" edgedefault="directed">')
    for knot in knots(story):
        parts.append(f'    <node id="{attribute(knot.id)}">')
        parts += _data("node", {key: getattr(knot, key) for key in _NODE_KEYS})
        parts.append("    </node>")
    for number, arrow in enumerate(arrows(story)):
        parts.append(
            f'    <edge id="e{number}" source="{attribute(arrow.one)}" '
            f'target="{attribute(arrow.other)}">'
        )
        parts += _data("edge", {key: getattr(arrow, key) for key in _EDGE_KEYS})
        parts.append("    </edge>")
    return "\n".join([*parts, "  </graph>", "</graphml>"]) + "\n"


def _data(where: str, values: dict[str, str]) -> list[str]:
    return [
        f'      <data key="{where}.{key}">{text_node(value)}</data>'
        for key, value in values.items()
        if value
    ]
