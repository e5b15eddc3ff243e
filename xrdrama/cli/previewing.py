"""The command that checks and draws a story while it is written."""

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
        typer.Option("--preview", help="After each save, draw the beat that was edited, too."),
    ] = False,
    at: Annotated[str, typer.Option(help="With --preview: always draw this beat.")] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            help="With --preview: folder of the picture and its page.",
            show_default="out/preview",
        ),
    ] = None,
    json: JSON = False,
) -> int:
    """Watch the stories of a folder: each save is checked, and drawn with --preview.

    The page, whose address is printed, shows the newest picture. Ctrl-C ends it.
    """
    if not preview and (at or out is not None):
        raise UsageError(
            "--at and --out are for pictures", f"type  xrdrama author {folder} --preview"
        )
    from xrdrama.tools.previewing.preview import OUT, Preview

    watching = Preview(folder, (out or OUT) if preview else None, at, note_line)
    opened = f"open {watching.page}; " if preview else ""
    note_line(f"{opened}save a branch file in {folder}; Ctrl-C ends")
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
    what = done.why_not or (f"beat {done.beat}: {done.picture}" if done.beat else "")
    print_line(f"{done.file}: {found}{'; ' if what else ''}{what} ({done.ms:.0f} ms)")
