"""Options that commands share: their names, help and bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import finite, writable_folder

JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Out = Annotated[
    Path,
    typer.Option(
        help="Folder for the files that are written.",
        callback=lambda path: writable_folder("--out", path),
    ),
]
Seconds = Annotated[
    float | None,
    typer.Option(
        help="Stop after N seconds; with --resume, N seconds after resuming.",
        min=0.01,
        callback=finite,
    ),
]
Port = Annotated[
    int,
    typer.Option(help="First of the bridge's three ports; 0 = any free ports.", min=0, max=65_533),
]

Network = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Let other machines connect to the bridge at this address of ours: encrypted, and only"
        " with keys of xrdrama keys.",
    ),
]
ResumeDamaged = Annotated[
    bool,
    typer.Option(
        "--resume-from-damaged",
        help="Resume a take that is damaged in the middle: continue from the damaged place, keep"
        " the damaged file beside the take and print what is lost.",
    ),
]

Headless = Annotated[bool, typer.Option("--headless", help="Render without a screen.")]
Window = Annotated[
    bool,
    typer.Option(
        "--window", help="Show what a viewer sees in a window; press H there for the keys."
    ),
]
Language = Annotated[
    str,
    typer.Option(
        help="Languages of captions and options in the window, the first on top: en,zh; default:"
        " those of the show. L in the window switches between them."
    ),
]
FullScreen = Annotated[
    str,
    typer.Option(
        "--full-screen",
        metavar="DISPLAY",
        help="Open the window on all of a display: its name (HDMI-1), its X,Y on the desktop, or"
        " on. F11 and Esc lead back.",
    ),
]
Presenter = Annotated[
    bool,
    typer.Option(
        "--presenter",
        help="Open a second window that shows what the viewer sees, with captions, the choice and"
        " a clock.",
    ),
]
OnWall = Annotated[
    list[str] | None,
    typer.Option(
        "--wall",
        metavar="X,Y",
        help="Show the LED canvas at this pixel of the desktop, such as 1920,0. Several canvases:"
        " CANVAS=X,Y or CANVAS=DISPLAY for each; all uses the displays in the stage file.",
    ),
]
FixedRate = Annotated[
    bool,
    typer.Option(
        "--fixed-rate", help="Use a virtual clock: no frame is skipped and the run is repeatable."
    ),
]
Inputs = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        help="Source of an input: NAME=microphone, NAME=camera:0 or NAME=file:PATH; repeatable.",
    ),
]
Face = Annotated[
    str,
    typer.Option(
        help="Source of the show's live face: the number of a camera, or a video; PERFORMER=SOURCE"
        " if the show has several.",
    ),
]
Tracker = Annotated[
    bool,
    typer.Option("--tracker", help="Use a real tracker instead of the simulated camera operator."),
]
TrackingLog = Annotated[
    Path | None,
    typer.Option(
        "--tracking-log",
        help="Play a recording of a tracker (xrdrama track record) instead of the camera move.",
    ),
]
NoVideo = Annotated[
    bool, typer.Option("--no-video", help="Record the take only; draw and encode nothing.")
]
LiveQuality = Annotated[
    str, typer.Option(help="draft or full; default: draft live, full at a fixed rate.")
]
Watch = Annotated[
    bool,
    typer.Option(
        "--watch", help="Reload the story when a file of it is saved; the show stays where it is."
    ),
]
Resume = Annotated[Path | None, typer.Option(help="Take file to continue.")]
NoConsole = Annotated[
    bool, typer.Option("--no-console", help="Do not start the director's console.")
]
ConsolePort = Annotated[
    int, typer.Option(help="Port of the console; 0 = any free port.", min=0, max=65_535)
]
NoNodes = Annotated[
    bool,
    typer.Option(
        "--no-nodes",
        help="Draw every wall here, although nodes: of the show file names render nodes.",
    ),
]
SetMemory = Annotated[
    int,
    typer.Option(
        help="Megabytes of textures of sets that stay on the graphics card; the sets of the next"
        " beats always do.",
        min=1,
        max=1_000_000,
    ),
]
NoWarmUp = Annotated[
    bool,
    typer.Option(
        "--no-warm-up", hidden=True, help="Start the clock without warming up the renderer."
    ),
]
EffectNames = Annotated[
    str,
    typer.Option(
        help="Simulate these: motion_blur, depth_of_field, off_angle, shadow, slip, or all;"
        " separated by commas."
    ),
]
Latency = Annotated[
    str,
    typer.Option(
        help="Slip: the walls show the camera's pose of so long ago: '3 frames', 125ms. Default for"
        " --effects slip: latency: of the stage."
    ),
]
Shutter = Annotated[
    float | None,
    typer.Option(help="Motion blur: shutter angle in degrees.", min=0.0, max=360.0),
]
Aperture = Annotated[float | None, typer.Option(help="Depth of field: f-number.", min=0.5, max=1e6)]
Focus = Annotated[
    float | None,
    typer.Option(help="Depth of field: distance in focus in metres.", min=0.05, max=100_000.0),
]
LensNames = Annotated[
    str,
    typer.Option(
        help="Draw through another lens: millimetres, or a lens file; several, separated by"
        " commas, for --still and --sheet."
    ),
]
Stills = Annotated[str, typer.Option(help="Draw these frames as pictures, no video: 48,96,144.")]
Sheet = Annotated[
    bool,
    typer.Option(
        "--sheet", help="Draw one contact sheet, a row for each lens; --still names its frames."
    ),
]
