"""Internal commands: the processes that a show starts."""

from __future__ import annotations

import threading
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from xrdrama.cli.printing.output import print_json


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("input", hidden=True)(input_process)
    app.command("draw", hidden=True)(draw_process)
    app.command("compile", hidden=True)(compile_process)
    app.command("import-set", hidden=True)(import_process)


def input_process(name: str, use: str, endpoint: str) -> int:
    """(internal) Run one input for the show at ENDPOINT; settings are read from stdin."""
    from xrdrama.processes.child import run_input

    return run_input(name, use, endpoint)


def draw_process(
    take: Path,
    out: Path,
    first: int,
    last: int,
    quality: str,
    instead: str,
    filming: str,
    beyond: Annotated[bool, typer.Option("--beyond")] = False,
) -> int:
    """(internal) Draw frames FIRST to LAST of a take."""
    from xrdrama.errors import DeviceError
    from xrdrama.processes.child import end_with_parent
    from xrdrama.show.filming import Filming
    from xrdrama.tools.takes.instead import Instead
    from xrdrama.tools.takes.rendering import draw_part

    threading.Thread(target=end_with_parent, args=(threading.Event(),), daemon=True).start()

    try:
        values = msgspec.json.decode(instead, type=Instead)
        how = msgspec.json.decode(filming, type=Filming)
        drawing = draw_part(
            take,
            out,
            first,
            last,
            "draft" if quality == "draft" else "full",
            values,
            how,
            beyond=beyond,
        )
        for different, pixels in islice(drawing, last - first):
            print_json({"different": different, "pixels": pixels})
        for _, pixels in drawing:
            print_json({"beyond": pixels})
    except DeviceError as error:
        print_json({"failed": [error.message, error.remedy]})
        return 2
    return 0


def compile_process(
    file: Path,
    folder: Path,
    seconds: Annotated[float, typer.Option()],
    memory: Annotated[int, typer.Option()],
) -> int:
    """(internal) Compile the scene FILE into FOLDER; problems as JSON on stdout."""
    from xrdrama.errors import AuthoringError, DeviceError
    from xrdrama.processes.compiling import limit_resources
    from xrdrama.processes.sets import compile_to

    limit_resources(seconds, memory)
    try:
        compile_to(file, folder)
    except AuthoringError as error:
        print_json({"problems": error.problems})
        return 1
    except DeviceError as error:
        print_json({"failed": [error.message, error.remedy]})
        return 2
    return 0


def import_process(
    file: Path,
    folder: Path,
    name: str,
    scale: Annotated[float, typer.Option()],
    seconds: Annotated[float, typer.Option()],
    memory: Annotated[int, typer.Option()],
) -> int:
    """(internal) Import FILE as the set NAME into FOLDER; the report as JSON on stdout."""
    from xrdrama.errors import DeviceError, UsageError
    from xrdrama.processes.compiling import limit_resources
    from xrdrama.tools.importing.making import import_to

    limit_resources(seconds, memory)
    try:
        print_json(import_to(file, folder, name, scale))
    except UsageError as error:
        print_json({"refused": [error.message, error.remedy]})
        return 1
    except DeviceError as error:
        print_json({"failed": [error.message, error.remedy]})
        return 2
    return 0
