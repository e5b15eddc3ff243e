"""Finds the names of a story in its string tables: in ids, in the columns beside them, in texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from xrdrama.authoring.editing.occurrences import FileIndex, Kind, Occurrence
from xrdrama.authoring.editing.spans import Span
from xrdrama.document.names import FIRST_SIGN, WORD_SIGN, composed
from xrdrama.story.strings.csv_table import separator_of


class _Cell(msgspec.Struct, frozen=True):
    """A cell of a table, or a text of a PO file: its place (line and column from 1), its number in
    the row (from 0), what is written."""

    text: str
    line: int
    column: int
    number: int


def index_csv(text: str, file: str) -> FileIndex:
    """The names in a string table in CSV."""
    text = composed(text)
    found: list[Occurrence] = []
    columns: list[str] = []
    row: list[_Cell] = []
    for cell in _cells(text, separator_of(text)):
        if cell.number == 0 and row:
            columns = _take(row, columns, file, found)
            row = []
        row.append(cell)
    if row:
        _take(row, columns, file, found)
    return FileIndex(file, tuple(text.split("\n")), tuple(found))


def _take(row: list[_Cell], columns: list[str], file: str, found: list[Occurrence]) -> list[str]:
    """Add the names of a row; the columns, which the first row with `id` names."""
    if not columns:
        names = [cell.text.strip().strip('"') for cell in row]
        return names if "id" in names else []
    for cell in row:
        column = columns[cell.number] if cell.number < len(columns) else ""
        if column == "id":
            found += _of_id(cell, file)
        elif column in ("beat", "speaker"):
            name = cell.text.strip().strip('"')
            if name:
                start = cell.column + cell.text.index(name)
                kind: Kind = "beat" if column == "beat" else "role"
                found.append(
                    Occurrence(kind, name, Span(file, cell.line, start, start + len(name)))
                )
        else:
            found += _shown_in(cell, file)
    return columns


@cache
def _cell(separator: str) -> re.Pattern[str]:
    sign = re.escape(separator)
    return re.compile(rf'[ ]*("(?:[^"]|"")*"[^{sign}\n]*|[^{sign}\n]*)({sign}|\n|\Z)')


def _cells(text: str, separator: str) -> Iterator[_Cell]:
    """The cells of a CSV text, also of one with errors."""
    line, began, number = 1, 0, 0
    for found in _cell(separator).finditer(text):
        if found.start() == len(text):
            return
        yield _Cell(found[1], line, found.start(1) - began + 1, number)
        number = number + 1 if found[2] == separator else 0
        breaks = found[0].count("\n")
        if breaks:
            line += breaks
            began = found.start() + found[0].rindex("\n") + 1


@cache
def _shown() -> re.Pattern[str]:
    return re.compile(rf"(?<![{{$#'])\{{\s*({FIRST_SIGN}{WORD_SIGN}*)\s*[}},]")


def _shown_in(cell: _Cell, file: str) -> Iterator[Occurrence]:
    """The variables that a text shows."""
    if "{" not in cell.text:
        return
    for number, part in enumerate(cell.text.split("\n")):
        column = cell.column if number == 0 else 1
        for shown in _shown().finditer(part):
            start = column + shown.start(1)
            span = Span(file, cell.line + number, start, start + len(shown[1]))
            yield Occurrence("variable", shown[1], span)


def _of_id(cell: _Cell, file: str) -> list[Occurrence]:
    """The names in the id of a text: cast.lan, porch.stay, porch.stay.voice, porch.action.2,
    ending.morning, l4k2pq."""
    name = cell.text.strip().strip('"')
    start = cell.column + cell.text.index(name) if name else 0
    parts = name.split(".")

    def span(at: int) -> Span:
        before = start + sum(len(part) + 1 for part in parts[:at])
        return Span(file, cell.line, before, before + len(parts[at]))

    if len(parts) == 1:
        return [Occurrence("line", name, span(0))] if name.startswith("l") else []
    if parts[0] in ("cast", "ending"):
        kind: Kind = "role" if parts[0] == "cast" else "ending"
        return [Occurrence(kind, parts[1], span(1))]
    beat = Occurrence("beat", parts[0], span(0))
    numbered = parts[1].isdecimal() or (len(parts) == 3 and parts[2].isdecimal())
    if numbered:
        return [beat]
    return [beat, Occurrence("option", parts[1], span(1), beat=parts[0])]


@cache
def _context() -> re.Pattern[str]:
    return re.compile(r'\s*(?:#~ )?msgctxt\s+"([^"\\]*)"')


@cache
def _comment() -> re.Pattern[str]:
    word = rf"{WORD_SIGN}+"
    return re.compile(rf"#\. \w+(?:, beat (?P<beat>{word}))?(?:, speaker (?P<role>{word}))?")


def index_po(text: str, file: str) -> FileIndex:
    """The names in a string table in PO."""
    rows = tuple(composed(text).split("\n"))
    found: list[Occurrence] = []
    for line, row in enumerate(rows, 1):
        if context := _context().match(row):
            found += _of_id(_Cell(context[1], line, context.start(1) + 1, 0), file)
        elif row.startswith("#."):
            found += _of_comment(row, line, file)
        if '"' in row or row.startswith("#."):
            found += _shown_in(_Cell(row, line, 1, 0), file)
    return FileIndex(file, rows, tuple(found))


def _of_comment(row: str, line: int, file: str) -> Iterator[Occurrence]:
    """The beat and the speaker in a comment that `xrdrama fmt` writes."""
    context = _comment().match(row)
    kinds: tuple[Kind, ...] = ("beat", "role")
    for kind in kinds:
        if context and context[kind]:
            span = Span(file, line, context.start(kind) + 1, context.end(kind) + 1)
            yield Occurrence(kind, context[kind], span)
