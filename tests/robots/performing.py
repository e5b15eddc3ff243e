"""A performance of the simulated robot without a show: a gesture in, figures out."""

from __future__ import annotations

from typing import NamedTuple

from tests.robots.gestures import Gesture
from xrdrama.adapters.mujoco.simulated import Push, SimulatedBody
from xrdrama.performer.robot.body import CONTROL_STEP
from xrdrama.performer.robot.clearance import clear
from xrdrama.performer.robot.driving import Command, ReportState
from xrdrama.performer.robot.joints import DRIVEN, angles_of
from xrdrama.performer.robot.limiting import Track
from xrdrama.robots.loop import Loop

FRAME_STEPS = 4
"""Control steps between two frames, at 25 frames a second."""


class Performed(NamedTuple):
    error: float
    """The largest distance of a joint from its target after 0.3 s of rest, rad."""
    range_used: float
    """The largest share of half a joint's range that the body reached; 1 is the joint's stop."""
    speed_used: float
    """The largest share of a joint's greatest speed."""
    touching: int
    fell_at: int | None
    reports: list[tuple[int, ReportState]]
    """When (ns) and what was reported."""


def released(body: SimulatedBody) -> Loop:
    """A loop whose latch both keys have just released."""
    loop = Loop(body)
    body.advance(CONTROL_STEP)
    for number in range(2):
        loop.hand_key(0)
        loop.received(Command(number, angles_of({}), releases=number), 0)
    return loop


def perform(
    gesture: Gesture,
    seconds: float = 6.0,
    shoves: list[Push] | None = None,
    *,
    limited: bool = True,
) -> Performed:
    """`limited` False sends the gesture to the body as it is: the control of the limits."""
    body = SimulatedBody(shoves)
    loop = released(body)
    error = range_used = speed_used = 0.0
    still, goal = 0, clear(angles_of({}))
    reports: list[tuple[int, ReportState]] = []
    for step in range(1, round(seconds * 100)):
        at = step * CONTROL_STEP
        pose = gesture(at / 1e9)
        if step % FRAME_STEPS == 1:
            loop.received(Command(step + 2, angles_of(pose), releases=1), at)
        reports += [(at, state) for state in loop.step(at)]
        assert loop.driver.command is not None
        before, goal = goal, clear(loop.driver.command.targets)
        track = loop.driver.track
        if not limited:
            raw = tuple(joint.angle(pose.get(joint.channel, 0.0)) for joint in DRIVEN)
            body.command(raw)
            track = Track(raw)
            body.advance(at + 2 * CONTROL_STEP)
        newest = body._measured[-1]
        is_still = track is not None and max(map(abs, track.speeds)) < 0.02
        still = still + 1 if is_still and goal.is_clear and goal == before else 0
        for joint, angle, speed, target in zip(
            DRIVEN, newest.angles, newest.speeds, goal.angles, strict=False
        ):
            half = (joint.high - joint.low) / 2
            range_used = max(range_used, abs(angle - (joint.low + half)) / half)
            speed_used = max(speed_used, abs(speed) / joint.speed)
            if still > 30:
                error = max(error, abs(angle - target))
    return Performed(error, range_used, speed_used, body.touching, body.fell_at, reports)
