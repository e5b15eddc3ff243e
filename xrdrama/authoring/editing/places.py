"""Where in a file a position is: the keys around it, or the row of a script. Also in broken text.

Only indentation and punctuation are looked at, because a file that is being typed is seldom valid.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from xrdrama.document.names import WORD_SIGN

_BLOCK: Final = re.compile(r"(\s*)(?:- +)*[^\s#'\"{\[][^:]*:\s+[|>][-+0-9]*\s*(?:#.*)?$")
_KEY: Final = re.compile(rf"({WORD_SIGN}+|\"[^\"]*\"|'[^']*')\s*:(?:\s+|$)")
_DASH: Final = re.compile(r"-(?:\s+|$)")
_LAST: Final = re.compile(rf"(?:{WORD_SIGN}|\.)*$")
MOST_ROWS: Final = 20_000
"""Most lines above a position that are looked at."""


class Where(msgspec.Struct, frozen=True):
    """A position: the keys around it from the outside in ("-" is an item of a list), what is typed
    before it, and whether a key or a value is expected there."""

    path: tuple[str, ...]
    before: str
    """The value as far as it was typed; in a script, the row."""
    is_key: bool = False
    in_script: bool = False
    in_flow: bool = False
    """It is in braces or brackets."""
    given: tuple[str, ...] = ()
    """The keys that the mapping has already on this line."""

    @property
    def word(self) -> str:
        """The part of a word that is typed."""
        found = _LAST.search(self.before)
        return found[0] if found else ""

    @property
    def beat(self) -> str:
        """The beat around it, or ""."""
        return self.path[1] if len(self.path) > 1 and self.path[0] == "beats" else ""


def where_is(rows: Sequence[str], line: int, column: int) -> Where:
    """The surroundings of a position (line and column from 1)."""
    number = min(max(line, 1), len(rows)) - 1
    row = rows[number][: max(0, column - 1)]
    blocks = _blocks(rows, number)
    here = blocks.get(number)
    if here is not None:
        above = _above(rows, here, blocks, len(rows[here]) - len(rows[here].lstrip()))
        key = _KEY.match(_bare(rows[here]))
        return Where((*above, key[1] if key else ""), row.lstrip(), in_script=True)
    return _in_row(rows, number, row, blocks)


def _bare(row: str) -> str:
    """A row without its indentation and the dashes of lists."""
    row = row.lstrip()
    while found := _DASH.match(row):
        row = row[found.end() :]
    return row


def _blocks(rows: Sequence[str], last: int) -> dict[int, int]:
    """For each row inside a literal block up to `last`: the row of its key."""
    found: dict[int, int] = {}
    head, indent = -1, 0
    for number in range(max(0, last - MOST_ROWS), last + 1):
        row = rows[number]
        here = len(row) - len(row.lstrip())
        if head >= 0 and (here > indent or not row.strip()):
            found[number] = head
            continue
        head = -1
        if ("|" in row or ">" in row) and _BLOCK.match(row):
            head, indent = number, here
    # A blank row after a script belongs to it only as far to the right as its text begins.
    if last in found and not rows[last].strip():
        head = found[last]
        if len(rows[last]) <= len(rows[head]) - len(rows[head].lstrip()):
            del found[last]
    return found


def _above(
    rows: Sequence[str], number: int, blocks: dict[int, int], indent: int, *, dashed: bool = False
) -> tuple[str, ...]:
    """The keys around a row whose text begins after `indent` characters. `dashed`: it is an item
    of a list, whose dash may be right below its key."""
    path: list[str] = []
    for above in range(number - 1, max(-1, number - MOST_ROWS), -1):
        row = rows[above]
        text = row.lstrip()
        if indent <= 0 and not dashed:
            break
        if not text or text[0] == "#" or above in blocks:
            continue
        at = len(row) - len(text)
        dashes: list[int] = []
        while found := _DASH.match(text):
            dashes.append(at)
            at += found.end()
            text = text[found.end() :]
        key = _KEY.match(text)
        if key and (at < indent or (dashed and not dashes and at == indent)):
            path.append(key[1].strip("'\""))
            indent, dashed = at, False
        for dash in reversed(dashes):
            if dash < indent:
                path.append("-")
                indent, dashed = dash, True
    return tuple(reversed(path))


def _in_row(rows: Sequence[str], number: int, row: str, blocks: dict[int, int]) -> Where:
    """The surroundings of a position in a row of YAML."""
    text = row.lstrip()
    at = len(row) - len(text)
    inner: list[str] = []
    first = at
    while found := _DASH.match(text):
        inner.append("-")
        at += found.end()
        text = text[found.end() :]
    path = (*_above(rows, number, blocks, first, dashed=bool(inner)), *inner)
    key = _KEY.match(text)
    if key is None and text[:1] not in ("{", "["):
        return Where(path, text, is_key=True)
    if key:
        path, text = (*path, key[1].strip("'\"")), text[key.end() :]
    return _in_flow(path, text)


def _in_flow(path: tuple[str, ...], text: str) -> Where:
    """The surroundings at the end of a value, which may be in braces and brackets."""
    stack: list[tuple[str, tuple[str, ...], list[str]]] = []
    start, index, quote = 0, 0, ""
    while index < len(text):
        sign = text[index]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"" and not text[start:index].strip():
            quote = sign
        elif sign in "{[" and not text[start:index].strip():
            stack.append((sign, path, []))
            path = (*path, "-") if sign == "[" else path
            start = index + 1
        elif sign in "}]" and stack:
            path = stack.pop()[1]
            start = index + 1
        elif sign == "," and stack:
            path = (*stack[-1][1], "-") if stack[-1][0] == "[" else stack[-1][1]
            start = index + 1
        elif sign == ":" and stack and text[index + 1 : index + 2] in " ":
            word = text[start:index].strip().strip("'\"")
            kind, around, keys = stack[-1]
            keys += [word] if kind == "{" else []
            path = (*around, word) if kind == "{" else (*around, "-", word)
            start = index + 1
        index += 1
    before = text[start:].lstrip()
    in_map = bool(stack) and stack[-1][0] == "{" and path == stack[-1][1]
    given = tuple(stack[-1][2]) if stack else ()
    return Where(path, before, is_key=in_map, in_flow=bool(stack), given=given)
