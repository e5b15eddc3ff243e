"""scene.yaml: every problem at its place, with a code and what to do about it."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import Problem
from xrdrama.scene.form import scene_schema
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Vec3
from xrdrama.timing import NS

LANE = Path(__file__).parents[2] / "scenes" / "lantern_street" / "scene.yaml"

SMALL = """\
xrdrama: 1
id: yard
title: A yard
doc: Where the test stands.
params:
  glow: {kind: real, least: 0, most: 2, default: 1, doc: A lamp.}
  open: {kind: flag, default: true, doc: The door.}
  season: {kind: choice, choices: [summer, winter], default: summer, doc: The year.}
looks:
  night:
    doc: As it starts.
    glow: 0.5
    season: winter
cues:
  wakes:
    doc: The lamp wakes.
    moves:
      - {param: glow, to: 2, over: 1.5s, ease: out}
      - {param: open, to: false}
lights:
  moon: {kind: directional, doc: Key., toward: [0, 1, -1], colour: "#ffffff", intensity: 1, shadow: true}
  lamp: {kind: baked, doc: Lamp., channel: 0, colour: "#ff8000", intensity: 2, scaled_by: glow}
environment:
  sky:
    before: {zenith: "#000000", middle: "#000010", horizon: "#101020", ground: "#000000", glow: "#000000"}
    after: {zenith: "#405080", middle: "#506090", horizon: "#a09080", ground: "#202020", glow: "#402010"}
  fog: {density: 0.05, height: 4, scaled_by: glow}
models:
  yard: {file: assets/yard.glb, doc: All of it.}
places:
  gate: {at: [1, 2, 3], pan: 90, doc: The gate.}
particles:
  snow: {kind: snow, doc: Flakes., count: 10, least: [-1, -1, 0], most: [1, 1, 2], size: 0.02, colour: "#ffffff"}
