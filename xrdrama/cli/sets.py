"""Commands for virtual sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xrdrama.cli.printing.output import print_json, print_line, print_problems, writable_file

group = typer.Typer(help="Virtual sets.", no_args_is_help=True)
Scene = Annotated[str, typer.Argument(help="A set by name, its folder, or its scene.yaml.")]
JSON = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(group, name="scene")


@group.command()
def check(scene: Scene, json: JSON = False) -> int:
    """Check a set: its scene.yaml, and that its models can be compiled."""
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
    out: Annotated[Path, typer.Option(help="The PNG file.")] = Path("out/scene.png"),
    place: Annotated[str, typer.Option(help="A place of the set to look from.")] = "",
    look: Annotated[str, typer.Option(help="A look of the set.")] = "",
    cue: Annotated[str, typer.Option(help="A cue of the set, at its end.")] = "",
    size: Annotated[str, typer.Option(help="Pixels.")] = "1280x720",
) -> int:
    """Draw a still of a set."""
    from xrdrama.tools.sets import draw_still

    writable_file("--out", out, (".png", ".jpg"))
    draw_still(scene, out, place=place, look=look, cue=cue, size=size)
    print_line(str(out))
    return 0
