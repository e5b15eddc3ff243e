"""What people say, made into picks. Pure, so a take can be judged again.

A phrase becomes a candidate when it is near enough to an offered one and clear of the others;
it is shown, and picks after a moment in which it can be taken back. Only options that are open
now can be picked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import assert_never

import msgspec

from xrdrama.show.production import VoiceRule
from xrdrama.speech.matching import Match, Offer, judge, match
from xrdrama.wire.events import Heard
from xrdrama.wire.frame import Feedback, VoiceVerdict


class Candidate(msgspec.Struct, frozen=True):
    """A phrase that will pick at `commits_at` unless it is taken back."""

    option: str
    said: str
    distance: float
    margin: float
    began: int
    ended: int
    commits_at: int
    source: str = ""
    role: str = ""
    seq: int = 0
    """The entry of the utterance in the log."""


class Voice(msgspec.Struct, frozen=True):
    """What the voice is about."""

    hearing_since: int | None = None
    candidate: Candidate | None = None
    misses: int = 0


Verdict = tuple[Voice, Feedback]
Voices = Mapping[str, Voice]
"""Voices by seat of a viewer with a phone; "" is the stage's microphone."""


def next_candidate(voices: Voices) -> tuple[str, Candidate] | None:
    """The seat and phrase that pick first; of two at the same time, the one that was said first."""
    waiting = [(seat, one.candidate) for seat, one in voices.items() if one.candidate]
    if not waiting:
        return None
    return min(waiting, key=lambda one: (one[1].commits_at, one[1].seq), default=None)


def hear(
    voice: Voice,
    heard: Heard,
    *,
    at: int,
    offers: Sequence[Offer],
    numbers: Sequence[Offer],
    cancel: Sequence[Offer],
    rule: VoiceRule,
    closes_at: int | None,
    latest: int | None,
    over_own_line: bool,
    role: str = "",
    seq: int = 0,
) -> Verdict:
    """What an utterance comes to.

    `numbers` are the offers by number, which count after too many misses. `closes_at` is the end
    of the window for the beginning of an act, `latest` the nanosecond before silence is taken.
    """

    verdict = partial(_verdict, voice, heard)
    if over_own_line:
        return verdict("own_voice")
    if not offers:
        return verdict("nothing_open")
    if closes_at is not None and heard.began > closes_at:
        return verdict("too_late")
    if voice.candidate and rule.accepts(match(heard.phones, cancel)):
        return verdict("again", candidate=None)
    known = (*offers, *numbers) if voice.misses >= rule.misses else offers
    outcome, found = judge(heard.text, heard.phones, known, rule)
    if found is None:
        return verdict("unlikely")
    match outcome:
        case "unlikely":
            return verdict("unlikely", found)
        case "again":
            return verdict("again", found, misses=voice.misses + 1)
        case "candidate":
            commits_at = at + rule.confirm
            if latest is not None:  # the window must not close over a phrase that was understood
                commits_at = max(at, min(commits_at, latest))
            candidate = _candidate(found, heard, commits_at, role, seq)
            return verdict("candidate", found, candidate=candidate, misses=0)
        case _:
            assert_never(outcome)


def _verdict(
    voice: Voice, heard: Heard, word: VoiceVerdict, found: Match | None = None, **changes: object
) -> Verdict:
    """What a page says of an utterance, and the voice after it, with some `changes`."""
    feedback = Feedback(
        heard.source,
        heard.text,
        word,
        found.option if found else "",
        round(found.distance, 9) if found else 1.0,
        round(found.margin, 9) if found else 0.0,
    )
    return msgspec.structs.replace(voice, hearing_since=None, **changes), feedback


def _candidate(found: Match, heard: Heard, commits_at: int, role: str, seq: int) -> Candidate:
    return Candidate(
        found.option,
        heard.text,
        found.distance,
        found.margin,
        heard.began,
        heard.ended,
        commits_at,
        heard.source,
        role,
        seq,
    )
