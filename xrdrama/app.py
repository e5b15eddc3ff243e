"""`xrdrama run`: what is connected for a show, and what is done before and after it runs."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from xrdrama import content
from xrdrama.processes.stopping import Stopped
from xrdrama.processes.viewers import ViewerProcesses
from xrdrama.run.lamps import Lamps, summary
from xrdrama.run.options import RunOptions, refuse_contradictions
from xrdrama.run.outputs.builtin import requested
from xrdrama.run.outputs.outputs import Context, Outputs, asked_of
from xrdrama.run.outputs.warming import Preparing
from xrdrama.run.plan import Plan, plan_of
from xrdrama.run.result import Result
from xrdrama.run.runner import Runner
from xrdrama.run.take.resuming import resumption
from xrdrama.run.watching import asked_of_viewers
from xrdrama.show import Production
from xrdrama.show.ports import Stop
from xrdrama.tools.checking.playable import refuse_undrawable, refuse_unplayable, warnings_of
from xrdrama.tools.takes.rendering import with_videos
from xrdrama.wire.frame import Frame


def run_show(options: RunOptions, console: Console, stop: Stop) -> Result:
    """Run a show. At a fixed rate, videos are then rendered from the take, one process per core; if
    that fails, the result has the reason and the take.

    Raises Stopped when `stop` is set before the end of a run at a fixed rate.
    """
    refuse_contradictions(options)
    loaded = content.with_viewers(content.load_show(options.show), options.viewers)
    production = content.produce(loaded)
    refuse_unplayable(loaded, production)
    plan = plan_of(options, content.show_file(loaded))
    warnings = warnings_of(options, loaded, production)
    draws_videos = options.fixed_rate and options.video and production.stage is not None

    def on_notice(text: str) -> None:
        console.print(f"[yellow]{escape(text)}[/]")

    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        for text in warnings:
            on_notice(text)
        if overscan := production.stage and production.stage.inner.overscan_notice():
            on_notice(overscan)
        if draws_videos:  # before the run, not after it
            preparing = progress.add_task("preparing the sets", total=None)
            refuse_undrawable(loaded, production)
            progress.remove_task(preparing)
        viewers = _viewers(options, production, on_notice, stop)
        runner = _runner(
            options, plan, loaded, production, viewers, console, progress, on_notice, stop
        )
        if options.resume is not None:
            on_notice(resumption(runner.first, production.rate, options.seconds))
        result = runner.run(stop)
        for text in result.warnings:
            on_notice(text)
        result = replace(result, warnings=(*warnings, *result.warnings))
        if viewers:
            result = replace(result, watched=viewers.watched())
        if options.fixed_rate and stop.is_set():
            raise Stopped(result.take)
        if draws_videos:
            task = progress.add_task("drawing")
            result = with_videos(
                result,
                options.out,
                quality="draft" if options.quality == "draft" else "full",
                progress=lambda done, total: progress.update(task, completed=done, total=total),
                on_notice=on_notice,
                stop=stop,
            )
    return result


def _runner(
    options: RunOptions,
    plan: Plan,
    loaded: content.Loaded,
    production: Production,
    viewers: ViewerProcesses | None,
    console: Console,
    progress: Progress,
    on_notice: Callable[[str], None],
    stop: Stop,
) -> Runner:
    """The runner of a show with its outputs, which reports to `progress`."""
    task = progress.add_task("running", total=None)
    lamps = Lamps()

    def on_frame(number: int, frame: Frame) -> None:
        done = number + 1 - runner.first
        for text in lamps.news(frame):
            on_notice(text)
        lit = f"[red]{escape(summary(frame))}[/] " if frame.faces else ""
        progress.update(task, completed=done, description=f"{lit}beat {frame.beat}")

    context = Context(loaded, production, options.fixed_rate, on_notice, stop.is_set)
    outputs = Outputs.open([*requested(options, production), *asked_of(loaded)], context)
    prepared = Preparing(console, lambda text: progress.update(task, description=text))
    runner = Runner(
        loaded, production, plan, outputs, on_frame, on_notice, viewers, prepared,
        check=refuse_unplayable,
    )  # fmt: skip
    progress.update(task, total=runner.total or None)
    return runner


def _viewers(
    options: RunOptions,
    production: Production,
    on_notice: Callable[[str], None],
    stop: Stop,
) -> ViewerProcesses | None:
    if options.viewer is None:
        return None
    asked = asked_of_viewers(options, production)
    return ViewerProcesses(
        options.show,
        options.viewer,
        options.out,
        on_notice,
        asked=asked,
        is_stopping=stop.is_set,
    )
