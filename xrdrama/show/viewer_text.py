"""The section `viewers:` in the text of a show, with what a command line says instead. Text in,
text out; for a show that is played, not for its file: comments in the section are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from xrdrama.document import Mapping as MappingNode
from xrdrama.document import Node, Scalar, compose
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.show.parse import parse_show

KEY: Final = "viewers"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def with_viewers(text: str, said: Mapping[str, str], file: str = "show") -> str:
    """The text of a show with other values in its section `viewers:`, by name.

    UsageError for a name or a value that the section cannot have, and for a text whose layout does
    not let the section be replaced; AuthoringError for other errors of the text.
    """
    if not said:
        return text
    section = _section(text, compose(text, file, []))
    if section is None:
        raise UsageError(
            f"{file} is written in braces, so that options cannot replace its viewers:",
            "write one key on each line, or change viewers: in the file",
        )
    lines, first, last, found, margin = section
    found.update(said)
    block = [f"{margin}{KEY}:\n", *(f"{margin}  {name}: {one}\n" for name, one in found.items())]
    before = lines[:first]
    if before and not before[-1].endswith(("\n", "\r")):
        before[-1] += "\n"
    done = "".join([*before, *block, *lines[last:]])
    _, faults = parse_show(done, file)
    wrong = [one for one in faults if one.severity == "error"]
    names = list(found)
    for one in wrong:
        number = one.line - first - 2
        if 0 <= number < len(names) and names[number] in said:
            raise UsageError(f"{names[number]} of the viewers: {one.message}", one.hint)
    if wrong:
        raise AuthoringError(wrong)
    return done


def apart(text: str) -> tuple[str, dict[str, str]]:
    """The text of a show without its section `viewers:`, and what that section says, by name.

    For a text without keys on lines of their own: the text as it is, and nothing.
    """
    try:
        section = _section(text, compose(text, "show", []))
    except AuthoringError:
        section = None
    if section is None:
        return text, {}
    lines, first, last, found, _ = section
    # Where options add the section, the line before it may get an end.
    return "".join([*lines[:first], *lines[last:]]).rstrip() + "\n", found


class _Section(NamedTuple):
    lines: list[str]
    first: int
    last: int
    """Lines of the section, `last` exclusive; equal where it is missing."""
    found: dict[str, str]
    margin: str
    """Spaces before the keys of the show."""


def _section(text: str, root: Node | None) -> _Section | None:
    """The section of a text, or where it would be; None for a layout in braces."""
    lines = _LINE.findall(text)
    if not isinstance(root, MappingNode) or lines[root.place.line - 1].lstrip().startswith("{"):
        return None
    found: dict[str, str] = {}
    starts = [key.place.line - 1 for key, _ in root.entries] + [_end(lines)]
    first = last = starts[-1]
    for number, (key, node) in enumerate(root.entries):
        if key.text.strip() == KEY:
            found = {name.text.strip(): _flow(value) for name, value in _entries(node)}
            first, last = starts[number], starts[number + 1]
    return _Section(lines, first, last, found, " " * (root.place.column - 1))


def _end(lines: list[str]) -> int:
    """The line behind the last one of the document: before a mark for its end."""
    return next((n for n, line in enumerate(lines) if line.startswith("...")), len(lines))


def _entries(node: Node) -> tuple[tuple[Scalar, Node], ...]:
    return tuple(node.entries) if isinstance(node, MappingNode) else ()


def _flow(node: Node) -> str:
    """A value of the section as YAML on one line: a word or number, or a mapping of them."""
    if isinstance(node, MappingNode):
        return "{" + ", ".join(f"{key.text}: {_flow(value)}" for key, value in node.entries) + "}"
    return node.text if isinstance(node, Scalar) else "[]"
