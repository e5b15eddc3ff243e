"""`xrdrama test`: test plans, random playthroughs, and what they play of a story."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from xrdrama.cli.printing.output import console, counted, print_json, print_line, table
from xrdrama.cli.printing.plain import note_line
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.authoring.plans.coverage import Coverage, Unreached
    from xrdrama.authoring.plans.running import Failure
    from xrdrama.tools.checking.random_plays import RandomReport

MOST_PLAYS = 10_000_000
LISTED = 40
"""Most things of a story that a table names as never played; `--json` has all."""


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command("test")(test)


def test(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Test plans, stories or folders; or one STORY and one PLAN."),
    ],
    random: Annotated[
        int, typer.Option(min=0, max=MOST_PLAYS, help="Play each story so often at random.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random playthroughs.")] = 0,
    guided: Annotated[
        bool,
        typer.Option(
            "--guided/--uniform", help="Prefer what was picked least often, or pick evenly."
        ),
    ] = True,
    coverage: Annotated[
        str, typer.Option(help="Write what was played as JSON, for graph --heat; - only prints it.")
    ] = "",
    function: Annotated[
        list[str] | None,
        typer.Option(help="A function of a Yarn game: 'add(a, b) = $a + $b'. May be repeated."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> int:
    """Run test plans (.testplan files beside their stories), or play stories at random."""
    if random:
        return _random(paths, random, seed, guided, coverage, json)
    return _plans(paths, coverage, function or (), json)


def _plans(paths: list[Path], coverage: str, functions: Iterable[str], json: bool) -> int:
    from xrdrama.authoring.plans.coverage import unreached
    from xrdrama.tools.checking.plans import tested_plans

    tested = tested_plans(paths, functions, note_line)
    counted_ = [(str(path), one.story, one.coverage()) for path, one in tested.counted.items()]
    _write(coverage, [one for _, _, one in counted_])
    if json:
        said: dict[str, Any] = {"passed": tested.passed, "failed": len(tested.failures)}
        said["failures"] = tested.failures
        if tested.notes:
            said["notes"] = tested.notes
        if coverage:
            said["coverage"] = [one for _, _, one in counted_]
            said["unreached"] = [
                row for _, story, one in counted_ for row in _rows(unreached(story, one))
            ]
        print_json(said)
    else:
        _print_failures(tested.failures)
        for note in tested.notes:
            print_line(f"note: {note}")
        print_line(f"{tested.passed} passed, {len(tested.failures)} failed")
        for path, story, one in counted_ if coverage else ():
            _print_coverage(path, one, unreached(story, one), counted(one.plays, "run"))
    return int(bool(tested.failures))


_IS_STEP: Final = re.compile(
    r"(line|option|ending|cues|sounds|var|closed options): |no more options|nothing more"
)
"""What happened instead of a step; all else is the reason why it is not possible."""


def _print_failures(failures: Iterable[Failure]) -> None:
    for failure in failures:
        where = f"{failure.plan}:{failure.step}:"
        if not failure.expected:
            print_line(f"{where} {failure.got}")
            continue
        print_line(f"{where} expected {failure.expected}")
        word = "got" if _IS_STEP.match(failure.got) else "but"
        print_line(f"{' ' * len(failure.plan)}  {word} {failure.got}")


def _random(
    paths: list[Path], plays: int, seed: int, guided: bool, coverage: str, json: bool
) -> int:
    from xrdrama.tools.checking.random_plays import play_at_random

    reports = play_at_random(paths, plays, seed=seed, guided=guided, notice=note_line)
    _write(coverage, [report.coverage for report in reports])
    failed = sum(report.failed for report in reports)
    if json:
        print_json(
            {
                "passed": sum(report.plays - report.failed for report in reports),
                "failed": failed,
                "failures": [one for report in reports for one in report.failures],
                "coverage": [report.coverage for report in reports],
                "unreached": [row for report in reports for row in _rows(report.unreached)],
            }
        )
        return int(bool(failed))
    for report in reports:
        _print_random(report, seed)
    return int(bool(failed))


def _print_random(report: RandomReport, seed: int) -> None:
    for failure in report.failures:
        print_line(f"{report.story}: play {failure.number} (seed {failure.seed}): {failure.reason}")
        print_line(f"  picked: {', '.join(failure.path) or 'nothing'}")
        print_line(f"  to play it again: xrdrama test {report.story} {failure.plan}")
    more = report.failed - len(report.failures)
    if more > 0:
        print_line(f"{report.story}: {more} more plays failed like these")
    what = f"{counted(report.plays, 'random play')} from seed {seed}, {report.failed} failed"
    _print_coverage(report.story, report.coverage, report.unreached, what)


def _print_coverage(path: str, coverage: Coverage, missing: Iterable[Unreached], what: str) -> None:
    """A table of shares, and what was never played with its position."""
    from xrdrama.authoring.plans.coverage import shares

    made = table("", "played", "of", "")
    for kind, played, count in shares(coverage):
        made.add_row(kind, str(played), str(count), f"{100 * played // count} %")
    print_line(f"{path}: {what}")
    console().print(made)
    rows = list(missing)
    if rows:
        print_line("never played:")
    for row in rows[:LISTED]:
        print_line(f"  {row.place.file}:{row.place.line}: {row.kind} {row.name}")
    if rows[LISTED:]:
        print_line(f"  and {len(rows) - LISTED} more: --json lists all")


def _rows(missing: Iterable[Unreached]) -> list[dict[str, object]]:
    return [
        {"kind": one.kind, "name": one.name, "file": one.place.file, "line": one.place.line}
        for one in missing
    ]


def _write(path: str, coverages: list[Coverage]) -> None:
    """Write the coverage of the one story that was played."""
    if path in ("", "-"):
        return
    if len(coverages) != 1:
        raise UsageError(
            f"--coverage {path} holds one story, not {len(coverages)}", "name one story"
        )
    import msgspec

    from xrdrama.saving import save

    save(Path(path), msgspec.json.format(msgspec.json.encode(coverages[0])) + b"\n")
