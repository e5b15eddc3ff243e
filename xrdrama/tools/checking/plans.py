"""`xrdrama test`: the authors' test plans, each against its story."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.authoring.plans.coverage import Counter
from xrdrama.authoring.plans.running import Failure, run_runs
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story.testplan import parse_plan
from xrdrama.tools.checking.yarn_plans import SUFFIX as YARN
from xrdrama.tools.checking.yarn_plans import tested_yarn
from xrdrama.tools.ink.opening import COMPILED, SOURCE, is_ink


class Tested(msgspec.Struct, frozen=True):
    """The outcome of test plans; `counted` is what they played of each story, by its file."""

    passed: int
    failures: list[Failure]
    counted: dict[Path, Counter]
    notes: tuple[str, ...] = ()
    """Where the story that a Yarn file becomes shows something else than the file."""


def run_plans(paths: Iterable[Path]) -> tuple[int, list[Failure]]:
    """The number of runs that passed, and the first failure of each other run."""
    tested = tested_plans(paths)
    return tested.passed, tested.failures


def tested_plans(
    paths: Iterable[Path], functions: Iterable[str] = (),
    notice: Callable[[str], None] = lambda _: None,
) -> Tested:  # fmt: skip
    """Run plans, and count what they play. AuthoringError for a plan or story with errors.

    `functions` are those of a game, for Yarn files: `add(a, b) = $a + $b`. `notice` gets the
    warnings of a compiler.
    """
    passed = 0
    failures: list[Failure] = []
    notes: list[str] = []
    counted: dict[Path, Counter] = {}
    given = tuple(functions)
    for plan, story_path in _pairs(list(paths)):
        yarn = story_path.suffix == YARN
        runs, problems = parse_plan(content.read_text(plan), str(plan), yarn=yarn)
        if any(problem.severity == "error" for problem in problems):
            raise AuthoringError(problems)
        if yarn:
            played = tested_yarn(story_path, runs, plan, given)
            counted[story_path], outcomes = played.counter, played.failures
            notes += played.notes
        elif is_ink(story_path.name):
            from xrdrama.tools.checking.ink_plans import tested_ink

            inked = tested_ink(story_path, runs, plan, notice)
            outcomes = inked.failures
            notes += inked.notes
            if inked.counter is not None:
                counted[story_path] = inked.counter
        else:
            story, _ = content.load_story_file(str(story_path))
            counter = counted.setdefault(story_path, Counter(story))
            counter.plays += len(runs)
            outcomes = run_runs(counter.story, runs, str(plan), counter.add)
        found = [failure for failure in outcomes if failure is not None]
        passed += len(outcomes) - len(found)
        failures += found
    return Tested(passed, failures, counted, tuple(notes))


def _pairs(paths: list[Path]) -> list[tuple[Path, Path]]:
    """Plans with their stories: STORY PLAN, or each plan beside its story."""
    suffix = content.SUFFIXES["story"]
    ends = (suffix, YARN, COMPILED, SOURCE)
    if len(paths) == 2 and paths[0].name.endswith(ends) and paths[1].suffix == ".testplan":
        return [(paths[1], paths[0])]
    plans: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(path.rglob("*.testplan"))
            if not found:
                raise UsageError(
                    f"{path} contains no test plan", "write one, such as night.testplan"
                )
            plans += found
        elif path.suffix == ".testplan":
            plans.append(path)
        elif path.name.endswith(ends):
            stem = next(path.name.removesuffix(end) for end in ends if path.name.endswith(end))
            plans.append(path.with_name(f"{stem}.testplan"))
        else:
            content.find_file(str(path), "there is no file or folder")
            raise UsageError(
                f"{path} is neither a test plan nor a story",
                f"name a .testplan file, a {suffix} file, or a folder of them",
            )
    return [
        (content.find_file(str(plan), "there is no test plan"), _story_of(plan)) for plan in plans
    ]


def story_beside(plan: Path) -> Path | None:
    """The story of `night.testplan` or of `night.silence.testplan`, or None."""
    words = plan.name.removesuffix(".testplan").split(".")
    stems = (".".join(words[:count]) for count in range(len(words), 0, -1))
    ends = (content.SUFFIXES["story"], YARN, COMPILED, SOURCE)
    files = (plan.with_name(stem + end) for stem in stems for end in ends)
    return next((file for file in files if file.is_file()), None)


def _story_of(plan: Path) -> Path:
    story = story_beside(plan)
    if story is None:
        raise UsageError(
            f"{plan} has no story beside it",
            "put it beside its story, or name both: xrdrama test STORY PLAN",
        )
    return story
