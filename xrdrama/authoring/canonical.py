"""The canonical form of an author's file: keys in the order of its format, with line ids.

Whole lines are moved and ids are added. Comments, quotes and line breaks stay unchanged.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from hashlib import blake2b

from xrdrama.document import (
    ListOf,
    MapOf,
    Mapping,
    Node,
    Record,
    Sequence,
    Shape,
    Variant,
    compose,
)
from xrdrama.document.names import composed
from xrdrama.errors import AuthoringError, Problem
from xrdrama.story import Line, Story, load_story


def canonical_text(text: str, file: str, shape: Shape) -> str:
    """The text with its keys in the order of `shape`; AuthoringError when it is not YAML."""
    problems: list[Problem] = []
    text = composed(text)
    root = compose(text, file, problems)
    if root is None or any(problem.severity == "error" for problem in problems):
        raise AuthoringError(problems)
    lines = [line.rstrip() for line in text.removeprefix("\ufeff").splitlines()]
    while lines[-1] in ("", "..."):  # the end of a YAML document, which would not be moved
        lines.pop()
    _order(lines, root, shape, len(lines))
    return "\n".join(lines) + "\n"


def with_line_ids(
    text: str, file: str, taken: Collection[str] = (), *, story: Story | None = None
) -> str:
    """A story's text with an id after every line that has none; `taken` ids are not used again.
    `story` is the parsed text, where it is at hand; with the files that it includes, `file` is the
    one of the text.

    AuthoringError when the story has errors.
    """
    if story is None:
        story = load_story(text, file)
    lines = text.splitlines()
    said = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    used = {line.id for line in said if line.has_id} | set(taken)
    for line in said:
        if not line.has_id and line.place.file == file:
            new = _new_id(f"{story.id}/{line.id}/{line.text}", used)
            used.add(new)
            row = line.place.line - 1
            lines[row] = f"{lines[row].rstrip()}  #{new}"
    return "\n".join(lines) + "\n"


def _new_id(what: str, used: Collection[str]) -> str:
    for attempt in range(1000):
        digest = blake2b(f"{what}/{attempt}".encode(), digest_size=5).digest()
        name = "l" + base64.b32encode(digest).decode().lower()[:5]
        if name not in used:
            return name
    raise AssertionError("no free line id was found in 1,000 tries")


def _order(lines: list[str], node: Node, shape: Shape, end: int) -> None:
    """Sort the keys of `node`, which ends before line `end` (from 0), innermost first."""
    if isinstance(node, Sequence):
        if isinstance(shape, ListOf) and lines[node.place.line - 1][node.place.column - 1] == "-":
            ends = _ends(lines, [_dash(lines, item) for item in node.items], end)
            for child, child_end in zip(node.items, ends, strict=True):
                _order(lines, child, shape.item, child_end)
    elif isinstance(node, Mapping):
        fields = _fields(shape, node)
        ends = _ends(lines, [key.place.line - 1 for key, _ in node.entries], end)
        for (key, child), child_end in zip(node.entries, ends, strict=True):
            known = fields.get(key.text)
            if known is not None:
                _order(lines, child, known, child_end)
            elif isinstance(shape, MapOf):
                _order(lines, child, shape.item, child_end)
        if fields:
            _move(lines, node, list(fields), end)


def _ends(lines: list[str], rows: list[int], end: int) -> list[int]:
    """The end (exclusive) of each part that begins at `rows`: the next part's start, or its
    comment's."""
    return [*(_start(lines, row) for row in rows[1:]), end] if rows else []


def _dash(lines: list[str], item: Node) -> int:
    """The line of an item's dash, which may be on a line of its own above the item."""
    row = item.place.line - 1
    while not lines[row][: item.place.column - 1].lstrip().startswith("-"):
        row -= 1
    return row


def _fields(shape: Shape, node: Mapping) -> dict[str, Shape]:
    if isinstance(shape, Variant):
        kind = node.get(shape.by)
        record = shape.records.get(getattr(kind, "text", ""))
        rest = _fields(record, node) if record else {}
        return {shape.by: shape, **rest}
    if isinstance(shape, Record):
        return {key: field.shape for key, field in shape.fields.items()}
    return {}


def _move(lines: list[str], node: Mapping, order: list[str], end: int) -> None:
    keys = [key for key, _ in node.entries]
    ranks = [order.index(key.text) if key.text in order else len(order) for key in keys]
    if ranks == sorted(ranks) or not _is_block(lines, node):
        return
    starts = [_start(lines, key.place.line - 1) for key in keys]
    first, stops = starts[0], [*starts[1:], end]
    blocks = [lines[a:b] for a, b in zip(starts, stops, strict=True)]
    last = blocks[-1]
    tail = _blank_tail(last)  # stays after the mapping
    ordered = [block for _, block in sorted(zip(ranks, blocks, strict=True), key=lambda p: p[0])]
    last += _blank_tail(ordered[-1])  # blank lines between two keys stay in place
    lines[first:end] = [line for block in ordered for line in block] + tail


def _blank_tail(block: list[str]) -> list[str]:
    """Remove and return the blank lines at the end of a block."""
    tail: list[str] = []
    while not block[-1]:
        tail.append(block.pop())
    return tail


def _start(lines: list[str], row: int) -> int:
    """The first of the comment lines right above a key, which belong to it."""
    indent = len(lines[row]) - len(lines[row].lstrip())
    while row > 0:
        above = lines[row - 1]
        if not above.lstrip().startswith("#") or len(above) - len(above.lstrip()) != indent:
            break
        row -= 1
    return row


def _is_block(lines: list[str], node: Mapping) -> bool:
    """True when each key starts a line of its own, so that lines can be moved."""
    rows = [key.place.line for key, _ in node.entries]
    if node.place != node.entries[0][0].place:
        return False  # in braces: the commas would not be moved
    return len(set(rows)) == len(rows) and all(
        not lines[key.place.line - 1][: key.place.column - 1].strip() for key, _ in node.entries
    )
