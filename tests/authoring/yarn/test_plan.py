"""Yarn Spinner's test plans on a Yarn file, and on the story that it becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama import cli
from xrdrama.authoring.yarn.playing.functions import parse_functions
from xrdrama.authoring.yarn.reading.check import load_yarn
from xrdrama.authoring.yarn.translating.plan import run_imported, run_yarn_plan
from xrdrama.errors import UsageError
from xrdrama.story.testplan import parse_plan

HERE = Path(__file__).parent
FERRY, PLAN = HERE / "night_ferry.yarn", HERE / "night_ferry.testplan"
VECTORS = HERE.parents[2] / "../shared/vectors/yarn"


def failures(yarn: str, plan: str) -> tuple[list[str], list[str]]:
    """What the runs of a plan got instead, on the file and on its story."""
    checked = load_yarn(yarn, "a.yarn")
    runs, problems = parse_plan(plan, yarn=True)
    assert not [one for one in problems if one.severity == "error"]
    own = run_yarn_plan(checked, runs, "plan")
    story = run_imported(checked, runs, "plan")
    return [one.got for one in own if one], [one.got for one in story if one]


def test_the_example_passes_its_plan() -> None:
    assert failures(FERRY.read_text("utf-8"), PLAN.read_text("utf-8")) == ([], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("You again, stranger?", "You again?"),
        ("option: `Wait`\n", ""),
        ("[disabled]", ""),
        ("select: 2", "select: 3"),
        ("Time passes. 1", "Time passes. 2"),
        ("That leaves you 1 coin.", "That leaves you 1 coins."),
        ("line: `The lamp goes out.`\n", ""),
    ],
)
def test_the_plan_fails_when_it_says_something_else(old: str, new: str) -> None:
    plan = PLAN.read_text("utf-8")
    assert old in plan
    own, story = failures(FERRY.read_text("utf-8"), plan.replace(old, new, 1))
    assert own and story


def test_commands_are_compared_on_the_yarn_file() -> None:
    plan = PLAN.read_text("utf-8").replace("bell_rings 2", "bell_rings 3", 1)
    own, story = failures(FERRY.read_text("utf-8"), plan)
    assert (own[0], story) == ("command: bell_rings 2", [])


@pytest.mark.parametrize(
    ("plan", "got"),
    [
        ("node: Nowhere\nstop\n", "the run cannot start: there is no node Nowhere; nodes: Start"),
        ("set: $x = 2\nstop\n", "the run cannot start: there is no variable $x"),
        ("line: `a`\nset: $n = true\n", "$n is a number, not true"),
        ("line: `a`\nselect: 1\n", "the dialogue ends"),
        ("saliency: cycle\nline: `a`\n",
         "the run cannot start: saliency cycle is not one of first, best, "
         "best_least_recently_seen"),
    ],
)  # fmt: skip
def test_plans_that_do_not_fit(plan: str, got: str) -> None:
    yarn = "title: Start\n---\n<<declare $n = 1>>\na\n===\n"
    assert failures(yarn, plan)[0] == [got]


def test_functions_of_a_game_are_given_as_formulas() -> None:
    functions = parse_functions(["add(a, b) = $a + $b", 'name() = "Lan"'])
    assert (functions["add"](2.0, 3.0), functions["name"]()) == (5.0, "Lan")
    for bad in ("add", "add(a) = $b", "add(a) = ", "1(a) = 2"):
        with pytest.raises(UsageError) as raised:
            parse_functions([bad])
        assert raised.value.remedy


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["test", str(FERRY), str(PLAN)]) == 0
    assert cli.run(["test", str(FERRY)]) == 0
    assert capsys.readouterr().out.count("2 passed, 0 failed") == 2
    yarn, plan = tmp_path / "a.yarn", tmp_path / "a.testplan"
    yarn.write_text("title: Start\n---\n{sum(1, 2)}\n===\n", "utf-8")
    plan.write_text("line: `3`\nstop\n", "utf-8")
    assert cli.run(["test", str(yarn), str(plan)]) == 1
    assert "the game's function sum() is not known here" in capsys.readouterr().out
    assert cli.run(["test", str(yarn), str(plan), "--function", "sum(a, b) = $a + $b"]) == 0
    capsys.readouterr()
    body = '<<declare $a = "x">>\n<<set $a = $a + "y">>\n{$a}'
    yarn.write_text(f"title: Start\n---\n{body}\n===\n", "utf-8")
    plan.write_text("line: `xy`\nstop\n", "utf-8")
    assert cli.run(["test", str(yarn), str(plan)]) == 0
    said = capsys.readouterr().out
    assert f"note: {plan}:1: the imported story differs" in said
    assert f"{yarn}:4: not carried over: <<set $a>>: texts that are joined" in said


if VECTORS.is_dir():  # stories of Yarn Spinner itself, as a cross-check

    @pytest.mark.parametrize("plan", sorted(VECTORS.glob("*.testplan")), ids=lambda one: one.stem)
    def test_stories_of_yarn_spinner_pass_their_plans(plan: Path) -> None:
        yarn = plan.with_suffix(".yarn").read_text("utf-8")
        assert failures(yarn, plan.read_text("utf-8")) == ([], [])
