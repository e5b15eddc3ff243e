"""Options of a render node, and how its command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from xrdrama.cli.keys import pair_of
from xrdrama.cli.printing.output import (
    fail_line,
    print_json,
    print_line,
    stop_on_signals,
    writable_folder,
)
from xrdrama.errors import UsageError

_PANEL = "Render node"
Peer = Annotated[
    str,
    typer.Option(
        help="The running show: tcp://127.0.0.1:7400, its port is that of run --port.",
        rich_help_panel=_PANEL,
    ),
]
Name = Annotated[
    str, typer.Option(help="The node, one of nodes: of the show file.", rich_help_panel=_PANEL)
]
Content = Annotated[
    Path | None,
    typer.Option(
        help="Folder that xrdrama nodes push has written; default: the show's files here.",
        rich_help_panel=_PANEL,
    ),
]
Walls = Annotated[
    list[str] | None,
    typer.Option(
        help="Show canvases on the desktop: X,Y, CANVAS=X,Y, CANVAS=DISPLAY, or all.",
        rich_help_panel=_PANEL,
    ),
]
Keep = Annotated[
    Path | None,
    typer.Option(
        help="Keep pictures, and the list of shown frames, in this folder.",
        rich_help_panel=_PANEL,
        callback=lambda path: None if path is None else writable_folder("--keep", path),
    ),
]
Every = Annotated[
    int,
    typer.Option(help="Keep pictures of every so many frames.", min=1, rich_help_panel=_PANEL),
]
MarkFrames = Annotated[
    bool,
    typer.Option(
        "--mark-frames",
        help="Draw the frame's number into the upper left corner of each canvas, as blocks for"
        " machines.",
        rich_help_panel=_PANEL,
    ),
]
Stay = Annotated[
    bool,
    typer.Option(
        "--stay",
        help="Hold the last picture when the show has ended, and wait for the next run.",
        rich_help_panel=_PANEL,
    ),
]
RealTime = Annotated[
    bool,
    typer.Option(
        "--real-time", help="Run with real-time priority (SCHED_FIFO).", rich_help_panel=_PANEL
    ),
]


class Asked(msgspec.Struct, frozen=True):
    """What the command line says of a node."""

    peer: str
    name: str
    content: Path | None
    walls: tuple[str, ...]
    keep: Path | None
    every: int
    marks: bool
    stays: bool
    real_time: bool
    key: Path | None


def run(asked: Asked, take: Path | None, quality: str, *, json: bool) -> int:
    """Run a render node; the exit status."""
    from xrdrama.nodes.rendering import Wishes, render_node

    if take is not None or not (asked.peer and asked.name):
        raise UsageError(
            "a render node needs --peer URL and --name NODE, and no take",
            "write xrdrama render --peer tcp://127.0.0.1:7400 --name left",
        )
    wishes = Wishes(
        asked.walls,
        asked.keep,
        asked.every,
        "draft" if quality == "draft" else "full",
        asked.marks,
        asked.stays,
        asked.real_time,
        pair_of(asked.key),
    )
    done = render_node(asked.peer, asked.name, asked.content, wishes, stop_on_signals(), fail_line)
    if json:
        print_json(done)
    elif done is not None:
        print_line(
            f"{done.node}: {done.shown} frames shown, {done.dropped} drawn and not shown, drawn in"
            f" {done.draw_ms:g} ms, shown {done.late_ms:g} ms late (medians)"
        )
    return 0
