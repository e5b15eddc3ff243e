"""Commands of those who watch: vr, and the processes that show."""

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
    show: Annotated[str, typer.Argument(help="A show by name, or its file.")],
    seconds: Seconds = None,
    out: Out = Path("out/vr"),
    inputs: Inputs = None,
    resume: Resume = None,
    resume_from_damaged: ResumeDamaged = False,
    port: Port = 0,
    json: JSON = False,
) -> int:
    """Play a show round somebody with a headset (OpenXR); in a window while there is none.

    Options are picked by looking at them, by aiming and pulling the trigger, and by whatever the
    show's inputs hear and see. Hold the menu button (B on an Index) to centre the view. When the
    headset's runtime ends or hangs, the show goes on in the window, and in the headset again once
    it is there; who leaves it by its own menu stays in the window.
    """
    from xrdrama.app import run_show
    from xrdrama.run.wanted import Wanted

    wanted = Wanted(
        show=show,
        out=out,
        viewer="headset",
        seconds=seconds,
        inputs=tuple(inputs or ()),
        resume=resume,
        resume_damaged=resume_from_damaged,
        port=port,
    )
    result = run_show(wanted, console(stderr=True), stop_on_signals())
    print_result(result, json=json)
    return print_recording(result)


def viewer_process(
    endpoint: str,
    show: str,
    on: Annotated[str, typer.Option(help="headset or window.")] = "window",
    name: Annotated[str, typer.Option(help="The viewer's name in the show.")] = "viewer",
    standby: Annotated[
        bool, typer.Option("--standby", help="Wait for a turn: say `here`, read `go`.")
    ] = False,
    log: Annotated[Path | None, typer.Option(help="Where to write what it did.")] = None,
) -> int:
    """(internal) Show SHOW of the core at ENDPOINT to somebody."""
    from xrdrama.viewers.viewing import run_viewer

    if on not in ("headset", "window"):
        raise UsageError(f"--on {on!r} is not known", "headset or window")
    return run_viewer(
        endpoint, show, "headset" if on == "headset" else "window", name, standby=standby, log=log
    )
