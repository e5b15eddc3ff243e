"""Runs a folder of Yarn files with their test plans, such as the tests of Yarn Spinner itself.

    git clone https://github.com/YarnSpinnerTool/YarnSpinner
    python tests/peers/yarn_suite.py YarnSpinner/Tests/TestCases

Prints for each plan whether the Yarn file passes it, and whether the story that is imported from it
does; and for the files in `ParseFailures`, whether they are rejected. The exit status is 0 when
all Yarn files pass and all bad ones are rejected. Nothing of the folder is copied.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from xrdrama.authoring.yarn.playing.functions import parse_functions
from xrdrama.authoring.yarn.reading.check import Checked, load_yarn
from xrdrama.authoring.yarn.translating.plan import run_imported, run_yarn_plan
from xrdrama.errors import AuthoringError
from xrdrama.story.testplan import parse_plan

FUNCTIONS = parse_functions(
    [
        "add_three_operands(a, b, c) = $a + $b + $c", "set_objective_complete(name) = true",
        "is_objective_active(name) = true", 'get_quest_status(name) = "InProgress"',
        "dummy_bool() = true", "dummy_number() = 1", 'dummy_string() = "string"',
    ]
)  # fmt: skip
"""The functions that the harness of Yarn Spinner's tests registers."""


def say(line: str) -> None:
    """Prints a line."""
    sys.stdout.write(f"{line}\n")


def main(folder: Path) -> int:
    """Runs the folder and prints the counts."""
    plans = sorted(folder.glob("*.testplan"))
    passed = imported = 0
    for plan in plans:
        checked = load_yarn(plan.with_suffix(".yarn").read_text("utf-8"), plan.stem + ".yarn")
        yarn, story = _outcomes(checked, plan)
        passed += not yarn
        imported += not story
        say(f"{plan.name}: {yarn or 'passes'}; imported: {story or 'passes'}")
    bad = sorted((folder / "ParseFailures").glob("*.yarn"))
    rejected = sum(_is_rejected(file) for file in bad)
    say(f"{passed} of {len(plans)} plans pass on the Yarn file, {imported} on the imported story")
    say(f"{rejected} of {len(bad)} bad files are rejected")
    return int(not plans or passed < len(plans) or rejected < len(bad))


def _outcomes(checked: Checked, plan: Path) -> tuple[str, str]:
    """The first failure of the file and of the imported story, or "" for each."""
    runs, problems = parse_plan(plan.read_text("utf-8"), plan.name, yarn=True)
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        return errors[0], errors[0]
    own = [one for one in run_yarn_plan(checked, runs, plan.name, FUNCTIONS) if one]
    other = [one for one in run_imported(checked, runs, plan.name, FUNCTIONS) if one]
    return _said(own), _said(other)


def _said(failures: Sequence[object]) -> str:
    return str(failures[0]) if failures else ""


def _is_rejected(file: Path) -> bool:
    try:
        load_yarn(file.read_text("utf-8"), file.name)
    except AuthoringError as error:
        say(f"{file.name}: rejected: {error.problems[0]}")
        return True
    say(f"{file.name}: accepted")
    return False


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python tests/peers/yarn_suite.py FOLDER")
    sys.exit(main(Path(sys.argv[1])))
