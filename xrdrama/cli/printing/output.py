"""How commands print: tables and colour for people at a terminal, JSON for programs."""

from __future__ import annotations

import math
import os
import threading
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from xrdrama.cli.printing.plain import counted, fail_line, print_json, print_line, print_problems
from xrdrama.errors import UsageError

__all__ = [
    "console",
    "counted",
    "fail_line",
    "finite",
    "print_json",
    "print_line",
    "print_problems",
    "stop_on_signals",
    "table",
    "writable_file",
    "writable_folder",
]


def console(*, stderr: bool = False, wrap: bool = False) -> Console:
    """A rich console that uses colour only on a terminal; a pipe gets plain, unwrapped text.

    `wrap`: lines are wrapped by words, at the width of the terminal.
    """
    return Console(stderr=stderr, highlight=False, soft_wrap=not wrap)


def writable_folder(option: str, path: Path) -> Path:
    """Return `path` if it is a writable folder or can become one; UsageError names the option."""
    there = path.absolute()
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise UsageError(f"{option} {path}: {there} is a file, not a folder", "choose a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise UsageError(f"{option} {path}: {there} is not writable", "choose another folder")
    return path


def writable_file(option: str, path: Path, suffixes: tuple[str, ...]) -> Path:
    """Return `path` if it can be written and ends in one of `suffixes`; UsageError if not."""
    if path.is_dir():
        still = path / f"still{suffixes[0]}"
        raise UsageError(f"{option} {path} is a folder", f"choose a file in it, such as {still}")
    if path.suffix.lower() not in suffixes:
        raise UsageError(
            f"{option} {path} is not the name of a picture file",
            f"choose a name that ends in {' or '.join(suffixes)}",
        )
    writable_folder(option, path.parent)
    return path


def finite(value: float | None) -> float | None:
    """Return an option's value; UsageError when it is infinite or NaN."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is not a finite number: write a number such as 10")
    return value


def table(*columns: str, title: str = "") -> Table:
    """A table without lines around its cells."""
    made = Table(title=title or None, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        made.add_column(column)
    return made


def stop_on_signals() -> threading.Event:
    """An event that SIGINT (Ctrl-C) and SIGTERM set, so that takes are closed properly."""
    from xrdrama.processes.stopping import set_on_signals

    stop = threading.Event()
    set_on_signals(stop)
    return stop
