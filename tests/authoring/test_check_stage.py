"""A stage that can be read, but not be built: each fault, its place, and the same without it."""

from __future__ import annotations

import pytest

from xrdrama.authoring.check_stage import check_stage
from xrdrama.document import compose
from xrdrama.stage import parse_stage

STAGE = """\
xrdrama: 1
id: box
canvas: [4000, 2000]
walls:
  front: {shape: flat, width: 4, height: 2, centre: [0, 3, 1.5], pixels: [1280, 640]}
  left:
    shape: flat
    width: 3
    height: 2
    centre: [-2, 1.5, 1.5]
    pan: 90
    pixels: [960, 640]
    at: [1280, 0]
  floor: {shape: flat, width: 4, height: 3, centre: [0, 1.5, 0.5], tilt: -90, pixels: [1280, 960],
          at: [0, 640]}
camera: {focal_mm: 35, sensor_mm: [36, 20.25], picture: [640, 360]}
inner: {pixels: [640, 360]}
eye_point: [0, -1, 1.5]
safe: {position: [0, -1, 1.6]}
far: 100
"""
ARC = """\
  arc: {shape: arc, radius: 5, angle: 170, height: 4, segments: 24, centre: [0, -1, 0],
        pixels: [1483, 400], at: [2300, 0]}
"""
Found = list[tuple[str, str, str]]


def found(text: str) -> Found:
    """Code, severity and what stands at the place of each problem."""
    stage, problems = parse_stage(text, "box.stage.yaml")
    root = compose(text, "box.stage.yaml", [])
    assert stage is not None and root is not None, problems
    lines = text.splitlines()
    return [
        (p.code, p.severity, lines[p.line - 1][p.column - 1 :]) for p in check_stage(stage, root)
    ]


def changed(old: str, new: str) -> Found:
    assert STAGE.count(old) == 1
    return found(STAGE.replace(old, new))


def test_walls_that_touch_are_sound() -> None:
    assert found(STAGE) == []


def test_an_arc_of_chords_is_sound() -> None:
    alone = STAGE.replace(STAGE[STAGE.index("  front:") : STAGE.index("camera:")], ARC)
    assert found(alone) == []


@pytest.mark.parametrize(
    ("position", "fault"),
    [
        ("[0, 4, 1.5]", "safe is behind wall 'front'"),
        ("[-3, 1, 1.5]", "safe is behind wall 'left'"),
        ("[0, 2.95, 1.5]", "safe is inside wall 'front'"),
        ("[1, 3.05, 2]", "safe is inside wall 'front'"),
        ("[0, 1, 0.55]", "safe is inside wall 'floor'"),
        ("[-9, 20, -30]", "the safe pose sees only the back of the walls"),
        ("[0, 2.85, 1.5]", None),
        ("[-2.5, -1, 1.5]", None),
        ("[4, -2, 1.5]", None),
    ],
)
def test_where_the_safe_camera_may_stand(position: str, fault: str | None) -> None:
    text = STAGE.replace("[0, -1, 1.6]", position)
    stage, _ = parse_stage(text)
    root = compose(text, "stage", [])
    assert stage is not None and root is not None
    problems = check_stage(stage, root)
    assert [p.message for p in problems] == ([fault] if fault else [])
    if fault:
        assert found(text) == [("W010", "error", f"{position}}}")]


def test_an_eye_point_in_a_wall_is_reported_at_its_value() -> None:
    at = STAGE.replace("eye_point: [0, -1, 1.5]", "eye_point: [0, 2.95, 1.5]")
    assert ("W010", "error", "[0, 2.95, 1.5]") in found(at)
    near = STAGE.replace("eye_point: [0, -1, 1.5]", "eye_point: [0, 2.5, 1.5]")
    assert found(near) == []


@pytest.mark.parametrize(
    ("old", "new", "expected", "hint"),
    [
        ("height: 2, c", "height: 2.2, c", "3.12 mm across, 3.44 mm down", "[1280, 704]"),
        ("[960, 640]", "[960, 700]", "3.12 mm across, 2.86 mm down", "[960, 640]"),
        ("height: 2, c", "height: 2.04, c", None, ""),
    ],
)
def test_pixels_that_are_not_square(old: str, new: str, expected: str | None, hint: str) -> None:
    text = STAGE.replace(old, new)
    stage, _ = parse_stage(text)
    root = compose(text, "stage", [])
    assert stage is not None and root is not None
    problems = check_stage(stage, root)
    assert len(problems) == (expected is not None)
    for problem in problems:
        assert (problem.code, problem.severity) == ("W011", "warning")
        assert expected is not None and expected in problem.message and hint in problem.hint
        assert found(text)[0][2].startswith("[")


@pytest.mark.parametrize(
    ("old", "new", "second"),
    [
        ("centre: [-2, 1.5, 1.5]", "centre: [-1, 1.8, 1.5]", "[-1, 1.8, 1.5]"),  # through the front
        ("centre: [0, 1.5, 0.5]", "centre: [0, 1.5, 1]", None),  # a floor half way up
        ("centre: [0, 1.5, 0.5]", "centre: [0, 2, 1]", "[0, 2, 1]"),  # and through the front
        ("    pan: 90\n", "    pan: 0\n    tilt: 0\n", None),  # beside it, facing the same way
        ("centre: [-2, 1.5, 1.5]\n    pan: 90", "centre: [-1, 3.01, 1.5]\n    pan: 0", "[-1, 3.01"),
        ("centre: [-2, 1.5, 1.5]", "centre: [-2, 1.53, 1.5]", None),  # 3 cm: a drawing's error
    ],
)
def test_walls_that_go_through_each_other(old: str, new: str, second: str | None) -> None:
    problems = [one for one in changed(old, new) if one[0] == "W012"]
    assert bool(problems) == (second is not None), problems
    for problem in problems:
        assert problem[1] == "error"
    if second:
        assert any(problem[2].startswith(second) for problem in problems)


def test_a_wall_in_an_arc_and_one_before_it() -> None:
    inside = "  panel: {shape: flat, width: 2, height: 1, centre: [0, 2, 1], pixels: [640, 320]}\n"
    alone = STAGE.replace(STAGE[STAGE.index("  front:") : STAGE.index("camera:")], ARC + inside)
    assert found(alone) == []
    through = alone.replace("width: 2, height: 1, centre: [0, 2, 1]", "width: 2, height: 1, "
                            "centre: [3.5, 2.5, 1]")  # fmt: skip
    assert [one[0] for one in found(through)] == ["W012"]


def test_a_far_plane_before_the_walls() -> None:
    assert changed("far: 100", "far: 4") == [("W013", "warning", "4")]
    assert changed("far: 100", "far: 5") == []


@pytest.mark.parametrize("far", ["far: 100", "far: 500"])
def test_a_wall_hundreds_of_metres_away_is_in_another_unit(far: str) -> None:
    text = STAGE.replace("far: 100", far).replace("centre: [0, 3, 1.5]", "centre: [0, 320, 1.5]")
    stage, _ = parse_stage(text, "box.stage.yaml")
    root = compose(text, "box.stage.yaml", [])
    assert stage is not None and root is not None
    problems = [p for p in check_stage(stage, root) if p.code == "W013"]
    assert len(problems) == 1 and "wall 'front' is up to 321 m away" in problems[0].message
    assert "units" in problems[0].hint and "far" not in problems[0].hint
