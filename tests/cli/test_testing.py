"""`xrdrama test`: random playthroughs and coverage, as tables, as JSON and as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_authors import PLAN, STORY, Call, broken, call, document, night

__all__ = ["call", "night"]  # fixtures

STUCK = broken(STORY, "    ending: warm\n", "    choice: {options: {on: {to: cold, if: n > 1}}}\n")
STUCK = broken(STUCK, "cast:", "vars: {n: {type: int, min: 0, max: 1}}\ncast:")


def test_random_plays_print_a_table_and_what_was_never_played(night: Path, call: Call) -> None:
    text = broken(STORY, "      LAN: Come in.", "      {if n > 0} LAN: Come in.")
    night.write_text(broken(text, "cast:", "vars: {n: {type: int, min: 0, max: 1}}\ncast:"))
    status, out, err = call("test", "--random", "50", "--seed", "3", "night")
    assert (status, err) == (0, "")
    assert "night.branch.yaml: 50 random plays from seed 3, 0 failed\n" in out
    rows = [line.split() for line in out.splitlines()]
    assert ["beats", "3", "3", "100", "%"] in rows and ["lines", "1", "2", "50", "%"] in rows
    assert "never played:\n" in out and "night.branch.yaml:19: line 'LAN: Come in.'\n" in out
    status, out, _ = call("test", "--random", "50", "--seed", "3", night, "--json")
    found = document(out)
    assert (status, found["passed"], found["failed"], found["failures"]) == (0, 50, 0, [])
    (coverage,) = found["coverage"]
    assert coverage["story"] == "night" and coverage["plays"] == coverage["beats"]["door"] == 50
    assert [(row["kind"], row["line"]) for row in found["unreached"]] == [("line", 19)]


def test_a_failed_play_prints_its_seed_and_writes_a_plan_that_fails(
    night: Path, call: Call
) -> None:
    night.write_text(STUCK)
    status, out, _ = call("test", "--random", "20", night)
    assert status == 1
    first, picked, again, *_ = out.splitlines()
    assert "(seed " in first and first.endswith("stops at beat 'warm', which has no ending")
    assert picked == "  picked: stay"
    command = again.partition(": xrdrama ")[2].split()
    status, out, _ = call(*command)
    assert status == 1 and "got nothing more at beat 'warm'" in out
    (plan,) = night.parent.glob("night.random_*.testplan")
    assert command == ["test", str(night), str(plan)]
    status, out, _ = call("test", "--random", "20", night, "--json")
    found = document(out)
    assert status == 1 and found["failed"] > 1 and found["passed"] == 20 - found["failed"]
    (failure,) = found["failures"]
    assert failure["path"] == ["stay"] and failure["plan"] == str(plan)


def test_coverage_is_written_for_a_map(night: Path, call: Call) -> None:
    plan = night.with_name("night.testplan")
    plan.write_text(PLAN, "utf-8")
    for arguments in ([plan], [night], ["--random", "30", night]):
        status, out, _ = call("test", "--coverage", "heat.json", *arguments)
        assert status == 0 and "endings" in out
        heat = json.loads(Path("heat.json").read_text("utf-8"))
        assert heat["story"] == "night" and heat["plays"] == heat["beats"]["door"] > 1
        assert set(heat["ways"]) == {"door/stay", "door/leave", "door/else"}
    status, out, _ = call("test", plan, "--coverage", "-")
    assert status == 0 and "2 passed, 0 failed\n" in out and "2 runs\n" in out
    assert "night.branch.yaml:14: option door/leave\n" in out
    status, out, _ = call("test", plan, "--coverage", "-", "--json")
    found = document(out)
    assert found["passed"] == 2 and found["coverage"][0]["options"]["door/leave"] == 0
    assert not Path("-").exists()


def test_coverage_of_several_stories_is_not_one_file(night: Path, call: Call) -> None:
    other = night.with_name("day.branch.yaml")
    other.write_text(STORY.replace("id: night", "id: day"), "utf-8")
    status, out, err = call("test", "--random", "3", night.parent, "--coverage", "heat.json")
    assert (status, out) == (2, "") and "heat.json holds one story, not 2" in err
    status, out, _ = call("test", "--random", "3", night.parent)
    assert status == 0 and out.count("3 random plays") == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["--random", "3", "nihgt"],
        ["--random", "-1", "night"],
        ["--random", "many", "night"],
        ["--random", "3", "--seed", "-1", "night"],
        ["--random", "3", "lonely.testplan"],
        ["--random", "3", "empty"],
        ["--coverage"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_one_line(arguments: list[str], night: Path, call: Call) -> None:
    (night.parent / "empty").mkdir()
    night.with_name("lonely.testplan").write_text("line:\n", "utf-8")
    status, out, err = call("test", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith("xrdrama: ") and err.count("\n") == 1
