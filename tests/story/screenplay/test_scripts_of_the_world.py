"""Stories in other scripts than Latin: names, speakers, colons, brackets, expressions, plans."""

from __future__ import annotations

import unicodedata

import pytest

from xrdrama.authoring.plans.running import run_plan
from xrdrama.errors import Problem
from xrdrama.story import Line, Story, load_story, parse_story
from xrdrama.story.model import CueCall, Direction
from xrdrama.story.strings import format_strings, parse_strings
from xrdrama.story.testplan import parse_plan

STORY = """\
xrdrama: 1
id: überfahrt
scene: hafen_straße
vars:
  vertrauen_ü: {type: int, min: 0, max: 3}
  น้ำ: {type: int, min: 0, max: 3}
  信任: {type: enum, of: [低, 高]}
cast:
  élodie: {name: Élodie}
  船夫: {name: 船夫}
  नाविक: {name: नाविक}
  ışık: {name: Işık}
  groß_mo: {name: Groß Mo}
beats:
  anlegestelle_ü:
    script: |
      ÉLODIE: One seat.  #laaaaa
    choice:
      options:
        einsteigen_ü: {text: Ja, to: 河, set: {vertrauen_ü: vertrauen_ü + 1, น้ำ: น้ำ + 1, 信任: 高},
          on: [voice: "是｜我来了", marker: 门神]}
        nein: {to: 河, if: vertrauen_ü < 2 and น้ำ < 2 and 信任 == '低' and not seen(河)}
  河:
    script: |
      船夫：你好。  #lbbbbb
      @снег_идёт over=2s
    ending: мост
"""


def problems_of(text: str) -> list[Problem]:
    return parse_story(text, "f.branch.yaml")[1]


def said(line: str) -> tuple[list[Line], list[Problem]]:
    text = STORY.replace("ÉLODIE: One seat.  #laaaaa", line)
    story, problems, _ = parse_story(text, "f.branch.yaml")
    items = story.beats["anlegestelle_ü"].script if story else ()
    return [item for item in items if isinstance(item, Line)], problems


def test_names_in_any_script_are_read_everywhere() -> None:
    story = load_story(STORY)
    assert list(story.cast) == ["élodie", "船夫", "नाविक", "ışık", "groß_mo"]
    option = story.beats["anlegestelle_ü"].choice.options[0]  # type: ignore[union-attr]
    assert [t.values for t in option.triggers] == [("是", "我来了"), ("门神",)]
    assert [effect.variable for effect in option.effects] == ["vertrauen_ü", "น้ำ", "信任"]
    assert story.beats["河"].ending is not None
    assert [i.name for i in story.beats["河"].script if isinstance(i, CueCall)] == ["снег_идёт"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composed_and_decomposed_files_are_the_same_story(form: str) -> None:
    mixed = unicodedata.normalize("NFD", STORY).replace(
        unicodedata.normalize("NFD", "ÉLODIE"), unicodedata.normalize(form, "ÉLODIE")
    )
    assert load_story(mixed).texts() == load_story(STORY).texts()
    assert list(load_story(mixed).beats) == list(load_story(STORY).beats)


@pytest.mark.parametrize(
    ("line", "speaker", "text", "manner"),
    [
        ("ÉLODIE: Hi.", "élodie", "Hi.", ""),
        ("ÉLODIE : Bonjour.", "élodie", "Bonjour.", ""),
        ("ÉLODIE\u00a0: Bonjour.", "élodie", "Bonjour.", ""),
        ("ÉLODIE\u202f:\u00a0Bonjour.", "élodie", "Bonjour.", ""),
        ("E\u0301LODIE: Hi.", "élodie", "Hi.", ""),
        ("ÉLODIE：Hi.", "élodie", "Hi.", ""),
        ("船夫：你好", "船夫", "你好", ""),
        ("船夫: 你好", "船夫", "你好", ""),
        ("船夫:你好", "船夫", "你好", ""),
        ("船夫 ：　你好", "船夫", "你好", ""),
        ("船夫（轻声）：你好", "船夫", "你好", "轻声"),
        ("船夫(轻声)：你好", "船夫", "你好", "轻声"),
        ("नाविक: नमस्ते", "नाविक", "नमस्ते", ""),
        ("IŞIK: Gel.", "ışık", "Gel.", ""),
        ("GROSS MO: Na.", "groß_mo", "Na.", ""),
        ("GROẞ-MO (leise): Na.", "groß_mo", "Na.", "leise"),
        ("{if 信任 == '低'} 船夫：你好", "船夫", "你好", ""),
        ("｛if 信任 == '低'｝ 船夫：你好", "船夫", "你好", ""),
    ],
)
def test_speakers_are_found_whatever_their_script(
    line: str, speaker: str, text: str, manner: str
) -> None:
    lines, problems = said(line)
    assert problems == []
    assert [(one.speaker, one.text, one.manner) for one in lines] == [(speaker, text, manner)]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("老人：你好", "error"),
        ("ZOË: Hi.", "error"),
        ("DR. MO: Hi.", "error"),
        ("GUARD #2: Hi.", "error"),
        ("ÉLO\u200bDIE: Hi.", "error"),
        ("BEN & ÉLODIE: Hi.", "error"),
        ("清晨的码头上那个总是沉默不语的撑船的老人家自己说：你好", None),
        ("Zoë: Hi.", "warning"),
        ("Élodie: Hi.", "warning"),
        ("élodie: Hi.", "warning"),
        ("zoë: Hi.", "warning"),
        ("“ÉLODIE”: Hi.", "warning"),
        ("**ÉLODIE:** Hi.", "warning"),
        ("- ÉLODIE: Hi.", "warning"),
        ("ÉLODIE (V.O.) (softly): Hi.", "warning"),
        ("船夫∶你好", "warning"),
        ("「船夫」：你好", "warning"),
        ("船夫：", "error"),
        ("She points: there.", None),
        ("At 12:30 the bell rings.", None),
        ("字幕：七年后。", None),
        ("雪停了。", None),
    ],
)
def test_a_line_with_an_unknown_speaker_never_becomes_an_action_in_silence(
    line: str, severity: str | None
) -> None:
    _, problems = said(line)
    found = [one for one in problems if one.code != "S213" and not one.code.startswith("U")]
    assert [problem.severity for problem in found] == ([severity] if severity else [])
    assert all(problem.hint for problem in found)


