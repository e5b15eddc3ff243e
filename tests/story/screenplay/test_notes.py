"""Comments, tags, notes and the text of other tools: what is recognised, and prose that is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.story import parse_story
from xrdrama.story.foreign import foreign_problem, tool_of, tool_of_file, tool_of_row
from xrdrama.story.screenplay.notes import comment_in, comment_mark, is_note

YARN = "title: Start\ntags: x\n---\nLan: Hi.\n-> Go\n    <<jump Home>>\n===\n"
INK = "VAR trust = 1\n-> start\n=== start ===\nHi.\n* [Go] -> END\n"
TWEE = ":: StoryTitle\nNight\n\n:: Start\nHi. [[Go->Home]]\n"
FDX = '<?xml version="1.0"?>\n<FinalDraft DocumentType="Script">\n</FinalDraft>\n'


@pytest.mark.parametrize(
    ("text", "tool"),
    [(YARN, "Yarn"), (INK, "ink"), (TWEE, "Twee"), (FDX, "Final Draft"),
     ('{"inkVersion":21,"root":[]}', "compiled ink"), ("\ufeff" + YARN, "Yarn")],
)  # fmt: skip
def test_the_file_of_another_tool_is_recognised(text: str, tool: str) -> None:
    assert tool_of(text)[0] == tool
    story, problems, _ = parse_story(text, "night.branch.yaml")
    assert story is None
    assert [p.code for p in problems] == ["Y013"]
    assert "xrdrama import night." in problems[0].hint


@pytest.mark.parametrize(
    "text",
    ["", "id: night\n---\nbeats: {}\n", "xrdrama: 1\nid: night\n# === x ===\n", "title: Start\n",
     "beats:\n  a: {script: '-> END'}\n", "- one\n- two\n", "{a: b}\n"],
)  # fmt: skip
def test_other_files_are_not_taken_for_a_story_of_another_tool(text: str) -> None:
    assert tool_of(text) == ("", 0)
    assert foreign_problem(text, "night.branch.yaml") is None


@pytest.mark.parametrize(
    ("name", "tool"),
    [("a.yarn", "Yarn"), ("a.twee", "Twee"), ("a.tw", "Twee"), ("a.ink", "ink"),
     ("a.ink.json", "compiled ink"), ("a.fdx", "Final Draft"), ("a.txt", "")],
)  # fmt: skip
def test_suffixes_of_other_tools(name: str, tool: str) -> None:
    assert tool_of_file(name)[0] == tool


@pytest.mark.parametrize(
    "text",
    ["Wet stones.", "* * *", "--- later ---", "INT. ROOM - DAY", "She waits - and waits.",
     "1 + 1 = 2", "<<if trust>> LAN: Hi.", "+", "~", "LAN; hello", "A - B"],
)  # fmt: skip
def test_actions_are_not_commands_of_another_tool(text: str) -> None:
    assert tool_of_row(text) == ""


@pytest.mark.parametrize(
    "text",
    ["See http://example.org/a", "and/or", "100 % sure", "I said (so it was) no.", "[whatever]",
     "It is 5 // hm", "a/b", "(I know)", "He laughs."],
)  # fmt: skip
def test_prose_has_no_comments_and_no_tags(text: str) -> None:
    assert comment_in(text) is None or text.startswith("It is 5")


def test_notes_are_words_in_capitals() -> None:
    assert is_note("NOTE")
    assert is_note("TODO")
    assert not is_note("LAN")
    assert comment_mark("// no") == "//"
    assert comment_mark("LAN: no") == ""


@given(st.text("=*+-~>[]<(){}:/%#! \n\"'abcxif|", max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert tool_of(text)[1] >= 0
    comment_in(text)
    for row in text.split("\n"):
        assert isinstance(tool_of_row(row), str)
        assert isinstance(comment_mark(row), str)
