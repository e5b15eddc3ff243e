"""What a viewer said against what is open to this viewer, and the words that the page shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xrdrama.show import Production
from xrdrama.speech import Offer, pronounce
from xrdrama.wire.events import HandPose
from xrdrama.wire.frame import Feedback, Frame
from xrdrama.wire.senses import Sense, Understood

NOTHING_OPEN: Final = Understood("nothing_open", "Nothing can be picked by voice now.")
NO_WORDS: Final = Understood("unlikely", "No words were understood.")
UNLIKELY: Final = Understood("unlikely", "That is not a phrase that can be said now.")
MUTED: Final = Understood("own_voice", "Muted while lines play.")
_VERDICTS: Final = {
    "candidate": "Heard.",
    "again": "Please say it again.",
    "unlikely": UNLIKELY.text,
    "nothing_open": "It was too late, or nothing can be picked now.",
    "too_late": "That was too late: the choice has closed.",
    "own_voice": MUTED.text,
}


def offers_at(production: Production, frame: Frame) -> tuple[Offer, ...]:
    """The phrases that pick an option that is open in a frame. Those of the production know the
    author's pronunciations; a frame of a newer version of the story has its own phrases."""
    choice = frame.open_choice
    if choice is None or frame.held or frame.panic:
        return ()
    said = {option.id: option.say for option in choice.options}
    known = [
        offer
        for offer in production.offers.get(frame.beat, ())
        if offer.phrase in said.get(offer.option, ())
    ]
    written = {(offer.option, offer.phrase) for offer in known}
    newer = [
        Offer(option, phrase, pronounce(phrase))
        for option, phrases in said.items()
        for phrase in phrases
        if (option, phrase) not in written
    ]
    numbers = _numbers(production, frame) if known or newer else ()
    return (*known, *newer, *numbers)


def _numbers(production: Production, frame: Frame) -> Sequence[Offer]:
    """After misses, which the show counts, a seat may say a number; it may take a phrase back."""
    most = len(frame.open_choice.options) if frame.open_choice else 0
    return [o for o in production.numbers if int(o.option) <= most] + list(production.cancel)


def has_hands(frame: Frame | None) -> bool:
    """Whether a hand can pick something in a frame."""
    choice = frame.open_choice if frame else None
    return choice is not None and any(option.show for option in choice.options)


def is_open_hand(frame: Frame, pose: HandPose) -> bool:
    """Whether a hand picks an option that is open in a frame."""
    choice = frame.open_choice
    return choice is not None and any(option.show == pose for option in choice.options)


def words_for(feedback: Feedback) -> Understood:
    """What the show made of something that was said."""
    text = _VERDICTS.get(feedback.verdict, "")
    said = feedback.said if feedback.verdict in ("candidate", "again") else ""
    return Understood(feedback.verdict, text, said)


LOADING: Final[dict[Sense, str]] = {
    "voice": "The show's recogniser of speech is starting.",
    "gesture": "The show's recogniser of hands is starting.",
}
