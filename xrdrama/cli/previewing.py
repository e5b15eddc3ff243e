"""The command that draws a story while it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli.printing.output import (
    counted,
    print_json,
    print_line,
    print_problems,
    stop_on_signals,
)
from xrdrama.cli.printing.plain import note_line
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.tools.previewing.preview import Previewed

JSON = Annotated[bool, typer.Option("--json", help="One JSON line on stdout for each save.")]


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(author)


def author(
    folder: Annotated[Path, typer.Argument(help="The folder of the stories.")],
    preview: Annotated[
        bool,
        typer.Option(
            "--preview", help="After each save, check the story and draw the beat that was edited."
        ),
    ] = False,
    at: Annotated[str, typer.Option(help="Always draw this beat.")] = "",
    out: Annotated[Path, typer.Option(help="Folder of the picture and its page.")] = Path(
        "out/preview"
    ),
    json: JSON = False,
) -> int:
    """Watch the stories of a folder; with --preview, each save is checked and drawn.

    The page, whose address is printed, shows the newest picture. Ctrl-C ends it.
    """
    if not preview:
        raise UsageError("there is nothing to do", f"type  xrdrama author {folder} --preview")
    from xrdrama.tools.previewing.preview import Preview

    watching = Preview(folder, out, at)
    note_line(f"open {watching.page}; save a branch file in {folder}; Ctrl-C ends")
    try:
        watching.run(stop_on_signals(), lambda done: _print(done, json=json))
    finally:
        watching.close()
    return 0


def _print(done: Previewed, *, json: bool) -> None:
    if json:
        print_json(done)
        return
    print_problems(done.problems)
    found = counted(len(done.problems), "problem")
    what = done.why_not or f"beat {done.beat}: {done.picture}"
    print_line(f"{done.file}: {found}; {what} ({done.ms:.0f} ms)")
