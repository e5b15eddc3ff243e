"""The outline of a branch file: its beats with their choices, and what an editor can fold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from xrdrama.authoring.editing.occurrences import FileIndex, Occurrence


class Part(msgspec.Struct, frozen=True):
    """A named part of a file: the lines from its first to its last, and the parts in it."""

    one: Occurrence
    last: int
    parts: tuple[Part, ...] = ()


def outline(index: FileIndex) -> tuple[Part, ...]:
    """The variables, roles and beats of a file, and the options and endings of the beats."""
    found: list[Part] = []
    inner: dict[str, list[Part]] = {}
    for one in index.occurrences:
        if one.defines and one.kind in ("option", "ending", "plot") and one.beat:
            part = Part(one, _last(index.rows, one.span.line))
            inner.setdefault(one.beat, []).append(part)
    for one in index.occurrences:
        if one.defines and one.kind in ("beat", "variable", "role"):
            below = inner.get(one.name, []) if one.kind == "beat" and not one.group else []
            found.append(Part(one, _last(index.rows, one.span.line), tuple(below)))
    return tuple(found)


def _last(rows: Sequence[str], line: int) -> int:
    """The last line of the part that begins at a line: those indented below it."""
    indent = len(rows[line - 1]) - len(rows[line - 1].lstrip())
    last = line
    for number in range(line, len(rows)):
        row = rows[number]
        if row.strip():
            if len(row) - len(row.lstrip()) <= indent:
                break
            last = number + 1
    return last


def folds(rows: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first and last lines (from 1) of what is indented below a line."""
    opened: list[tuple[int, int]] = []  # indentation and line
    last = 0
    for number, row in enumerate(rows, 1):
        text = row.lstrip()
        if not text or text[0] == "#":
            continue
        indent = len(row) - len(text)
        while opened and opened[-1][0] >= indent:
            began = opened.pop()[1]
            if last > began:
                yield began, last
        opened.append((indent, number))
        last = number
    for _, began in reversed(opened):
        if last > began:
            yield began, last
