"""Commands that play: demo, run, replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli import viewer_options
from xrdrama.cli.options import (
    JSON,
    ConsolePort,
    Face,
    FixedRate,
    FullScreen,
    Headless,
    Inputs,
    Language,
    LiveQuality,
    Network,
    NoConsole,
    NoNodes,
    NoVideo,
    NoWarmUp,
    OnWall,
    Out,
    Port,
    Presenter,
    Resume,
    ResumeDamaged,
    Seconds,
    SetMemory,
    Tracker,
    TrackingLog,
    Watch,
    Window,
)
from xrdrama.cli.printing.output import console, fail_line, print_json, print_line, stop_on_signals
from xrdrama.cli.printing.results import (
    counted_in,
    counts_of,
    pick_of,
    print_recording,
    print_result,
    say_lost,
)
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.run.result import Result


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(demo)
    app.command()(run)
    app.command()(replay)


def demo(out: Out = Path("out/demo"), json: JSON = False) -> int:
    """Play 45 s of the drama on a simulated LED stage; write videos, a report and the take."""
    from xrdrama.tools.demo import LIVE_SHOW, run_demo

    messages = console(stderr=True)
    done = run_demo(out, messages, stop=stop_on_signals())
    result = done.result
    if json:
        print_json(
            {
                "seconds": done.seconds,
                "parts_s": done.parts,
                **counts_of(result),
                "frames_in_videos": done.drawn.frames,
                "picks": [pick_of(number, pick) for number, pick in result.picks],
                "report": str(done.report),
                "through_the_lens": str(done.drawn.lens),
                "wall": str(done.drawn.wall),
                "take": str(result.take),
                "recording": result.recording,
                "walls": {name: proof.passed for name, proof in done.proofs.items()},
            }
        )
        return print_recording(result)
    parts = ", ".join(f"{name.replace('_', ' ')} {s:.0f} s" for name, s in done.parts.items())
    print_line(f"{counted_in(result)}; {done.drawn.frames} frames in both videos")
    say_lost(result)
    print_line(f"{done.seconds:.0f} s in all: {parts}. Results:")
    for path in (done.report, done.drawn.lens, done.drawn.wall, result.take):
        print_line(f"  {path}")
    print_line()
    print_line("To play live (run and vr print the address of a director's console):")
    print_line(f"  xrdrama run {LIVE_SHOW} --window     a window, a microphone and a camera")
    print_line("  xrdrama vr lantern_headset             a headset, or a window without one")
    print_line("  xrdrama play one_lantern_too_many      this terminal")
    return print_recording(result)


def run(
    show: Annotated[str, typer.Argument(help="Name of a show, or its .show.yaml file.")],
    headless: Headless = False,
    window: Window = False,
    language: Language = "",
    full_screen: FullScreen = "",
    presenter: Presenter = False,
    captions: viewer_options.Captions = None,
    contrast: viewer_options.Contrast = None,
    motion: viewer_options.Motion = None,
    sound_captions: viewer_options.SoundCaptions = None,
    scan: viewer_options.Scan = None,
    time_scale: viewer_options.TimeScale = None,
    time_limits: viewer_options.TimeLimits = None,
    wall: OnWall = None,
    fixed_rate: FixedRate = False,
    seconds: Seconds = None,
    out: Out = Path("out/run"),
    inputs: Inputs = None,
    face: Face = "",
    tracker: Tracker = False,
    tracking_log: TrackingLog = None,
    no_video: NoVideo = False,
    quality: LiveQuality = "",
    resume: Resume = None,
    resume_from_damaged: ResumeDamaged = False,
    watch: Watch = False,
    port: Port = 0,
    network: Network = "",
    no_console: NoConsole = False,
    console_port: ConsolePort = 0,
    set_memory: SetMemory = 4096,
    no_warm_up: NoWarmUp = False,
    no_nodes: NoNodes = False,
    json: JSON = False,
) -> int:
    """Run a show. With --fixed-rate, writes both videos into --out.

    Exit status: 0 when the show ran and all of it is in the take; 1 when something was wrong with
    the recording (what is missing is counted); 2 when it could not run, or videos not be drawn.
    """
    from xrdrama.app import run_show
    from xrdrama.run.options import RunOptions

    _enter_project_of(show)
    said = viewer_options.said(
        captions=captions, contrast=contrast, motion=motion, sound_captions=sound_captions,
        scan=scan, time_scale=time_scale, time_limits=time_limits,
    )  # fmt: skip
    options = RunOptions(
        show=show, headless=headless, wall=_valid(wall or []), viewer="window" if window else None,
        viewers=said, language=language, full_screen=full_screen, presenter=presenter,
        fixed_rate=fixed_rate, seconds=seconds, out=out, inputs=tuple(inputs or ()), face=face,
        operator=not tracker, tracking_log=tracking_log, video=not no_video,
        quality=_valid_quality(quality), resume=resume, resume_damaged=resume_from_damaged,
        watch=watch, port=port, network=network, console=not no_console, console_port=console_port,
        warm_up=not no_warm_up, set_memory_mb=set_memory, nodes=not no_nodes,
    )  # fmt: skip
    return _print_run(run_show(options, console(stderr=True), stop_on_signals()), out, json=json)


def _enter_project_of(show: str) -> None:
    """Look names up in the show's project, too, as processes do that know its names only."""
    from xrdrama import content

    content.enter_project(content.find("show", show))


