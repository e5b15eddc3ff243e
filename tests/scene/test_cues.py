"""Laws of cues: a value is a function of the time since the cue began, and ends exactly at `to`."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.cue_values import values_at
from xrdrama.scene.cues import eased, length, value_at
from xrdrama.scene.model import Cue, Ease, Move
from xrdrama.timing import NS

EASES = get_args(Ease)
reals = st.floats(-1e6, 1e6)
times = st.integers(0, 600 * NS)
moves = st.builds(
    Move, param=st.just("glow"), to=reals, over=times, delay=times, ease=st.sampled_from(EASES)
)


@pytest.mark.parametrize("ease", EASES)
@given(a=st.floats(0, 1), b=st.floats(0, 1))
def test_an_ease_leads_from_0_to_1_and_never_back(ease: Ease, a: float, b: float) -> None:
    assert eased(ease, 0.0) == 0.0 and eased(ease, 1.0) == 1.0
    low, high = sorted((a, b))
    assert 0.0 <= eased(ease, low) <= eased(ease, high) <= 1.0


@pytest.mark.parametrize("ease", EASES)
def test_an_ease_holds_still_outside_its_time(ease: Ease) -> None:
    assert eased(ease, -3.0) == 0.0
    assert eased(ease, 4.0) == 1.0


def test_eases_differ_half_way() -> None:
    halves = {ease: eased(ease, 0.5) for ease in EASES}
    assert halves == {"linear": 0.5, "smooth": 0.5, "in": 0.25, "out": 0.75, "step": 0.0}
    assert eased("smooth", 0.25) < 0.25


@given(move=moves, start=reals, after=times)
def test_a_move_ends_exactly_at_its_value(move: Move, start: float, after: int) -> None:
    assert value_at(move, start, move.delay + move.over + after) == move.to


@given(move=moves, start=reals, before=times)
def test_a_move_waits_for_its_delay(move: Move, start: float, before: int) -> None:
    if before < move.delay:
        assert value_at(move, start, before) == start


@given(move=moves, start=reals, elapsed=times)
def test_a_value_lies_between_start_and_end(move: Move, start: float, elapsed: int) -> None:
    assert isinstance(move.to, float)
    low, high = sorted((start, move.to))
    slack = 1e-9 * max(1.0, abs(low), abs(high))
    value = value_at(move, start, elapsed)
    assert isinstance(value, float)
    assert low - slack <= value <= high + slack


@given(move=moves, start=reals, moments=st.lists(times, min_size=2, max_size=8))
def test_order_of_asking_does_not_matter(move: Move, start: float, moments: list[int]) -> None:
    forwards = [value_at(move, start, t) for t in moments]
    backwards = [value_at(move, start, t) for t in reversed(moments)]
    assert forwards == backwards[::-1]


def test_words_change_at_the_end_of_their_move() -> None:
    move = Move("weather", "snow", over=2 * NS)
    assert value_at(move, "clear", NS) == "clear"
    assert value_at(move, "clear", 2 * NS) == "snow"


CHAIN = Cue(
    "wakes",
    "",
    (
        Move("glow", 2.0, over=NS, ease="linear"),
        Move("fog", 0.5, over=4 * NS, ease="linear"),
        Move("glow", 1.0, over=2 * NS, delay=2 * NS, ease="linear"),
    ),
)


def test_a_later_move_starts_where_the_earlier_ended() -> None:
    start = {"glow": 0.0, "fog": 0.0}
    assert values_at(CHAIN, start, NS // 2) == {"glow": 1.0, "fog": 0.0625}
    assert values_at(CHAIN, start, 2 * NS)["glow"] == 2.0
    assert values_at(CHAIN, start, 3 * NS)["glow"] == 1.5
    assert values_at(CHAIN, start, length(CHAIN)) == {"glow": 1.0, "fog": 0.5}


def test_a_cue_is_as_long_as_its_last_move() -> None:
    assert length(CHAIN) == 4 * NS
    assert length(Cue("none", "", ())) == 0
