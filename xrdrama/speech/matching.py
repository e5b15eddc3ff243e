"""Which of the open options did an utterance pick, if any?

    offered = offers("stay", "stay with us|i will stay") + offers("leave", "let her go")
    found = match(heard.phones, offered)
    if found and accepts(found) and not contradicts(heard.text, found.phrase): ...

The rule is for text of an open-vocabulary recogniser: it wrote down what it heard without knowing
the phrases, so that a phrase is near is evidence. (One that knows only the phrases hears them
everywhere.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from xrdrama.speech.distance import within
from xrdrama.speech.phrases import split, words
from xrdrama.speech.pronunciation import pronounce

ACCEPT = 0.40
"""The farthest that counts as said. Measured with Moonshine's tiny model on synthetic voices in
20 dB of room noise: see examples/clips/speech/README.md."""
MARGIN = 0.10
"""How much nearer than any phrase of another option it must be. Same source."""

_DENIALS = frozenset(("not", "never", "cannot", "nobody", "nothing", "nowhere", "neither", "nor"))
_CHINESE_DENIALS = frozenset("不没别")


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


def offers(option: str, authored: str) -> tuple[Offer, ...]:
    """The offers of an option, from its author's `"yes|i did"`."""
    return tuple(Offer(option, phrase, pronounce(phrase)) for phrase in split(authored))


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


def accepts(found: Match, *, accept: float = ACCEPT, margin: float = MARGIN) -> bool:
    """True when a match is near enough, and far enough from other options, to be a candidate."""
    return found.distance <= accept and found.margin >= margin


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
