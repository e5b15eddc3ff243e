"""Commands for many machines: farm render, take push, take pull."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.options import JSON, Aperture, EffectNames, Focus, Latency, Out, Shutter
from xrdrama.cli.printing.output import console, fail_line, print_json, print_line, stop_on_signals
from xrdrama.cli.rendering import filming_of
from xrdrama.errors import UsageError

Store = Annotated[
    str,
    typer.Option(
        help="Where slices are kept: a folder, or s3://BUCKET/FOLDER. Default: farm in --out."
    ),
]
Place = Annotated[str, typer.Argument(help="A folder, or s3://BUCKET/FOLDER.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    farm = typer.Typer(help="Draw takes in slices, whose results are used again.")
    farm.command()(render)
    app.add_typer(farm, name="farm")
    take = typer.Typer(help="Takes in a store: a folder or S3-compatible storage.")
    take.command()(push)
    take.command()(pull)
    app.add_typer(take, name="take")


def render(
    take: Annotated[Path, typer.Argument(help="Take file (.take).")],
    workers: Annotated[
        int, typer.Option(help="Slices that are drawn at a time; default: one per core.", min=1)
    ] = os.cpu_count() or 1,
    out: Out = Path("out/farm"),
    store: Store = "",
    frames: Annotated[int, typer.Option("--slice", help="Frames of a slice.", min=1)] = 240,
    effects: EffectNames = "",
    latency: Latency = "",
    shutter: Shutter = None,
    aperture: Aperture = None,
    focus: Focus = None,
    quality: Annotated[str, typer.Option(help="Picture quality: draft or full.")] = "full",
    json: JSON = False,
) -> int:
    """Render a take to videos in slices. What is drawn is kept, and not drawn again.

    A slice is named by the take, its frames and how they are drawn; its videos by their content.
    Neighbours both draw the frame between them, and must agree about the wall's pixels.
    """
    from rich.progress import Progress

    from xrdrama import content
    from xrdrama.adapters.objects.store import Objects
    from xrdrama.tools.farm.rendering import farm_take

    content.enter_project(take)
    if quality not in ("draft", "full"):
        raise UsageError(f"--quality {quality!r} is not valid", "use draft or full")
    terminal = console(stderr=True)
    with Progress(console=terminal, transient=True, disable=not terminal.is_terminal) as bar:
        task = bar.add_task("drawing frames", total=None)
        done = farm_take(
            take,
            out,
            Objects(store or str(out / "farm")),
            workers=workers,
            size=frames,
            filming=filming_of(effects, latency, shutter, aperture, focus),
            quality="draft" if quality == "draft" else "full",
            progress=lambda count, total: bar.update(task, completed=count, total=total),
            on_notice=fail_line,
            stop=stop_on_signals(),
        )
    if json:
        print_json(done)
    else:
        print_line(
            f"{done.frames} frames in {done.slices} slices, {done.drawn} drawn now, in"
            f" {done.seconds:.0f} s: {done.lens}, {done.wall}"
        )
    for sound in done.missing:
        fail_line(f"the videos lack the sound {sound!r}, which has no file: add it, render again")
    if done.different:
        fail_line(f"{done.different} frames differ from those of the take: run xrdrama replay")
    return int(done.different > 0 or bool(done.missing))


def push(
    take: Annotated[Path, typer.Argument(help="Take file (.take).")],
    place: Place,
    json: JSON = False,
) -> int:
    """Copy a take into a store, under its name; its content is kept under its SHA-256."""
    from xrdrama.adapters.objects.store import Objects
    from xrdrama.tools.farm.keeping import push_take

    done = push_take(take, Objects(place))
    if json:
        print_json(done)
    else:
        print_line(f"{done.name}, {done.bytes} bytes, SHA-256 {done.sha256}")
    return 0


def pull(
    name: Annotated[str, typer.Argument(help="Name of the take in the store.")],
    place: Place,
    out: Out = Path("out/takes"),
    json: JSON = False,
) -> int:
    """Copy a take from a store into a folder, and compare its SHA-256."""
    from xrdrama.adapters.objects.store import Objects
    from xrdrama.tools.farm.keeping import pull_take

    done, path = pull_take(name, Objects(place), out)
    if json:
        print_json({"path": str(path), "sha256": done.sha256, "bytes": done.bytes})
    else:
        print_line(f"{path}, {done.bytes} bytes, SHA-256 {done.sha256}")
    return 0
