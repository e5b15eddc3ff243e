"""The command that draws: render, for takes and for the walls of a render node."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli import node_options
from xrdrama.cli.keys import KeyFile
from xrdrama.cli.options import (
    JSON,
    Aperture,
    EffectNames,
    Focus,
    Latency,
    LensNames,
    Out,
    Sheet,
    Shutter,
    Stills,
)
from xrdrama.cli.parsing import delay_of, numbers_of, size_of
from xrdrama.cli.printing.output import fail_line, print_json, print_line, stop_on_signals
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.show.filming import Filming
    from xrdrama.tools.takes.instead import Difference, Instead


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(render)


def render(
    take: Annotated[
        Path | None, typer.Argument(help="Take file (.take); not for a render node.")
    ] = None,
    out: Out = Path("out/render"),
    camera: Annotated[str, typer.Option(help="Draw through this camera of the stage.")] = "",
    lens: LensNames = "",
    stage: Annotated[
        str, typer.Option(help="Draw on another stage: its name, or its .stage.yaml file.")
    ] = "",
    size: Annotated[str, typer.Option(help="Size of the camera's picture: 1280x720.")] = "",
    still: Stills = "",
    sheet: Sheet = False,
    effects: EffectNames = "",
    latency: Latency = "",
    shutter: Shutter = None,
    aperture: Aperture = None,
    focus: Focus = None,
    quality: Annotated[str, typer.Option(help="Picture quality: draft or full.")] = "full",
    jobs: Annotated[
        int | None, typer.Option(help="Number of processes; default: one per core.", min=1)
    ] = None,
    peer: node_options.Peer = "",
    name: node_options.Name = "",
    content: node_options.Content = None,
    wall: node_options.Walls = None,
    keep: node_options.Keep = None,
    every: node_options.Every = 24,
    mark_frames: node_options.MarkFrames = False,
    stay: node_options.Stay = False,
    real_time: node_options.RealTime = False,
    key: KeyFile = None,
    json: JSON = False,
) -> int:
    """Render every frame of a take to videos, or some as pictures; or draw walls of a running show.

    With another camera, lens, stage or size, the poses are those of the take, everything else is
    computed again, and each value that differs from the take is printed. Effects of the film camera
    and of LED walls are simulated if they are named, and are printed with their values.

    With --peer and --name it is a render node of the show that runs there: it draws the walls that
    nodes: of the show file gives it, in step with the other nodes, until the show ends.

    Exits with 1 when the file is damaged (the frames before the damage are rendered), when frames
    differ from those of the take, or when sounds are missing.
    """
    if quality not in ("draft", "full"):
        raise UsageError(f"--quality {quality!r} is not valid", "use draft or full")
    if peer or name:
        asked = node_options.Asked(
            peer, name, content, tuple(wall or ()), keep, every, mark_frames, stay, real_time, key
        )
        return node_options.run(asked, take, quality, json=json)
    filming = filming_of(effects, latency, shutter, aperture, focus)
    lenses = [one.strip() for one in lens.split(",") if one.strip()]
    asked_size = size_of("--size", size) if size else None
    wishes = camera, stage, asked_size
    numbers = numbers_of("--still", still) if still or sheet else None
    return _take(take, out, wishes, filming, lenses, numbers, sheet, quality, jobs, json=json)


def _take(
    take: Path | None,
    out: Path,
    wishes: tuple[str, str, tuple[int, int] | None],
    filming: Filming,
    lenses: list[str],
    numbers: list[int] | None,
    sheet: bool,
    quality: str,
    jobs: int | None,
    *,
    json: bool,
) -> int:
    """Draw a take: pictures of the frames `numbers`, or videos where that is None. `wishes` are the
    camera, the stage and the size."""
    from xrdrama.content import enter_project
    from xrdrama.tools.takes.instead import Instead

    if take is None:
        raise UsageError("TAKE is missing", "name a .take file, or --peer and --name for a node")
    enter_project(take)
    camera, stage, size = wishes
    instead = Instead(camera, lenses[0] if lenses else "", stage, size)
    if numbers is not None:
        return _pictures(take, out, instead, filming, lenses, numbers, sheet, quality, json=json)
    if len(lenses) > 1:
        raise UsageError(
            f"--lens {','.join(lenses)}: a video has one lens",
            "add --sheet or --still, or name one lens",
        )
    return _videos(take, out, instead, filming, quality, jobs, json=json)


def _videos(
    take: Path,
    out: Path,
    instead: Instead,
    filming: Filming,
    quality: str,
    jobs: int | None,
    *,
    json: bool,
) -> int:
    from xrdrama.tools.takes.rendering import draw_take

    drawn = draw_take(
        take,
        out,
        instead=instead,
        filming=filming,
        quality="draft" if quality == "draft" else "full",
        jobs=jobs,
        on_notice=fail_line,
        stop=stop_on_signals(),
    )
    if json:
        print_json(drawn)
    else:
        _print_differences(drawn.differences)
        _print_effects(drawn.simulated)
        print_line(f"{drawn.frames} frames in {drawn.seconds:.0f} s: {drawn.lens}, {drawn.wall}")
    for finding in drawn.findings:
        fail_line(finding)
    return int(drawn.torn or drawn.different > 0 or bool(drawn.missing))


def _pictures(
    take: Path,
    out: Path,
    instead: Instead,
    filming: Filming,
    lenses: list[str],
    numbers: list[int],
    sheet: bool,
    quality: str,
    *,
    json: bool,
) -> int:
    from xrdrama.tools.takes.stills import draw_stills

    drawn = draw_stills(
        take,
        out,
        instead=instead,
        filming=filming,
        lenses=lenses,
        numbers=numbers,
        sheet=sheet,
        quality="draft" if quality == "draft" else "full",
        on_notice=fail_line,
    )
    if json:
        print_json(drawn)
    else:
        _print_differences(dict.fromkeys(d for each in drawn.differences.values() for d in each))
        _print_effects(drawn.simulated)
        for file in drawn.files:
            print_line(str(file))
    for finding in drawn.findings:
        fail_line(finding)
    return int(drawn.torn)


def _print_differences(differences: Iterable[Difference]) -> None:
    found = list(differences)
    if found:
        print_line("drawn with other values than the take:")
        for one in found:
            print_line(f"  {one}")


def _print_effects(simulated: dict[str, str]) -> None:
    if simulated:
        print_line("simulated:")
        for name, values in simulated.items():
            print_line(f"  {name}: {values}")


def filming_of(
    effects: str,
    latency: str,
    shutter: float | None,
    aperture: float | None,
    focus: float | None,
) -> Filming:
    """The effects of the options; a latency switches slip on."""
    from xrdrama.show.filming import Filming
    from xrdrama.stage.effects import parse_effects

    chosen = parse_effects(effects)
    delay = delay_of("--latency", latency)
    if delay is not None and not chosen.slip:
        chosen = chosen.toggled("slip")
    filming = Filming(chosen, shutter, aperture, focus, delay)
    filming.check()
    return filming
