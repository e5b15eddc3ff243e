"""The graph of a story for Graphviz (https://graphviz.org/doc/info/lang.html)."""

from __future__ import annotations

from xrdrama.authoring.exchange.arrows import arrows, kind_of, label, lost
from xrdrama.story import Story

not_carried_over = lost
_SHAPES = {"ending": "doubleoctagon", "choice": "box", "return": "box", "beat": "box"}


def write(story: Story) -> str:
    """The story as a digraph: one node for each beat, one edge for each path."""
    parts = [
        f"digraph {_quoted(story.id)} {{",
        f"  label={_quoted(story.title)};",
        "  node [shape=box, style=rounded];",
    ]
    for beat in story.order:
        kind = kind_of(beat)
        name = beat.id if beat.ending is None else f"{beat.id}\n{beat.ending.title}"
        bold = ", style=bold" if beat.id == story.start else ""
        keys = f"label={_quoted(name)}, shape={_SHAPES[kind]}, class={_quoted(kind)}{bold}"
        parts.append(f"  {_quoted(beat.id)} [{keys}];")
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
