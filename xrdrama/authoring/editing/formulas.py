"""The names in an expression, also in one that cannot be compiled."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from xrdrama.authoring.editing.occurrences import Kind
from xrdrama.document.names import WORD_SIGN

FUNCTIONS: Final = {
    "visits": "visits(beat): how often a beat was played",
    "seen": "seen(beat): true when a beat was played",
    "min": "min(a, b): the smaller of two numbers",
    "max": "max(a, b): the larger of two numbers",
    "random": "random(1, 6): a random whole number; only in effects",
}
_OF_BEATS = ("visits", "seen")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(rf"'[^']*'|\"[^\"]*\"|{WORD_SIGN}+(\s*\()?|\)")


def names_in(text: str) -> Iterator[tuple[Kind, str, int]]:
    """Each name of an expression: its kind, the name, its index in the text."""
    of_beat = False
    for found in _token().finditer(text):
        word = found[0]
        if word == ")":
            of_beat = False
        elif word[0] in "'\"" or word[0].isdigit():
            continue
        elif found[1]:
            of_beat = word[: -len(found[1])] in _OF_BEATS
        elif of_beat:
            yield "beat", word, found.start()
        elif not (keyword.iskeyword(word) or word in ("true", "false")):
            yield "variable", word, found.start()
