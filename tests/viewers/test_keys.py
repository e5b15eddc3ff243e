"""The window shows its keys while it is new and on H, and only those that do something."""

from __future__ import annotations

import pytest

from xrdrama import content
from xrdrama.processes.hints import hints_of
from xrdrama.spatial import Pose
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.viewers.keys import SHOWN_FOR_S, Help, keys_of, keys_text
from xrdrama.wire.frame import Frame, Projection, View

BEGIN = FrameTime.of(0, FrameRate.parse("24"))
INNER = View("inner", "inner", Pose(), Projection(-0.5, 0.5, -0.3, 0.3, 0.1, 100.0))


@pytest.mark.parametrize(("views", "film"), [((INNER,), True), ((), False)])
def test_the_film_camera_is_listed_if_there_is_one(views: tuple[View, ...], film: bool) -> None:
    frame = Frame(BEGIN, "door", "street", {}, views)
    names = [name for name, *_ in keys_of(frame)]
    assert ("F" in names) is film
    assert {"1-9", "drag", "Home", "F11", "H"} <= set(names)
    assert all(len(key) == 3 for key in keys_of(frame))
    text = keys_text(keys_of(frame))
    assert ("F: film camera" in text) is film
    assert "H, F1 or ?: keys" in text and "WASD" in text
    assert not ({"L", "F"} & {name for name, *_ in keys_of(frame, reduced=True)})
    several = {name for name, *_ in keys_of(frame, languages=3, gamepad=True)}
    assert {"L", "A", "D-pad", "Tab"} <= several
    scanned = {name for name, *_ in keys_of(frame, scans=True)}
    assert "Tab" not in scanned and "Enter" in scanned
    assert {name for name, *_ in keys_of(frame, languages=2, mirrors=True)} == {"L", "F11", "H"}


def test_keys_are_shown_for_a_few_seconds_and_then_on_demand() -> None:
    help_ = Help()
    assert help_.is_shown(100.0) and help_.is_shown(100.0 + SHOWN_FOR_S - 0.1)
    assert not help_.is_shown(100.0 + SHOWN_FOR_S)
    assert help_.toggle(110.0) and help_.is_shown(500.0)
    assert not help_.toggle(501.0) and not help_.is_shown(900.0)


def test_keys_that_are_shown_at_first_can_be_hidden_at_once() -> None:
    help_ = Help()
    assert help_.is_shown(100.0)
    assert not help_.toggle(100.5) and not help_.is_shown(101.0)
    assert help_.toggle(102.0)


@pytest.mark.parametrize(
    ("show", "hands"), [("lantern_headset", False), ("lantern_demo", True), ("lantern_night", True)]
)
def test_hands_are_asked_for_where_an_input_looks_for_them(show: str, hands: bool) -> None:
    hints = hints_of(content.load_show(show), keys=True)
    assert hints.hands is hands
    assert hints.keys
