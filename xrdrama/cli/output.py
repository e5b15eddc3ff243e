"""How commands speak: tables and colour for people on a terminal, JSON for machines."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from xrdrama.errors import Problem


def console(*, stderr: bool = False) -> Console:
    """A console that colours only a terminal; a pipe gets plain text of any width."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """One JSON document and a newline on stdout."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def print_line(text: str = "") -> None:
    """A plain line on stdout, whatever it holds."""
    sys.stdout.write(text + "\n")


def fail_line(text: str) -> None:
    """One clear line on stderr."""
    console(stderr=True).print(f"[bold red]xrdrama:[/] {escape(' '.join(text.split()))}")


def print_problems(problems: Iterable[Problem], *, stderr: bool = False) -> None:
    """Findings, worst place first: file:line:column, code, message, and the hint under it."""
    out = console(stderr=stderr)
    found = sorted(problems)
    for problem in found:
        colour = "red" if problem.severity == "error" else "yellow"
        place = f"{problem.file}:{problem.line}:{problem.column}"
        out.print(f"[bold]{escape(place)}[/] [{colour}]{problem.code}[/] {escape(problem.message)}")
        if problem.hint:
            out.print(f"    [dim]{escape(problem.hint)}[/]")
    errors = sum(problem.severity == "error" for problem in found)
    if found:
        warnings = len(found) - errors
        out.print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}")


def table(*columns: str, title: str = "") -> Table:
    """A quiet table."""
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column)
    return made


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
