"""The graph of a story as a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html)."""

from __future__ import annotations

from xrdrama.authoring.exchange.arrows import arrows, knots, label, lost
from xrdrama.story import Story

not_carried_over = lost
_BOXES = {"ending": "([{}])", "choice": "[{}]", "return": "[{}]", "beat": "[{}]",
          "group": "{{{{{}}}}}"}  # fmt: skip


def write(story: Story) -> str:
    """The story as a flowchart from top to bottom; beats are b0, b1 ... in the order of the file,
    because words such as `end` cannot be the id of a node."""
    number = {knot.id: f"b{at}" for at, knot in enumerate(knots(story))}
    parts = ["---", f"title: {_title(story.title)}", "---", "flowchart TD"]
    for knot in knots(story):
        name = f"{knot.id}: {knot.title}" if knot.ending else knot.id
        parts.append(f"  {number[knot.id]}{_BOXES[knot.kind].format(_quoted(name))}")
    for arrow in arrows(story):
        line = "-->" if arrow.how in ("option", "next") else "-.->"
        said = f"|{_quoted(text)}|" if (text := label(arrow)) else ""
        parts.append(f"  {number[arrow.one]} {line}{said} {number[arrow.other]}")
    parts.append(f"  style {number[story.start]} stroke-width:3px")
    return "\n".join(parts) + "\n"


def _title(text: str) -> str:
    """A title as a quoted YAML text."""
    plain = "".join(sign for sign in text if sign.isprintable())
    return "'" + plain.replace("'", "''") + "'"


def _quoted(text: str) -> str:
    """A quoted text; what has a meaning in Mermaid or HTML is written as its entity code."""
    signs = (f"#{ord(sign)};" if sign in '"#&<>`' else sign for sign in text if sign.isprintable())
    return '"' + "".join(signs) + '"'
