"""Wording for messages: the nearest known word, a short quote, a plain number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache, lru_cache

from xrdrama.document.names import WORD_SIGN, folded, invisible_in

LISTED = 12
"""Most names that a hint lists."""
MANY, COMPARED = 300, 16
"""Of more names than the first, only so many are compared letter by letter."""


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
    names = _Names.of(tuple(known))
    alike = same(word)
    import difflib  # imported only after a mistake

    if alike in names.by_form:
        return names.by_form[alike]
    close = difflib.get_close_matches(alike, names.like(alike), 1, 0.6)
    return names.by_form[close[0]] if close else ""


class _Names:
    """Known names by their forms for comparison, and by the pairs of letters in them."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self.by_form: dict[str, str] = {}
        for name in known:
            self.by_form.setdefault(same(name), name)
        self._forms = list(self.by_form)
        self._having: dict[str, list[int]] = {}
        if len(self._forms) > MANY:
            for index, form in enumerate(self._forms):
                for pair in _pairs(form):
                    self._having.setdefault(pair, []).append(index)

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, known: tuple[str, ...]) -> _Names:
        """Those of a story are asked for once for every wrong name."""
        return cls(known)

    def like(self, form: str) -> list[str]:
        """The forms to compare with: of many, those that share most of the rarer pairs."""
        if not self._having:
            return self._forms
        counts: Counter[int] = Counter()
        usual = len(self._forms) // 4
        for pair in _pairs(form):
            having = self._having.get(pair, ())
            if len(having) <= usual:
                counts.update(having)
        found = counts or Counter(range(MANY))  # a form of pairs that most names have
        forms = self._forms

        def rank(one: tuple[int, int]) -> tuple[int, int]:
            index, shared = one
            return -shared, abs(len(forms[index]) - len(form))

        return [forms[index] for index, _ in sorted(found.items(), key=rank)[:COMPARED]]


def _pairs(form: str) -> set[str]:
    return {form[i : i + 2] for i in range(len(form) - 1)}


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
