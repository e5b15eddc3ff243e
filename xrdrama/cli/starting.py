"""The command that makes a project folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import print_json, print_line

JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(new)


def new(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name is the show's.")],
    json: JSON = False,
) -> int:
    """Make a project folder: a small show that runs at once. Nothing is overwritten."""
    from xrdrama.tools.starting.folders import new_project

    made = new_project(folder)
    if json:
        print_json({"folder": folder, "files": made})
        return 0
    for path in made:
        print_line(str(path))
    print_line(f"now:  cd {folder} && xrdrama play {folder.name}")
    return 0
