"""YAML to nodes: nodes keep text and position; invalid YAML is reported at its position."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.document import Mapping, Node, Scalar, compose
from xrdrama.document.prose import Prose
from xrdrama.document.recovery import recover
from xrdrama.errors import Problem
from xrdrama.story.form import PROSE

REPOSITORY = Path(__file__).parents[2]
CONTENTS = sorted(
    path
    for folder in ("branches", "scenes", "examples")
    for path in (REPOSITORY / folder).rglob("*.yaml")
)
STAGE = (REPOSITORY / "examples" / "stages" / "arc_volume.stage.yaml").read_text("utf-8")


def parsed(text: str, prose: Prose | None = None) -> tuple[Node | None, list[Problem]]:
    problems: list[Problem] = []
    return compose(text, "a.yaml", problems, prose), problems


def plain(node: Node | None) -> object:
    """A node as lists, dicts and texts."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Scalar) or node is None:
        return node.text if node else None
    return [plain(item) for item in node.items]


def test_every_scalar_is_text() -> None:
    root, problems = parsed("a: no\nb: 12:30\nc: [on, 0x1f, ~]\nd: {e: ''}\n")
    assert problems == []
    assert plain(root) == {"a": "no", "b": "12:30", "c": ["on", "0x1f", "~"], "d": {"e": ""}}


# -- what breaks YAML ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ("a: b: c\n", 1, 5, 'put the text in quotes: a: "b: c"'),
        ("a:b\nc: d\n", 1, 2, "write a: b"),
        ("a： b\nc: d\n", 1, 2, "write a: b"),
        ("a b\nc: d\n", 1, 1, "write a: b"),
        ("a:\n  b c\n  d: e\n", 2, 3, "write b: c"),
        ("a\n  b: c\n", 1, 1, "write a:"),
        ('a: "b\nc: "d"\n', 1, 4, 'add " at the end of the text'),
        ("a: 'b\n", 1, 4, "add ' at the end of the text"),
        ("a: 'it's'\n", 1, 8, "put double quotes around the whole text; the ' inside it can stay"),
        ('a: "b" c\n', 1, 8, "remove these quotes, or put ' around the whole text"),
        ("a: [b, c\n", 1, 4, "add ] at the end and separate the items with commas"),
        ("a: {b: c d: e}\n", 1, 11, "separate items with commas"),
        ("a: {b: #c, d: e}\nf: g\n", 1, 8, "put it in quotes if it starts with #"),
        ("a: b: c}\n", 1, 4, "write a: {b: c}"),
        ("a: b: {c: d}\n", 1, 4, "write a: {b: {c: d}}"),
        ("x: y\na: b\n  c: d\n  e: f\n", 2, 4, "write a: alone"),
        ("a: {b: c}\n- d: {e: f}\ng: h\n", 2, 1, "remove the dash"),
        ("a: %b\n", 1, 4, 'put the text in quotes: "%b"'),
        ('a: @"b"\n', 1, 4, "put the text in quotes: '@\"b\"'"),
        ("a: *b*\n", 1, 4, 'put the text in quotes: "*b*"'),
        ("a: ? b\n", 1, 4, 'put the text in quotes: "? b"'),
        ("a: |x\n", 1, 5, "start the text on the next line"),
        ("a:\n  - b\n  c\n", 3, 3, "write - c"),
        ("a:\n  - b c\n    d: e\n", 2, 5, "write b: c"),
        ("  a: b\nc: d\n", 1, 3, "remove the spaces before it"),
        ("a: b\n\u00a0\u00a0c: d\ne: f: g\n", 2, 1, "indent with spaces"),
    ],
)
def test_a_break_is_where_the_slip_is(text: str, line: int, column: int, hint: str) -> None:
    root, (problem,) = parsed(text)
    assert root is None and (problem.line, problem.column) == (line, column), problem
    assert hint in problem.hint, problem


@pytest.mark.parametrize(
    "text",
    [
        "a: 'it''s'\n",
        'a: "b \\" c"\n',
        'a: "b\n  c"\n',
        "a: b, 'tis late\n",
        "a:\n- b\n- c\nd: e\n",
        "a:\n  b c\n  d\ne: f\n",
        "a: {b: c,\n  d: e}\n",
        "a: b # it's \"c\n",
        "a: http://b\n",
        "a: |\n  b: c: d\n  'e\ne: f\n",
    ],
)
def test_what_looks_like_a_slip_and_is_none(text: str) -> None:
    assert parsed(text)[1] == []
    broken = text + "x: y: z\n"  # and where the real slip is, those before it are not taken for it
    (problem,) = parsed(broken)[1]
    assert (problem.line, problem.hint) == (broken.count("\n"), 'put the text in quotes: x: "y: z"')


