"""The commands `robot`: run, stop, release and simulate a robot that takes a show's cues."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xrdrama.cli.options import JSON, Out, Seconds
from xrdrama.cli.printing.output import (
    console,
    print_json,
    print_line,
    stop_on_signals,
    table,
)
from xrdrama.cli.printing.plain import note_line

if TYPE_CHECKING:
    from xrdrama.robots.process import Damped, State
    from xrdrama.robots.sending import Sent
    from xrdrama.tools.robot.simulating import Simulated

FINDINGS = 1
robot_group = typer.Typer(help="A robot that takes the same cues.", no_args_is_help=True)
Core = Annotated[
    str,
    typer.Option(help="Address of the show, tcp://HOST:PORT; default: the show on this machine."),
]
Performer = Annotated[str, typer.Argument(help="The performer whose body it is, such as k1.")]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(robot_group, name="robot")


@robot_group.command("run")
def run(
    show: Annotated[str, typer.Argument(help="The show that runs: its name or .show.yaml file.")],
    performer: Annotated[
        str, typer.Option(help="The performer; default: the show's only robot.")
    ] = "",
    core: Core = "",
    body: Annotated[
        str, typer.Option(help="Which body: the name of a plug-in; simulated is MuJoCo.")
    ] = "simulated",
    sdk: Annotated[
        str, typer.Option(help="Address of a real robot; needs a plug-in with the vendor's SDK.")
    ] = "",
    json: JSON = False,
) -> int:
    """Drive a robot's body in a running show, at the robot.

    The robot is stopped when this starts, and moves after both releases: type release here, and
    run xrdrama robot release. Enter stops it. Without new frames of the show for 100 ms it is
    damped, and stays stopped.
    """
    from xrdrama.robots.process import Damped
    from xrdrama.robots.terminal import HELP, NO_HAND, has_hand
    from xrdrama.tools.robot.running import run_robot

    def changed(change: Damped | State) -> None:
        if json:
            print_json(change)
        elif isinstance(change, Damped):
            print_line(
                f"{name} is damped: {change.damped} ({change.steps} control steps and"
                f" {change.ms:.0f} ms after the newest command)"
            )
        else:
            print_line(f"{name}: {change.state}{f' ({change.why})' if change.why else ''}")
        sys.stdout.flush()

    name = performer or "the robot"
    note = HELP.format(performer=performer or "NAME") if has_hand() else NO_HAND
    sys.stderr.write(f"{note}\n")
    process = run_robot(show, core, performer, body, sdk, changed, stop_on_signals())
    counts = {
        "reports_dropped": process.dropped,
        "telemetry_dropped": process.loop.driver.health.dropped,
        "ready_while_lying": process.loop.driver.health.contradictions,
        "commands_ignored": process.loop.driver.ignored,
        "not_carried": sorted(process.commands.not_carried),
    }
    if json:
        print_json(counts)
    else:
        print_line(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in counts.items()))
    return 0


@robot_group.command("simulate")
def simulate(
    show: Annotated[str, typer.Argument(help="Name of a show, or its .show.yaml file.")],
    out: Out = Path("out/robot"),
    seconds: Seconds = None,
    performer: Annotated[
        str, typer.Option(help="The performer; default: the show's only robot.")
    ] = "",
    push: Annotated[
        float, typer.Option(help="Push it at random, up to so many newtons for 0.1 s.", min=0.0)
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="The dice of the pushes.")] = 1,
    mass: Annotated[float, typer.Option(help="Scale of the robot's mass.", min=0.2, max=5.0)] = 1.0,
    still: Annotated[
        str, typer.Option(help="Draw these frames with the robot as simulated: 48,96,144.")
    ] = "",
    video: Annotated[
        bool, typer.Option("--video", help="Draw every frame with the robot as simulated.")
    ] = False,
    json: JSON = False,
) -> int:
    """Run a show at a fixed rate with a simulated robot (MuJoCo); write its joint track.

    The figures are simulated. The take replays without MuJoCo. Pictures show the pose that MuJoCo
    computed; xrdrama render draws the commanded one.
    """
    from xrdrama.cli.parsing import numbers_of
    from xrdrama.run.options import RunOptions
    from xrdrama.tools.robot.simulating import simulate as run_simulation

    options = RunOptions(show=show, out=out, fixed_rate=True, seconds=seconds, console=False)
    numbers, stop = numbers_of("--still", still), stop_on_signals()
    draws = bool(numbers) or video
    if draws:
        from xrdrama.tools.robot.drawing import draw_simulated, refuse_undrawable
    done = run_simulation(
        options,
        stop,
        performer=performer,
        push_n=push,
        seed=seed,
        mass=mass,
        check=refuse_undrawable if draws else lambda production, name: None,
        notice=note_line,
    )
    pictures: tuple[Path, ...] = ()
    if draws:
        pictures = draw_simulated(done, out, numbers, video=video, stop=stop, notice=note_line)
    _print_simulated(done, pictures, json=json)
    return 0 if done.figures.fell_s is None else FINDINGS


def _print_simulated(done: Simulated, pictures: Sequence[Path], *, json: bool) -> None:
    if json:
        print_json(
            {
                "performer": done.performer,
                "frames": done.result.frames,
                "ending": done.result.ending,
                "simulated": done.figures,
                "take": str(done.result.take),
                "joints": str(done.joints),
                "pictures": [str(file) for file in pictures],
            }
        )
        return
    figures = done.figures
    shown = table("simulated", done.performer)
    fell = "no"
    if figures.fell_s is not None:
        frame = round(figures.fell_s * done.result.frames / figures.seconds)
        fell = f"after {figures.fell_s:.2f} s (frame {frame})"
    for what, value in (
        ("seconds", f"{figures.seconds:.1f}"),
        ("fell", fell),
        ("joint error after settling", f"{figures.error_rad:.3f} rad (goal: 0.05)"),
        ("range used", f"{figures.range_used:.0%}"),
        ("speed used", f"{figures.speed_used:.0%}"),
        ("control steps that touch", str(figures.touching)),
        ("reports", ", ".join(f"{state} {at:.2f} s" for at, state in figures.reports)),
        ("not carried", ", ".join(figures.not_carried) or "nothing"),
        ("ending", done.result.ending or "none"),
        ("joint track", str(done.joints)),
        ("take", str(done.result.take)),
    ):
        shown.add_row(what, value)
    console().print(shown)
    for file in pictures:
        print_line(str(file))


@robot_group.command("stop")
def stop(
    performer: Annotated[str, typer.Argument(help="The performer; default: every body.")] = "",
    core: Core = "",
    json: JSON = False,
) -> int:
    """Stop a robot, or every robot. It is damped, and stays so until it is released."""
    from xrdrama.processes.finding import found_core
    from xrdrama.robots.sending import send_stop

    sent = send_stop(core or found_core(), performer)
    if not json and performer and performer not in {row.performer for row in sent.latches}:
        print_line(f"no body reports as {performer!r}: every body was stopped")
    return _print(sent, json=json)


@robot_group.command("release")
def release(performer: Performer = "k1", core: Core = "", json: JSON = False) -> int:
    """Turn the director's key of a stopped robot.

    It moves after somebody at its own process has typed release, too, within 30 seconds.
    """
    from xrdrama.processes.finding import found_core
    from xrdrama.robots.sending import confirmed, send_release

    sent = send_release(core or found_core(), performer)
    confirmed(sent)
    return _print(sent, json=json)


def _print(sent: Sent, *, json: bool) -> int:
    bodies = [row for row in sent.latches if row.performer]
    if json:
        names = type(bodies[0]).__struct_fields__ if bodies else ()
        print_json({"bodies": [{name: getattr(row, name) for name in names} for row in bodies]})
        return 0
    for row in bodies:
        print_line(f"{row.performer}: {row.state or 'not connected'}")
    if not bodies:
        print_line("no body is connected to this show")
    return 0
