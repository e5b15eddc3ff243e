"""Numbers of a stage that are probably in another unit: each is warned of, with the unit."""

from __future__ import annotations

import pytest

from xrdrama.document.groups import MapOf, fields_of
from xrdrama.document.shapes import ListOf, Shape
from xrdrama.show.form import SHOW
from xrdrama.show.parse import parse_show
from xrdrama.show.plausible import SHOW_UNITS
from xrdrama.stage import parse_stage
from xrdrama.stage.form import STAGE
from xrdrama.stage.plausible import STAGE_UNITS
from xrdrama.tracking.moves import MOVE, MOVE_UNITS, parse_move

GOOD = """\
xrdrama: 1
id: box
canvas: [2000, 1000]
walls:
  front:
    shape: flat
    width: 6
    height: 3
    pixels: [1000, 500]
    brightness_nits: 1500
    centre: [0, 4, 2]
  round:
    shape: arc
    radius: 5
    angle: 90
    height: 3
    segments: 9
    pixels: [900, 342]
    at: [1000, 0]
    centre: [0, 0, 0]
camera:
  focal_mm: 40
  sensor_mm: [36, 20.25]
  shift: [0.01, -0.02]
  tracker_offset: {position: [0, 0.05, -0.12]}
  entrance_pupil_mm: 60
eye_point: [0, -1, 1.6]
safe: {position: [0, -2, 1.7]}
tracking: {protocol: freed, latency: 40ms, origin: {position: [1, 2, 3]}}
ladder: {predict: 80ms, hold: 900ms, ease: 3s, jump: 0.7, doubt: 150ms}
inner: {overscan: 1.25, feather: 0.05, pixels: [1280, 720]}
outer: {density: 50}
near: 0.05
far: 800
"""
# What is written in GOOD, what is written instead, and the end of the hint.
SLIPS = [
    ("latency: 40ms", "latency: 40s", "milliseconds, write 40ms"),
    ("latency: 40ms", "latency: 40m", "milliseconds, write 40ms"),
    ("latency: 40ms", "latency: 0.04ms", "seconds, write 0.04s"),
    ("-0.12]", "120]", "120 means 120 metres; if the value is in millimetres, write 0.12"),
    ("-0.12]", "-12]", "centimetres, write -0.12"),
    ("-0.12]", "1200]", "millimetres, write 1.2"),
    ("focal_mm: 40", "focal_mm: 3200", "hundredths of a millimetre, write 32"),
    ("focal_mm: 40", "focal_mm: 3.2", "centimetres, write 32"),
    ("focal_mm: 40", "focal_mm: 0.032", "metres, write 32"),
    ("[36, 20.25]", "[3.6, 2.025]", "centimetres, write 36"),
    ("[36, 20.25]", "[0.036, 0.02025]", "metres, write 36"),
    ("pupil_mm: 60", "pupil_mm: 0.06", "metres, write 60"),
    ("width: 6", "width: 5000", "millimetres, write 5"),
    ("width: 6", "width: 450", "centimetres, write 4.5"),
    ("radius: 5", "radius: 500", "centimetres, write 5"),
    ("angle: 90", "angle: 1.57", "radians, write 89.9544"),
    ("nits: 1500", "nits: 1.5", "thousands of nits, write 1500"),
    ("centre: [0, 4, 2]", "centre: [0, 400, 2]", "centimetres, write 4"),
    ("[0, -1, 1.6]", "[0, -1, 160]", "centimetres, write 1.6"),
    ("[0, -2, 1.7]", "[0, -2, 1700]", "millimetres, write 1.7"),
    ("[1, 2, 3]", "[1, 2, 300]", "centimetres, write 3"),
    ("predict: 80ms", "predict: 80m", "milliseconds, write 80ms"),
    ("ease: 3s", "ease: 3ms", "seconds, write 3s"),
    ("jump: 0.7", "jump: 70", "centimetres, write 0.7"),
    ("doubt: 150ms", "doubt: 150s", "milliseconds, write 150ms"),
    ("overscan: 1.25", "overscan: 125", "percent, write 1.25"),
    ("overscan: 1.25", "overscan: 0.25", "fractions of extra size, write 1.25"),
    ("feather: 0.05", "feather: 5", "percent, write 0.05"),
    ("overscan: 1.25", "overscan: 0.8", "frame size; write 1 or more; 1.2 is 20 % larger"),
    ("overscan: 1.25", "overscan: -0.2", "frame size; write 1 or more; 1.2 is 20 % larger"),
    ("overscan: 1.25", "overscan: 20", "percent of extra size, write 1.2"),
    ("overscan: 1.25", "overscan: 115%", "write 1.15, without a unit (times the frame size)"),
    ("overscan: 1.25", "overscan: 15%", "write 1.15, without a unit (times the frame size)"),
    ("focal_mm: 40", "focal_mm: 40mm", "write 40, without a unit (millimetres)"),
    ("focal_mm: 40", "focal_mm: 4cm", "write 40, without a unit (millimetres)"),
    ("width: 6", "width: 600cm", "write 6, without a unit (metres)"),
    ("width: 6", "width: 20ft", "write 6.096, without a unit (metres)"),
    ("[0, -1, 1.6]", "[0, -1, 160cm]", "write 1.6, without a unit (metres)"),
    ("density: 50", "density: 2.5", "millimetres of pixel pitch, write 400"),
    ("near: 0.05", "near: 5", "centimetres, write 0.05"),
    ("far: 800", "far: 0.8", "kilometres, write 800"),
    ("far: 800", "far: 80000", "centimetres, write 800"),
]


def test_plausible_stage_gives_no_warning() -> None:
    stage, problems = parse_stage(GOOD, "box.stage.yaml")
    assert stage is not None and problems == []


