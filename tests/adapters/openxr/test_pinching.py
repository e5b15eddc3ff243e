"""Pinches: once for each time the fingers meet, and never by a hand that was found closed."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.interaction.pinching import CLOSED, OPEN, Pinch, pinch


def pinches(*apart: float | None) -> list[int]:
    """The numbers of the frames in which a hand pinches."""
    state, found = Pinch(), []
    for number, metres in enumerate(apart):
        state, pinched = pinch(state, metres)
        if pinched:
            found.append(number)
    return found


def test_fingers_that_meet_pinch_once() -> None:
    assert pinches(0.08, 0.05, 0.03, 0.01, 0.005, 0.01) == [3]
    assert pinches(0.08, 0.01, 0.08, 0.01) == [1, 3]


def test_a_hand_that_trembles_between_the_two_distances_pinches_once() -> None:
    assert pinches(0.08, 0.017, 0.02, 0.017, 0.031, 0.01) == [1]


def test_a_hand_that_is_found_closed_must_open_first() -> None:
    assert pinches(0.01, 0.01, 0.08, 0.01) == [3]
    assert pinches(0.08, None, 0.01, 0.01) == []
    assert pinches(0.08, math.nan, 0.01) == []


def test_fingers_that_only_come_near_do_not_pinch() -> None:
    assert pinches(0.08, CLOSED + 0.002, 0.08) == []


@given(st.lists(st.none() | st.floats(allow_nan=True), max_size=40))
def test_pinches_are_never_more_than_openings(apart: list[float | None]) -> None:
    opened = sum(a is not None and math.isfinite(a) and a > OPEN for a in apart)
    assert len(pinches(*apart)) <= opened
