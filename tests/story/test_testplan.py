"""The format of test plans: what is read, and what is refused at its position."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.story.testplan import MAX_CHARACTERS, MAX_PROBLEMS, parse_plan


def test_runs_are_separated() -> None:
    runs, _ = parse_plan("seed: 7\nline: a\n---\n\n# b\nline: b\n-----\nstart: c\nset: n = 1\nstop")
    assert [run.seed for run in runs] == [7, 0, 0]
    assert [run.start for run in runs] == ["", "", "c"]
    assert [run.values for run in runs] == [{}, {}, {"n": "1"}]
    assert [[step.kind for step in run.steps] for run in runs] == [["line"], ["line"], ["stop"]]
    assert [run.place.line for run in runs] == [1, 6, 8]


@pytest.mark.parametrize(
    ("plan", "line", "column", "message"),
    [
        ("line: a\n  Line: b\n", 2, 3, "'Line: b' is not a valid step"),
        ("LAN: One.\n", 1, 1, "'LAN: One.' is not a valid step"),
        ("line a\n", 1, 1, "'line a' is not a valid step"),
        ("stop here\n", 1, 1, "'stop here' is not a valid step"),
        ("seed: x\n", 1, 1, "'x' is not a valid seed"),
        ("seed: -1\n", 1, 1, "'-1' is not a valid seed"),
        ("set: n\nline:\n", 1, 1, "expected a variable and a value"),
        ("", 1, 1, "the test plan has no steps"),
        ("# only a note\n\n", 1, 1, "the test plan has no steps"),
        ("line:\n---\nseed: 7\n", 3, 1, "this run has no steps"),
    ],
)
def test_what_is_no_plan_is_refused_at_its_place(
    plan: str, line: int, column: int, message: str
) -> None:
    _, problems = parse_plan(plan, "p.testplan")
    assert [(p.line, p.column, p.message) for p in problems] == [(line, column, message)]
    assert problems[0].code == "T001" and problems[0].hint
    assert problems[0].file == "p.testplan"


def test_a_step_that_is_nearly_one() -> None:
    def hint(line: str) -> str:
        return parse_plan(line + "\n")[1][0].hint

    for line in ("Line: b", "line b", "- line: b"):
        assert hint(line) == "write line: b"
    assert hint("ending") == "write ending: ..." and hint("stop here") == "write stop"
    assert hint("lien: b") == "did you mean 'line'?"
    assert hint("LAN: One.") == "if somebody says it, write line: LAN: One."
    assert hint("set: n: 3") == "write set: n = 3"
    assert hint("nothing").startswith("use one of: line, option")


def test_settings_keep_their_places() -> None:
    (run,), _ = parse_plan("# first\nstart: a\nset: n = 3\n  set: kept = true\nline:\n")
    assert {name: (p.line, p.column) for name, p in run.places.items()} == {
        "start": (2, 1), "n": (3, 1), "kept": (4, 3)
    }  # fmt: skip


def test_a_plan_beyond_every_use() -> None:
    runs, problems = parse_plan("line:\n" * 20_000)
    assert len(runs[0].steps) == 20_000 and problems == []
    runs, problems = parse_plan("#" * (MAX_CHARACTERS + 1))
    assert runs == ()
    assert problems[0].message == f"the test plan has more than {MAX_CHARACTERS} characters"


@given(st.text(max_size=200) | st.text("line: opt\n-seco=1#", max_size=200))
def test_garbage_gives_problems_or_runs_that_can_be_run(text: str) -> None:
    runs, problems = parse_plan(text)
    assert runs or problems


YARN = """\
saliency: best_least_recently_seen
set: $knows_player = false