"""  # noqa: E501


def read(text: str) -> tuple[Scene | None, list[Problem]]:
    return parse_scene(text, "yard/scene.yaml")


def only_problem(text: str) -> Problem:
    scene, problems = read(text)
    assert scene is None
    assert len(problems) == 1, problems
    return problems[0]


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def test_a_scene_is_read_whole() -> None:
    scene, problems = read(SMALL)
    assert problems == []
    assert scene is not None
    assert scene.defaults() == {"glow": 1.0, "open": 1.0, "season": "summer"}
    assert scene.looks == {"night": {"glow": 0.5, "season": "winter"}}
    assert scene.look_docs == {"night": "As it starts."}
    first, second = scene.cues["wakes"].moves
    assert (first.to, first.over, first.ease) == (2.0, NS * 3 // 2, "out")
    assert (second.to, second.over) == (0.0, 0)
    moon = scene.lights["moon"]
    assert moon.shadow and moon.direction is not None
    assert moon.direction.length() == pytest.approx(1.0)
    assert scene.lights["lamp"].colour.x == pytest.approx(1.0)
    assert scene.lights["lamp"].colour.y == pytest.approx(0.2158605)
    gate = scene.places["gate"].pose
    assert gate.position == Vec3(1, 2, 3)
    assert gate.rotation.rotate(Vec3(0, 1, 0)).x == pytest.approx(-1.0)


PROBLEMS = [
    ("param: glow, to: 2", "param: glwo, to: 2", "S002", 18, "glow"),
    ("scaled_by: glow}\nenv", "scaled_by: glowing}\nenv", "S002", 22, "glow"),
    ("to: 2, over", "to: 3, over", "S003", 18, "0 to 2"),
    ("to: 2, over", "to: nan, over", "S003", 18, "0 to 2"),
    ("to: 2, over", "to: bright, over", "S003", 18, "0 to 2"),
    ("param: open, to: false", "param: open, to: 0.5", "S003", 19, "true or false"),
    ("season: winter", "season: wintr", "S003", 13, "winter"),
    ("    glow: 0.5", "    glow: 2.5", "S003", 12, "0 to 2"),
    ("least: 0, most: 2, default: 1", "least: 0, most: 2, default: 4", "S004", 6, "0 to 2"),
    ("least: 0, most: 2, default: 1", "least: 2, most: 0, default: 1", "S004", 6, ""),
    ("default: summer", "default: autumn", "S004", 8, "summer"),
    ("param: open, to: false", "param: glow, to: 1, delay: 1s", "S005", 19, "delay"),
    (", shadow: true", "", "S006", 21, "exactly one"),
    ("file: assets/yard.glb", "file: assets/../../yard.glb", "S008", 29, "assets"),
    ("most: [1, 1, 2]", "most: [1, -2, 2]", "S009", 33, "least"),
    ("height: 4, scaled_by: glow", "height: 4, scaled_by: season", "S010", 27, "real"),
    (", shadow: true", ", shadow: true, turned_by: glow", "S011", 21, "both"),
    (
        "intensity: 2, scaled_by: glow",
        "intensity: 2, after: {colour: '#ffffff', intensity: 1}", "S011", 22, "both",
    ),
    (
        "intensity: 2, scaled_by: glow", "intensity: 2, turned_by: glow, "
        "after: {colour: '#ffffff', intensity: 1, toward: [0, 0, 1]}", "F014", 22, "toward",
    ),
    ("default: 1, doc: A lamp.", "default: 1, grows_by: open, doc: A lamp.", "S012", 12, "open"),
    ("default: 1, doc: A lamp.", "default: 1, grows_by: opne, doc: A lamp.", "S002", 6, "open"),
    ("toward: [0, 1, -1]", "toward: [0, 0, 0]", "S001", 21, "write"),
    ("ease: out", "ease: outt", "F008", 18, "out"),
    ("over: 1.5s", "over: 1.5", "F007", 18, "1.5s"),
    ("    doc: The lamp wakes.\n", "", "F015", 15, ""),
    ("    doc: As it starts.\n", "", "F015", 11, ""),
    ("density: 0.05", "densty: 0.05", "F014", 27, "density"),
    ("xrdrama: 1", "xrdrama: 2", "F005", 1, ""),
    ('colour: "#ff8000"', 'colour: "#ff80"', "F003", 22, ""),
    ("choices: [summer, winter]", "choices: summer", "F010", 8, ""),
    ("places:\n", "places: none\nplaces_:\n", "F012", 30, ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line", "hint"), PROBLEMS)
def test_each_error_has_its_position(old: str, new: str, code: str, line: int, hint: str) -> None:
    _, problems = read(changed(old, new))
    found = [problem for problem in problems if problem.code == code]
    assert found, problems
    assert found[0].file == "yard/scene.yaml"
    assert found[0].line == line
    assert hint in found[0].message + found[0].hint


def test_two_lamps_cannot_share_a_channel() -> None:
    lamp = "  lamp: {kind: baked, doc: Lamp., channel: 0"
    other = changed(
        lamp, "  more: {kind: baked, doc: L., channel: 0, colour: '#ffffff', intensity: 1}\n" + lamp
    )
    assert only_problem(other).code == "S007"


def test_all_problems_come_at_once_and_in_order() -> None:
    text = changed("to: 2, over", "to: 3, over").replace("glow: 0.5", "glow: 9")
    _, problems = read(text)
    found = [(problem.line, problem.code) for problem in problems]
    assert found == [(12, "S003"), (18, "S003")]


def test_names_are_checked_even_where_something_needed_is_broken() -> None:
    text = changed("height: 4,", "height: 0,").replace("param: glow", "param: glwo")
    _, problems = read(text)
    found = [(problem.line, problem.code) for problem in problems]
    assert found == [(18, "S002"), (27, "F005")]


def test_values_are_checked_even_where_something_needed_is_broken() -> None:
    text = changed("height: 4,", "height: 0,").replace("to: 2, over", "to: 3, over")
    text = text.replace("file: assets/yard.glb", "file: ../yard.glb")
    _, problems = read(text)
    found = [(problem.line, problem.code) for problem in problems]
    assert found == [(18, "S003"), (27, "F005"), (29, "S008")]


def test_key_light_that_cannot_be_read_is_one_problem() -> None:
    assert only_problem(changed("toward: [0, 1, -1]", "toward: [0, 0, 0]")).code == "S001"


def test_cue_without_moves_is_an_error() -> None:
    text = changed(
        "\n      - {param: glow, to: 2, over: 1.5s, ease: out}\n      - {param: open, to: false}\n",
        " []\n",
    )
    assert only_problem(text).code == "S005"


def test_moves_of_one_param_may_follow_each_other() -> None:
    scene, problems = read(changed("param: open, to: false", "param: glow, to: 0, delay: 1.5s"))
    assert scene is not None and not problems


def test_a_param_that_is_broken_is_reported_once() -> None:
    _, problems = read(changed("kind: real, least: 0, most: 2, default: 1", "kind: rael, least: 0"))
    assert [problem.code for problem in problems] == ["F008"]


def test_the_schema_accepts_what_is_right_and_refuses_what_is_wrong() -> None:
    import yaml

    schema = scene_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    lane = yaml.safe_load(LANE.read_text("utf-8"))
    assert [error.message for error in check.iter_errors(lane)] == []
    lane["environment"]["fgo"] = lane["environment"].pop("fog")
    assert list(check.iter_errors(lane))
    described = schema["properties"]["environment"]["properties"]["fog"]["properties"]["density"]
    assert "metre" in described["description"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_text_gives_problems_or_a_scene_and_nothing_else(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SMALL)))
    end = data.draw(st.integers(start, min(len(SMALL), start + 60)))
    text = SMALL[:start] + data.draw(st.text(max_size=20)) + SMALL[end:]
    scene, problems = read(text)
    assert (scene is None) == any(problem.severity == "error" for problem in problems)
    for problem in problems:
        assert problem.line >= 1 and problem.column >= 1 and problem.code and problem.message
