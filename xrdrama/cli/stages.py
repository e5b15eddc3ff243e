"""Commands for LED stages."""

from __future__ import annotations

from typing import Annotated

import typer

from xrdrama.cli.printing.output import console, print_json, print_line, print_problems, table

group = typer.Typer(help="Check and verify LED stages.", no_args_is_help=True)
Stage = Annotated[str, typer.Argument(help="Name of a stage, or its .stage.yaml file.")]
Moves = Annotated[
    list[str] | None,
    typer.Option(
        "--move",
        help="A camera move: its name, its .move.yaml file, or a .take file. May be repeated; "
        "default: the camera rests at the safe pose.",
    ),
]
Fps = Annotated[str, typer.Option("--fps", help="Frames per second: 24, 25, 30000/1001.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(group, name="stage")


@group.command()
def verify(stage: Stage, json: JSON = False) -> int:
    """Check the position of every pixel of the walls, as the camera sees them."""
    from xrdrama.tools.stages import verify_stage

    proofs = verify_stage(stage)
    passed = all(proof.passed for proof in proofs.values())
    if json:
        print_json({"walls": proofs, "pass": passed})
        return int(not passed)
    shown = table("wall", "median px", "p99 px", "1 mm wrong eye", "by formula", "projected", "")
    for name, proof in proofs.items():
        verdict = "[green]pass[/]" if proof.passed else "[red]FAIL[/]"
        right, wrong = proof.position_px, proof.wrong_eye_1mm_px
        shown.add_row(
            name,
            f"{right.median:.4f}",
            f"{right.p99:.4f}",
            f"{wrong.median:.4f}",
            f"{wrong.expected:.4f}",
            f"{proof.projective_max_255}/255",
            verdict,
        )
    console().print(shown)
    return int(not passed)


@group.command()
def check(stage: Stage, move: Moves = None, fps: Fps = "24", json: JSON = False) -> int:
    """Check a stage file, and what its camera sees: coverage, overscan, moire, render budget."""
    from xrdrama.tools.stages import checked_stage

    found = checked_stage(stage, tuple(move or ()), fps)
    if json:
        print_json(found.machine_form())
        return found.status
    print_problems(found.problems)
    if found.inner:
        (w, h), (across, down) = found.inner.pixels, found.inner.drawn
        print_line(
            f"inner picture: overscan {found.inner.overscan:g} of {w} x {h} pixels is drawn as "
            f"{across} x {down} pixels ({across / w:.4g} x {down / h:.4g})"
        )
    for line in found.lines():
        print_line(line)
    if not found.problems:
        print_line("no problems found")
    return found.status
