"""Wording for messages: the nearest known word, a short quote, a plain number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from xrdrama.document.names import WORD_SIGN, folded, invisible_in

LISTED = 12
"""Most names that a hint lists."""


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"(?:(?!{WORD_SIGN}).|_)+", re.DOTALL)


def plain(number: float) -> str:
    """A number as people write it: 1000000, not 1e+06."""
    return str(number) if isinstance(number, int) else f"{number:.15g}"


def short(text: str) -> str:
    """A quote of an author's text, shortened for a message."""
    text = " ".join(text.split())
    return repr(text if len(text) <= 40 else text[:37] + "...")


def same(name: str) -> str:
    """A name without case and without the characters between its words, for comparison."""
    return folded(_between().sub("_", name.strip()))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most similar, or ""."""
    names: dict[str, str] = {}
    for name in known:
        names.setdefault(same(name), name)
    alike = same(word)
    import difflib  # imported only after a mistake

    close = [alike] if alike in names else difflib.get_close_matches(alike, names, 1, 0.6)
    return names[close[0]] if close else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint: the known word that was probably meant, or the list of known words."""
    names = list(known)
    hidden = invisible_in(word) or next((sign for sign in word if not sign.isprintable()), "")
    if hidden:
        return f"the name contains an invisible character (U+{ord(hidden):04X}): type it again"
    meant = nearest(word, names)
    if meant:
        return f"did you mean {meant!r}?"
    listed = ", ".join(names[:LISTED]) + (" ..." if len(names) > LISTED else "")
    return f"use one of: {listed}" if names else ""


def spaces(column: int) -> str:
    """The hint to indent a line so that it starts at `column` (from 0)."""
    if column == 0:
        return "remove the spaces before it"
    return f"indent it by {column} space{'' if column == 1 else 's'}"