def shifted(text: str) -> list[tuple[int, str]]:
    """Each line of a block file moved by one space: no level of it is so narrow."""
    lines = text.splitlines()
    found = []
    for number, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith("#"):
            found.append((number, " " + line))
            if line.startswith(" "):
                found.append((number, line[1:]))
    return found


@pytest.mark.parametrize(("number", "line"), shifted(STAGE))
def test_a_line_that_is_moved_by_a_space_is_found(number: int, line: str) -> None:
    lines = STAGE.splitlines()
    _, problems = parsed("\n".join([*lines[:number], line, *lines[number + 1 :]]))
    assert [p.line for p in problems] == [number + 1], problems
    margin = len(lines[number]) - len(lines[number].lstrip())
    assert margin in {
        int(n) for n in re.findall(r"\d+", problems[0].hint.replace("remove the spaces", "0"))
    }


@given(st.text(max_size=120) | st.text("ab:-[]{}'\"|>#&*!%@ \n\t", max_size=80))
def test_garbage_gives_a_node_or_a_problem_in_the_text(text: str) -> None:
    root, problems = parsed(text, Prose(("a",), ("b",)))
    assert root is not None or problems
    rows = text.count("\n") + text.count("\r") + 2
    for problem in problems:
        assert problem.message and 1 <= problem.line <= rows and problem.column >= 1


# -- duplicates ---------------------------------------------------------------------------------


def test_a_key_that_is_there_twice_is_kept_once() -> None:
    root, (problem,) = parsed("a: 1\nb: 2\na: 3\n")
    assert (problem.code, problem.line) == ("Y008", 3) and "line 1" in problem.hint
    assert plain(root) == {"a": "1", "b": "2"}


def test_an_empty_key_between_twins_belongs_one_level_further_out() -> None:
    text = "x:\n  a:\n    k: 1\n    l: 2\n    b:\n    k: 3\n    l: 4\n  c:\n    k: 5\n"
    root, (problem,) = parsed(text)
    assert plain(root) == {
        "x": {"a": {"k": "1", "l": "2"}, "b": {"k": "3", "l": "4"}, "c": {"k": "5"}}
    }
    assert (problem.code, problem.line) == ("F019", 5)
    assert problem.hint == "indent it by 2 spaces, like a:"
    listed = "- k: 1\n  b:\n  k: 2\n"
    assert [p.code for p in parsed(listed)[1]] == ["F019"]


# -- prose --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CONTENTS, ids=lambda path: path.name)
def test_sound_prose_is_left_as_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("\n") > 3
    notes: list[object] = []
    assert recover(text, PROSE, lambda *note: notes.append(note), lambda text: text) == text
    assert notes == []


TEXT = st.text("aB:|#@ {-\u4e00", min_size=1, max_size=12).filter(lambda row: row.strip())


@given(st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=4))
def test_whatever_is_said_in_a_text_is_no_slip(scripts: list[list[str]]) -> None:
    rows = ["beats:"]
    for number, script in enumerate(scripts):
        rows += [f"  b{number}:", "    script: |", *(f"      {row.strip()}" for row in script)]
        rows += ["    next: b0"]
    root, problems = parsed("\n".join(rows) + "\n", Prose(("script",), ("next", "beats")))
    assert problems == []
    said = {f"b{n}": "\n".join(row.strip() for row in s) + "\n" for n, s in enumerate(scripts)}
    assert plain(root) == {"beats": {n: {"script": s, "next": "b0"} for n, s in said.items()}}


def test_what_was_straightened_is_read_as_it_was_meant() -> None:
    good = "b:\n  script: |\n    EXT. LANE\n    LAN: Yes.\n    @snow\n  next: c\n"
    meant = plain(parsed(good)[0])
    for old, new in (
        ("script: |", "script:"),
        ("    LAN:", "  LAN:"),
        ("    LAN:", "LAN:"),
        ("    LAN:", "\tLAN:"),
        ("    EXT.", "      EXT."),
        ("  script:", "    script:"),
        ("  script:", " script:"),
        ("  next:", "   next:"),
        ("    @snow", "# later\n    @snow"),
    ):
        root, problems = parsed(good.replace(old, new), PROSE)
        said = plain(root)
        assert len(problems) == 1, (new, problems)
        text = said["b"]["script"].replace("\n\n", "\n")  # type: ignore[index]
        assert {**said["b"], "script": text} == meant["b"], new  # type: ignore[index]
