"""`xrdrama run`: a show with the outputs that were asked for."""

from __future__ import annotations

from pathlib import Path

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from xrdrama import content
from xrdrama.adapters.audio.files import read_sound
from xrdrama.adapters.audio.mixing import Samples
from xrdrama.app.pictures import stage_pictures
from xrdrama.app.rendering import draw_take, sounds_of
from xrdrama.app.running import Plan, Result, Runner, input_overrides, phrases_of
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show import Production
from xrdrama.show.ports import Output, Stop
from xrdrama.wire.frame import Frame


class Wanted(msgspec.Struct, frozen=True):
    """What was asked for on the command line."""

    show: str
    out: Path
    headless: bool = False
    window: bool = False
    fixed_rate: bool = False
    seconds: float | None = None
    inputs: tuple[str, ...] = ()
    operator: bool = True
    video: bool = True
    quality: str = ""
    resume: Path | None = None
    port: int = 0


def run_show(wanted: Wanted, console: Console, stop: Stop) -> Result:
    """Run it. At a fixed rate the videos are drawn from the take, by as many processes as cores."""
    if wanted.headless and wanted.window:
        raise UsageError("--headless and --window exclude each other", "keep one")
    loaded = content.load_show(wanted.show)
    production = content.produce(loaded)
    file = content.show_file(loaded)
    plan = Plan(
        wanted.out,
        wanted.fixed_rate,
        wanted.seconds,
        wanted.operator,
        input_overrides(file, list(wanted.inputs), phrases_of(production)),
        wanted.resume,
        wanted.port,
    )
    outputs = _outputs(wanted, loaded, production, console)
    last = (wanted.seconds or file.seconds or 0) / production.rate.period
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("running", total=last or None)

        def told(number: int, frame: Frame) -> None:
            progress.update(task, completed=number + 1, description=frame.beat)

        def noticed(text: str) -> None:
            console.print(f"[yellow]{escape(text)}[/]")

        result = Runner(loaded, production, plan, outputs, told, noticed).run(stop)
        if wanted.fixed_rate and wanted.video and production.stage is not None:
            task = progress.add_task("drawing")
            draw_take(
                result.take,
                wanted.out,
                quality="draft" if wanted.quality == "draft" else "full",
                told=lambda done, total: progress.update(task, completed=done, total=total),
            )
    return result


def _outputs(
    wanted: Wanted, loaded: content.Loaded, production: Production, console: Console
) -> list[Output]:
    """Live outputs; at a fixed rate everything is drawn from the take afterwards."""
    outputs: list[Output] = []
    if wanted.fixed_rate or not wanted.video:
        return outputs
    if production.stage is not None:
        outputs.append(
            stage_pictures(
                loaded,
                production,
                quality="full" if wanted.quality == "full" else "draft",
                window=wanted.window,
            )
        )
    if wanted.window:
        outputs += _speaker(loaded, console)
    return outputs


def _speaker(loaded: content.Loaded, console: Console) -> list[Output]:
    """Sound where there is a device; a show without one goes on and says so."""
    from xrdrama.adapters.audio.speaker import Speaker

    folder = sounds_of(loaded)

    def load(name: str) -> Samples | None:
        path = content.sound_file(folder, name) if folder else None
        return read_sound(path) if path else None

    try:
        return [Speaker(load)]
    except DeviceError as error:
        console.print(f"[yellow]no sound:[/] {error}")
        return []
