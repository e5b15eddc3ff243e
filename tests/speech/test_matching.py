"""The rule that picks: what it must accept, what it must not, and that it is quick."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.speech import (
    Acceptance,
    Match,
    Offer,
    contradicts,
    judge,
    match,
    pronounce,
    split,
)

RULE = Acceptance()


def offers(option: str, authored: str) -> tuple[Offer, ...]:
    return tuple(Offer(option, phrase, pronounce(phrase)) for phrase in split(authored))


OPEN = (
    *offers("stay", "stay with us|I will stay"),
    *offers("leave", "let her go"),
    *offers("remember", "I remember you"),
    *offers("light", "keep it burning"),
)
# Things said beside a stage, perfectly written down; none is meant for the four options.
SMALL_TALK = (
    "what is that", "oh my god", "I don't know", "come on", "did you see that", "yeah", "yes", "no",
    "I can't see anything", "this is amazing", "where are we", "how long is it", "it's so dark",
    "I'm hungry", "are you okay", "hold on", "wait a minute", "that was great", "excuse me",
    "thank you", "put your phone away", "close the window", "good night", "behind you", "not yet",
    "turn it off", "the door is open", "my sister is here", "tell me about it", "read the sign",
)  # fmt: skip


def picked(text: str, rule: Acceptance = RULE) -> str:
    outcome, found = judge(text, pronounce(text), OPEN, rule)
    assert found is not None
    return found.option if outcome == "candidate" else ""


@pytest.mark.parametrize(
    ("heard", "option"),
    [
        ("I remember you.", "remember"),
        ("Um, I remember you", "remember"),
        ("Well, I remember you, please.", "remember"),
        ("I remember who?", "remember"),
        ("Let's go", "leave"),
        ("Yes, let her go!", "leave"),
        ("Keep its burning", "light"),
        ("Say with us", "stay"),
        ("I will stay.", "stay"),
    ],
)
def test_what_recognisers_made_of_the_phrases_still_picks(heard: str, option: str) -> None:
    assert picked(heard) == option


def test_small_talk_picks_next_to_nothing() -> None:
    # "wait a minute" lies 0.39 from "stay with us": the known limit of judging by sound.
    assert {text for text in SMALL_TALK if picked(text)} <= {"wait a minute"}


def test_a_lax_rule_would_pick_for_small_talk() -> None:
    # The control of the test above: so the gate can fail.
    lax = Acceptance(accept=0.75, margin=0.0, again=1.0)
    assert sum(bool(picked(text, lax)) for text in SMALL_TALK) > 10


def test_distance_and_margin_of_a_match() -> None:
    found = match(pronounce("stay with us"), OPEN)
    assert found is not None
    assert (found.option, found.phrase, found.distance) == ("stay", "stay with us", 0.0)
    # The margin is to another option: the option's own second phrase does not count.
    alone = match(pronounce("stay with us"), offers("stay", "stay with us|stay with me"))
    assert alone == Match("stay", "stay with us", 0.0, 1.0)


def test_two_options_that_sound_alike_are_both_refused() -> None:
    both = (*offers("a", "turn left"), *offers("b", "turn lift"))
    found = match(pronounce("turn left"), both)
    assert found is not None
    assert found.distance == 0 and found.margin < RULE.margin
    assert not RULE.accepts(found)
    assert Acceptance(margin=0.0).accepts(found)


def test_of_equals_the_first_offer_is_taken() -> None:
    same = (Offer("b", "no", pronounce("no")), Offer("a", "know", pronounce("know")))
    found = match(pronounce("no"), same)
    assert found == Match("b", "no", 0.0, 0.0)


def test_nothing_offered_and_nothing_heard() -> None:
    assert match(pronounce("yes"), ()) is None
    found = match((), OPEN)
    assert found is not None
    assert found.distance == 1.0 and not RULE.accepts(found)
    assert not RULE.accepts(None)


def test_a_denial_is_not_what_it_denies() -> None:
    found = match(pronounce("I don't remember you"), OPEN)
    assert found is not None and found.option == "remember"
    assert RULE.accepts(found)  # by sound alone
    assert picked("I don't remember you") == ""
    assert contradicts("I don't remember you", found.phrase)
    assert contradicts("open it", "do not open it")
    assert contradicts("我不记得你", "我记得你")
    assert not contradicts("No, I remember you!", "I remember you")
    assert not contradicts("I do not know you", "I don't know you")


@given(st.text(max_size=40), st.lists(st.text(max_size=10), min_size=1, max_size=4))
def test_any_text_can_be_matched_with_any_offers(heard: str, authored: list[str]) -> None:
    offered = [offer for n, text in enumerate(authored) for offer in offers(str(n), text)]
    found = match(pronounce(heard), offered)
    assert (found is None) == (not offered)
    if found is not None:
        assert 0 <= found.distance <= 1
        assert 0 <= found.margin <= 1
        assert found.option in {offer.option for offer in offered}


@given(st.permutations(OPEN))
def test_the_order_of_the_offers_does_not_matter(offered: list[Offer]) -> None:
    heard = pronounce("I remember who")
    assert match(heard, offered) == match(heard, OPEN)


def test_matching_a_choice_takes_less_than_a_millisecond() -> None:
    eight = [
        offer
        for phrase in (
            "I remember you", "tell her the truth", "keep it burning", "close your eyes",
            "show me your face", "turn around slowly", "trust the keeper", "follow the light",
        )
        for offer in offers(phrase, phrase)
    ]  # fmt: skip
    heard = pronounce("I remember who is")
    assert len(heard) == 12 and sum(len(offer.phones) for offer in eight) > 80
    seconds = []
    tracer = sys.gettrace()
    sys.settrace(None)  # a coverage run would measure itself
    for _ in range(60):
        began = time.process_time()
        match(heard, eight)
        seconds.append(time.process_time() - began)
    sys.settrace(tracer)
    assert sorted(seconds)[len(seconds) // 4] < 1e-3
