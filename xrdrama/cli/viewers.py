"""Commands for viewers: vr, and the internal command of a viewer's process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.options import JSON, Inputs, Out, Port, Resume, ResumeDamaged, Seconds
from xrdrama.cli.printing.output import console, stop_on_signals
from xrdrama.cli.printing.results import print_recording, print_result
from xrdrama.errors import UsageError


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(vr)
    app.command("viewer", hidden=True)(viewer_process)


def vr(
    show: Annotated[str, typer.Argument(help="Name of a show, or its .show.yaml file.")],
    seconds: Seconds = None,
    out: Out = Path("out/vr"),
    inputs: Inputs = None,
    resume: Resume = None,
    resume_from_damaged: ResumeDamaged = False,
    port: Port = 0,
    json: JSON = False,
) -> int:
    """Play a show in a headset (OpenXR), or in a window if no headset is available.

    Pick options by looking at them, by aiming and pulling the trigger, or by the show's inputs
    (voice, gesture). Hold the menu button (B on an Index) to centre the view. When the headset's
    runtime ends or hangs, the show continues in the window and returns to the headset when its
    runtime works again. After the wearer quits in the headset's own menu, it stays in the window.
    """
    from xrdrama.app import run_show
    from xrdrama.run.options import RunOptions

    options = RunOptions(
        show=show,
        out=out,
        viewer="headset",
        seconds=seconds,
        inputs=tuple(inputs or ()),
        resume=resume,
        resume_damaged=resume_from_damaged,
        port=port,
    )
    result = run_show(options, console(stderr=True), stop_on_signals())
    print_result(result, json=json)
    return print_recording(result)


def viewer_process(
    endpoint: str,
    show: str,
    on: Annotated[str, typer.Option(help="Kind of viewer: headset or window.")] = "window",
    name: Annotated[str, typer.Option(help="Name of the viewer in the show.")] = "viewer",
    standby: Annotated[
        bool, typer.Option("--standby", help="Stand by: write `here` when ready, start on `go`.")
    ] = False,
    log: Annotated[Path | None, typer.Option(help="File for the viewer's report (JSON).")] = None,
) -> int:
    """(internal) Display the show SHOW, which runs at ENDPOINT."""
    from xrdrama.viewers.viewing import run_viewer

    if on not in ("headset", "window"):
        raise UsageError(f"--on {on!r} is not valid", "use headset or window")
    return run_viewer(
        endpoint, show, "headset" if on == "headset" else "window", name, standby=standby, log=log
    )
