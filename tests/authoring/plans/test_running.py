"""Test plans that are run: each step with a plan where it comes true and one where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.authoring.plans.running import Failure, run_plan, run_runs
from xrdrama.story import load_story
from xrdrama.story.testplan import parse_plan

REPOSITORY = Path(__file__).parents[3]
STORY = load_story(
    """\
xrdrama: 1
id: night
scene: lane
vars:
  n: {type: int, min: 0, max: 9}
  mood: {type: enum, of: [calm, angry]}
  kept: {type: bool}
cast: {lan: {name: Lan}, old_mo: {name: Mo}}
beats:
  a:
    script: |
      @wakes
      LAN: One.
      OLD MO: Two.
      @dims
    choice:
      window: {lasts: 4s}
      options:
        left: {text: Go left, to: b}
        right: {text: Go right, to: c, set: {n: "random(1, 9)"}}
      else: c
  b:
    script: |
      {if n > 5} LAN: Many.
      {if mood == 'angry'} LAN: Angry.
      {if kept} LAN: Kept.
      @burns
      LAN: Left.
    ending: left
  c:
    script: |
      {if n > 5} LAN: Many.
      LAN: Right.
    choice: {options: {again: {text: Again, to: a}, stop: {text: Stop, to: d}}}
  d: {ending: stopped}
  found:
    script: |
      LAN: Found.
    return: true
hidden:
  - {id: print, on: {marker: god}, to: found, during: a}
"""
)


def outcomes(plan: str) -> list[Failure | None]:
    runs, problems = parse_plan(plan, "night.testplan")
    assert problems == []
    return [run_plan(STORY, run, "night.testplan") for run in runs]


def failure(plan: str) -> tuple[int, str, str]:
    (found,) = outcomes(plan)
    assert found is not None, "the plan passed"
    assert found.plan == "night.testplan"
    return found.step, found.expected, found.got


WHOLE = """\
# Somebody who goes left
cue: wakes
line: LAN: One.
line: Two.
cue: dims
option: Go left
option: Go right
select: left
cue: burns
line:
ending: left
stop
"""


def test_a_plan_that_comes_true() -> None:
    assert outcomes(WHOLE) == [None]


@pytest.mark.parametrize(
    ("old", "new", "step", "expected", "got"),
    [
        ("line: LAN: One.", "line: LAN: Ten.", 3, "line: LAN: Ten.", "line: LAN: One."),
        ("line: LAN: One.", "line: OLD MO: One.", 3, "line: OLD MO: One.", "line: LAN: One."),
        ("line: Two.\n", "", 5, "option: Go left", "line: OLD MO: Two."),
        ("option: Go left\n", "", 6, "option: Go right", "option: Go left"),
        ("option: Go right\n", "", 7, "select: left", "option: Go right"),
        ("option: Go right", "option: Go right\noption: Up", 8, "option: Up", "no more options"),
        ("select: left", "select: up", 8, "select: up",
         "'up' is not offered; offered: left, right"),
        ("select: left", "select: 3", 8, "select: 3", "'3' is not offered; offered: left, right"),
        ("select: left\n", "", 8, "cue: burns", "cues: none"),
        ("cue: wakes", "cue: burns", 2, "cue: burns", "cues: wakes, dims"),
        ("cue: burns", "cue: wakes", 9, "cue: wakes", "cues: burns"),
        ("cue: dims", "cue: wakes", 5, "cue: wakes", "cues: dims"),
        ("line:\nending", "ending", 10, "ending: left", "line: LAN: Left."),
        ("ending: left", "ending: right", 11, "ending: right", "ending: left"),
        ("line:\n", "line:\nline: More.\n", 11, "line: More.", "ending: left"),
        ("ending: left", "option: Go left", 11, "option: Go left", "ending: left"),
        ("ending: left\nstop", "select: left", 11, "select: left",
         "'left' is not offered; offered: nothing"),
        ("line: Two.\n", "stop\n", 4, "stop", "line: OLD MO: Two."),
        ("line: Two.\n", "line: Two.\nline: Three.\n", 5, "line: Three.", "option: Go left"),
        ("select: left", "select: else\nline: Right.\nending: left", 10, "ending: left",
         "option: Again"),
        ("line: Two.\n", "select: left\n", 4, "select: left", "line: OLD MO: Two."),
    ],
)  # fmt: skip
def test_the_first_step_that_fails_says_what_was_there(
    old: str, new: str, step: int, expected: str, got: str
) -> None:
    assert WHOLE.count(old) == 1
    assert failure(WHOLE.replace(old, new)) == (step, expected, got)


def test_selecting_by_number_by_id_and_by_silence() -> None:
    start = "line:\nline:\n"
    left = "line: Left.\nending: left\n"
    assert outcomes(f"{start}select: 1\n{left}---\n{start}select: left\n{left}") == [None, None]
    for silence in ("else", "0"):
        assert outcomes(f"{start}select: {silence}\nline: Right.\noption: Again\n") == [None]
    assert failure(f"{start}select: 0\nline:\noption:\noption:\nselect: else\n")[2] == (
        "this choice has no time limit, so else cannot be picked"
    )


def test_a_marker_and_the_question_again() -> None:
    plan = "line:\nline:\noption:\noption:\nmarker: god\nline: Found.\noption: Go left\noption:\n"
    assert outcomes(plan + "select: 1\nline: Left.\n") == [None]
    assert failure(plan + "marker: god\n") == (
        9, "marker: god", "no hidden plot can be opened here now"
    )  # fmt: skip
    assert failure("marker: cat\n")[2] == "no hidden plot can be opened here now"


def test_where_a_run_begins() -> None:
    assert outcomes(
        "start: b\nset: n = 6\nset: mood = angry\nset: kept=true\n"
        "line: Many.\nline: Angry.\nline: Kept.\nline: Left.\nending: left\n"
    ) == [None]
    assert outcomes("start: b\nset: mood = 'angry'\nline: Angry.\n") == [None]


def test_the_seed_of_a_run() -> None:
    def many(seed: int) -> bool:
        plan = f"seed: {seed}\nline:\nline:\nselect: right\nline: Many.\n"
        return outcomes(plan) == [None]

    assert {many(seed) for seed in range(20)} == {True, False}
    assert [many(seed) for seed in range(20)] == [many(seed) for seed in range(20)]


@pytest.mark.parametrize(
    ("setting", "got"),
    [
        ("start: z", "there is no beat 'z': use one of: "),
        ("set: m = 1", "there is no variable 'm': use one of: "),
        ("set: moood = calm", "there is no variable 'moood': did you mean 'mood'?"),
        ("set: n = 10", "n: 10 is out of range: a whole number (0 to 9): "),
        ("set: mood = sad", "mood: 'sad' is not one of calm, angry: use one of: calm, angry"),
        ("set: kept = yes", "kept: 'yes' is not true or false: write true"),
    ],
)
def test_a_run_that_cannot_begin(setting: str, got: str) -> None:
    step, expected, said = failure(f"# first\n{setting}\nline:\n")
    assert (step, expected) == (2, "")
    assert said.startswith(f"the run cannot start: {got}")


@pytest.mark.parametrize("value", ["many", "1.5", "", "nan", "1e3"])
def test_a_value_that_is_no_number_is_said_in_plain_words(value: str) -> None:
    said = failure(f"set: n = {value}\nline:\n")[2]
    assert said.startswith("the run cannot start: n: ")
    assert "literal" not in said and "convert" not in said
    assert "number" in said


ROUND = """\
xrdrama: 1
id: round
scene: lane
cast: {lan: {name: Lan}}
beats:
  a: {choice: {options: {in: {to: b}, out: {to: c}}}}
  b:
    script: |
      LAN: For ever.
    next: b
  c: {ending: out}
