"""The graph of a story for Graphviz (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from xrdrama.authoring.exchange.arrows import arrows, knots, label, lost
from xrdrama.story import Story

not_carried_over = lost
_SHAPES = {"ending": "doubleoctagon", "choice": "box", "return": "box", "beat": "box",
           "group": "diamond"}  # fmt: skip


def write(story: Story) -> str:
    """The story as a digraph: one node for each beat and storylet group, one edge for each path."""
    parts = [
        f"digraph {_quoted(story.id)} {{",
        f"  label={_quoted(story.title)};",
        "  node [shape=box, style=rounded];",
    ]
    for knot in knots(story):
        name = f"{knot.id}\n{knot.title}" if knot.ending else knot.id
        bold = ", style=bold" if knot.id == story.start else ""
        keys = f"label={_quoted(name)}, shape={_SHAPES[knot.kind]}, class={_quoted(knot.kind)}"
        parts.append(f"  {_quoted(knot.id)} [{keys}{bold}];")
    for arrow in arrows(story):
        style = "" if arrow.how in ("option", "next") else ", style=dashed"
        keys = f"label={_quoted(label(arrow))}, class={_quoted(arrow.how)}{style}"
        parts.append(f"  {_quoted(arrow.one)} -> {_quoted(arrow.other)} [{keys}];")
    return "\n".join([*parts, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A quoted id: quotation marks are escaped, and backslashes, which begin escapes in labels."""
    plain = "".join(sign for sign in text if sign.isprintable() or sign == "\n")
    plain = plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{plain}"'
