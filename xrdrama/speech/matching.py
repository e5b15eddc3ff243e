"""Decides which open option an utterance picks, if any.

    outcome, found = judge(heard.text, heard.phones, offered, rule)

`judge` is the only acceptance rule: the show, `xrdrama check` and the measurements of the
recognisers use it. It is for the text of an open-vocabulary recogniser, which does not know the
phrases, so that a similar phrase is evidence. (A recogniser that knows only the phrases finds them
in any speech.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from xrdrama.speech.distance import within
from xrdrama.speech.phrases import words

Outcome = Literal["candidate", "again", "unlikely"]

_DENIALS = frozenset(("not", "never", "cannot", "nobody", "nothing", "nowhere", "neither", "nor"))
_CHINESE_DENIALS = frozenset("不没别")


class Acceptance(msgspec.Struct, frozen=True):
    """The thresholds for picking by a phrase. Distances are those of `Match`.

    The defaults were measured with Moonshine's tiny model on synthetic voices in 20 dB of room
    noise: see examples/clips/speech/README.md.
    """

    accept: float = 0.40
    """Largest distance at which a phrase picks."""
    margin: float = 0.10
    """Least distance to the nearest phrase of another option."""
    again: float = 0.60
    """Largest distance at which speech counts as meant for the show: the show asks again."""

    def accepts(self, found: Match | None) -> bool:
        """True when a match is near enough and far enough from other options, by sound alone."""
        return found is not None and found.distance <= self.accept and found.margin >= self.margin


class Offer(msgspec.Struct, frozen=True):
    """A phrase that picks an option, and its phones."""

    option: str
    phrase: str
    phones: tuple[str, ...]
    language: str = ""
    """Its language; "" for that of the story."""


class Match(msgspec.Struct, frozen=True):
    """The offer nearest to an utterance.

    `distance` is 0 for the very phrase and 1 for nothing like it; `margin` is how much farther the
    nearest phrase of any other option is (1 - distance when there is no other).
    """

    option: str
    phrase: str
    distance: float
    margin: float


def judge(
    text: str, phones: Sequence[str], offered: Iterable[Offer], rule: Acceptance
) -> tuple[Outcome, Match | None]:
    """The outcome of an utterance, and the nearest offer (None when nothing is offered).

    `candidate`: it picks the match. `again`: it was meant for the show but is not sure enough.
    `unlikely`: it was not meant for the show.
    """
    found = match(phones, offered)
    if found is None or found.distance > rule.again:
        return "unlikely", found
    if not rule.accepts(found) or contradicts(text, found.phrase):
        return "again", found
    return "candidate", found


def match(heard: Sequence[str], offered: Iterable[Offer]) -> Match | None:
    """The offer that is nearest to the phones of an utterance; None when nothing is offered.

    The phrase may be surrounded by other words (`um, ... please`). Of equally near offers, the
    first is used.
    """
    nearest: Offer | None = None
    least = 2.0
    by_option: dict[str, float] = {}
    for offer in offered:
        distance = within(offer.phones, heard)
        if distance < least:
            nearest, least = offer, distance
        by_option[offer.option] = min(distance, by_option.get(offer.option, 2.0))
    if nearest is None:
        return None
    others = [far for option, far in by_option.items() if option != nearest.option]
    return Match(nearest.option, nearest.phrase, least, min(others, default=1.0) - least)


def contradicts(heard: str, phrase: str) -> bool:
    """True when exactly one of two texts has a negation: `I don't remember you`, `I remember you`.

    Such texts sound similar, so their words are compared. A `no` before a phrase is not a negation.
    """
    return _denies(heard) != _denies(phrase)


def _denies(text: str) -> bool:
    said = words(text)
    return any(word in _DENIALS or word in _CHINESE_DENIALS for word in said) or any(
        word.endswith("n't") for word in said
    )
