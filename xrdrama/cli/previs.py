"""The command that shows a simulated stage: previs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama import content
from xrdrama.cli.options import JSON, Aperture, Focus, Headless, Out, Shutter
from xrdrama.cli.parsing import delay_of, numbers_of, size_of
from xrdrama.cli.printing.output import (
    console,
    fail_line,
    finite,
    print_json,
    print_line,
    stop_on_signals,
)
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.tools.previs.headless import Report
    from xrdrama.tools.previs.opening import Wanted

STOPPED = 130


def add_to(app: typer.Typer) -> None:
    """Register the command."""
    app.command()(previs)


Show = Annotated[str, typer.Argument(help="Name of a show, or its .show.yaml file.")]
Camera = Annotated[str, typer.Option(help="Camera of the stage; default: the first.")]
Lens = Annotated[str, typer.Option(help="Another lens: millimetres, or a lens file.")]
Stage = Annotated[str, typer.Option(help="Another stage: its name or file.")]
Move = Annotated[
    str, typer.Option(help="Move of the camera: a .move.yaml file, its name, or a .take file.")
]
Live = Annotated[str, typer.Option(help="The live camera beside it: file:PATH or camera:0.")]
Layers = Annotated[
    str, typer.Option(help="Layers that are on, such as slip,overscan_edge; also all or none.")
]
Without = Annotated[str, typer.Option(help="Layers that are off.")]
Latency = Annotated[
    str,
    typer.Option(
        help="The walls show the camera's pose of so long ago: '3 frames', 125ms; default: latency:"
        " of the stage."
    ),
]
Choices = Annotated[
    str, typer.Option(help="Options to pick as soon as they are open, such as stay,open.")
]
Length = Annotated[
    float | None, typer.Option("--seconds", help="Length in seconds.", min=0.05, callback=finite)
]
Still = Annotated[str, typer.Option(help="Draw these frames as pictures, no video: 48,96,144.")]
Size = Annotated[
    str,
    typer.Option(
        help="Size of the whole picture; default: 1280x720, or 960x540 in a window without a GPU."
    ),
]
Quality = Annotated[
    str, typer.Option(help="draft or full; default: draft in the window, full headless.")
]


def previs(
    show: Show,
    headless: Headless = False,
    out: Out = Path("out/previs"),
    camera: Camera = "",
    lens: Lens = "",
    stage: Stage = "",
    move: Move = "",
    live: Live = "",
    layers: Layers = "",
    without: Without = "",
    latency: Latency = "",
    shutter: Shutter = None,
    aperture: Aperture = None,
    focus: Focus = None,
    choices: Choices = "",
    seconds: Length = None,
    still: Still = "",
    size: Size = "",
    quality: Quality = "",
    json: JSON = False,
) -> int:
    """Show the simulated stage: through the lens, from above, from the side, with numbers.

    Opens a window; press H there for the keys. With --headless it writes a video or pictures into
    --out. All numbers are simulated. Layers: slip, overscan_edge, moire, captions, shadow,
    off_angle, motion_blur, depth_of_field.
    """
    from xrdrama.tools.previs.layers import parse_layers
    from xrdrama.tools.previs.opening import Wanted

    _check_use(show, quality, still if not headless else "")
    wanted = Wanted(
        show,
        camera,
        lens,
        stage,
        move,
        seconds,
        tuple(word.strip() for word in choices.split(",") if word.strip()),
        live,
        parse_layers(layers, without),
        delay_of("--latency", latency),
        shutter,
        aperture,
        focus,
        size_of("--size", size, least=(320, 180)) if size else None,
    )
    if headless:
        return _headless(wanted, out, numbers_of("--still", still), quality, json=json)
    return _window(wanted, draft=quality != "full", json=json)


def _check_use(show: str, quality: str, still: str) -> None:
    """Enter the project of the show; UsageError for options that are wrong or do not fit."""
    if quality not in ("", "draft", "full"):
        raise UsageError(f"--quality {quality!r} is not valid", "use draft or full")
    if still:
        raise UsageError("--still is for pictures without a window", "add --headless")
    if show.endswith(".take"):
        raise UsageError(
            f"{show} is a take; previs shows a show",
            f"write xrdrama previs SHOW --move {show}, or xrdrama render {show}",
        )
    content.enter_project(Path(show))


def _headless(wanted: Wanted, out: Path, numbers: list[int], quality: str, *, json: bool) -> int:
    from rich.progress import Progress

    from xrdrama.tools.previs.headless import draw_previs

    terminal = console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as progress:
        task = progress.add_task("drawing", total=None)
        report = draw_previs(
            wanted,
            out,
            numbers=numbers,
            draft=quality == "draft",
            progress=lambda done, total: progress.update(task, completed=done, total=total),
            stop=stop_on_signals(),
        )
    if json:
        print_json(report)
    else:
        _print_report(report)
    for finding in report.findings:
        fail_line(finding)
    return STOPPED if report.stopped else int(bool(report.findings))


def _window(wanted: Wanted, *, draft: bool, json: bool) -> int:
    from xrdrama.tools.previs.window import show_previs

    shown = show_previs(wanted, stop_on_signals(), draft=draft, on_notice=fail_line)
    if json:
        print_json(shown)
    else:
        print_line(f"{shown.frames} pictures shown, {shown.skipped} frames not drawn")
    if shown.live_fault:
        fail_line(f"the live picture: {shown.live_fault}")
    return 0


def _print_report(report: Report) -> None:
    on = ", ".join(name for name, is_on in report.layers.items() if is_on)
    print_line(
        f"{report.frames} frames through {report.camera}, {report.lens}, on {report.stage}; "
        f"layers on: {on or 'none'}; all numbers are simulated"
    )
    late = report.latency
    print_line(
        f"latency: {late.total_frames:.1f} frames, {late.total_ms:.0f} ms, from: {late.source}"
    )
    for name, text, unit in _WORST:
        worst = report.worst.get(name)
        if worst and worst["value"] is None:
            print_line(f"{text}: none is enough in frame {worst['frame']}")
        elif worst:
            print_line(f"{text}: {worst['value']:g}{unit} in frame {worst['frame']}")
    for notice in (*report.notices, *(f"assumed: {text}" for text in report.assumed)):
        print_line(notice)
    for file in report.files:
        print_line(file)


_WORST = (
    ("share_on_walls", "least share of the frame on walls", ""),
    ("grazing_deg", "flattest viewing angle", " degrees"),
    ("slip_px", "most slip of a distant object", " px of the camera's picture"),
    ("overscan_needed", "most overscan needed", ""),
    ("moire_wall", "highest risk of moire, in focus on the wall", ""),
)