def _print_run(result: Result, out: Path, *, json: bool) -> int:
    """Print the result of a run; its exit status."""
    print_result(result, json=json)
    return print_recording(result) if not result.undrawn else _print_undrawn(result, out)


def _valid_quality(quality: str) -> str:
    if quality not in ("", "draft", "full"):
        raise UsageError(f"--quality {quality!r} is not valid", "use draft or full")
    return quality


def _valid(walls: list[str]) -> tuple[str, ...]:
    """The values of --wall; UsageError for one that is not valid, before anything is started."""
    if walls:
        from xrdrama.run.outputs.displays import asked

        for text in walls:
            asked(text)
    return tuple(walls)


def _print_undrawn(result: Result, out: Path) -> int:
    """What is missing of a run whose videos could not be drawn; its exit status."""
    print_recording(result)
    fail_line(
        f"the videos were not drawn: {result.undrawn}; the take is complete, draw it with"
        f" `xrdrama render {result.take} --out {out}`"
    )
    return 2


def replay(
    take: Annotated[Path, typer.Argument(help="Take file (.take).")],
    embedded: Annotated[
        bool,
        typer.Option(
            "--embedded", help="Use the files stored in the take instead of the current ones."
        ),
    ] = False,
    bodies: Annotated[
        bool,
        typer.Option(
            "--bodies",
            help="Move a simulated robot, too, and compare what it reports; without this a replay"
            " moves no body.",
        ),
    ] = False,
    json: JSON = False,
) -> int:
    """Replay a take and compare every frame's hash.

    Exits with 1 when a frame differs or the file is damaged.
    """
    from xrdrama import content
    from xrdrama.tools.takes.replaying import replay_take

    content.enter_project(take)
    done = replay_take(take, embedded=embedded)
    if bodies:
        return _replay_bodies(take, embedded=embedded, json=json) | int(not done.identical)
    if json:
        print_json(done)
    elif done.identical:
        print_line(f"{done.frames} frames, all identical ({done.hash})")
    else:
        print_line(f"{done.frames} frames; the first frame that differs is {done.first_difference}")
        if done.older_rules:
            print_line(
                f"the take was recorded by an earlier version; since then, {done.changed}: replay "
                "it with that version"
            )
    for finding in (*done.remarks, *done.findings):
        fail_line(finding)
    return int(done.torn or not done.identical)


def _replay_bodies(take: Path, *, embedded: bool, json: bool) -> int:
    """Replay a take with a simulated robot; 1 when it reports otherwise."""
    from xrdrama.tools.robot.replaying import replay_bodies

    moved = replay_bodies(take, embedded=embedded)
    if json:
        print_json(moved)
    elif moved.identical:
        print_line(f"{moved.performer}: {len(moved.replayed)} reports, all as in the take")
    else:
        print_line(f"{moved.performer} differs: {moved.first_difference}")
    return int(not moved.identical)
