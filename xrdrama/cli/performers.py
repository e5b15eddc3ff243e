"""Commands for performers: digital actors and robots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from xrdrama.cli.printing.output import console, print_json, print_line, print_problems, table

group = typer.Typer(help="Check performers, and make them of figures.", no_args_is_help=True)
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(group, name="performer")


@group.command()
def check(
    name: Annotated[
        str, typer.Argument(help="Name of a performer, its folder, or its performer.yaml.")
    ] = "",
    json: JSON = False,
) -> int:
    """List what each body can do, and the problems of its files."""
    from xrdrama.tools.performers.listing import list_performers

    listed, problems = list_performers(name)
    errors = any(problem.severity == "error" for problem in problems)
    if json:
        print_json({"performers": msgspec.to_builtins(listed, enc_hook=str), "problems": problems})
        return int(errors)
    shown = table("performer", "body", "joints", "shapes", "gestures", "moods")
    for one in listed:
        shown.add_row(
            one.id, one.body or "not usable", str(len(one.joints)), str(len(one.shapes)),
            ", ".join(one.gestures), ", ".join(one.moods),
        )  # fmt: skip
    console().print(shown)
    for one in listed:
        for remark in one.remarks:
            print_line(f"{one.id}: {remark.gesture}: {remark.text}")
    print_problems(problems)
    return int(errors)


@group.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the performer: small letters, digits, _.")],
    source: Annotated[Path, typer.Option("--from", help="A .glb or .vrm file with a skeleton.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to make; default: performers/NAME.")
    ] = None,
    json: JSON = False,
) -> int:
    """Make a performer of a figure from another program; print what the figure lacks."""
    from xrdrama.tools.performers.making import make_performer_of

    report = make_performer_of(name, source, out)
    if json:
        print_json(msgspec.to_builtins(report, enc_hook=str))
        return 0
    print_line(f"{report.folder}: ready; {len(report.bones)} bones, {len(report.shapes)} shapes")
    lacking = {
        "bones without a joint": report.missing_bones,
        "shapes that the face lacks": report.missing_shapes,
        "morph targets that nothing moves": report.unused_targets,
    }
    for what, names in lacking.items():
        if names:
            print_line(f"{what}: {', '.join(names)}")
    for remark in report.remarks:
        print_line(remark)
    print_line(f"licence: {report.licence}" if report.licence else "licence: the file states none")
    return 0
