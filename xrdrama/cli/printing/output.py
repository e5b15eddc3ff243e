"""How commands speak: tables and colour for people on a terminal, JSON for machines."""

from __future__ import annotations

import math
import os
import threading
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from xrdrama.cli.printing.plain import fail_line, print_json, print_line, print_problems
from xrdrama.errors import UsageError

__all__ = [
    "console",
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


def console(*, stderr: bool = False) -> Console:
    """A console that colours only a terminal; a pipe gets plain text of any width."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


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


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C and a polite kill set, so that takes are closed whole."""
    from xrdrama.processes.stopping import set_on_signals

    stop = threading.Event()
    set_on_signals(stop)
    return stop
