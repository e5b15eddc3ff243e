"""Which of the open options did an utterance pick, if any?

    outcome, found = judge(heard.text, heard.phones, offered, rule)

`judge` is the only acceptance rule: the show, `xrdrama check` and the measurements of the
recognisers use it. It is for text of an open-vocabulary recogniser: it wrote down what it heard
without knowing the phrases, so that a phrase is near is evidence. (One that knows only the phrases
hears them everywhere.)
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
    """When a phrase picks. Distances are those of `Match`.

    The defaults were measured with Moonshine's tiny model on synthetic voices in 20 dB of room
    noise: see examples/clips/speech/README.md.
    """

    accept: float = 0.40
    """Largest distance that picks."""
    margin: float = 0.10
    """Least distance to the nearest phrase of another option."""
    again: float = 0.60
    """Largest distance that was meant for the show: it asks again."""

    def accepts(self, found: Match | None) -> bool:
        """True when a match is near enough and far enough from other options, by sound alone."""
        return found is not None and found.distance <= self.accept and found.margin >= self.margin


class Offer(msgspec.Struct, frozen=True):
    """A phrase that picks an option, and its phones."""

    option: str
    phrase: str
    phones: tuple[str, ...]


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
    """What an utterance comes to, and the nearest of the offers (None when nothing is offered).

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
    """The nearest of the offers to the phones of an utterance; None when nothing is offered.

    The phrase may stand among other words (`um, ... please`). Of equals the first is taken.
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
    """True when just one of two texts denies: `I don't remember you` is not `I remember you`.

    By sound they are near; so the words decide. A `no` before a phrase is no denial of it.
    """
    return _denies(heard) != _denies(phrase)


def _denies(text: str) -> bool:
    said = words(text)
    return any(word in _DENIALS or word in _CHINESE_DENIALS for word in said) or any(
        word.endswith("n't") for word in said
    )
