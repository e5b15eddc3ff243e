"""Frames a second, as a show that draws slowly makes them: in bursts."""

from __future__ import annotations

import pytest

from xrdrama.adapters.web.board.memory import Vitals
from xrdrama.adapters.web.board.pace import Pace


def played(pace: Pace, *, rate: float, every: int, seconds: int, skipped: int = 0) -> list[float]:
    """A show at `rate` that draws each `every`th frame and makes the others just before it."""
    seen, number, second = [], 0, 0
    while second < seconds:
        number += every
        at = number / rate
        for late in range(every):
            pace.frame(number - every + 1 + late, at + late * 0.0005)
        if at >= second + 1:
            second += 1
            pace.second(Vitals(number // every, number, skipped * second, at=at))
            if (made := pace.made()) is not None:
                seen.append(made)
    return seen


@pytest.mark.parametrize("every", [1, 5, 8, 13])
def test_bursts_do_not_change_what_is_made(every: int) -> None:
    pace = Pace(24.0)
    seen = played(pace, rate=24.0, every=every, seconds=8)
    assert seen and all(made == pytest.approx(24.0, abs=0.3) for made in seen)
    assert pace.drawn() == pytest.approx(24.0 / every, abs=0.2)


def test_a_show_that_falls_behind_or_lets_frames_go_makes_fewer() -> None:
    """The control of the test above."""
    assert played(Pace(24.0), rate=18.0, every=6, seconds=8)[-1] == pytest.approx(18.0, abs=0.3)
    pace = Pace(24.0)
    assert played(pace, rate=24.0, every=6, seconds=8, skipped=4)[-1] == pytest.approx(20, abs=0.5)


def test_no_rate_without_frames_or_vitals() -> None:
    pace = Pace(24.0)
    assert pace.made() is None and pace.drawn() is None
    played(pace, rate=24.0, every=6, seconds=3)
    pace.second(None)
    assert pace.made() is None and pace.drawn() is None
