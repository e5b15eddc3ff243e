"""`run --wall`: which canvas is on which display, and every mistake by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.panda.x11 import Display
from xrdrama.errors import UsageError
from xrdrama.run.outputs.displays import asked, places
from xrdrama.stage import Stage, load_stage

HEAD = (
    "xrdrama: 1\nid: two\ncamera: {focal_mm: 24, sensor_mm: [36, 20.25]}\neye_point: [0, 0, 1.6]\n"
)
WALL = "{shape: flat, width: 6, height: 3, centre: [%d, 4, 1.5], pixels: [600, 300]%s}"
ONE = load_stage(f"{HEAD}canvas: [600, 300]\nwalls: {{a: {WALL % (0, '')}}}\n")
TWO = load_stage(
    f"{HEAD}canvases: {{left: {{size: [600, 300], display: HDMI-1}}, "
    "right: {size: [600, 300], display: '1920,0'}}\n"
    f"walls: {{a: {WALL % (-3, ', canvas: left')}, b: {WALL % (3, ', canvas: right')}}}\n"
)
THERE = (Display("DP-1", 0, 0, 1920, 1080), Display("HDMI-1", 1920, 0, 1280, 720))


@pytest.mark.parametrize(("stage", "texts", "expected"), [
    (ONE, ["40,30"], {"": (40, 30)}),
    (TWO, ["left=40,30", "right=DP-1"], None),
    (TWO, ["left=700,30", "right=DP-1"], {"left": (700, 30), "right": (0, 0)}),
    (TWO, ["left=HDMI-1"], {"left": (1920, 0)}),
    (TWO, ["left"], {"left": (1920, 0)}),
    (TWO, ["right"], {"right": (1920, 0)}),
    (TWO, ["left = 1620, 0"], {"left": (1620, 0)}),
])  # fmt: skip
def test_canvases_are_placed(
    stage: Stage, texts: list[str], expected: dict[str, tuple[int, int]] | None
) -> None:
    if expected is None:
        with pytest.raises(UsageError, match="left and right would cover each other"):
            places(stage, texts, THERE)
    else:
        assert places(stage, texts, THERE) == expected


@pytest.mark.parametrize(("stage", "texts", "message", "remedy"), [
    (ONE, ["a=0,0"], "one canvas, without a name", "--wall X,Y"),
    (ONE, ["all"], "names no display for the canvas", "--wall"),
    (TWO, ["0,0"], "does not name a canvas, and the stage has 2",
     "--wall left=X,Y --wall right=X,Y"),
    (TWO, ["lefd=0,0"], "no canvas 'lefd'", "'left'"),
    (TWO, ["left=0,0", "left=700,0"], "names the canvas left twice", "once"),
    (TWO, ["all"], "left and right would cover each other", "its own"),
    (TWO, ["left=DP-9"], "there is no display 'DP-9' for the canvas left",
     "DP-1 (1920 x 1080 at 0,0), HDMI-1 (1280 x 720 at 1920,0)"),
    (TWO, ["left=4000,0"], "the canvas left has 600 x 300 pixels and does not fit", "DP-1"),
    (TWO, ["left=-1,0"], "does not fit on the displays at -1,0", "DP-1"),
    (TWO, ["left=1700,600"], "does not fit on the displays at 1700,600", "HDMI-1"),
])  # fmt: skip
def test_mistakes_are_named(stage: Stage, texts: list[str], message: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        places(stage, texts, THERE)
    assert message in caught.value.message and remedy in caught.value.remedy, caught.value


def test_unknown_displays_are_not_checked() -> None:
    assert places(ONE, ["9999,0"], None) == {"": (9999, 0)}
    with pytest.raises(UsageError, match="no display 'DP-1'"):
        places(TWO, ["left=DP-1"], None)


@given(st.text(max_size=20))
def test_any_text_is_a_placement_or_the_one_error(text: str) -> None:
    for values in (text, f"left={text}", f"{text}=0,0"):
        try:
            asked(values)
        except UsageError as error:
            assert error.remedy