@pytest.mark.parametrize(("old", "new", "hint"), SLIPS)
def test_likely_unit_is_in_the_hint(old: str, new: str, hint: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    _, problems = parse_stage(text, "box.stage.yaml")
    found = [p for p in problems if p.hint.endswith(hint)]
    assert found, problems
    # A value that cannot be read or drawn is an error; one that can is a warning.
    errors = {("F004", "error"), ("F005", "error")}
    assert (found[0].code, found[0].severity) in {("Q001", "warning"), *errors}
    row = next(n for n, line in enumerate(text.splitlines(), 1) if line not in GOOD.splitlines())
    assert found[0].line == row
    value = text.splitlines()[row - 1][found[0].column - 1 :]
    number = new.replace("]", "").split(" ")[-1] if "[" not in new else ""
    assert not number or value.startswith(number), value


@pytest.mark.parametrize(
    ("old", "new"),
    [("latency: 40ms", "latency: 40s"), ("-0.12]", "120]"), ("focal_mm: 40", "focal_mm: 3200")],
)
def test_stage_with_a_warning_is_still_read(old: str, new: str) -> None:
    stage, problems = parse_stage(GOOD.replace(old, new))
    assert stage is not None
    assert [(p.code, p.severity) for p in problems] == [("Q001", "warning")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("latency: 40ms", "latency: 0s"),
        ("focal_mm: 40", "focal_mm: 8"),
        ("focal_mm: 40", "focal_mm: 1200"),
        ("-0.12]", "-1.5]"),
        ("near: 0.05", "near: 1"),
        ("far: 800", "far: 15000"),
        ("pupil_mm: 60", "pupil_mm: -40"),
        ("overscan: 1.25", "overscan: 2"),
        ("hold: 900ms", "hold: 30s"),
    ],
)
def test_unusual_but_plausible_values_give_no_warning(old: str, new: str) -> None:
    assert parse_stage(GOOD.replace(old, new))[1] == []


def test_pixels_much_further_apart_than_leds_are_reported() -> None:
    _, problems = parse_stage(GOOD.replace("[1000, 500]", "[60, 30]"))
    assert [(p.code, p.severity, p.line) for p in problems] == [("Q001", "warning", 7)]
    assert "a pitch of 100 mm" in problems[0].message


MOVE_TEXT = """\
keys:
  - {at: 0s, position: [0, -4, 1.6], pan: 0}
  - {at: 8s, position: [0, -2, 1.6], pan: 30}
handheld: {degrees: 0.3, metres: 0.006}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("-2, 1.6", "-2, 49", 3, "centimetres, write 0.49"),
        ("-2, 1.6", "-2, 160", 3, "centimetres, write 1.6"),
        ("at: 8s", "at: 8ms", 3, "250 metres per second"),
        ("at: 8s", "at: 8000s", 3, "milliseconds, write 8000ms"),
        ("metres: 0.006", "metres: 6", 4, "millimetres, write 0.006"),
        ("degrees: 0.3", "degrees: 0.005", 4, "radians, write 0.286479"),
    ],
)
def test_move_in_another_unit_is_reported(old: str, new: str, line: int, words: str) -> None:
    assert MOVE_TEXT.count(old) == 1
    _, problems = parse_move(MOVE_TEXT.replace(old, new))
    found = [p for p in problems if words in f"{p.message} {p.hint}"]
    assert found and found[0].line == line, problems
    assert parse_move(MOVE_TEXT)[1] == []
    fast = MOVE_TEXT.replace("-2, 1.6", "-2, 16").replace("pan: 30", "pan: 180")
    assert parse_move(fast)[1] == []


SHOW_TEXT = """\
xrdrama: 1
id: a
story: b
seconds: 45
voice: {accept: 0.4, confirm: 400ms, echo: 250ms}
hand: {dwell: 700ms, rest: 1.5s}
"""


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("accept: 0.4", "accept: 40", "percent, write 0.4"),
        ("confirm: 400ms", "confirm: 400s", "milliseconds, write 400ms"),
        ("echo: 250ms", "echo: 250s", "milliseconds, write 250ms"),
        ("dwell: 700ms", "dwell: 700s", "milliseconds, write 700ms"),
        ("rest: 1.5s", "rest: 1.5ms", "seconds, write 1.5s"),
        ("seconds: 45", "seconds: 45000", "milliseconds, write 45"),
    ],
)
def test_show_in_another_unit_is_reported(old: str, new: str, hint: str) -> None:
    _, problems = parse_show(SHOW_TEXT.replace(old, new))
    assert [p.hint.endswith(hint) for p in problems] == [True], problems
    assert parse_show(SHOW_TEXT)[1] == []


@pytest.mark.parametrize(
    ("shape", "table"), [(STAGE, STAGE_UNITS), (SHOW, SHOW_UNITS), (MOVE, MOVE_UNITS)]
)
def test_every_row_names_a_key_of_its_format(shape: Shape, table: tuple) -> None:  # type: ignore[type-arg]
    for quantity in table:
        at: Shape = shape
        for step in quantity.path.split("."):
            if step == "*":
                assert isinstance(at, (MapOf, ListOf)), quantity.path
                at = at.item
            else:
                assert step in fields_of(at), quantity.path
                at = fields_of(at)[step].shape
        assert quantity.source and quantity.least <= quantity.usual <= quantity.most


def test_values_that_are_no_numbers_are_left_to_their_shapes() -> None:
    _, problems = parse_stage("near: [nan]\nfar: {a: 1}\neye_point: x\ntracking: {latency: 40}\n")
    assert problems and "Q001" not in {p.code for p in problems}
