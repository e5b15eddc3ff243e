"""The distance in sound between two phrases: an edit distance weighted by articulation.

Substituting a phone costs as much as the articulation differs: little for `P` and `B` (voice only),
more for `P` and `S`, 1 for a vowel and a consonant. Inserting or deleting a phone costs 1. The cost
of phones is a metric, so the edit cost is one, too; the distance is this cost divided by the length
of the longer sequence.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import hypot

from xrdrama.speech.phrases import words
from xrdrama.speech.pronunciation import pronounce, pronounce_word

SOUNDS_THE_SAME = 0.15
"""Below this distance, two phrases of a choice are an error (chosen on pairs of choices)."""
SOUNDS_ALIKE = 0.30
"""Below this distance, they are a warning."""
OUTSIDE = 0.30
"""The cost of a phone before or after the phrase (see `within`)."""

# Place from the lips (0) to the throat (6); openness of the mouth, stop to glide.
_CONSONANTS: dict[str, tuple[bool, float, float]] = {
    "P": (False, 0, 0), "B": (True, 0, 0), "T": (False, 3, 0), "D": (True, 3, 0),
    "K": (False, 5, 0), "G": (True, 5, 0), "CH": (False, 4, 1), "JH": (True, 4, 1),
    "F": (False, 1, 2), "V": (True, 1, 2), "TH": (False, 2, 2), "DH": (True, 2, 2),
    "S": (False, 3, 2), "Z": (True, 3, 2), "SH": (False, 4, 2), "ZH": (True, 4, 2),
    "HH": (False, 6, 2.5), "M": (True, 0, 3), "N": (True, 3, 3), "NG": (True, 5, 3),
    "L": (True, 3, 4), "R": (True, 4, 4.5), "W": (True, 0.5, 5), "Y": (True, 4.5, 5),
}  # fmt: skip
_VOICE, _PLACE, _MANNER = 0.20, 0.13, 0.18

# Height (0 closed, 3 open) and backness (0 front, 2 back) where a vowel starts and where it ends,
# and how much R colours it.
_VOWELS: dict[str, tuple[float, float, float, float, float]] = {
    "IY": (0, 0, 0, 0, 0), "IH": (0.6, 0.4, 0.6, 0.4, 0), "EY": (1.2, 0.2, 0.2, 0.1, 0),
    "EH": (1.7, 0.4, 1.7, 0.4, 0), "AE": (2.6, 0.6, 2.6, 0.6, 0), "AH": (1.6, 1.1, 1.6, 1.1, 0),
    "AA": (3, 1.6, 3, 1.6, 0), "AO": (2.3, 1.9, 2.3, 1.9, 0), "OW": (1.4, 1.8, 0.4, 1.9, 0),
    "UH": (0.6, 1.6, 0.6, 1.6, 0), "UW": (0, 1.9, 0, 1.9, 0), "ER": (1.4, 1.1, 1.4, 1.1, 1),
    "AY": (2.9, 1.1, 0.3, 0.2, 0), "AW": (2.9, 1.1, 0.4, 1.8, 0), "OY": (1.8, 1.9, 0.3, 0.2, 0),
}  # fmt: skip
_VOWEL, _COLOUR = 0.18, 0.25


def distance(a: Sequence[str], b: Sequence[str]) -> float:
    """0 for equal phone sequences, 1 for nothing in common; symmetric."""
    longer = max(len(a), len(b))
    return edit_cost(a, b) / longer if longer else 0.0


def edit_cost(a: Sequence[str], b: Sequence[str]) -> float:
    """The cost of turning one phone sequence into the other, in phones; a metric."""
    row = [float(n) for n in range(len(b) + 1)]
    for phone in a:
        row = _next_row(row, row[0] + 1.0, phone, b)
    return row[-1]


def within(phrase: Sequence[str], utterance: Sequence[str]) -> float:
    """The distance of a phrase from the most similar part of an utterance, 0 to 1.

    Phones outside that part (`um, ... please`) cost `OUTSIDE` each, and the sum is divided by the
    length of the longer of phrase and part, so that a short phrase does not match in a long speech.
    """
    length = len(phrase)
    if not (length and utterance):
        return 0.0 if length == len(utterance) else 1.0
    # One row per phone of the utterance. Entry j: the cost of the first j phones of the phrase, and
    # where in the utterance they began.
    costs = [float(n) for n in range(length + 1)]
    starts = [0] * (length + 1)
    best = 1.0
    left_over = len(utterance)
    for n, phone in enumerate(utterance, 1):
        costs, starts = _next_rows(costs, starts, n, phone, phrase)
        left_over -= 1
        stretch = max(length, n - starts[-1])
        best = min(best, (costs[-1] + OUTSIDE * left_over) / stretch)
    return best


def confusability(a: str, b: str) -> float:
    """The smallest distance between two phrases of an author; compare it with `SOUNDS_ALIKE`.

    The minimum of: their distance, that of one within the other (`yes` in `yes please`), and that
    of the words that they do not share, for any order of the others.
    """
    heard_a, heard_b = pronounce(a), pronounce(b)
    nearest = min(distance(heard_a, heard_b), within(heard_a, heard_b), within(heard_b, heard_a))
    only_a, only_b = _without(a, b), _without(b, a)
    return min(nearest, distance(only_a, only_b)) if bool(only_a) == bool(only_b) else nearest


def substitution(a: str, b: str) -> float:
    """The cost of substituting a phone, 0 to 1; 1 for different tokens that are not phones."""
    if a == b:
        return 0.0
    if a in _CONSONANTS and b in _CONSONANTS:
        (voice_a, place_a, manner_a), (voice_b, place_b, manner_b) = _CONSONANTS[a], _CONSONANTS[b]
        return min(
            1.0,
            _VOICE * (voice_a != voice_b)
            + _PLACE * abs(place_a - place_b)
            + _MANNER * abs(manner_a - manner_b),
        )
    if a in _VOWELS and b in _VOWELS:
        p, q = _VOWELS[a], _VOWELS[b]
        apart = hypot(p[0] - q[0], p[1] - q[1]) + hypot(p[2] - q[2], p[3] - q[3])
        return min(1.0, _VOWEL * apart + _COLOUR * abs(p[4] - q[4]))
    return 1.0


@lru_cache(maxsize=1024)
def _costs(phone: str) -> dict[str, float]:
    """The costs of a phone against every known phone."""
    return {other: substitution(phone, other) for other in (*_CONSONANTS, *_VOWELS, phone)}


def _next_row(row: list[float], first: float, phone: str, against: Sequence[str]) -> list[float]:
    """One step of the edit cost."""
    costs = _costs(phone)
    following = [first]
    for j, other in enumerate(against):
        step = row[j] + costs.get(other, 1.0)
        following.append(min(step, row[j + 1] + 1.0, following[j] + 1.0))
    return following


def _next_rows(
    row: list[float], starts: list[int], number: int, phone: str, phrase: Sequence[str]
) -> tuple[list[float], list[int]]:
    """One step of `within`; written without calls, because a choice is matched in a millisecond."""
    costs = _costs(phone)
    left, left_start = OUTSIDE * number, number
    following, following_starts = [left], [left_start]
    diagonal, diagonal_start = row[0], starts[0]
    for other, above, above_start in zip(phrase, row[1:], starts[1:], strict=True):
        step, start = diagonal + costs.get(other, 1.0), diagonal_start
        if above + 1.0 < step:
            step, start = above + 1.0, above_start
        if left + 1.0 < step:
            step, start = left + 1.0, left_start
        following.append(step)
        following_starts.append(start)
        diagonal, diagonal_start = above, above_start
        left, left_start = step, start
    return following, following_starts


def _without(phrase: str, other: str) -> tuple[str, ...]:
    """The phones of a phrase's words that the other phrase does not have."""
    theirs = list(words(other))
    kept: list[str] = []
    for word in words(phrase):
        if word in theirs:
            theirs.remove(word)
        else:
            kept.append(word)
    return tuple(phone for word in kept for phone in pronounce_word(word))
