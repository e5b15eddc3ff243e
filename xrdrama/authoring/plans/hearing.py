"""What an utterance or a pose of the hand picks, by the rules of a show."""

from __future__ import annotations

from collections.abc import Sequence

from xrdrama.errors import UsageError
from xrdrama.show.production import VoiceRule, offers_of
from xrdrama.speech.matching import judge
from xrdrama.speech.pronunciation import pronounce
from xrdrama.story.model import Beat, Option, Story

_OUTCOMES = {
    "again": "the show would ask again",
    "unlikely": "no phrase that is offered sounds like this",
}


def picked_by_voice(beat: Beat, offered: Sequence[Option], text: str, story: Story) -> str:
    """The option that a recognised text picks at a beat; UsageError with what a show would do
    instead."""
    open_ids = {option.id for option in offered}
    offers = [offer for offer in offers_of(beat, story) if offer.option in open_ids]
    if not offers:
        raise UsageError("no option that is open has a phrase", "add on: [voice: ...] to one")
    outcome, found = judge(text, pronounce(text), offers, VoiceRule())
    if outcome == "candidate" and found is not None:
        return found.option
    near = ""
    if found is not None:
        near = f"; nearest: {found.phrase!r} of {found.option} (distance {found.distance:.2f}, "
        near += f"margin {found.margin:.2f})"
    raise UsageError(f"{_OUTCOMES[outcome]}{near}", "say a phrase of one option")


def picked_by_trigger(offered: Sequence[Option], kind: str, value: str) -> str:
    """The open option that a pose or a marker picks, or ""."""
    for option in offered:
        if any(t.kind == kind and value in t.values for t in option.triggers):
            return option.id
    return ""
