"""How commands speak: tables and colour for people on a terminal, JSON for machines."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xrdrama.errors import Problem, UsageError


def console(*, stderr: bool = False) -> Console:
    """A console that colours only a terminal; a pipe gets plain text of any width."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON document and a newline on stdout; paths are written as text."""
    sys.stdout.write(msgspec.json.encode(value, enc_hook=_encoded).decode() + "\n")
    sys.stdout.flush()


def _encoded(value: Any) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def print_line(text: str = "") -> None:
    """A plain line on stdout, whatever it holds."""
    sys.stdout.write(text + "\n")


def fail_line(text: str) -> None:
    """One clear line on stderr."""
    console(stderr=True).print(f"[bold red]xrdrama:[/] {escape(' '.join(text.split()))}")


def print_problems(problems: Iterable[Problem], *, stderr: bool = False) -> None:
    """Problems by place: `file:line:column: error S201 message`, the hint under it, and how many
    there are. Colour on a terminal only."""
    out = console(stderr=stderr)
    found = sorted(problems)
    for problem in found:
        colour = "red" if problem.severity == "error" else "yellow"
        place = f"{problem.file}:{problem.line}:{problem.column}"
        what = f"[{colour}]{problem.severity} {problem.code}[/]"
        out.print(f"[bold]{escape(place)}:[/] {what} {escape(problem.message)}")
        if problem.hint:
            out.print(f"    [dim]{escape(problem.hint)}[/]")
    errors = sum(problem.severity == "error" for problem in found)
    if found:
        warnings = len(found) - errors
        out.print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}")


def writable_folder(option: str, path: Path) -> Path:
    """`path`, when a folder is there or can be made there; UsageError names the option."""
    there = path.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise UsageError(f"{option} {path}: {there} is a file", "name a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{option} {path}: {there} may not be written to", "choose another folder")
    return path


def writable_file(option: str, path: Path, suffixes: tuple[str, ...]) -> Path:
    """`path`, when a file with one of the `suffixes` can be written there; UsageError as above."""
    if path.is_dir():
        raise UsageError(
            f"{option} {path} is a folder", f"name a file in it, such as still{suffixes[0]}"
        )
    if path.suffix.lower() not in suffixes:
        raise UsageError(
            f"{option} {path} is no name for a picture", f"end it in {' or '.join(suffixes)}"
        )
    writable_folder(option, path.parent)
    return path


def finite(value: float | None) -> float | None:
    """A check for options: neither infinity nor what is no number."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no length of time or rate; write a number, as in 10")
    return value


def table(*columns: str, title: str = "") -> Table:
    """A quiet table."""
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column)
    return made


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
