"""`xrdrama robot simulate`: a show at a fixed rate with a simulated robot."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from xrdrama import content
from xrdrama.adapters.mujoco.simulated import SimulatedBody, pushes
from xrdrama.document import suggestion
from xrdrama.errors import UsageError
from xrdrama.performer import Root
from xrdrama.performer.robot.joints import JOINTS
from xrdrama.performer.robot.shape import HIP_HEIGHT
from xrdrama.robots.acting import WALK, Acts
from xrdrama.robots.simulation import Figures, JointFrame, SimulatedRobot
from xrdrama.run.options import RunOptions
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.run.plan import plan_of
from xrdrama.run.result import Result
from xrdrama.run.runner import Runner
from xrdrama.saving import save
from xrdrama.show import Production
from xrdrama.show.ports import Stop
from xrdrama.tools.checking.playable import refuse_unplayable

ROOT: Final = ("x_m", "y_m", "z_m", "qw", "qx", "qy", "qz")


class Simulated(msgspec.Struct, frozen=True):
    """What a simulation left: the run, the figures, and the file of the joint track."""

    performer: str
    result: Result
    figures: Figures
    joints: Path
    track: tuple[JointFrame, ...] = ()
    hips: float = HIP_HEIGHT
    """How high the hips of its figure are at rest, metres."""
    mark: Root = Root()
    """Where it was put on its feet."""


def simulate(
    options: RunOptions,
    stop: Stop,
    *,
    performer: str = "",
    push_n: float = 0.0,
    seed: int = 1,
    mass: float = 1.0,
    check: Callable[[Production, str], None] = lambda production, name: None,
    notice: Callable[[str], None] = lambda text: None,
) -> Simulated:
    """Run a show at a fixed rate with the simulated body of one performer.

    `push_n` pushes the trunk at random, up to so many newtons for 0.1 s about every 3 s; `mass`
    scales the robot's mass. `check` is called with the show and the robot's name before it runs.
    UsageError for a show without a robot.
    """
    loaded = content.load_show(options.show)
    production = content.produce(loaded)
    refuse_unplayable(loaded, production)
    name = robot_in(production, performer)
    check(production, name)
    plan = plan_of(options, content.show_file(loaded))
    file = content.show_file(loaded)
    seconds = options.seconds or file.seconds or 60.0
    body = SimulatedBody(pushes(seed, push_n, seconds) if push_n else None, mass=mass)
    robot = robot_of(production, name, body)
    runner = Runner(loaded, production, plan, Outputs.of(robot), notice=notice)
    robot.report = runner.ingress.record
    result = runner.run(stop)
    joints = result.take.with_suffix(".joints.csv")
    save(joints, _csv(robot.track))
    skeleton = production.cast[name].performer.body.skeleton
    hips = skeleton.bones["hips"].z if skeleton else HIP_HEIGHT
    return Simulated(
        name, result, robot.figures(), joints, tuple(robot.track), hips, robot.mark or Root()
    )


def robot_of(production: Production, name: str, body: SimulatedBody) -> SimulatedRobot:
    """The simulated robot that plays the performer `name`."""
    found: list[SimulatedRobot] = []
    acts = Acts(
        name,
        production.cast[name].performer,
        on_walk=lambda: found[0].commands.not_carried.add(WALK),
    )
    found.append(SimulatedRobot(name, acts, body, production.rate))
    return found[0]


def robot_in(production: Production, wanted: str) -> str:
    """The performer whose body is a robot: `wanted`, or the only one of the show."""
    robots = [name for name, one in production.cast.items() if one.performer.body.kind == "robot"]
    if wanted in robots:
        return wanted
    if wanted:
        raise UsageError(
            f"the show {production.id} has no robot {wanted!r}",
            suggestion(wanted, robots) or f"its robots are: {', '.join(robots) or 'none'}",
        )
    if len(robots) != 1:
        what = "no robot" if not robots else f"{len(robots)} robots: {', '.join(robots)}"
        raise UsageError(
            f"the show {production.id} has {what}",
            "name one with --performer"
            if robots
            else "add one to performers: of the show file, such as k1: {mark: gate}",
        )
    return robots[0]


def _csv(track: list[JointFrame]) -> bytes:
    """The joint track: seconds, the trunk, then 22 joints in radians, a row for each 10 ms."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["at_s", *ROOT, *(joint.name for joint in JOINTS)])
    for row in track:
        writer.writerow([f"{n:.6f}" for n in (row.at_s, *row.root, *row.angles)])
    return text.getvalue().encode()
