"""Commands that play: demo, run, replay, and the processes that they start."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from xrdrama.cli.output import console, fail_line, finite, print_json, print_line, writable_folder
from xrdrama.errors import UsageError

if TYPE_CHECKING:
    from xrdrama.run.result import Result
    from xrdrama.tracking.health import Report

MANY_LATE = 0.1
"""The share of late frames from which on a run says what to do about them."""
JSON = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Out = Annotated[
    Path,
    typer.Option(
        help="The folder for what is made.", callback=lambda path: writable_folder("--out", path)
    ),
]
Seconds = Annotated[
    float | None,
    typer.Option(
        help="Stop after N seconds; with --resume counted from the resumption.",
        min=0.01,
        callback=finite,
    ),
]
Port = Annotated[
    int, typer.Option(help="The bridge's first port of three; 0 = any.", min=0, max=65_533)
]

ResumeDamaged = Annotated[
    bool,
    typer.Option(
        "--resume-from-damaged",
        help="Resume a take that is damaged in the middle: go on from the damaged place, keep the"
        " damaged file beside the take, say what is lost.",
    ),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command()(demo)
    app.command()(run)
    app.command()(replay)
    app.command()(render)
    app.command("input", hidden=True)(input_process)
    app.command("draw", hidden=True)(draw_process)
    app.command("compile", hidden=True)(compile_process)


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C and a polite kill set, so that takes are closed whole."""
    from xrdrama.processes.stopping import set_on_signals

    stop = threading.Event()
    set_on_signals(stop)
    return stop


def demo(out: Out = Path("out/demo"), json: JSON = False) -> int:
    """Play 45 s of the drama on a simulated LED stage; leaves videos, a report and the take."""
    from xrdrama.tools.demo import LIVE_SHOW, run_demo

    told = console(stderr=True)
    done = run_demo(out, told, stop=stop_on_signals())
    result = done.result
    if json:
        print_json(
            {
                "seconds": done.seconds,
                "parts_s": done.parts,
                **_counts(result),
                "frames_in_videos": done.drawn.frames,
                "picks": [_pick(number, pick) for number, pick in result.picks],
                "report": str(done.report),
                "through_the_lens": str(done.drawn.lens),
                "wall": str(done.drawn.wall),
                "take": str(result.take),
                "recording": result.recording,
                "walls": {name: proof.passed for name, proof in done.proofs.items()},
            }
        )
        return tell_recording(result)
    parts = ", ".join(f"{name.replace('_', ' ')} {s:.0f} s" for name, s in done.parts.items())
    print_line(f"{_counted(result)}; {done.drawn.frames} frames in both videos")
    _say_lost(result)
    print_line(f"{done.seconds:.0f} s in all: {parts}; look at")
    for path in (done.report, done.drawn.lens, done.drawn.wall, result.take):
        print_line(f"  {path}")
    print_line()
    print_line("Live; run and vr print the address of a director's console:")
    print_line(f"  xrdrama run {LIVE_SHOW} --window     a window, a microphone and a camera")
    print_line("  xrdrama vr lantern_headset             a headset; a window where there is none")
    print_line("  xrdrama play one_lantern_too_many      this terminal")
    return tell_recording(result)


