"""The life of a session, the fade, the count of frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.pacing import Pacing
from xrdrama.adapters.openxr.pictures.fade import IN, OUT, Fade, follow
from xrdrama.adapters.openxr.states import Duty, Life, State, live


def lived(*states: int) -> tuple[Life, list[Duty]]:
    life, duties = Life(), []
    for state in states:
        life, duty = live(life, state)
        duties.append(duty)
    return life, duties


def test_a_session_from_start_to_end() -> None:
    """As Monado reports it: synchronized comes twice when a session ends."""
    life, duties = lived(1, 2, 3, 4, 5)
    assert duties == [Duty.NOTHING, Duty.BEGIN, *[Duty.NOTHING] * 3]
    assert life.runs and life.state == State.FOCUSED and not life.over
    life, duties = lived(1, 2, 3, 4, 5, 4, 3, 3, 6, 1, 8)
    assert duties[-3:] == [Duty.END, Duty.NOTHING, Duty.LEAVE]
    assert not life.runs and life.over and not life.lost


def test_a_headset_that_is_taken_off_and_put_on_again() -> None:
    life, duties = lived(1, 2, 3, 4, 5, 3, 6, 1, 2, 3)
    assert duties.count(Duty.BEGIN) == 2 and duties.count(Duty.END) == 1
    assert life.runs


@pytest.mark.parametrize("before", [(), (1, 2), (1, 2, 3, 4, 5)])
def test_loss_is_the_end_wherever_it_comes(before: tuple[int, ...]) -> None:
    life, duties = lived(*before, State.LOSS_PENDING)
    assert duties[-1] == Duty.LEAVE and life.lost and life.over and not life.runs


@given(st.lists(st.integers(-3, 12), max_size=30))
def test_begin_and_end_alternate_for_any_sequence_of_states(states: list[int]) -> None:
    life, running = Life(), False
    for state in states:
        life, duty = live(life, state)
        assert duty != Duty.BEGIN or not running
        assert duty != Duty.END or running
        running = life.runs
    _, duty = live(life, 99)
    assert duty == Duty.NOTHING


def test_a_place_changes_only_in_the_dark() -> None:
    fade, shown = Fade(), []
    for _ in range(30):
        fade = follow(fade, "street", 0.05)
        shown.append(fade)
    assert fade == Fade("street", 0.0)
    for _ in range(60):
        before, fade = fade, follow(fade, "attic", 0.05)
        assert fade.shows == before.shows or before.dark == fade.dark == 1.0
        assert abs(fade.dark - before.dark) <= 0.05 / min(OUT, IN) + 1e-9
    assert fade == Fade("attic", 0.0)


def test_nothing_to_show_is_dark_until_there_is_something() -> None:
    fade = Fade("street", 0.0)
    for _ in range(20):
        fade = follow(fade, "", 0.05)
    assert fade.dark == 1.0
    for _ in range(20):
        fade = follow(fade, "street", 0.05)
    assert fade == Fade("street", 0.0)


def test_a_glance_away_and_back_lightens_at_once() -> None:
    half = follow(Fade("street", 0.0), "", 0.1)
    assert 0.0 < half.dark < 1.0
    assert follow(half, "street", 0.1).dark < half.dark


def test_pacing_counts_what_goes_back() -> None:
    pacing = Pacing()
    for at in (1000, 1050, 1150, 1150, 1200, 1100):
        pacing.note(at)
    assert list(pacing.steps) == [50, 100, 0, 50, -100]
    assert pacing.counts.backwards == 2


def test_a_slow_frame_counts_less_with_each_frame_after_it() -> None:
    pacing = Pacing()
    for took in (1000, 3_000_000, 20, 20):
        pacing.worked(took)
    assert pacing.slowest == pytest.approx(3_000_000 * 0.81, rel=1e-6)
    for _ in range(200):
        pacing.worked(20)
    assert pacing.slowest == 20
