"""The simulated robot of a run at a fixed rate: an output that moves with the show's own clock.

It computes from one frame to the next, and what its body reports counts in the next tick. Its
reports are in the ingress log, so that the take replays without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from xrdrama.adapters.mujoco.simulated import SimulatedBody
from xrdrama.performer import Root
from xrdrama.performer.robot.body import CONTROL_STEP
from xrdrama.performer.robot.clearance import clear
from xrdrama.performer.robot.driving import ReportState
from xrdrama.performer.robot.joints import DRIVEN
from xrdrama.performer.robot.latch import Latch
from xrdrama.performer.robot.limiting import Track
from xrdrama.robots.commanding import Act, Commands
from xrdrama.robots.loop import Loop
from xrdrama.timing import FrameRate
from xrdrama.wire.events import Reported
from xrdrama.wire.frame import Frame

SETTLED_STEPS: Final = 30
"""Control steps of rest after which a joint must be where it was commanded."""
REPEAT_STEPS: Final = 200
RestOf = Callable[[Reported, int], object]
"""Called with a report and its time, nanoseconds of the show."""


class JointFrame(msgspec.Struct, frozen=True):
    """One row of the joint track: seconds, all joints (rad), trunk position (m) and quaternion
    (w, x, y, z), X forward, Y left, Z up."""

    at_s: float
    angles: tuple[float, ...]
    root: tuple[float, ...]


class Figures(msgspec.Struct, frozen=True):
    """What a simulated performance measured."""

    seconds: float
    steps: int
    error_rad: float
    """The largest distance of a joint from its target after 0.3 s of rest."""
    range_used: float
    """The largest share of half a joint's range; 1 is the joint's stop."""
    speed_used: float
    """The largest share of a joint's greatest speed."""
    touching: int
    fell_s: float | None
    reports: tuple[tuple[float, ReportState], ...]
    not_carried: tuple[str, ...]
    """Channels that moved and that the robot has no driven joint for."""


class SimulatedRobot:
    """An output for one performer. `report` records an event; it is set before the first frame.

    The simulation starts with both keys turned. After a stop nobody releases it.
    """

    FIXED_RATE = True

    def __init__(self, performer: str, act: Act, body: SimulatedBody, rate: FrameRate) -> None:
        self.performer, self.body, self._rate = performer, body, rate
        self.loop = Loop(body)
        self.loop.driver = msgspec.structs.replace(self.loop.driver, latch=Latch("absent"))
        self.commands = Commands(performer, act)
        self.report: RestOf = lambda report, at: None
        self.track: list[JointFrame] = []
        self.mark: Root | None = None
        """Where it was first in a set, and stays: the simulated body has no gait."""
        self._steps = self._still = 0
        self._error = self._range = self._speed = 0.0
        self._goal: tuple[float, ...] = ()
        self._reports: list[tuple[float, ReportState]] = []
        self._said: tuple[int, ReportState] | None = None

    def present(self, frame: Frame) -> None:
        """Move the body from this frame's time to the next one's."""
        began = self._rate.shows_at(frame.number)
        ends = self._rate.shows_at(frame.number + 1)
        if self.mark is None:
            shown = (one for one in frame.performers if one.id == self.performer)
            self.mark = next((o.travel.start if o.travel else o.root for o in shown), None)
        first = -(-began // CONTROL_STEP) * CONTROL_STEP
        self.loop.received(self.commands.of(frame, began), began)
        for at in range(first, ends, CONTROL_STEP):
            self.loop.aim(self.commands.of(frame, at))
            self._said_at(self.loop.step(at), at)
            self._measure(at)

    def close(self) -> None:
        """Let the body go."""
        self.body.close()

    def figures(self) -> Figures:
        """What was measured so far."""
        fell = self.body.fell_at
        return Figures(
            round(self._steps * CONTROL_STEP / 1e9, 3), self._steps, round(self._error, 4),
            round(self._range, 4), round(self._speed, 4), self.body.touching,
            None if fell is None else fell / 1e9, tuple(self._reports),
            tuple(sorted(self.commands.not_carried)),
        )  # fmt: skip

    def _said_at(self, states: tuple[ReportState, ...], at: int) -> None:
        why = self.loop.driver.why
        for state in states:
            self._reports.append((at / 1e9, state))
            self.report(Reported(self.performer, self.performer, state, why=why), at)
            if state != "done":
                self._said = self._steps, state
        if self._said is not None and self._steps - self._said[0] >= REPEAT_STEPS:
            self._said = self._steps, self._said[1]
            again = Reported(self.performer, self.performer, self._said[1], again=True, why=why)
            self.report(again, at)

    def _measure(self, at: int) -> None:
        self._steps += 1
        newest, track = self.body.newest, self.loop.driver.track
        command = self.loop.driver.command
        self.track.append(JointFrame(at / 1e9, newest.angles, self.body.root))
        if track is None or command is None:
            self._still = 0
            return
        goal = clear(command.targets)
        is_still = _is_near(goal.angles, self._goal) and goal.is_clear and _rests(track)
        self._still, self._goal = (self._still + 1 if is_still else 0), goal.angles
        for joint, angle, speed, target in zip(
            DRIVEN, newest.angles, newest.speeds, goal.angles, strict=False
        ):
            half = (joint.high - joint.low) / 2
            self._range = max(self._range, abs(angle - joint.low - half) / half)
            self._speed = max(self._speed, abs(speed) / joint.speed)
            if self._still > SETTLED_STEPS:
                self._error = max(self._error, abs(angle - target))


def _is_near(goal: tuple[float, ...], before: tuple[float, ...]) -> bool:
    """Whether the target moves by no more than breathing does."""
    return bool(before) and max(abs(a - b) for a, b in zip(goal, before, strict=True)) < 5e-4


def _rests(track: Track) -> bool:
    return max(map(abs, track.speeds)) < 0.06
