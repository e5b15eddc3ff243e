"""Finds the names of a story in the files beside it: test plans and string tables."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from xrdrama.authoring.editing.occurrences import FileIndex, Kind, Occurrence
from xrdrama.authoring.editing.spans import Span
from xrdrama.document.names import FIRST_SIGN, WORD_SIGN, composed
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of
from xrdrama.story.strings import separator_of

STEPS: Final[dict[str, Kind]] = {
    "start": "beat", "node": "beat", "jump": "beat", "force": "beat", "set": "variable",
    "var": "variable", "select": "option", "ending": "ending", "marker": "marker", "cue": "cue",
    "sound": "sound", "line": "role",
}  # fmt: skip
"""The steps of a plan that name something, and what."""


@cache
def _step() -> re.Pattern[str]:
    return re.compile(rf"\s*([a-z]+)[ \t]*:[ \t]*({FIRST_SIGN}{WORD_SIGN}*)[ \t]*(?:[#=.].*)?$")


_SPOKEN = re.compile(r"\s*line[ \t]*:[ \t]*([^:`]{1,40}):\s")


def index_plan(text: str, file: str) -> FileIndex:
    """The names in a test plan."""
    rows = tuple(composed(text).split("\n"))
    found = []
    for line, row in enumerate(rows, 1):
        if spoken := _SPOKEN.match(row):
            said = spoken[1].rstrip()
            name = role_of(said)
            if is_speaker(said) and said == capitals(name):
                span = Span(file, line, spoken.start(1) + 1, spoken.start(1) + len(said) + 1)
                found.append(Occurrence("role", name, span, capitals=True))
        elif (step := _step().match(row)) and step[1] in STEPS and step[1] != "line":
            kind = STEPS[step[1]]
            if kind == "option" and step[2] == "else":
                continue
            span = Span(file, line, step.start(2) + 1, step.end(2) + 1)
            found.append(Occurrence(kind, step[2], span))
    return FileIndex(file, rows, tuple(found))


@cache
def _shown() -> re.Pattern[str]:
    return re.compile(rf"(?<![{{$#'])\{{\s*({FIRST_SIGN}{WORD_SIGN}*)\s*[}},]")


@cache
def _text_id() -> re.Pattern[str]:
    word = rf"{WORD_SIGN}+"
    return re.compile(rf'"?(?:({word})\.)?({word})"?')


def index_table(text: str, file: str) -> FileIndex:
    """The names in a string table: in the ids of its rows, and the variables that its texts
    show."""
    text = composed(text)
    rows = tuple(text.split("\n"))
    separator = separator_of(text)
    found: list[Occurrence] = []
    inside = False  # of a quoted cell
    for line, row in enumerate(rows, 1):
        first = 0
        match = None if inside else _text_id().match(row)
        if match and row[match.end() : match.end() + 1] == separator:
            first = match.end()
            found += _of_id(match, file, line)
        for shown in _shown().finditer(row, first):
            span = Span(file, line, shown.start(1) + 1, shown.end(1) + 1)
            found.append(Occurrence("variable", shown[1], span))
        inside ^= row.count('"') % 2 == 1
    return FileIndex(file, rows, tuple(found))


def _of_id(match: re.Match[str], file: str, line: int) -> list[Occurrence]:
    """The names in the id of a row: cast.lan, porch.stay, ending.morning, l4k2pq."""
    before, last = match[1], match[2]
    span = Span(file, line, match.start(2) + 1, match.end(2) + 1)
    if before is None:
        return [Occurrence("line", last, span)] if last.startswith("l") else []
    if before == "cast":
        return [Occurrence("role", last, span)]
    if before == "ending":
        return [Occurrence("ending", last, span)]
    beat = Occurrence("beat", before, Span(file, line, match.start(1) + 1, match.end(1) + 1))
    if last.isdecimal():
        return [beat]
    return [beat, Occurrence("option", last, span, beat=before)]
