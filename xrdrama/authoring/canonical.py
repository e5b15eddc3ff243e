"""The canonical form of an author's file: keys in the order of its format, line ids written.

Whole lines are moved and ids are added; nothing else is rewritten, so comments, quotes and the
author's own line breaks stay as they were.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable
from hashlib import blake2b

from xrdrama.document import Mapping, Node, Record, Sequence, Shape, Variant, compose
from xrdrama.document.shapes import Field, ListOf, MapOf
from xrdrama.errors import AuthoringError, Problem
from xrdrama.story import Line, parse_story


def canonical_text(text: str, file: str, shape: Shape) -> str:
    """The text with its keys in the order of `shape`; AuthoringError when it is not YAML."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    if root is None or problems:
        raise AuthoringError(problems)
    lines = [line.rstrip() for line in text.splitlines()]
    _order(lines, root, shape, len(lines))
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def with_line_ids(text: str, file: str, taken: Collection[str] = ()) -> str:
    """A story's text with an id behind every line that has none; `taken` ids are not given again.

    AuthoringError when the story has errors: ids are only written into what can be read.
    """
    story, problems, _ = parse_story(text, file)
    if story is None:
        raise AuthoringError(problems)
    lines = text.splitlines()
    said = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    used = {line.id for line in said if line.has_id} | set(taken)
    for line in said:
        if not line.has_id:
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
    raise AssertionError("a thousand ids are taken")


def _order(lines: list[str], node: Node, shape: Shape, end: int) -> None:
    """Order the keys of `node`, which ends before line `end` (from 0), innermost first."""
    if isinstance(node, Sequence):
        item = shape.item if isinstance(shape, ListOf) else None
        for child, child_end in _spans(node.items, end):
            if item is not None:
                _order(lines, child, item, child_end)
    elif isinstance(node, Mapping):
        fields = _fields(shape, node)
        inner = [key for key, _ in node.entries]
        for (key, child), (_, child_end) in zip(node.entries, _spans(inner, end), strict=True):
            known = fields.get(key.text)
            if known is not None:
                _order(lines, child, known, child_end)
            elif isinstance(shape, MapOf):
                _order(lines, child, shape.item, child_end)
        if fields:
            _move(lines, node, list(fields), end)


def _spans(nodes: Iterable[Node], end: int) -> list[tuple[Node, int]]:
    found = list(nodes)
    starts = [node.place.line - 1 for node in found[1:]] + [end]
    return list(zip(found, starts, strict=True))


def _fields(shape: Shape, node: Mapping) -> dict[str, Shape]:
    if isinstance(shape, Variant):
        kind = node.get(shape.by)
        record = shape.records.get(getattr(kind, "text", ""))
        rest = _fields(record, node) if record else {}
        return {shape.by: Field(shape, "").shape, **rest}
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
    tail: list[str] = []
    while blocks[-1] and not blocks[-1][-1]:  # blank lines behind the group stay behind it
        tail.append(blocks[-1].pop())
    ordered = [block for _, block in sorted(zip(ranks, blocks, strict=True), key=lambda p: p[0])]
    lines[first:end] = [line for block in ordered for line in block] + tail


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
    return len(set(rows)) == len(rows) and all(
        not lines[key.place.line - 1][: key.place.column - 1].strip() for key, _ in node.entries
    )
