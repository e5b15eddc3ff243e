"""`xrdrama run`: runs a show with the requested outputs."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from xrdrama import content
from xrdrama.errors import AuthoringError, XrdramaError
from xrdrama.processes.stopping import Stopped
from xrdrama.processes.viewers import ViewerProcesses
from xrdrama.run.options import RunOptions, refuse_contradictions
from xrdrama.run.outputs.outputs import Asked, Context, Outputs, asked_of
from xrdrama.run.outputs.warming import Preparing, clock
from xrdrama.run.plan import Plan
from xrdrama.run.result import Result
from xrdrama.run.runner import Runner
from xrdrama.run.sources import input_overrides
from xrdrama.show import Production
from xrdrama.show.ports import Stop
from xrdrama.tools.checking.contents import check_loaded
from xrdrama.tools.checking.legibility import check_show_texts
from xrdrama.tools.checking.legibility import messages as unreadable
from xrdrama.tools.checking.sounding import check_sounds
from xrdrama.tools.rendering import draw_take
from xrdrama.wire.frame import Frame


def run_show(options: RunOptions, console: Console, stop: Stop) -> Result:
    """Run a show. At a fixed rate, videos are then rendered from the take, one process per core; if
    that fails, the result has the reason and the take.

    Raises Stopped when `stop` is set before the end of a run at a fixed rate.
    """
    refuse_contradictions(options)
    loaded = content.load_show(options.show)
    production = content.produce(loaded)
    unplayable = check_loaded(loaded, production)
    if unplayable:
        raise AuthoringError(unplayable)
    file = content.show_file(loaded)
    plan = Plan(
        options.out,
        options.fixed_rate,
        options.seconds,
        options.operator,
        input_overrides(file, list(options.inputs)),
        options.resume,
        options.resume_damaged,
        options.port,
        warm_up=options.warm_up,
    )
    warnings = _warnings(options, loaded, production)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("running", total=None)

        def on_frame(number: int, frame: Frame) -> None:
            progress.update(
                task, completed=number + 1 - runner.first, description=f"beat {frame.beat}"
            )

        def on_notice(text: str) -> None:
            console.print(f"[yellow]{escape(text)}[/]")

        for text in warnings:
            on_notice(text)
        overscan = production.stage.inner.overscan_notice() if production.stage else ""
        if overscan:
            on_notice(overscan)
        viewers = _viewers(options, on_notice, stop)
        context = Context(loaded, production, options.fixed_rate, on_notice, stop.is_set)
        outputs = Outputs.open(_asked(options, production, loaded), context)
        prepared = Preparing(console, lambda text: progress.update(task, description=text))
        runner = Runner(loaded, production, plan, outputs, on_frame, on_notice, viewers, prepared)
        progress.update(task, total=runner.total or None)
        if options.resume is not None:
            _say_resumed(options, runner, on_notice)
        result = msgspec.structs.replace(runner.run(stop), warnings=warnings)
        if viewers:
            result = msgspec.structs.replace(result, watched=viewers.watched())
        if options.fixed_rate and stop.is_set():
            raise Stopped(result.take)
        if options.fixed_rate and options.video and production.stage is not None:
            result = _drawn(options, result, progress, on_notice, stop)
    return result


def _drawn(
    options: RunOptions,
    result: Result,
    progress: Progress,
    on_notice: Callable[[str], None],
    stop: Stop,
) -> Result:
    """The result with its videos, or with the reason why they are missing."""
    task = progress.add_task("drawing")
    try:
        drawn = draw_take(
            result.take,
            options.out,
            quality="draft" if options.quality == "draft" else "full",
            progress=lambda done, total: progress.update(task, completed=done, total=total),
            on_notice=on_notice,
            stop=stop,
        )
    except XrdramaError as error:  # the take is complete, so the run has not failed
        return msgspec.structs.replace(result, undrawn=str(error))
    return msgspec.structs.replace(result, videos=(drawn.lens, drawn.wall), drawn=drawn.frames)


def _say_resumed(options: RunOptions, runner: Runner, on_notice: Callable[[str], None]) -> None:
    length = f"{options.seconds:g} s " if options.seconds else ""
    on_notice(f"{length}from the resumption, at {clock(runner.first * runner.rate.period)}")


def _asked(options: RunOptions, production: Production, loaded: content.Loaded) -> list[Asked]:
    """The outputs of a run: those of the command line, then those of the show file.

    At a fixed rate, pictures and sound are rendered from the take afterwards.
    """
    asked = []
    if options.video and not options.fixed_rate:
        if production.stage is not None and not options.viewer:  # with a viewer, the viewer draws
            quality = "full" if options.quality == "full" else "draft"
            asked.append(
                Asked("pictures", "pictures", {"quality": quality, "display": options.wall})
            )
        if options.viewer or options.wall is not None:
            asked.append(Asked("sound", "sound"))
    if options.console and not options.fixed_rate:
        settings = {"port": options.console_port, "show": options.show}
        asked.append(Asked("console", "console", settings))
    return asked + asked_of(loaded)


def _warnings(
    options: RunOptions, loaded: content.Loaded, production: Production
) -> tuple[str, ...]:
    """Problems of this run's texts and sounds, as `xrdrama check` reports them; AuthoringError for
    sounds that would stop the run."""
    if not options.video and not options.viewer:
        return ()
    story = loaded.path("story")
    sounds = check_sounds(story, decode=True) if story else []
    if any(problem.severity == "error" for problem in sounds):
        raise AuthoringError(sounds)
    problems = [*check_show_texts(loaded, production), *sounds]
    return tuple(unreadable(problems, options.show))


def _viewers(
    options: RunOptions, on_notice: Callable[[str], None], stop: Stop
) -> ViewerProcesses | None:
    if options.viewer is None:
        return None
    return ViewerProcesses(
        options.show, options.viewer, options.out, on_notice, is_stopping=stop.is_set
    )
