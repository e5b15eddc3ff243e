"""Commands for virtual sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from xrdrama.cli.printing.output import print_json, print_line, print_problems, writable_file

group = typer.Typer(help="Check and draw virtual sets.", no_args_is_help=True)
Scene = Annotated[str, typer.Argument(help="Name of a set, its folder, or its scene.yaml.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(group, name="scene")


@group.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the set: small letters, digits and _.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="The folder to make; default: scenes/NAME.")
    ] = None,
    json: JSON = False,
) -> int:
    """Make a minimal set: a commented scene.yaml and a small model. Nothing is overwritten."""
    from xrdrama.tools.starting.folders import new_scene

    made = new_scene(name, out)
    if json:
        print_json({"folder": made[0].parent, "files": made})
        return 0
    for path in made:
        print_line(str(path))
    return 0


@group.command("import")
def import_set(
    file: Annotated[Path, typer.Argument(help="A .glb, .gltf, .obj or USD file.")],
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", help="Name of the set (made in scenes/), or the folder to make."
        ),
    ],
    scale: Annotated[
        float, typer.Option(help="Size of the set: 0.01 for a file in centimetres.")
    ] = 1.0,
    json: JSON = False,
) -> int:
    """Make a set of a model file; print by name what is not carried over."""
    from xrdrama.tools.importing.making import REPORT, import_set
    from xrdrama.tools.importing.report import lines_of

    folder = out if len(out.parts) > 1 else Path("scenes") / out
    report, problems = import_set(file, folder, scale)
    errors = any(problem.severity == "error" for problem in problems)
    if json:
        print_json({"set": folder, **msgspec.to_builtins(report), "problems": problems})
        return int(errors)
    for line in lines_of(report):
        print_line(line)
    print_problems(problem for problem in problems if problem.severity == "error")
    print_line(f"{folder}: {'the set has errors' if errors else 'ready'}; report: {REPORT}")
    return int(errors)


@group.command()
def check(scene: Scene, json: JSON = False) -> int:
    """Check a set's scene.yaml and compile its models."""
    from xrdrama.tools.sets import check_scene

    problems, facts = check_scene(scene)
    if json:
        print_json({"problems": problems, **facts})
    else:
        print_problems(problems)
        if facts:
            print_line(", ".join(f"{value} {name}" for name, value in facts.items()))
    return int(any(problem.severity == "error" for problem in problems))


@group.command()
def picture(
    scene: Scene,
    out: Annotated[Path, typer.Option(help="PNG or JPEG file to write.")] = Path("out/scene.png"),
    place: Annotated[
        str,
        typer.Option(
            help="Place of the set to look from; default: where a film camera usually is."
        ),
    ] = "",
    look: Annotated[str, typer.Option(help="Look of the set to apply.")] = "",
    cue: Annotated[str, typer.Option(help="Cue of the set to apply, at its end.")] = "",
    size: Annotated[str, typer.Option(help="Width and height in pixels.")] = "1280x720",
    seconds: Annotated[
        float, typer.Option(help="Time of the show, for what moves by itself; a cue begins then.")
    ] = 2.0,
) -> int:
    """Draw a picture of a set."""
    from xrdrama.tools.sets import draw_still

    writable_file("--out", out, (".png", ".jpg"))
    draw_still(scene, out, place=place, look=look, cue=cue, size=size, seconds=seconds)
    print_line(str(out))
    return 0
