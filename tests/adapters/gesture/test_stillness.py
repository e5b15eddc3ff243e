"""A hand that is held, and one that is not."""

from __future__ import annotations

from math import pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.gesture.poses import Point, palm_length
from xrdrama.adapters.gesture.stillness import STILL, WINDOW, Stillness
from xrdrama.timing import NS

FRAME = NS // 30
HAND: tuple[Point, ...] = tuple((float(i % 5) * 20.0, float(i // 5) * 30.0) for i in range(21))
SIZE = palm_length(HAND)


def moved(x: float, y: float = 0.0, factor: float = 1.0) -> tuple[Point, ...]:
    return tuple(((a + x) * factor, (b + y) * factor) for a, b in HAND)


def verdicts(xs: list[float], *, frame: int = FRAME, factor: float = 1.0) -> list[bool]:
    stillness = Stillness()
    return [stillness.update(i * frame, moved(x, factor=factor)) for i, x in enumerate(xs)]


def test_a_standing_hand_is_held_from_its_second_frame() -> None:
    assert verdicts([5.0] * 6) == [False, True, True, True, True, True]


@given(st.floats(0.05, 10.0), st.floats(0.2, 5.0), st.sampled_from([15, 24, 30, 60]))
def test_the_limit_is_a_speed_in_palm_lengths(speed: float, factor: float, rate: int) -> None:
    """At any size in the picture and any frame rate."""
    if abs(speed - STILL) < 0.01:
        return
    frame = NS // rate
    way = [speed * SIZE * i * frame / NS for i in range(12)]
    assert verdicts(way, frame=frame, factor=factor)[1:] == [speed < STILL] * 11


@given(st.lists(st.floats(-1.0, 1.0), min_size=20, max_size=20))
def test_a_pixel_of_jitter_is_still(xs: list[float]) -> None:
    assert all(verdicts(xs)[1:])


@given(st.floats(0.0, 1.0))
def test_a_wave_is_never_held_for_long(phase: float) -> None:
    """2 Hz, a palm length to each side: at its ends it stands for a frame, not for three."""
    wave = [SIZE * sin(2 * pi * (2.0 * i / 30.0 + phase)) for i in range(60)]
    held = "".join("H" if v else "-" for v in verdicts(wave))
    assert "HHH" not in held


def test_there_and_back_is_not_standing() -> None:
    """Only the first and the last place would say that nothing moved."""
    there = [0.0, 0.2 * SIZE, 0.4 * SIZE, 0.2 * SIZE, 0.0]
    assert not any(verdicts(there, frame=WINDOW // 4))


def test_hold_restarts_after_hand_was_lost() -> None:
    stillness = Stillness()
    assert [stillness.update(i * FRAME, HAND) for i in range(3)] == [False, True, True]
    assert not stillness.update(3 * FRAME, None)
    assert not stillness.update(4 * FRAME, moved(300.0))
    assert stillness.update(5 * FRAME, moved(300.0))


def test_a_stop_is_noticed_within_the_window() -> None:
    walk = [SIZE * 0.2 * min(i, 10) for i in range(20)]
    found = verdicts(walk).index(True)
    assert 10 < found <= 10 + -(-WINDOW // FRAME) + 1


def test_a_slow_camera_compares_with_the_frame_before() -> None:
    assert verdicts([0.0, 0.0, 0.0, 900.0, 900.0], frame=NS // 3) == [
        False, True, True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("points", [((7.0, 7.0),) * 21])
def test_a_hand_without_size_is_not_held(points: tuple[Point, ...]) -> None:
    stillness = Stillness()
    stillness.update(0, points)
    assert not stillness.update(FRAME, points)
