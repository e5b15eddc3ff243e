"""Commands for virtual sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
) -> int:
    """Draw a picture of a set."""
    from xrdrama.tools.sets import draw_still

    writable_file("--out", out, (".png", ".jpg"))
    draw_still(scene, out, place=place, look=look, cue=cue, size=size)
    print_line(str(out))
    return 0
