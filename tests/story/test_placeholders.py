"""Placeholders, markup, commands and steps of other tools are reported: nothing replaces them."""

from __future__ import annotations

import pytest

from xrdrama.errors import Problem
from xrdrama.story import load_story, parse_story
from xrdrama.story.strings import parse_strings

STORY = """\
xrdrama: 1
id: ferry
scene: pier
vars:
  trust: {type: int, min: 0, max: 2}
  mood: {type: int, min: -2, max: 2}
  share: {type: float, min: 0, max: 1}
cast:
  mo: {name: Mo}
beats:
  pier:
    script: |
      MO: LINE  #laaaaa
    choice:
      options:
        go: {text: Go, to: shore, set: {trust: trust + 1}}
  shore:
    ending: {id: morning, title: Morning}
"""


def found(text: str) -> list[Problem]:
    return parse_story(text, "ferry.branch.yaml")[1]


@pytest.mark.parametrize(
    "mark",
    ["{$trust}", "${trust}", "{{trust}}", "#{trust}", "{~a|b}",
     "{if trust > 1}", "{trust > 1: a|b}", "<<print $trust>>", "<<= $trust>>", "%(trust)s",
     "[[a link->shore]]", "$trust", "[trust]", "%trust%", "<b>no</b>", "[i]no[/i]"],
)  # fmt: skip
def test_a_placeholder_in_a_line_is_reported(mark: str) -> None:
    (problem,) = found(STORY.replace("LINE", f"You have {mark} coins."))
    assert (problem.code, problem.severity) == ("S217", "warning")
    assert (problem.line, problem.column) == (13, 20)
    assert problem.hint


@pytest.mark.parametrize(
    "text",
    ["It costs $5.", "A brace { has no meaning.", "So } what.", "{ }", "[whatever] No.", ":-{",
     "100% sure.", "a < b > c", "<3", "I owe $gold.", "at 12:30", "{", "What the @#$%!"],
)  # fmt: skip
def test_prose_is_left_alone(text: str) -> None:
    assert found(STORY.replace("LINE", text)) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("title: Morning", "title: 'Morning {trust}'", 18),
        ("name: Mo}", "name: 'Mo {trust}'}", 9),
        ("id: ferry", "id: ferry\ntitle: The {trust} Ferry", 3),
    ],
)
def test_a_placeholder_in_a_title_or_name_is_reported(old: str, new: str, line: int) -> None:
    (problem,) = found(STORY.replace(old, new, 1))
    assert (problem.code, problem.line) == ("S217", line)


def test_a_placeholder_in_a_translation_is_reported() -> None:
    story = load_story(STORY)
    table = "id,order,source,text\nlaaaaa,1,LINE,Tu as {trust} sous.\n"
    problems = parse_strings(table, "ferry.fr.csv", "fr", story)[1]
    assert ("L010", 2, "error") in [(p.code, p.line, p.severity) for p in problems]
    problems = parse_strings(table.replace("{trust}", "$trust"), "ferry.fr.csv", "fr", story)[1]
    assert "L009" in [p.code for p in problems]


@pytest.mark.parametrize("mark", ["{0}", "{étoile}", "{trusst}"])
def test_a_value_of_an_unknown_variable_is_an_error(mark: str) -> None:
    (problem,) = found(STORY.replace("LINE", f"You have {mark} coins."))
    assert (problem.code, problem.severity, problem.line) == ("S124", "error", 13)


@pytest.mark.parametrize("mark", ["{trust}", "{ trust }", "{trust, plural, one {#} other {#}}"])
def test_a_value_of_a_variable_is_shown(mark: str) -> None:
    assert found(STORY.replace("LINE", f"You have {mark} coins.")) == []


@pytest.mark.parametrize("line", ["<<set $trust to 1>>", "[[shore]]", "-> shore", "~ trust = 1"])
def test_a_command_of_another_tool_is_no_action(line: str) -> None:
    (problem,) = found(STORY.replace("MO: LINE  #laaaaa", line))
    assert (problem.code, problem.severity) == ("S218", "warning")


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("trust: +1", "write trust: trust + 1; or only 1"),
        ("trust: + 1", "write trust: trust + 1"),
        ("trust: '+2'", "write trust: trust + 2"),
        ("trust: -1", "write trust: trust - 1"),
        ("mood: +1", "write mood: mood + 1"),
        ("share: +0.5", "write share: share + 0.5"),
        ("share: -0.5", "write share: share - 0.5"),
    ],
)
def test_a_step_that_is_a_value_is_reported(value: str, hint: str) -> None:
    (problem,) = found(STORY.replace("trust: trust + 1", value))
    assert (problem.code, problem.severity) == ("S123", "warning")
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    "value", ["mood: -1", "mood: mood - 1", "trust: 1", "mood: -mood", "trust: -trust + 2"]
)
def test_a_value_that_is_meant_is_not_reported(value: str) -> None:
    assert found(STORY.replace("trust: trust + 1", value)) == []


def test_characters_that_nobody_sees_are_reported_and_the_story_plays() -> None:
    text = STORY.replace("LINE", "He is \u202ehere.").replace("text: Go", "text: G\u200bo")
    story, problems, _ = parse_story(text, "ferry.branch.yaml")
    assert story is not None
    assert [(p.code, p.line, p.column) for p in problems] == [("U001", 13, 17), ("U002", 16, 21)]
