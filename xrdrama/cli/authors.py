"""Commands for authors: play, check, fmt, test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli import checks
from xrdrama.cli.printing.output import console, print_json, print_line

JSON = Annotated[bool, typer.Option("--json", help="One JSON document, or JSON lines, on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(play)
    app.command()(check)
    app.command("test")(test_plans)
    app.command()(fmt)


def play(
    story: Annotated[str, typer.Argument(help="A story by name, or its branch file.")],
    choices: Annotated[
        str | None, typer.Option(help="Option ids or numbers from 1, with commas; else = silence.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The dice.")] = 0,
    start: Annotated[str, typer.Option(help="Begin at this beat.")] = "",
    language: Annotated[str, typer.Option(help="Show the texts in this language.")] = "",
    json: JSON = False,
) -> int:
    """Play a story in the terminal."""
    from xrdrama.tools.terminal import JsonTeller, PlainTeller, TerminalTeller, play_story

    if json:
        return play_story(story, JsonTeller(), choices, seed, start, language)
    if choices is not None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return play_story(story, PlainTeller(), choices, seed, start, language)
    return play_story(story, TerminalTeller(console()), choices, seed, start, language)


def check(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders of stories, sets, shows.")],
    json: JSON = False,
) -> int:
    """Check stories, sets, stages, shows and test plans; all problems at once."""
    return checks.check(paths, json=json)


def test_plans(
    paths: Annotated[
        list[Path], typer.Argument(help="Test plans, stories, or folders of them; or STORY PLAN.")
    ],
    json: JSON = False,
) -> int:
    """Run the authors' own tests (.testplan files beside their stories)."""
    from xrdrama.tools.checking.plans import run_plans

    passed, failures = run_plans(paths)
    if json:
        print_json({"passed": passed, "failed": len(failures), "failures": failures})
    else:
        for failure in failures:
            print_line(f"{failure.plan}:{failure.step}: expected {failure.expected}")
            print_line(f"{' ' * len(failure.plan)}  got {failure.got}")
        print_line(f"{passed} passed, {len(failures)} failed")
    return int(bool(failures))


def fmt(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    check_only: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if something would change.")
    ] = False,
    json: JSON = False,
) -> int:
    """Put files into canonical form and write missing line ids."""
    from xrdrama.tools.checking.formatting import format_paths

    changed = format_paths(paths, write=not check_only)
    if json:
        notes = {str(one.path): one.note for one in changed if one.note}
        said = {"changed": [str(one.path) for one in changed]}
        print_json({**said, **({"notes": notes} if notes else {})})
    else:
        verb = "would change" if check_only else "changed"
        for one in changed:
            print_line(f"{verb}: {one.path}{f' ({one.note})' if one.note else ''}")
        if not changed:
            print_line("everything is in canonical form")
    return int(check_only and bool(changed))
