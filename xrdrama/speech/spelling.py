"""The pronunciation of a regular English word; the first matching rule is used."""

from __future__ import annotations

import re
from functools import cache

from xrdrama.speech.consonants import CONSONANT_RULES
from xrdrama.speech.vowels import VOWEL_RULES

RULES = VOWEL_RULES + CONSONANT_RULES

Rule = tuple[re.Pattern[str], str, re.Pattern[str], tuple[str, ...]]
_CLASSES = {"V": "[aeiouy]", "C": "[b-df-hj-np-tv-xz]", "@": "[aeiouy].*"}


def sound_out(word: str) -> tuple[str, ...]:
    """The phones of a word of the letters a to z by the rules alone; other letters are silent."""
    phones: list[str] = []
    at = 0
    while at < len(word):
        taken, said = _first_rule(word, at)
        phones += said
        at += taken
    return tuple(phones)


def _first_rule(word: str, at: int) -> tuple[int, tuple[str, ...]]:
    before = word[:at]
    for left, letters, right, phones in _rules().get(word[at], ()):
        end = at + len(letters)
        if word.startswith(letters, at) and right.match(word, end) and left.search(before):
            return len(letters), phones
    return 1, ()


@cache
def _rules() -> dict[str, list[Rule]]:
    """The table, compiled on first use, so that importing this module is fast."""
    table: dict[str, list[Rule]] = {}
    for line in RULES.splitlines():
        if line and not line.startswith(" "):
            table[line] = rules = []
        elif line:
            rules.append(_rule(line))
    return table


def _rule(line: str) -> Rule:
    parts = line.split()
    left = parts.pop(0)[:-1] if parts[0].endswith("_") else ""
    letters = parts.pop(0)
    right = parts.pop(0)[1:] if parts and parts[0].startswith("_") else ""
    return re.compile(f"(?:{_expand(left)})$"), letters, re.compile(_expand(right)), _said(parts)


def _said(phones: list[str]) -> tuple[str, ...]:
    return () if phones == ["-"] else tuple(phones)


def _expand(context: str) -> str:
    return "".join(_CLASSES.get(character, character) for character in context)
