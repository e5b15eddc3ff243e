"""What a page is told beyond single frames: rolls, and the seconds of a window."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.adapters.web.console import PlayedShow
from xrdrama.adapters.web.view import View
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.frame import Frame, OpenChoice

RATE = FrameRate.parse("24")


@pytest.fixture(scope="module")
def first() -> Frame:
    return PlayedShow().step()


def at(frame: Frame, number: int, left: float | None = None, *, rolling: bool = False) -> Frame:
    time = FrameTime.of(number, RATE)
    choice = None if left is None else OpenChoice("c", (), left)
    return replace(frame, time=time, choice=choice, rolling=rolling)


def test_rolls_are_counted_by_who_saw_them_all(first: Frame) -> None:
    view = View()
    told = [view.of(at(first, n, rolling=n in (3, 4, 7))) for n in range(9)]
    assert [flat.get("rolls") for flat in told] == [0, 0, 0, 1, 1, 1, 1, 2, 2]
    assert [flat.get("rolled") for flat in told[3:]] == [3, 3, None, None, 7, None]


def test_who_came_late_knows_no_number(first: Frame) -> None:
    view = View()
    assert "rolls" not in view.of(at(first, 9000, rolling=True))
    assert "rolled" not in view.of(at(first, 9001, rolling=True))
    view.of(at(first, 9002))
    flat = view.of(at(first, 9003, rolling=True))
    assert "rolls" not in flat and flat["rolled"] == 9003


def test_seconds_are_those_of_the_window_that_is_open(first: Frame) -> None:
    view = View()
    assert "seconds" not in view.of(at(first, 0, 1.0)), "one frame does not tell"
    assert view.of(at(first, 24, 0.75))["seconds"] == pytest.approx(3.0, abs=0.1)
    held = view.of(at(first, 72, 0.75))
    assert held["seconds"] == pytest.approx(3.0, abs=0.1), "while it is held"
    assert view.of(at(first, 96, 0.5))["seconds"] == pytest.approx(2.0, abs=0.1)
    assert "seconds" not in view.of(at(first, 97)), "no choice is open"
    assert "seconds" not in view.of(at(first, 98, 1.0)), "another window may be another length"
