"""Commands for LED stages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli.printing.output import (
    console,
    print_json,
    print_line,
    print_problems,
    table,
    writable_file,
)

if TYPE_CHECKING:
    from xrdrama.adapters.panda.proof.verify import Spread, WrongEye

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
Charts = Annotated[
    Path | None, typer.Option(help="Folder for charts (PNG) and a page (stage.html).")
]
Fps = Annotated[str, typer.Option("--fps", help="Frames per second: 24, 25, 30000/1001.")]
JSON = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(group, name="stage")


@group.command()
def new(
    walls: Annotated[
        str,
        typer.Argument(
            help='Walls and sizes: "arc radius 7 height 5 degrees 180 pitch 2.6 ceiling".'
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="The .stage.yaml file to write.")],
    json: JSON = False,
) -> int:
    """Write a stage file from one line: flat, arc, ceiling, floor, with sizes in metres; or mesh.

    "mesh wall.obj pixels 1400x600 distance 3" is a wall of any shape. An existing file is
    not overwritten.
    """
    from xrdrama.tools.stages.new import write_new_stage

    problems = write_new_stage(walls, out)
    if json:
        print_json({"stage": str(out), "problems": problems})
        return 0
    print_problems(problems)
    print_line(f"wrote {out}; next: xrdrama stage check {out}; xrdrama stage verify {out}")
    return 0


@group.command()
def verify(stage: Stage, json: JSON = False) -> int:
    """Check the position of every pixel of the walls, as the camera sees them; of a stage with
    several cameras, also what each camera sees of its own inner frustum."""
    from xrdrama.tools.stages.verifying import verify_stage

    proof = verify_stage(stage)
    if json:
        print_json(proof)
        return int(not proof.passed)
    columns = ("median px", "p99 px", "1 mm wrong eye", "by formula")
    shown = table("wall", *columns, "projected", "")
    for name, wall in proof.walls.items():
        projected = f"{wall.projective_max_255}/255"
        figures = _figures(wall.position_px, wall.wrong_eye_1mm_px)
        shown.add_row(name, *figures, projected, _verdict(wall.passed))
    console().print(shown)
    if proof.lenses:
        named = ("median px", "p99 px", "distortion off", "by lens file", "grid")
        shown = table("lens of", *named, "")
        for name, lens in proof.lenses.items():
            right, off = lens.position_px, lens.without_distortion_px.median
            expected, grid = lens.without_distortion_expected, lens.grid_px.undistorted
            measured = (right.median, right.p99, off, expected, grid)
            shown.add_row(name, *(f"{px:.4f}" for px in measured), _verdict(lens.passed))
        console().print(shown)
    if proof.cameras:
        shown = table("camera", *columns, "own region", "under another", "")
        for name, camera in proof.cameras.items():
            figures = _figures(camera.position_px, camera.wrong_view_1mm_px)
            shares = (f"{camera.own:.1%}", f"{camera.covered:.1%}")
            shown.add_row(name, *figures, *shares, _verdict(camera.passed))
        console().print(shown)
    return int(not proof.passed)


def _figures(right: Spread, wrong: WrongEye) -> tuple[str, ...]:
    return tuple(f"{px:.4f}" for px in (right.median, right.p99, wrong.median, wrong.expected))


def _verdict(passed: bool) -> str:
    return "[green]pass[/]" if passed else "[red]FAIL[/]"


@group.command()
def pattern(
    stage: Stage,
    name: Annotated[
        str,
        typer.Argument(help="Test pattern: grid, geometry, ramp, bar, frame, cameras or flash."),
    ],
    out: Annotated[Path, typer.Option(help="PNG or JPEG file to write.")] = Path("out/pattern.png"),
    wall: Annotated[str, typer.Option(help="Show it on this wall only; default: on all.")] = "",
    canvas: Annotated[
        str, typer.Option(help="Draw this canvas only, of a stage with several; default: all.")
    ] = "",
    frame: Annotated[
        int, typer.Option(help="Number of the frame, for bar, frame and flash.", min=0, max=999_999)
    ] = 0,
) -> int:
    """Draw a test pattern on the walls of a stage: the canvas, as the LED processor receives it.

    Several canvases are drawn in one picture; --canvas draws one.
    """
    from xrdrama.stage.canvases import placed_text
    from xrdrama.tools.stages.patterns import draw_pattern

    writable_file("--out", out, (".png", ".jpg"))
    canvases = draw_pattern(stage, name, out, wall=wall, canvas=canvas, number=frame)
    print_line(str(out))
    if len(canvases) > 1:
        print_line(f"it has the canvases {placed_text(canvases)}; --canvas draws one")
    return 0


@group.command()
def check(
    stage: Stage,
    move: Moves = None,
    fps: Fps = "24",
    out: Charts = None,
    camera: Annotated[
        str, typer.Option(help="The camera that the advice is for; default: the first.")
    ] = "",
    json: JSON = False,
) -> int:
    """Check a stage file, and what its camera sees: coverage, overscan, moire, render budget."""
    from xrdrama.tools.stages.checking import checked_stage

    found = checked_stage(stage, tuple(move or ()), fps, out, camera)
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
    for file in found.files[:1]:
        print_line(f"charts and page: {file}")
    if not found.problems:
        print_line("no problems in the file")
    return found.status


@group.command()
def latency(
    video: Annotated[Path, typer.Argument(help="A video of the wall and a reference beside it.")],
    method: Annotated[
        str,
        typer.Option(
            help="flash: both flash at irregular times; pan: the camera pans and stops, with a "
            "pattern on the wall that is locked to the inner frustum."
        ),
    ] = "flash",
    reference: Annotated[
        str,
        typer.Option(help="Place of the reference: left,top,width,height, shares of the picture."),
    ] = "0.05,0.1,0.4,0.8",
    wall: Annotated[str, typer.Option(help="Place of the wall, in the same form.")] = (
        "0.55,0.1,0.4,0.8"
    ),
    fps: Annotated[
        str, typer.Option("--fps", help="Frames per second; default: those of the video.")
    ] = "",
    json: JSON = False,
) -> int:
    """Measure the latency of the wall in a video, to half a frame.

    Film with the film camera, at the show's frame rate, for 5 seconds or more, the wall and the
    reference at the same height in the picture. A reference is a lamp or monitor that gets the
    flash directly, or the set itself for a pan. A video without flashes is refused.
    """
    from xrdrama.tools.stages.latency import measured_latency

    found = measured_latency(video, method, reference, wall, fps)
    if json:
        print_json(found)
        return 0
    print_line(
        f"the wall is {found.frames:.2f} frames ({found.milliseconds:.0f} ms) late, give or take "
        f"half a frame, at {found.fps:g} frames per second"
    )
    return 0
