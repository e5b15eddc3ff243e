"""Options that commands share: their names, help and bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import finite, writable_folder

JSON = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Out = Annotated[
    Path,
    typer.Option(
        help="The folder for what is made.", callback=lambda path: writable_folder("--out", path)
    ),
]
Seconds = Annotated[
    float | None,
    typer.Option(
        help="Stop after N seconds; with --resume counted from the resumption.",
        min=0.01,
        callback=finite,
    ),
]
Port = Annotated[
    int, typer.Option(help="The bridge's first port of three; 0 = any.", min=0, max=65_533)
]

ResumeDamaged = Annotated[
    bool,
    typer.Option(
        "--resume-from-damaged",
        help="Resume a take that is damaged in the middle: continue from the damaged place, keep"
        " the damaged file beside the take, say what is lost.",
    ),
]

Headless = Annotated[bool, typer.Option("--headless", help="Draw without a screen.")]
Window = Annotated[
    bool, typer.Option("--window", help="Watch it in a window: look round, pick, step.")
]
OnWall = Annotated[
    str,
    typer.Option("--wall", metavar="X,Y", help="Show the LED canvas there on the desktop: 0,0."),
]
FixedRate = Annotated[
    bool, typer.Option("--fixed-rate", help="On the virtual clock: every frame, repeatable.")
]
Inputs = Annotated[
    list[str] | None,
    typer.Option("--input", help="NAME=microphone, NAME=camera:0 or NAME=file:PATH."),
]
Tracker = Annotated[
    bool, typer.Option("--tracker", help="A real tracker instead of the simulated operator.")
]
NoVideo = Annotated[
    bool, typer.Option("--no-video", help="Values only: nothing is drawn or encoded.")
]
Resume = Annotated[Path | None, typer.Option(help="Continue this take.")]
NoConsole = Annotated[
    bool, typer.Option("--no-console", help="No director's page beside the show.")
]
ConsolePort = Annotated[int, typer.Option(help="The page's port; 0 = any.", min=0, max=65_535)]
NoWarmUp = Annotated[
    bool, typer.Option("--no-warm-up", hidden=True, help="Start the clock at once, drawing cold.")
]
