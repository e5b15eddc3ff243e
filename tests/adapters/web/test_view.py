"""What a page reads of a frame: rolls, and the seconds of a window, as the core counts them."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.adapters.web.console import PlayedShow
from xrdrama.adapters.web.live.view import View
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.wire.frame import Frame, OpenChoice

RATE = FrameRate.parse("24")


@pytest.fixture(scope="module")
def first() -> Frame:
    return PlayedShow().step()


def test_a_page_that_comes_late_knows_the_roll(first: Frame) -> None:
    time = FrameTime.of(9000, RATE)
    rolling = replace(first, time=time, rolling=True, roll=3, rolled_at=370 * NS)
    flat = View().of(rolling)
    assert (flat["rolls"], flat["rolled"]) == (3, 370.0)
    flat = View().of(replace(rolling, rolling=False))
    assert flat["rolls"] == 3 and "rolled" not in flat


def test_one_frame_is_enough_for_the_seconds_of_its_window(first: Frame) -> None:
    def flat(number: int, closes_at: int | None) -> dict[str, object]:
        choice = OpenChoice("c", (), None if closes_at is None else 0.5, closes_at=closes_at)
        return View().of(replace(first, time=FrameTime.of(number, RATE), choice=choice))

    assert flat(24, 4 * NS)["seconds"] == 3.0
    assert flat(240, 4 * NS)["seconds"] == 0.0
    assert "seconds" not in flat(24, None), "a choice without a time limit"


def test_holders_of_parameters_are_in_the_frame(first: Frame) -> None:
    flat = View().of(replace(first, overridden=("fog",), holders={"fog": "operator.2"}))
    assert flat["by"] == {"fog": "operator.2"} and flat["over"] == ["fog"]
    assert "by" not in View().of(first)


def test_every_camera_has_its_tracker_and_its_inner_frustum(first: Frame) -> None:
    assert first.tracked is not None and first.views
    alone = View().of(first)
    assert "inners" not in alone and [one["id"] for one in alone["cameras"]] == [first.tracked.id]
    second = replace(first.tracked, id="tele", subject="2", state="held", at=0)
    views = (first.views[0], replace(first.views[0], id="inner.tele", camera="tele"))
    flat = View().of(replace(first, others=(second,), views=(*views, *first.views[1:])))
    assert list(flat["inners"]) == [first.tracked.id, "tele"]
    assert flat["cameras"][1] == {"id": "tele", "subject": "2", "state": "held", "age": None}


def test_a_page_knows_of_frozen_pictures_and_test_patterns(first: Frame) -> None:
    assert not {"frozen", "patterns"} & set(View().of(first))
    flat = View().of(replace(first, frozen_at=0, patterns={"front": "grid"}))
    assert (flat["frozen"], flat["patterns"]) == (True, {"front": "grid"})
