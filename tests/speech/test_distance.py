"""How far apart phrases sound: laws of the measure, and tables an author would agree with."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.speech import SOUNDS_ALIKE, SOUNDS_THE_SAME, confusability, distance, pronounce, within
from xrdrama.speech.distance import OUTSIDE, edit_cost, substitution

VOWELS = ["IY", "IH", "EY", "EH", "AE", "AH", "AA", "AO", "OW", "UH", "UW", "ER", "AY", "AW", "OY"]
CONSONANTS = [
    "P", "B", "T", "D", "K", "G", "CH", "JH", "F", "V", "TH", "DH", "S", "Z", "SH", "ZH",
    "HH", "M", "N", "NG", "L", "R", "W", "Y",
]  # fmt: skip
PHONES = [*VOWELS, *CONSONANTS]
SEQUENCES = st.lists(st.sampled_from([*PHONES, "我"]), max_size=10).map(tuple)


def test_the_cost_of_a_phone_is_a_metric() -> None:
    for a, b in product(PHONES, PHONES):
        assert substitution(a, b) == substitution(b, a)
        assert (substitution(a, b) == 0) == (a == b)
        assert 0 <= substitution(a, b) <= 1
    for a, b, c in product(PHONES, PHONES, PHONES):
        assert substitution(a, c) <= substitution(a, b) + substitution(b, c) + 1e-12


def test_vowels_and_consonants_have_nothing_in_common() -> None:
    assert all(substitution(v, c) == 1 for v, c in product(VOWELS, CONSONANTS))
    assert substitution("我", "你") == 1
    assert substitution("我", "AH") == 1


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("P B", "P S"), ("T D", "T L"), ("S SH", "S M"), ("M N", "M K"), ("F TH", "F G"),
        ("IY IH", "IY AA"), ("UH UW", "UW AE"), ("EH AE", "EH UW"), ("AO OW", "AO IY"),
        ("AY EY", "AY UW"), ("L R", "L P"),
    ],
)  # fmt: skip
def test_what_the_mouth_does_alike_sounds_alike(near: str, far: str) -> None:
    assert substitution(*near.split()) < substitution(*far.split())


def test_leaving_a_phone_out_costs_more_than_saying_a_similar_one() -> None:
    costs = [substitution(a, b) for kind in (VOWELS, CONSONANTS) for a, b in combinations(kind, 2)]
    assert 0.5 < sum(costs) / len(costs) < 0.7
    assert edit_cost(("P", "AA"), ("B", "AA")) < edit_cost(("P", "AA"), ("AA",)) == 1


@given(SEQUENCES, SEQUENCES)
def test_distance_is_symmetric_and_between_0_and_1(a: tuple[str, ...], b: tuple[str, ...]) -> None:
    assert distance(a, b) == pytest.approx(distance(b, a))
    assert 0 <= distance(a, b) <= 1
    assert (distance(a, b) == 0) == (a == b)


@given(SEQUENCES, SEQUENCES, SEQUENCES)
def test_a_detour_is_never_shorter(
    a: tuple[str, ...], b: tuple[str, ...], c: tuple[str, ...]
) -> None:
    assert edit_cost(a, c) <= edit_cost(a, b) + edit_cost(b, c) + 1e-9
    # Divided by length, it holds up to the lengths.
    longest = max(len(a), len(b), len(c), 1)
    detour = distance(a, b) * max(len(a), len(b)) + distance(b, c) * max(len(b), len(c))
    assert distance(a, c) * max(len(a), len(c)) <= detour + 1e-9 <= 2 * longest + 1e-9


@given(SEQUENCES, SEQUENCES, SEQUENCES)
def test_a_phrase_is_found_among_other_words(
    before: tuple[str, ...], phrase: tuple[str, ...], after: tuple[str, ...]
) -> None:
    found = within(phrase, (*before, *phrase, *after))
    if phrase:
        assert found <= OUTSIDE * (len(before) + len(after)) / len(phrase) + 1e-9
    assert 0 <= found <= 1
    assert within(phrase, phrase) == 0


@given(SEQUENCES, SEQUENCES)
def test_something_else_is_not_found(phrase: tuple[str, ...], said: tuple[str, ...]) -> None:
    assert 0 <= within(phrase, said) <= 1
    if phrase != said:
        assert within(phrase, said) > 0


def test_a_short_phrase_cannot_hide_in_a_long_speech() -> None:
    yes, speech = (
        pronounce("yes"),
        pronounce("so she expected me yes and then we all went home again"),
    )
    assert within(yes, pronounce("um yes")) < 0.4
    assert within(yes, speech) == 1


# Pairs of choices, first measured with flat costs (notes), and what an author should be expected.
@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("left", "lift", "error"),
        ("marry him", "bury him", "error"),
        ("he is my brother", "she is my brother", "error"),
        ("light", "night", "error"),
        ("I will go with you to the old lighthouse", "I will go with him to the old lighthouse",
         "error"),
        ("yes I remember you", "I remember you", "error"),
        ("open the left door", "the lift door open", "error"),
        ("open the door", "open the drawer", "error"),
        ("forgive her", "forget her", "warning"),
        ("go left", "go right", "warning"),
        ("left", "right", ""),
        ("trust him", "kiss him", ""),
        ("yes", "no", ""),
        ("I remember you", "who are you", ""),
        ("我记得你", "我不记得你", "warning"),
    ],
)  # fmt: skip
def test_phrases_that_sound_alike_are_reported(a: str, b: str, verdict: str) -> None:
    far = confusability(a, b)
    assert far == pytest.approx(confusability(b, a))
    expected = "error" if far < SOUNDS_THE_SAME else "warning" if far < SOUNDS_ALIKE else ""
    assert expected == verdict, far


def test_shared_words_do_not_hide_what_differs() -> None:
    # The whole phrases are far apart only because the words are in another order.
    a, b = "open the left door", "the lift door open"
    assert distance(pronounce(a), pronounce(b)) > 0.5
    assert confusability(a, b) == pytest.approx(distance(pronounce("left"), pronounce("lift")))


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_can_be_compared(a: str, b: str) -> None:
    assert 0 <= confusability(a, b) <= 1
    assert confusability(a, a) == 0
