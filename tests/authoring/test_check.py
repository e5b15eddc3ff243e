"""A story against what it plays in: each finding with a story that has the fault, and the same
story without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.authoring.check import check_draft, check_story
from xrdrama.errors import Problem
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene
from xrdrama.story import draft_story, load_story

REPOSITORY = Path(__file__).parents[2]
STREET = REPOSITORY / "scenes" / "lantern_street" / "scene.yaml"

STORY = """\
xrdrama: 1
id: night
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  a:
    script: |
      @snow_begins
      @sound bell
      LAN: Stay with us.  #laaaaa
    choice:
      options:
        stay: {to: b, on: [voice: "I remember you"]}
        leave: {to: b, on: [voice: "let her go"]}
  b: {ending: done}
  c: {return: true}
hidden:
  - {id: print, on: {marker: door_god}, to: c}
"""


@pytest.fixture(scope="module")
def street() -> Scene:
    scene, problems = parse_scene(STREET.read_text("utf-8"), "scene.yaml")
    assert scene is not None, problems
    assert "girl" in scene.places
    return scene


def findings(text: str, street: Scene, sounds: tuple[str, ...] | None = ("bell",)) -> list[Problem]:
    story = load_story(text, "night.branch.yaml")
    return check_story(story, {"lantern_street": street}, sounds)


def found(old: str, new: str, street: Scene) -> list[tuple[str, int, str, str]]:
    assert STORY.count(old) == 1
    problems = findings(STORY.replace(old, new), street)
    return [(p.code, p.line, p.message, p.hint) for p in problems]


def test_a_place_to_look_at_must_be_in_the_set(street: Scene) -> None:
    here, there = "on: [gaze: girl]", "on: [gaze: gilr]"
    assert found('on: [voice: "let her go"]', here, street) == []
    ((code, line, message, hint),) = found('on: [voice: "let her go"]', there, street)
    assert (code, line) == ("C016", 14)
    assert message == "there is no place 'gilr' in the scene 'lantern_street'" and "girl" in hint


def test_a_sound_story_has_no_findings(street: Scene) -> None:
    assert findings(STORY, street) == []


def test_a_scene_that_is_not_there_is_said_once(street: Scene) -> None:
    assert found("scene: lantern_street", "scene: lantern_stret", street) == [
        ("C001", 3, "there is no scene 'lantern_stret'", "did you mean 'lantern_street'?")
    ]


def test_two_scenes_that_are_not_there_are_both_said(street: Scene) -> None:
    text = STORY.replace("b: {ending: done}", "b: {scene: well, ending: done}")
    problems = findings(text.replace("scene: lantern_street", "scene: moon"), street)
    assert [(p.code, p.line, p.column) for p in problems] == [("C001", 3, 8), ("C001", 15, 14)]


def test_a_scene_that_cannot_be_read_is_reported_elsewhere(street: Scene) -> None:
    story = load_story(STORY, "night.branch.yaml")
    assert check_story(story, {"lantern_street": None}, ("bell",)) == []
    assert [p.code for p in check_story(story, {}, ("bell",))] == ["C001"]  # the control


def test_a_cue_that_the_scene_does_not_have(street: Scene) -> None:
    assert found("@snow_begins", "@snow_begin", street) == [
        (
            "C002",
            8,
            "the scene 'lantern_street' has no cue 'snow_begin'",
            "did you mean 'snow_begins'?",
        )
    ]


def test_a_misspelt_sound_or_wait_is_no_cue(street: Scene) -> None:
    for wrong, meant in (("@wiat", "did you mean @wait?"), ("@sond", "did you mean @sound?")):
        ((code, line, _, hint),) = found("@snow_begins", wrong, street)
        assert (code, line, hint) == ("C002", 8, meant)


def test_a_story_with_errors_is_looked_through_for_what_does_not_hang_on_them(
    street: Scene,
) -> None:
    text = STORY.replace("to: b, on", "to: z, on").replace("@snow_begins", "@snow_begin")
    story, problems, _ = draft_story(text, "night.branch.yaml")
    assert story is not None and [p.code for p in problems] == ["S102"] * 2
    found = check_draft(story, {"lantern_street": street}, ("bell",))
    assert [(p.code, p.line) for p in found] == [("C002", 8)]  # and nothing of b and c


def test_a_sound_that_is_not_there(street: Scene) -> None:
    assert found("@sound bell", "@sound bel", street) == [
        ("C003", 9, "there is no sound 'bel'", "did you mean 'bell'?")
    ]


def test_recorded_lines_are_no_suggestion_for_a_sound(street: Scene) -> None:
    problems = findings(STORY, street, ("line/bell", "gong"))
    assert [p.hint for p in problems] == ["use one of: gong"]


def test_missing_index_of_sounds_is_one_warning_for_all_sounds(street: Scene) -> None:
    (problem,) = findings(STORY, street, None)
    assert (problem.code, problem.line, problem.severity) == ("C003", 9, "warning")
    twice = STORY.replace("@sound bell", "@sound bell\n      @sound bell")
    assert len(findings(twice, street, None)) == 1 < len(findings(twice, street, ()))
    others = STORY.replace("@sound bell", "@sound bell\n      @sound gong")
    (once,) = findings(others, street, None)
    assert once.line == 9
    assert once.message == (
        "the sounds 'bell', 'gong' cannot be found: the story has no index of sounds"
    )
    assert once.hint == (
        "make the folder night.sounds beside the story, with the files and an index.json of their "
        "lengths"
    )
    assert [p.severity for p in findings(STORY, street, ())] == ["error"]


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ("{voice: open sesame}", "voice: is not supported yet as a trigger of a hidden plot"),
        (
            "[{gesture: fist}, {marker: door_god}]",
            "gesture: is not supported yet as a trigger of a hidden plot",
        ),
        ("[]", "the hidden plot 'print' has no trigger that opens it"),
    ],
)
def test_a_hidden_plot_with_a_trigger_that_does_nothing(
    on: str, message: str, street: Scene
) -> None:
    (problem,) = findings(STORY.replace("{marker: door_god}", on), street)
    assert (problem.code, problem.line, problem.severity) == ("C005", 18, "error")
    assert problem.message == message and "{marker: print}" in problem.hint


def test_lines_without_an_id_are_reported_once(street: Scene) -> None:
    text = STORY.replace("  #laaaaa", "\n      LAN: And eat.\n      LAN: And sleep.")
    (problem,) = findings(text, street)
    assert (problem.code, problem.line) == ("S213", 10)
    assert problem.message == "this line and 2 more have no id"


def test_a_line_without_an_id(street: Scene) -> None:
    assert found("  #laaaaa", "", street) == [
        ("S213", 10, "this line has no id", "run xrdrama fmt, which writes line ids")
    ]


@pytest.mark.parametrize(
    ("phrase", "severity"),
    [
        ("I remember you!", "error"),
        ("eye remember ewe", "error"),
        ("I remember them", "warning"),
        ("let her know", None),
        ("good night", None),
    ],
)
def test_phrases_that_are_open_together_must_differ(
    phrase: str, severity: str | None, street: Scene
) -> None:
    text = STORY.replace('"let her go"', f'"{phrase}"')
    problems = [p for p in findings(text, street) if p.code == "V001"]
    assert [p.severity for p in problems] == ([severity] if severity else [])
    for problem in problems:
        assert phrase in problem.message and "'I remember you'" in problem.message
        assert problem.line == 14


def test_phrases_of_one_option_may_sound_alike(street: Scene) -> None:
    text = STORY.replace('"I remember you"', '"I remember you|I remember"')
    assert findings(text, street) == []


def test_findings_come_in_the_order_of_the_file(street: Scene) -> None:
    text = STORY.replace("  #laaaaa", "").replace("@sound bell", "@sound bel")
    text = text.replace("@snow_begins", "@snow") + "# end\n"
    lines = [p.line for p in findings(text, street)]
    assert lines == sorted(lines) == [8, 9, 10]


def test_the_graph_is_checked_too(street: Scene) -> None:
    assert [
        f[0] for f in found("b: {ending: done}", "b: {ending: done}\n  d: {next: b}", street)
    ] == ["G001"]
