"""The lines of a file: indentation, key and value, found without a YAML parser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec

_KEY = re.compile(r"( *)([^\s#'\"{\[][^#]*?|\"[^\"]*\"|'[^']*'):(?:\s+(.*))?")
_DASH = re.compile(r"( *)-(\s.*)?")
_BLOCK = re.compile(r"[|>][0-9+-]*\s*(#.*)?")
MAX_DASHES = 24
"""Most lists within lists on one line; the composer allows no more."""


class Line(msgspec.Struct, frozen=True):
    """A line of structure: its key, if it has one, and its value."""

    row: int
    indent: int
    text: str
    key: str = ""
    value: str = ""
    dash: bool = False

    @property
    def open(self) -> bool:
        """True when lines with more indentation may follow."""
        return (bool(self.key) or self.dash) and not self.value


def structure(rows: Sequence[str], end: int) -> list[tuple[int, int, str]]:
    """Lines that are neither blank, nor comments, nor in text blocks: row, indent, text."""
    found: list[tuple[int, int, str]] = []
    block: int | None = None
    for row, text in enumerate(rows[:end]):
        indent = len(text) - len(text.lstrip(" "))
        if not text.strip() or (block is not None and indent > block):
            continue
        block = None
        if text.lstrip().startswith("#"):
            continue
        found.append((row, indent, text))
        key = _KEY.fullmatch(text)
        if key and _BLOCK.fullmatch(key[3] or ""):
            block = indent
    return found


def lines_of(rows: Sequence[str], end: int) -> list[Line]:
    """The lines of structure. A dash and a key after it count as two lines; continuations of
    brackets, quotes or plain texts are left out."""
    found: list[Line] = []
    inside = (0, "")
    for row, _, text in structure(rows, end):
        if inside != (0, ""):
            inside = left_open(text, *inside)
            continue
        rest = text
        for _ in range(MAX_DASHES):
            match = _DASH.fullmatch(rest)
            if match is None:
                break
            rest = f"{match[1]} {match[2] or ''}"
            plain = "" if _KEY.fullmatch(rest) or _DASH.fullmatch(rest) else rest.strip()
            found.append(Line(row, len(match[1]), text, value=plain, dash=True))
        line = line_of(row, rest)
        if line.key or not found or found[-1].row != row:
            found.append(line)
        if line.value[:1] in ("{", "[", '"', "'"):
            inside = left_open(line.value)
    return found


def left_open(text: str, depth: int = 0, quote: str = "") -> tuple[int, str]:
    """The number of open brackets, and the open quote, after a text, given the state before it.

    A quote opens only where a value begins, so not in `{text: Don't}`.
    """
    at, before = 0, ""
    while at < len(text):
        sign = text[at]
        if quote or (sign in "\"'" and before in ("", "{", "[", ",", ":")):
            end = closing(text, at if quote else at + 1, quote or sign)
            if end is None:
                return depth, quote or sign
            at, quote, before = end, "", sign
            continue
        depth = max(0, depth + (sign in "{[") - (sign in "}]"))
        before = before if sign == " " else sign
        at += 1
    return depth, ""


def line_of(row: int, text: str) -> Line:
    """A line of structure, split into key and value."""
    match = _KEY.fullmatch(text.rstrip())
    indent = len(text) - len(text.lstrip(" "))
    if not match:
        return Line(row, indent, text, "", text.strip())
    value = re.sub(r"(^|\s)#.*", "", match[3] or "").strip()
    return Line(row, indent, text, match[2].strip(), value)


def usual_step(rows: Sequence[str]) -> int:
    """The usual indentation of a level in columns; 2 if the file has no levels."""
    indents = [indent for _, indent, _ in structure(rows, len(rows))]
    steps = Counter([2, *(b - a for a, b in pairwise(indents) if b > a)])
    return steps.most_common(1)[0][0]


def closing(line: str, at: int, quote: str) -> int | None:
    """The column after the closing quote, or None."""
    while at < len(line):
        if quote == '"' and line[at] == "\\":
            at += 2
        elif line[at] == quote:
            if quote == "'" and line[at + 1 : at + 2] == "'":
                at += 2
            else:
                return at + 1
        else:
            at += 1
    return None