def run(
    show: Annotated[str, typer.Argument(help="A show by name, or its file.")],
    headless: Annotated[bool, typer.Option("--headless", help="Draw without a screen.")] = False,
    window: Annotated[
        bool, typer.Option("--window", help="Watch it in a window: look round, pick, step.")
    ] = False,
    wall: Annotated[
        str, typer.Option(metavar="X,Y", help="Show the LED canvas there on the desktop: 0,0.")
    ] = "",
    fixed_rate: Annotated[
        bool, typer.Option("--fixed-rate", help="On the virtual clock: every frame, repeatable.")
    ] = False,
    seconds: Seconds = None,
    out: Out = Path("out/run"),
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", help="NAME=microphone, NAME=camera:0 or NAME=file:PATH."),
    ] = None,
    tracker: Annotated[
        bool, typer.Option("--tracker", help="A real tracker instead of the simulated operator.")
    ] = False,
    no_video: Annotated[
        bool, typer.Option("--no-video", help="Values only: nothing is drawn or encoded.")
    ] = False,
    quality: Annotated[str, typer.Option(help="draft or full.")] = "",
    resume: Annotated[Path | None, typer.Option(help="Go on with this take.")] = None,
    resume_from_damaged: ResumeDamaged = False,
    port: Port = 0,
    no_console: Annotated[
        bool, typer.Option("--no-console", help="No director's page beside the show.")
    ] = False,
    console_port: Annotated[
        int, typer.Option(help="The page's port; 0 = any.", min=0, max=65_535)
    ] = 0,
    no_warm_up: Annotated[
        bool,
        typer.Option("--no-warm-up", hidden=True, help="Start the clock at once, drawing cold."),
    ] = False,
    json: JSON = False,
) -> int:
    """Run a show. With --fixed-rate, writes both videos into --out.

    Exit status: 0 when the show ran and all of it is in the take; 1 when it ran and something was
    wrong with the recording (a full disk, a take that was deleted or moved: what is missing is
    counted); 2 when it could not run, or its videos could not be drawn.
    """
    from xrdrama.app import Wanted, run_show

    if quality not in ("", "draft", "full"):
        raise UsageError(f"--quality {quality!r} is not known", "draft or full")
    wanted = Wanted(
        show=show,
        headless=headless,
        wall=_corner(wall) if wall else None,
        viewer="window" if window else None,
        fixed_rate=fixed_rate,
        seconds=seconds,
        out=out,
        inputs=tuple(inputs or ()),
        operator=not tracker,
        video=not no_video,
        quality=quality,
        resume=resume,
        resume_damaged=resume_from_damaged,
        port=port,
        console=not no_console,
        console_port=console_port,
        warm_up=not no_warm_up,
    )
    result = run_show(wanted, console(stderr=True), stop_on_signals())
    tell(result, json=json)
    found = tell_recording(result)
    if result.undrawn:
        fail_line(
            f"the videos were not drawn: {result.undrawn}; the take is complete, draw it with"
            f" `xrdrama render {result.take} --out {out}`"
        )
        return 2
    return found


def tell_recording(result: Result) -> int:
    """What was wrong with the take, on stderr; 1 when anything was, else 0."""
    recording = result.recording
    for trouble in recording.troubles:
        fail_line(trouble)
    if not recording.complete:
        fail_line(
            f"the take is not complete: {recording.missing_frames} frames and"
            f" {recording.missing_events} events are missing in {result.take}"
        )
    return int(bool(recording.troubles) or not recording.complete)


