"""The window tells its keys while it is new, and only those that do something."""

from __future__ import annotations

import pytest

from xrdrama import content
from xrdrama.app.keys import TOLD, keys_told, means_of
from xrdrama.spatial import Pose
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.frame import Frame, Projection, View

BEGIN = FrameTime.of(0, FrameRate.parse("24"))
INNER = View("inner", "inner", Pose(), Projection(-0.5, 0.5, -0.3, 0.3, 0.1, 100.0))


@pytest.mark.parametrize(("views", "film"), [((INNER,), True), ((), False)])
def test_the_film_camera_is_told_where_there_is_one(views: tuple[View, ...], film: bool) -> None:
    told = keys_told(Frame(BEGIN, "door", "street", {}, views), 0.0)
    names = [name for name, *_ in told]
    assert ("F" in names) is film
    assert {"1-9", "drag", "Home", "F11"} <= set(names)
    assert all(len(key) == 3 for key in told)


def test_keys_are_told_for_a_few_seconds() -> None:
    frame = Frame(BEGIN, "door", "street", {})
    assert keys_told(frame, TOLD - 0.1)
    assert keys_told(frame, TOLD) == ()


@pytest.mark.parametrize(
    ("show", "hands"), [("lantern_headset", False), ("lantern_demo", True), ("lantern_night", True)]
)
def test_hands_are_asked_for_where_an_input_looks_for_them(show: str, hands: bool) -> None:
    means = means_of(content.load_show(show), keys=True)
    assert means.hands is hands
    assert means.keys
