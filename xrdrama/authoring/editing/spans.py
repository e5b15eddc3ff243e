"""Ranges of characters in authors' files, and the columns of editors.

Lines and columns count from 1, in the composed form of a text (NFC), as in all problems. Editors
count from 0, most of them in UTF-16 code units of the text as it was typed.
"""

from __future__ import annotations

import re
from functools import cache

import msgspec

from xrdrama.document.names import WORD_SIGN, composed


def file_name(path: str) -> str:
    """The name of a file without its folders, for a message."""
    return path.replace("\\", "/").rpartition("/")[2]


class Span(msgspec.Struct, frozen=True, order=True):
    """Characters of one line: from the column `start` up to the column `end`, which is not part
    of it."""

    file: str
    line: int
    start: int
    end: int

    def holds(self, line: int, column: int) -> bool:
        """True for a position inside, and for the one after the last character."""
        return line == self.line and self.start <= column <= self.end


class Rows:
    """The lines of a text as it was typed, with their columns in composed form and the columns of
    an editor, which counts units of `encoding`: utf-8, utf-16 or utf-32."""

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.typed = text.split("\n")
        self.rows = self.typed if text.isascii() else [composed(row) for row in self.typed]
        self.codec = "utf-8" if encoding == "utf-8" else f"{encoding}-le"
        self.width = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]

    def units(self, line: int, column: int) -> tuple[int, int]:
        """The line and the column of an editor, both from 0, of a position; beyond the text: its
        end."""
        if line > len(self.typed):
            return len(self.typed) - 1, self._units(self.typed[-1])
        typed, row = self.typed[line - 1], self.rows[line - 1]
        at = min(max(column - 1, 0), len(row))
        if typed.isascii():
            return line - 1, at
        return line - 1, self._units(typed[: _typed_index(typed, row, at)])

    def position(self, line: int, units: int) -> tuple[int, int]:
        """The line and column from 1 of a position of an editor; beyond the text: its end."""
        if line >= len(self.typed):
            return len(self.typed), len(self.rows[-1]) + 1
        typed = self.typed[line]
        if typed.isascii():
            return line + 1, min(max(units, 0), len(typed)) + 1
        raw = typed.encode(self.codec, "surrogatepass")[: self.width * max(units, 0)]
        before = raw.decode(self.codec, "ignore")
        return line + 1, len(composed(before)) + 1

    def _units(self, text: str) -> int:
        """The units of a text."""
        return len(text.encode(self.codec, "surrogatepass")) // self.width


def _typed_index(typed: str, row: str, at: int) -> int:
    """The index in a typed line of the character at an index of its composed form."""
    if typed == row:
        return at
    index = at
    while index < len(typed) and len(composed(typed[: index + 1])) <= at:
        index += 1  # accents that are typed after their letter
    return index


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"[@#]?{WORD_SIGN}+(?:\.{WORD_SIGN}+)*")


_NAMED = re.compile(r"'([^']{1,200})'")


def span_of(row: str, file: str, line: int, column: int, message: str = "") -> Span:
    """The word that a problem is about: what its message quotes, if that is there; else the word or
    the quoted text at its position."""
    at = max(0, min(column - 1, len(row)))
    for named in _NAMED.findall(message):
        for start in (at, at + 1):
            if row.startswith(named, start):
                return Span(file, line, start + 1, start + len(named) + 1)
    if row[at : at + 1] in ('"', "'"):
        end = row.find(row[at], at + 1)
        if end > 0:
            return Span(file, line, at + 1, end + 2)
    if row[at : at + 1] == "{" and "}" in row[at:]:
        return Span(file, line, at + 1, row.index("}", at) + 2)
    if found := _word().match(row, at):
        return Span(file, line, at + 1, found.end() + 1)
    rest = row[at:].rstrip()
    return Span(file, line, at + 1, at + 1 + max(1, len(rest)) if rest else at + 1)
