"""Performer and gesture files: every problem at its place, and nothing but problems."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.performer.parse import parse_gestures, parse_performer

GOOD = "xrdrama: 1\nid: t\ngestures:\n  nod:\n    channels: {head_tilt: {0.2s: -10, 0.5s: rest}}\n"


def _codes(text: str) -> list[str]:
    return [problem.code for problem in parse_gestures(text, "t.gestures.yaml")[1]]


def test_a_good_file_has_no_problems() -> None:
    assert parse_gestures(GOOD, "t")[1] == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("head_tilt", "head_tlit", "A001"),
        ("0.5s: rest", "0.1s: rest", "A002"),
        ("-10", "-190", "A002"),
        ("-10", "nan", "F003"),
        ("-10", "1e9", "F003"),
        ("0.2s", "0.2", "F003"),
        ("nod:", "look:", "A007"),
        ("channels: {head_tilt: {0.2s: -10, 0.5s: rest}}", "doc: nothing", "A002"),
        ("channels: {head_tilt: {0.2s: -10, 0.5s: rest}}", "shapes: {mouthSmle: {1s: 1}}", "A001"),
        ("channels: {head_tilt: {0.2s: -10, 0.5s: rest}}", "shapes: {jawOpen: {1s: 1.5}}", "A002"),
    ],
)
def test_a_mistake_has_its_code_and_its_line(old: str, new: str, code: str) -> None:
    problems = parse_gestures(GOOD.replace(old, new), "t.gestures.yaml")[1]
    assert [problem.code for problem in problems] == [code]
    assert problems[0].line >= 4


def test_a_misspelt_channel_has_a_suggestion() -> None:
    problem = parse_gestures(GOOD.replace("head_tilt", "head_tlit"), "t")[1][0]
    assert "head_tilt" in problem.hint


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("xrdrama: 1\nid: a\n", "A003"),
        ("xrdrama: 1\nid: a\ntitle: A\n", "A003"),
        ("xrdrama: 1\nid: a\nfigure: a.fbx\n", "F003"),
        ("xrdrama: 1\nid: a\nfigure: a.glb\nlimits: {head_pan: {least: 9, most: 2}}\n", "A006"),
        ("xrdrama: 1\nid: a\nfigure: a.glb\nlimits: {head_pna: {most: 2}}\n", "A001"),
    ],
)
def test_a_performer_file_is_checked(text: str, code: str) -> None:
    assert [problem.code for problem in parse_performer(text, "a")[1]] == [code]


def test_a_robot_may_have_a_figure() -> None:
    written, problems = parse_performer("xrdrama: 1\nid: a\nfigure: a.glb\nrobot: k1\n", "a")
    assert written is not None and not problems
    assert (written.figure, written.robot) == ("a.glb", "k1")


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_garbage_gives_problems_and_nothing_else(data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(GOOD)))
    text = GOOD[:cut] + data.draw(st.text(max_size=20)) + GOOD[cut + data.draw(st.integers(0, 9)) :]
    for parse in (parse_gestures, parse_performer):
        found, problems = parse(text, "t")
        assert found is not None or problems
