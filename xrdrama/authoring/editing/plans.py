"""Finds the names of a story in its test plans."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from xrdrama.authoring.editing.occurrences import FileIndex, Kind, Occurrence
from xrdrama.authoring.editing.spans import Span
from xrdrama.document.names import FIRST_SIGN, WORD_SIGN, composed
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

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