def _corner(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(-?\d{1,5}),(-?\d{1,5})", text.strip())
    if match is None:
        raise UsageError(
            f"--wall {text!r} is no corner", "write 0,0, or 1920,0 for a display on the right"
        )
    return int(match[1]), int(match[2])


def tell(result: Result, *, json: bool) -> None:
    """What came of a run, for a person or for a machine."""
    if json:
        print_json(
            {
                **_counts(result),
                "fps": round(result.fps, 3),
                "picks": [_pick(number, pick) for number, pick in result.picks],
                "take": str(result.take),
                "recording": result.recording,
                "ending": result.ending,
                "not_ready": list(result.not_ready),
                "videos": result.videos,
                "warnings": list(result.warnings),
                **({"undrawn": result.undrawn} if result.undrawn else {}),
                **({"output_faults": result.output_faults} if result.output_faults else {}),
                **({"tracking": _tracking(result.tracking)} if result.tracking else {}),
                **({"viewer": result.watched} if result.watched else {}),
            }
        )
    else:
        print_line(f"{_counted(result)}; take: {result.take}")
        _say_lost(result)
        _say_faults(result)
        for number, pick in result.picks:
            print_line(
                f"  frame {number}: {pick.beat} -> {pick.option or pick.to} by {pick.trigger}"
            )
        for video in result.videos:
            print_line(f"  {video}")
        if result.late_frames > MANY_LATE * result.frames:
            print_line(f"takes are drawn again at full rate: xrdrama render {result.take}")


def _counts(result: Result) -> dict[str, object]:
    """The counts of a run (`xrdrama.tools.report.counts`), older names beside them, and
    what was compiled and uploaded after the clock had started."""
    return {
        "made": result.made,
        "drawn": result.drawn,
        "late": result.late_frames,
        "skipped": result.skipped,
        "dropped": result.dropped,
        "frames": result.frames,
        "late_frames": result.late_frames,
        "skipped_frames": result.skipped,
        "dropped_events": result.dropped,
        "warm_up_s": round(result.warm_up_s, 2),
        **msgspec.structs.asdict(result.late_work),
    }


def _counted(result: Result) -> str:
    from xrdrama.tools.report.counts import counted

    return counted(result.made, result.drawn, result.late_frames, result.skipped, result.dropped)


def _say_lost(result: Result) -> None:
    """Say what a run lacks for good, and what to do about it."""
    if result.skipped or result.dropped:
        print_line(
            f"WARNING: {result.skipped} frames were skipped and {result.dropped} events dropped:"
            " this machine was too slow or its disk full, and the take lacks them; close other"
            " programs, use --quality draft, or run at --fixed-rate"
        )


def _say_faults(result: Result) -> None:
    for name, count in result.output_faults.items():
        print_line(f"WARNING: the output {name!r} failed {count} times")


def _tracking(report: Report) -> dict[str, object]:
    return {
        "packets": report.samples,
        "bad": report.bad,
        "gaps": report.gaps,
        "rate": round(report.rate, 2),
        "jumps": report.jumps,
        "padded": report.padded,
        "subjects": {name: one.samples for name, one in report.subjects.items()},
    }


def _pick(number: int, pick: object) -> dict[str, object]:
    from xrdrama.wire.frame import Pick

    assert isinstance(pick, Pick)
    return {
        "frame": number,
        "beat": pick.beat,
        "option": pick.option,
        "to": pick.to,
        "trigger": pick.trigger,
        "said": pick.said,
        "confidence": round(pick.confidence, 4),
        "latency_ms": round(pick.latency / 1e6, 1),
    }


def replay(
    take: Annotated[Path, typer.Argument(help="A .take file.")],
    embedded: Annotated[
        bool, typer.Option("--embedded", help="Use the take's own texts, whatever has changed.")
    ] = False,
    json: JSON = False,
) -> int:
    """Play a take again and compare every frame's hash; exit 1 when one differs, or the file is
    damaged."""
    from xrdrama.tools.replaying import replay_take

    done = replay_take(take, embedded=embedded)
    if json:
        print_json(done)
    elif done.identical:
        print_line(f"{done.frames} frames, all identical ({done.hash})")
    else:
        print_line(f"{done.frames} frames; the first that differs is {done.first_difference}")
        if done.older_rules:
            print_line(
                "the take was made by an earlier version, which moved the camera otherwise where "
                "tracking jumped or came back: replay it with that version"
            )
    for finding in done.findings:
        fail_line(finding)
    return int(done.torn or not done.identical)


def render(
    take: Annotated[Path, typer.Argument(help="A .take file.")],
    out: Out = Path("out/render"),
    quality: Annotated[str, typer.Option(help="draft or full.")] = "full",
    jobs: Annotated[int | None, typer.Option(help="Processes; default: one a core.", min=1)] = None,
    json: JSON = False,
) -> int:
    """Draw a take's videos again, every frame of it; exit 1 when the file is damaged (the frames
    before that place are drawn), when frames differ from the take's, or when sounds are missing."""
    from xrdrama.tools.rendering import draw_take

    if quality not in ("draft", "full"):
        raise UsageError(f"--quality {quality!r} is not known", "draft or full")
    drawn = draw_take(
        take,
        out,
        quality="draft" if quality == "draft" else "full",
        jobs=jobs,
        noticed=fail_line,
        stop=stop_on_signals(),
    )
    if json:
        print_json(drawn)
    else:
        print_line(f"{drawn.frames} frames in {drawn.seconds:.0f} s: {drawn.lens}, {drawn.wall}")
    for finding in drawn.findings:
        fail_line(finding)
    return int(drawn.torn or drawn.different > 0 or bool(drawn.missing))


def input_process(name: str, use: str, endpoint: str) -> int:
    """(internal) Run one input for the core at ENDPOINT; settings on stdin."""
    from xrdrama.processes.child import run_input

    return run_input(name, use, endpoint)


def draw_process(take: Path, out: Path, first: int, last: int, quality: str) -> int:
    """(internal) Draw frames FIRST to LAST of a take."""
    from xrdrama.errors import DeviceError
    from xrdrama.processes.child import end_with_parent
    from xrdrama.tools.rendering import draw_part

    threading.Thread(target=end_with_parent, args=(threading.Event(),), daemon=True).start()

    try:
        drawing = draw_part(take, out, first, last, "draft" if quality == "draft" else "full")
        for different in drawing:
            print_json({"different": different})
    except DeviceError as error:
        print_json({"failed": [error.message, error.remedy]})
        return 2
    return 0


def compile_process(file: Path, folder: Path) -> int:
    """(internal) Compile the scene FILE into FOLDER; problems as JSON on stdout."""
    from xrdrama.errors import AuthoringError, DeviceError
    from xrdrama.processes.sets import compile_to

    try:
        compile_to(file, folder)
    except AuthoringError as error:
        print_json({"problems": error.problems})
        return 1
    except DeviceError as error:
        print_json({"failed": [error.message, error.remedy]})
        return 2
    return 0
