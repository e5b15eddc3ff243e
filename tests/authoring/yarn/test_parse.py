"""The parser of Yarn files: its tree, its positions, and what it says about bad files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.explaining.explanation import Explanation
from xrdrama.authoring.explaining.yarn import AREA
from xrdrama.authoring.yarn.reading.check import load_yarn
from xrdrama.authoring.yarn.reading.parse import MAX_CHARACTERS, MAX_LINE, parse_yarn
from xrdrama.authoring.yarn.reading.tree import (
    Choice,
    Command,
    Go,
    If,
    Leave,
    LineGroup,
    Said,
    Set,
    Statement,
    YarnFile,
)
from xrdrama.errors import AuthoringError


def tree(body: str) -> YarnFile:
    made, problems = parse_yarn(f"title: Start\n---\n{body}\n===\n", "a.yarn")
    assert problems == []
    return made


def body(text: str) -> tuple[Statement, ...]:
    return tree(text).nodes[0].body


def problem(text: str, *, whole: bool = False) -> tuple[str, int, int, str]:
    file = text if whole else f"title: Start\n---\n{text}\n===\n"
    _, problems = parse_yarn(file, "a.yarn")
    assert problems, "the file was accepted"
    first = sorted(problems)[0]
    assert first.hint
    return first.code, first.line, first.column, first.message


def test_headers_nodes_and_file_tags() -> None:
    made, problems = parse_yarn(
        "#act_one\n// a comment\ntitle: Pier\ntags: night wet\nwhen: once if $fog > 1 // why\n"
        "---\nBoatman: One seat.\n===\r\ntitle: Pier\nsubtitle: late\nwhen: always\n---\n===\n",
        "a.yarn",
    )
    assert problems == []
    assert made.tags == ("act_one",)
    first, second = made.nodes
    assert (first.title, first.header("tags"), first.name) == ("Pier", "night wet", "Pier.1")
    assert (second.name, second.when[0].formula, second.when[0].once) == ("Pier.late", None, False)
    assert (first.when[0].once, first.when[0].complexity) == (True, 2)


def test_a_line_with_everything() -> None:
    (said,) = body(r"Lan: You have {$coins + 1} \#coins\{\}. <<if $coins > 0>> #line:a1 #sad // x")
    assert isinstance(said, Said)
    assert said.words.parts[0] == "Lan: You have "
    assert said.words.parts[2] == " #coins{}."
    assert said.tags == ("line:a1", "sad")
    assert (said.tag("line"), said.tag("shadow")) == ("a1", "")
    assert said.condition is not None and said.condition.at.column == 41
    assert (said.at.line, said.at.column) == (3, 1)


def test_options_are_nested_by_indentation() -> None:
    choice, after = body(
        "-> A\n    One.\n    -> A1\n        Two.\n    -> A2\n-> B <<once>>\nThree."
    )
    assert isinstance(choice, Choice) and isinstance(after, Said)
    first, second = choice.options
    assert second.said.condition is not None and second.said.condition.once
    one, inner = first.body
    assert isinstance(one, Said) and isinstance(inner, Choice)
    assert [option.said.words.plain for option in inner.options] == ["A1", "A2"]
    assert len(inner.options[0].body) == 1


def test_an_empty_line_ends_a_choice() -> None:
    first, second = body("-> A\n-> B\n\n-> C")
    assert isinstance(first, Choice) and isinstance(second, Choice)
    assert (len(first.options), len(second.options)) == (2, 1)
    one, two = body("-> A\n    inside\n\n    outside")
    assert isinstance(one, Choice) and len(one.options[0].body) == 1
    assert isinstance(two, Said)


def test_blocks_and_commands() -> None:
    made = body(
        "<<if $a>>\nx\n<<elseif not $b>>\ny\n<<else>>\nz\n<<endif>>\n"
        '<<set $n += 2 * 3>>\n<<shake {$n} 2>> #loud\n<<jump {"End"}>>\n<<stop>>\n'
        "=> one <<if $a>>\n=> two\n"
    )
    kinds = [type(one) for one in made]
    assert kinds == [If, Set, Command, Go, Leave, LineGroup]
    choice = made[0]
    assert isinstance(choice, If)
    assert [branch.formula is None for branch in choice.branches] == [False, False, True]


def test_commands_that_begin_like_keywords_are_commands() -> None:
    made = body("<<iffy>>\n<<settle>>\n<<oncee 1>>\n<<endiff>>")
    assert [type(one) for one in made] == [Command] * 4


@pytest.mark.parametrize(
    ("text", "code", "column", "message"),
    [
        ("a \\q b", "I102", 3, "unexpected escape \\q"),
        ("a <<shake>>", "I102", 3, "only <<if ...>> and <<once>> can follow the text of a line"),
        ("a #x <<if true>>", "I102", 6, "a line has one condition, before its tags"),
        ("a <<if true>> b", "I102", 15, "unexpected text after the condition or tags of a line"),
        ("->", "I102", 3, "this option has no text"),
        ("<<shake", "I103", 1, "this command does not end on its line"),
        ("<<>>", "I103", 1, "this command is empty"),
        ("<<else if $a>>", "I103", 8, "unexpected text after 'else'"),
        ("<<set a = 1>>", "I103", 7, "<<set>> needs a variable"),
        ("<<set $a>>", "I103", 9, "$a has no value"),
        ("<<declare $a += 1>>", "I103", 14, "$a has no value"),
        ("<<jump>>", "I103", 7, "expected the name of a node"),
        ("<<if>>", "I103", 5, "<<if>> has no condition"),
        ("{1 +}", "I104", 5, "expected a value: nothing is here"),
        ("{$a", "I104", 4, "expected '}' on this line"),
        ("{(1}", "I104", 4, "expected ')' after this expression"),
        ("{f(1 2)}", "I104", 6, "expected ',' between the arguments of a function"),
        ('{"a}', "I104", 2, "this text has no closing quote"),
        ("{null}", "I104", 2, "Yarn Spinner 3 has no null"),
        ("{a}", "I104", 2, "'a' is neither a variable nor a function"),
        ("<<endif>>", "I105", 1, "unexpected <<endif>>"),
        ("<<if true>>\na", "I105", 1, "<<if>> is not closed before line 5"),
        ("-> a\n      \n", "I105", 1, "an empty line is indented below an option"),
    ],
)
def test_bad_bodies(text: str, code: str, column: int, message: str) -> None:
    found = problem(text)
    if message == "expected the name of a node":
        message = "expected the name of the node to jump to"
    assert (found[0], found[2], found[3]) == (code, column, message)
    assert found[1] >= 3


@pytest.mark.parametrize(
    ("file", "line", "message"),
    [
        ("", 1, "this file has no node"),
        ("title: A\n", 1, "this node has no body"),
        ("title: A\n===\n", 2, "this node has no body"),
        ("title: A\n---\nx\n", 1, "this node does not end"),
        ("---\nx\n===\n", 1, "this node has no title"),
        ("title: 2 b\n---\n===\n", 1, "'2 b' is not the title of a node"),
        ("title: A\nwhen:\n---\n===\n", 2, "'when:' has no condition"),
        ("Hello there\n", 1, "expected a header such as 'title: Name', or '---'"),
    ],
)
def test_bad_nodes(file: str, line: int, message: str) -> None:
    found = problem(file, whole=True)
    assert (found[0], found[1], found[3]) == ("I101", line, message)


def test_limits() -> None:
    assert problem("x" * (MAX_LINE + 1))[0] == "I111"
    assert problem("x\n" * (MAX_CHARACTERS // 2 + 1), whole=True)[0] == "I111"
    assert problem("{" + "(" * 1000 + "}")[3] == "expressions are nested deeper than 40"
    assert problem("{" + "-" * 1000 + "}")[3] == "expressions are nested deeper than 40"
    deep = "".join(f"{' ' * n}-> a\n" for n in range(1000))
    assert problem(deep)[3] == "blocks are nested deeper than 40"
    assert problem("<<if true>>\n" * 5000)[3] == "blocks are nested deeper than 40"


PIECES = st.sampled_from(
    ["title: A", "---", "===", "-> x", "=> y", "    ", "\t", "\n", "\n", "<<if $a>>", "<<else>>",
     "<<endif>>", "<<once>>", "<<endonce>>", "{$a}", "{", "}", "<<", ">>", "#line:a", "//", "\\",
     "[b]", "Lan: hi", "<<set $a = ", "1", "\"", "<<enum E>>", "<<case A>>", "<<endenum>>",
     "when: once", "<<jump A>>", "\u202e", "\ufeff", "<<declare $b = .A as E>>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200))
def test_any_text_gives_a_tree_or_problems_with_positions(text: str) -> None:
    made, problems = parse_yarn(text, "a.yarn")
    assert problems or made.nodes
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for one in problems:
        assert 1 <= one.line <= len(rows) + 1
        assert one.column >= 1 and one.message and one.hint


@pytest.mark.parametrize("explanation", AREA.explanations, ids=lambda one: one.code)
def test_the_examples_of_explanations_have_the_problem_that_they_show(
    explanation: Explanation,
) -> None:
    if explanation.wrong:
        with pytest.raises(AuthoringError) as raised:
            load_yarn(explanation.wrong, "a.yarn")
        assert explanation.code in {one.code for one in raised.value.problems}
        load_yarn(explanation.right, "a.yarn")
