"""Commands for viewers: vr, and the internal command of a viewer's process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from xrdrama.cli import viewer_options
from xrdrama.cli.options import (
    JSON,
    FullScreen,
    Inputs,
    Language,
    Out,
    Port,
    Presenter,
    Resume,
    ResumeDamaged,
    Seconds,
)
from xrdrama.cli.printing.output import console, stop_on_signals
from xrdrama.cli.printing.results import print_recording, print_result
from xrdrama.errors import UsageError
from xrdrama.processes.statuses import On


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(vr)
    app.command("viewer", hidden=True)(viewer_process)


def vr(
    show: Annotated[str, typer.Argument(help="Name of a show, or its .show.yaml file.")],
    language: Language = "",
    full_screen: FullScreen = "",
    presenter: Presenter = False,
    seconds: Seconds = None,
    out: Out = Path("out/vr"),
    inputs: Inputs = None,
    resume: Resume = None,
    resume_from_damaged: ResumeDamaged = False,
    port: Port = 0,
    posture: viewer_options.Posture = None,
    eye_height: viewer_options.EyeHeight = None,
    raised: viewer_options.Raised = None,
    captions: viewer_options.Captions = None,
    captions_in: viewer_options.CaptionsIn = None,
    captions_away: viewer_options.CaptionsAway = None,
    captions_raised: viewer_options.CaptionsRaised = None,
    cards_away: viewer_options.CardsAway = None,
    cards_raised: viewer_options.CardsRaised = None,
    time_scale: viewer_options.TimeScale = None,
    time_limits: viewer_options.TimeLimits = None,
    vignette: viewer_options.Vignette = None,
    sound: viewer_options.Sound = None,
    resolution: viewer_options.Resolution = None,
    blend: viewer_options.Blend = None,
    budget: viewer_options.Budget = None,
    contrast: viewer_options.Contrast = None,
    motion: viewer_options.Motion = None,
    sound_captions: viewer_options.SoundCaptions = None,
    scan: viewer_options.Scan = None,
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

    said = viewer_options.said(
        posture=posture, eye_height=eye_height, raised=raised, captions=captions,
        captions_in=captions_in, captions_away=captions_away, captions_raised=captions_raised,
        cards_away=cards_away, cards_raised=cards_raised, time_scale=time_scale,
        time_limits=time_limits, vignette=vignette, sound=sound, resolution=resolution,
        blend=blend, budget=budget, contrast=contrast, motion=motion,
        sound_captions=sound_captions, scan=scan,
    )  # fmt: skip
    options = RunOptions(
        show=show, out=out, viewer="headset", seconds=seconds, inputs=tuple(inputs or ()),
        resume=resume, resume_damaged=resume_from_damaged, port=port, viewers=said,
        language=language, full_screen=full_screen, presenter=presenter,
    )  # fmt: skip
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
    viewers: Annotated[
        str, typer.Option(help="What the command line says of viewers (JSON), instead of the file.")
    ] = "{}",
    language: Language = "",
    area: Annotated[str, typer.Option(help="LEFT,TOP,WIDTH,HEIGHT to fill, or on.")] = "",
    sights: Annotated[Path | None, typer.Option(help="File to leave the eye's pose in.")] = None,
    mirrors: Annotated[Path | None, typer.Option(help="File to read the eye's pose from.")] = None,
) -> int:
    """(internal) Display the show SHOW, which runs at ENDPOINT."""
    from xrdrama.viewers.viewing import Wishes, run_viewer

    if on not in ("headset", "window"):
        raise UsageError(f"--on {on!r} is not valid", "use headset or window")
    languages = tuple(part for part in language.split(",") if part)
    wishes = Wishes(_said(viewers), languages, area, sights, mirrors)
    kind: On = "headset" if on == "headset" else "window"
    return run_viewer(endpoint, show, kind, name, wishes, standby=standby, log=log)


def _said(text: str) -> dict[str, str]:
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"--viewers is not valid: {error}", "write names and values as JSON"
        ) from None
