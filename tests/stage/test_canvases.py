"""Several processor canvases: their places in the picture that is drawn, and what is wrong."""

from __future__ import annotations

import pytest

from xrdrama.errors import Problem
from xrdrama.stage import Stage, parse_stage
from xrdrama.stage.canvases import Canvas

FRONT = "front: {shape: flat, width: 6, height: 3, centre: [0, 4, 1.5], pixels: [600, 300]%s}"
ROOF = (
    "roof: {shape: flat, width: 3, height: 2, centre: [0, 2, 3.4], tilt: 90, pixels: [300, 200]%s}"
)
SEVERAL = "canvases: {main: {size: [640, 300]}, top: {size: [300, 260], display: DP-2}}"


def read(canvas: str, front: str = "", roof: str = "") -> tuple[Stage | None, list[Problem]]:
    text = (
        f"xrdrama: 1\nid: two\n{canvas}\nwalls:\n  {FRONT % front}\n  {ROOF % roof}\n"
        "camera: {focal_mm: 24, sensor_mm: [36, 20.25]}\neye_point: [0, 0, 1.6]\n"
    )
    return parse_stage(text, "two.stage.yaml")


def test_canvases_are_below_each_other_in_one_picture() -> None:
    stage, problems = read(SEVERAL, ", canvas: main", ", canvas: top, at: [0, 40]")
    assert not problems and stage is not None
    assert stage.canvas == (640, 560)
    assert stage.canvases == stage.outputs
    assert stage.canvases == (
        Canvas("main", (640, 300)), Canvas("top", (300, 260), (0, 300), "DP-2")
    )  # fmt: skip
    assert [(wall.canvas, wall.at) for wall in stage.walls] == [("main", (0, 0)), ("top", (0, 340))]
    assert stage.walls[1].facets[0].canvas[:2] == (0.0, 340.0)
    assert stage.canvases[1].box == (0, 300, 300, 560)


def test_one_canvas_has_no_name() -> None:
    stage, problems = read("canvas: [900, 300]", "", ", at: [600, 0]")
    assert not problems and stage is not None
    assert stage.canvases == () and stage.outputs == (Canvas("", (900, 300)),)
    stage, problems = read("canvases: {wall: {size: [900, 300]}}", "", ", at: [600, 0]")
    assert not problems and stage is not None, "a wall need not name the only one"
    assert [wall.canvas for wall in stage.walls] == ["wall", "wall"]


def test_high_canvases_are_beside_each_other() -> None:
    high = "canvases: {main: {size: [640, 9000]}, top: {size: [300, 9000]}}"
    stage, problems = read(high, ", canvas: main", ", canvas: top, at: [0, 40]")
    assert not problems and stage is not None
    assert stage.canvas == (940, 9000) and stage.walls[1].at == (640, 40)


@pytest.mark.parametrize(("canvas", "front", "roof", "code", "message", "hint"), [
    ("title: x", "", "", "F015", "'canvas' is missing", "canvases:"),
    (f"canvas: [900, 300]\n{SEVERAL}", "", "", "W070", "both canvas: and canvases:", "move"),
    (SEVERAL, "", ", canvas: top", "W070", "wall 'front' does not say which", "main, top"),
    (SEVERAL, ", canvas: mian", ", canvas: top", "W070", "unknown canvas 'mian'", "'main'"),
    ("canvas: [900, 300]", ", canvas: main", ", at: [600, 0]", "W070", "has only one", "remove"),
    (SEVERAL, ", canvas: main", ", canvas: top, at: [0, 61]", "W003",
     "wall 'roof' does not fit on the canvas 'top': it ends at 300, 261", "size of top"),
    (SEVERAL, ", canvas: top", ", canvas: top", "W003", "'front' does not fit", "size of top"),
    ("canvases: {main: {size: [9000, 9000]}, top: {size: [9000, 9000]}}",
     ", canvas: main", ", canvas: top", "W071", "18000 x 9000 beside", "two machines"),
    ("canvases: {main: {size: [900, 300]}, top: {size: [3, 2]}}", ", canvas: main",
     ", canvas: main, at: [600, 0]", "W072", "canvas 'top' has no walls", "canvas: in a wall"),
    ("canvases: {main: {size: [640, 300], display: '1,2,3'}}", "", ", at: [0, 1]", "F003",
     "is not a display", "1920,0"),
])  # fmt: skip
def test_problems_of_canvases_are_named(
    canvas: str, front: str, roof: str, code: str, message: str, hint: str
) -> None:
    _, problems = read(canvas, front, roof)
    found = [p for p in problems if p.code == code]
    assert found, problems
    assert message in found[0].message and hint in found[0].hint, found


def test_walls_on_different_canvases_do_not_overlap_and_on_one_they_do() -> None:
    wide = "canvases: {main: {size: [640, 300]}, top: {size: [640, 300]}}"
    assert not read(wide, ", canvas: main", ", canvas: top")[1]
    problems = read(wide, ", canvas: main", ", canvas: main")[1]
    assert {p.code for p in problems} == {"W004", "W072"}


def test_walls_overlap_on_the_only_canvas_whether_they_name_it_or_not() -> None:
    only = "canvases: {wall: {size: [900, 300]}}"
    _, problems = read(only, "", ", canvas: wall, at: [500, 0]")
    assert [problem.code for problem in problems] == ["W004"]
    stage, problems = read(only, "", ", canvas: wall, at: [600, 0]")
    assert stage is not None and not problems


@pytest.mark.parametrize(("canvas", "front", "roof", "codes"), [
    ("canvas: [0, 300]", "", ", at: [600, 0]", ["F005"]),
    ("canvas:", "", ", at: [600, 0]", ["F009"]),
    ("title: x", "", "", ["F015"]),
    ("canvases: {main: {size: [0, 300]}, top: {size: [300, 260]}}", ", canvas: main",
     ", canvas: top", ["F005"]),
    ("canvases: {main: {size: [0, 300]}}", ", canvas: main", "", ["F005"]),
    ("canvases: [main]", ", canvas: main", ", canvas: main", ["F012"]),
    ("canvases: {}", ", canvas: main", ", canvas: main", ["F015"]),
    (SEVERAL, ", canvas: main", ", canvas: 'B 2'", ["F003"]),
    (SEVERAL, ", canvas: main", ", canvas: topp", ["W070"]),
    (SEVERAL, ", canvas: top", ", canvas: topp", ["W003", "W070"]),
])  # fmt: skip
def test_a_mistake_in_a_canvas_is_one_problem(
    canvas: str, front: str, roof: str, codes: list[str]
) -> None:
    stage, problems = read(canvas, front, roof)
    assert stage is None and sorted(problem.code for problem in problems) == codes, problems


def test_the_problem_of_empty_canvases_says_so() -> None:
    _, (problem,) = read("canvases: {}")
    assert problem.message == "canvases: is empty" and "main: {size:" in problem.hint
