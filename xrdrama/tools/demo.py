"""`xrdrama demo`: a show on a simulated stage, played live, rendered again, with a report."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from xrdrama import content
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.proof.verify import WallProof, verify_wall
from xrdrama.processes.stopping import Stopped
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.run.outputs.warming import Preparing
from xrdrama.run.plan import Plan
from xrdrama.run.result import Result
from xrdrama.run.runner import Runner
from xrdrama.saving import unwritable
from xrdrama.show import Production
from xrdrama.show.ports import Output, Stop
from xrdrama.tools.report.writing import write_report
from xrdrama.tools.takes.rendering import Drawn, draw_take
from xrdrama.wire.frame import Frame

SHOW = "lantern_demo"
LIVE_SHOW = "lantern_night"


class Demo(msgspec.Struct, frozen=True):
    """The results of the demo."""

    result: Result
    drawn: Drawn
    proofs: dict[str, WallProof]
    report: Path
    seconds: float
    parts: dict[str, float]
    """Seconds for each part: set_up (sets, recognisers, warm-up), live, drawing, proofs, report."""


def run_demo(out: Path, console: Console, *, show: str = SHOW, stop: Stop | None = None) -> Demo:
    """Play the show, render its take, write the report. Raises Stopped when `stop` is set;
    DeviceError when `out` cannot be written."""
    began = time.monotonic()
    stop = stop or threading.Event()
    loaded = content.load_show(show)
    production = content.produce(loaded)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(out, error) from error
    parts: dict[str, float] = {}
    with _progress(console) as progress:
        result = _play(loaded, production, out, stop, progress)
        parts["set_up"] = time.monotonic() - began - result.seconds
        parts["live"] = result.seconds
        if stop.is_set():
            raise Stopped(result.take)
        task = progress.add_task("drawing every frame of the take")
        drawn = draw_take(
            result.take,
            out,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
            on_notice=lambda text: progress.console.print(text, markup=False),
            stop=stop,
        )
        parts["drawing"] = drawn.seconds
        since = time.monotonic()
        proofs, renderer = _prove(production, progress, stop)
        if stop.is_set():
            raise Stopped(result.take)
        parts["proofs"] = time.monotonic() - since
        since = time.monotonic()
        task = progress.add_task("writing the report", total=1)
        report = write_report(out, result, drawn, proofs, renderer)
        progress.advance(task)
        parts["report"] = time.monotonic() - since
    rounded = {name: round(seconds, 1) for name, seconds in parts.items()}
    return Demo(result, drawn, proofs, report, time.monotonic() - began, rounded)


def _play(
    loaded: content.Loaded, production: Production, out: Path, stop: Stop, progress: Progress
) -> Result:
    pictures: Output = stage_pictures(loaded, production, quality="draft")
    total = production.rate.frame_at(round(content.show_file(loaded).seconds * 1e9))
    task = progress.add_task("playing live (loading recognisers)", total=total)

    def on_frame(number: int, frame: Frame) -> None:
        progress.update(task, completed=number + 1, description=f"playing live: beat {frame.beat}")

    preparing = Preparing(progress.console, lambda text: progress.update(task, description=text))
    plan = Plan(out, replace_take=True)
    outputs = Outputs.of(pictures)
    return Runner(loaded, production, plan, outputs, on_frame, preparing=preparing).run(stop)


def _prove(
    production: Production, progress: Progress, stop: Stop
) -> tuple[dict[str, WallProof], str]:
    walls = production.stage.walls if production.stage else ()
    task = progress.add_task("verifying the walls", total=len(walls))
    graphics = open_graphics()
    proofs = {}
    try:
        for wall in walls:
            assert production.stage is not None
            if stop.is_set():
                break
            proofs[wall.id] = verify_wall(graphics, production.stage, wall.id)
            progress.advance(task)
        return proofs, graphics.renderer
    finally:
        graphics.close()


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<44}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