# a comment
line: `Baker: Fresh pies!`  #tag
option: `Buy a pie` [disabled]
option: `Leave` # why
select: 2
command: `flip coin`
stop
---
node: Second
set: $pies = 3
line: *
set: $pies = 4
node: Third
saliency: first
line: ``
stop"""


def test_the_syntax_of_yarn() -> None:
    (first, second), problems = parse_plan(YARN, yarn=True)
    assert problems == []
    assert (first.saliency, first.values, first.continues) == (
        "least_seen", {"knows_player": "false"}, False
    )  # fmt: skip
    assert (second.start, second.values, second.continues) == ("Second", {"pies": "3"}, True)
    assert first.yarn and second.yarn
    said = [(step.kind, step.text, step.quoted, step.closed) for step in first.steps]
    assert said == [
        ("line", "Baker: Fresh pies!", True, False),
        ("option", "Buy a pie", True, True),
        ("option", "Leave", True, False),
        ("select", "2", False, False),
        ("command", "flip coin", True, False),
        ("stop", "", False, False),
    ]
    assert [(s.kind, s.text, s.any_text) for s in second.steps] == [
        ("line", "*", True), ("set", "pies = 4", False), ("jump", "Third", False),
        ("saliency", "first", False), ("line", "", False), ("stop", "", True),
    ]  # fmt: skip


def test_a_plan_that_is_not_of_yarn_has_runs_of_its_own() -> None:
    runs, _ = parse_plan(YARN)
    assert [run.continues or run.yarn for run in runs] == [False, False]
    runs, problems = parse_plan("line:\n---\ncontinue # with what was seen\nline:\n")
    assert problems == [] and [run.continues for run in runs] == [False, True]


@pytest.mark.parametrize(
    ("row", "message", "hint"),
    [
        ("line: `a", "'`a' is not a text in backticks", "write `text`, for an option"),
        ("line: `a` b", "'`a` b' is not a text in backticks", "write `text`, for an option"),
        ("line: `a` [disabled]", "'`a` [disabled]' is not a text in backticks", "write `text`"),
        ("option: `a` [gone]", "'`a` [gone]' is not a text in backticks", "write `text`, for"),
        ("option [open]: a", "'option [open]: a' is not a valid step", "write option [closed]:"),
        ("line [closed]: a", "'line [closed]: a' is not a valid step", "write option [closed]:"),
        ("wait: 3", "'3' is not a duration", "write 3s"),
        ("wait: soon", "'soon' is not a duration", "write 300ms, 1.5s or 2m"),
        ("gestured: wave", "unknown hand pose 'wave'", "use one of: open_palm"),
        ("saliency: x", "'x' is not a way to choose", "use one of: best_least"),
        ("cue:", "cue: has no value", "write cue: NAME"),
        ("select:  # none", "select: has no value", "write select: 1"),
        ("var: trust", "expected a variable and a value", "write var: trust = 3"),
        ("next", "'next' is not a valid step", "write next choice"),
        ("hold: 3s", "'hold: 3s' is not a valid step", "write hold"),
        ("continue", "this run cannot continue another: no run is above it", "write continue be"),
        ("line: a\nseed: 3", "the seed is set after a step", "move seed: above the first step"),
        ("line:\n---\nline:\ncontinue", "this run cannot continue another: a step is above it",
         "write continue before"),
    ],
)  # fmt: skip
def test_what_is_nearly_a_step_says_what_to_write(row: str, message: str, hint: str) -> None:
    _, (problem, *more) = parse_plan(row + "\n")
    assert (problem.message, more) == (message, [])
    assert problem.hint.startswith(hint)
    assert (problem.line, problem.column) == (row.count("\n") + 1, 1)


def test_settings_between_steps_are_steps() -> None:
    (run,), _ = parse_plan("set: n = 1\nline:\nset: n = 2\nstart: b\nnode: c\n")
    assert run.values == {"n": "1"}
    assert [(s.kind, s.text) for s in run.steps[1:]] == [
        ("set", "n = 2"), ("jump", "b"), ("jump", "c")
    ]  # fmt: skip


def test_quotes_around_what_is_heard_are_not_said() -> None:
    plan = "heard: \"i am here\"\nheard: i am here\nheard: “i am here”\nheard: 'i am here'\n"
    (run,), _ = parse_plan(plan)
    assert {step.text for step in run.steps} == {"i am here"}


def test_problems_are_reported_up_to_a_number() -> None:
    _, problems = parse_plan("nonsense\n" * 5000)
    assert len(problems) == MAX_PROBLEMS


@pytest.mark.parametrize("row", ["line: a\n", "x: " + "y" * 50 + "\n", "line: `a` # b\n", "- "])
def test_reading_takes_time_in_proportion_to_the_length(row: str) -> None:
    def cost(rows: int) -> float:
        times = []
        for _ in range(5):
            began = time.process_time()
            parse_plan(row * rows)
            times.append(time.process_time() - began)
        return min(times)

    assert cost(8000) < 20 * cost(2000) + 0.05  # of a quadratic reader: 16 times and far more


@given(st.text("lineopt:` []#*-=$set\n", max_size=120), st.booleans())
def test_any_plan_is_read_or_refused_with_a_position(text: str, yarn: bool) -> None:
    runs, problems = parse_plan(text, yarn=yarn)
    assert runs or problems
    for problem in problems:
        assert problem.line >= 0 and problem.hint
    for run in runs:
        assert all(step.written.startswith(step.kind) for step in run.steps)