def test_a_stranger_is_given_a_name_that_works() -> None:
    (problem,) = said("老人：你好")[1]
    assert (problem.code, problem.message) == ("S201", "'老人' is not in the cast")
    assert "老人: {name: 老人}" in problem.hint
    assert "did you mean 'ÉLODIE'?" in said("ELODIE: Hi.")[1][0].hint


def test_two_roles_that_a_script_cannot_part_are_an_error() -> None:
    text = STORY.replace("  groß_mo:", "  işik: {name: Işik}\n  groß_mo:")
    (problem,) = problems_of(text)
    assert problem.code == "S116" and "'işik'" in problem.message and "'ışık'" in problem.message


def test_a_capital_in_a_name_is_answered_with_the_same_letters() -> None:
    (problem, *_) = problems_of(STORY.replace("  élodie:", "  Élodie:"))
    assert problem.code == "F003" and problem.hint == "write élodie"


def test_an_expression_names_what_is_missing_as_it_was_written() -> None:
    found = problems_of(STORY.replace("น้ำ < 2", "น้ำๆ < 2"))
    assert [p.message for p in found] == ["there is no variable 'น้ำๆ'"]
    found = problems_of(STORY.replace("น้ำ < 2", "น้\u200bำ < 2"))
    assert found and all(p.severity == "error" or p.code == "U002" for p in found)
    assert any("U+200B" in p.message for p in found)


def test_plans_and_tables_agree_with_the_story_in_either_form() -> None:
    story = load_story(STORY)
    plan = (
        "line: ÉLODIE: One seat.\noption: Ja\noption: Nein\nselect: einsteigen_ü\n"
        "line: 船夫：你好。\ncue: снег_идёт\nending: мост\n"
    )
    for text in (plan, unicodedata.normalize("NFD", plan)):
        (run,), problems = parse_plan(text)
        assert problems == [] and run_plan(story, run) is None
    (run,), _ = parse_plan("line：船夫：Hi\n")
    assert run_plan(story, run) is not None
    table, problems = parse_strings(_table(story), "f.zh.csv", "zh", story)
    again, problems = parse_strings(
        unicodedata.normalize("NFD", _table(story)), "f.zh.csv", "zh", story
    )
    assert again == table and again.texts["cast.élodie"] == "艾洛迪"
    assert [problem for problem in problems if problem.code in ("L003", "L005")] == []


def _table(story: Story) -> str:
    rows = format_strings(story, parse_strings("id,order,source,text\n", "f", "zh", story)[0])
    return rows.replace(",Élodie,", ",Élodie,艾洛迪", 1)


def test_a_full_width_at_sign_calls_a_cue() -> None:
    text = STORY.replace("@снег_идёт", "＠снег_идёт")
    items = load_story(text).beats["河"].script
    assert not any(isinstance(item, Direction) for item in items)
