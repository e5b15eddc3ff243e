"""Smaller pictures when frames are late, and larger ones again when there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.scaling import EASY_FRAMES, MANY_LATE, STEPS, Scaling, after

PERIOD = 10_000_000


def played(works: Iterable[int], start: Scaling | None = None) -> Scaling:
    scaling = start or Scaling()
    for work in works:
        scaling = after(scaling, work, PERIOD)
    return scaling


def test_frames_in_time_change_nothing() -> None:
    assert played([PERIOD] * 500) == Scaling(late=(False,) * 20)
    assert played([4 * PERIOD, *[PERIOD // 2] * 30] * 20).changes == 0  # an outlier now and then


def test_many_late_frames_make_pictures_smaller_step_by_step() -> None:
    one = played([PERIOD + 1] * MANY_LATE)
    assert (one.share, one.changes, one.small) == (STEPS[1], 1, 0)
    assert played([PERIOD + 1] * 400).share == played([PERIOD + 1] * 400).smallest == STEPS[-1]


def test_pictures_grow_again_with_room_and_not_without() -> None:
    small = played([PERIOD + 1] * MANY_LATE)
    assert played([PERIOD * 9 // 10] * 2000, small).share == STEPS[1]  # would be late if larger
    grown = played([PERIOD // 3] * EASY_FRAMES, small)
    assert (grown.share, grown.changes, grown.small) == (1.0, 2, EASY_FRAMES)


def test_a_load_that_does_not_fit_the_larger_size_is_tried_ever_less_often() -> None:
    def load(share: float) -> int:
        """Seven tenths of the period at the size below, a little too much at the whole size."""
        return round(PERIOD * 0.79 if share < 1.0 else PERIOD * 1.1)

    def runs(frames: int, work: Callable[[float], int]) -> Scaling:
        scaling = Scaling()
        for number in range(frames):
            easy = number % 7 == 0  # sometimes it looks as if there were room
            scaling = after(scaling, work(scaling.share) if not easy else PERIOD // 9, PERIOD)
        return scaling

    assert runs(4000, load).changes <= 2

    # A load that is easy while small: the pauses double.
    def swings(share: float) -> int:
        return PERIOD // 3 if share < 1.0 else 2 * PERIOD

    first, later = runs(1000, swings).changes, runs(8000, swings).changes
    assert 2 <= first <= 9 and later < first + 12


@given(st.lists(st.integers(-10, 10**9)), st.integers(-5, 10**8))
def test_any_times_give_a_share_of_the_list(works: list[int], period: int) -> None:
    scaling = Scaling()
    for work in works:
        scaling = after(scaling, work, period)
        assert scaling.share in STEPS and scaling.smallest <= scaling.share
    assert scaling.small <= len(works)