hidden:
  - {id: p, on: {marker: god}, to: b}
"""


def test_a_story_that_goes_round_fails_its_plan_and_does_not_hang() -> None:
    story = load_story(ROUND)

    def got(plan: str) -> str:
        found = run_plan(story, parse_plan(plan)[0][0])
        assert found is not None
        return found.got

    assert got("option:\noption:\nselect: in\n") == ("the story loops at beat 'b' without a choice")
    assert got("marker: god\n") == "the story loops at beat 'b' without a choice"
    assert got("start: b\nline:\n") == "the story loops at beat 'b' without a choice"


@given(st.text("line: opt\n-seco=1#`*[]", max_size=200))
def test_any_plan_that_is_read_can_be_run(text: str) -> None:
    runs, _ = parse_plan(text)
    run_runs(STORY, runs)


STEPS = st.sampled_from(
    ["line:", "line: One.", "option:", "select: 1", "select: else", "cue: wakes", "marker: god",
     "ending: left", "stop", "---"]
)  # fmt: skip


@given(st.lists(STEPS, max_size=12))
def test_any_plan_comes_to_an_answer(steps: list[str]) -> None:
    runs, _ = parse_plan("\n".join(steps))
    for run in runs:
        found = run_plan(STORY, run)
        assert found is None or (found.got and 1 <= found.step <= len(steps))


def test_the_plans_of_the_drama_pass_and_fail_when_a_word_is_changed() -> None:
    folder = REPOSITORY / "branches"
    drama = load_story((folder / "one_lantern_too_many.branch.yaml").read_text("utf-8"))
    plan = (folder / "one_lantern_too_many.testplan").read_text("utf-8")
    runs, _ = parse_plan(plan)
    assert [run_plan(drama, run) for run in runs] == [None] * len(runs)
    wrong, _ = parse_plan(plan.replace("Thirteen bowls. Every year.", "Twelve bowls."))
    assert sum(run_plan(drama, run) is not None for run in wrong) == 2  # of all runs, who come in
