"""What the process at the robot does in each control step. Pure: commands and telemetry in, an
order for the body and reports for the show out.

Every command says the whole pose, so one that is lost costs nothing. Stops and releases are
counters of the show: a counter that grew between two commands in a row is a stop or a release;
whatever it was when the process started, or after a gap, is where counting begins.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from xrdrama.performer.robot.body import Telemetry
from xrdrama.performer.robot.clearance import clear
from xrdrama.performer.robot.dead_man import DeadMan
from xrdrama.performer.robot.joints import DRIVEN, Angles
from xrdrama.performer.robot.judging import HOT, Health
from xrdrama.performer.robot.latch import Input, Latch
from xrdrama.performer.robot.limiting import Track, at_rest
from xrdrama.performer.robot.steering import steer

ReportState = Literal["ready", "done", "fell", "hot", "lost", "stopped"]
SETTLED: Final = 0.05
"""rad from its target within which every joint has arrived."""
STILL: Final = 0.1
"""rad/s below which the commanded track has come to rest."""
COOLER: Final = 5.0
"""Degrees below the limit from which a hot motor counts as cool again."""
SILENCE: Final = "no commands of the show for 100 ms"


class Command(msgspec.Struct, frozen=True):
    """One frame's command: its number, the pose, and the show's counters for this robot.

    `act` is the number of the newest act (gesture, look) and `is_over` whether it has ended.
    """

    number: int
    targets: Angles
    stops: int = 0
    releases: int = 0
    is_held: bool = False
    act: int = 0
    is_over: bool = True


class Order(msgspec.Struct, frozen=True):
    """What the body shall do in this control step: go to `angles`, or be damped (None)."""

    angles: Angles | None = None


class Driver(msgspec.Struct, frozen=True):
    """All that the process at the robot knows between two control steps."""

    latch: Latch = Latch()
    dead_man: DeadMan = DeadMan()
    health: Health = Health()
    command: Command | None = None
    track: Track | None = None
    state: ReportState | None = None
    """What was reported last, of the states that last (not "done")."""
    why: str = ""
    """Why it was stopped."""
    done: int = 0
    """The newest act whose end was reported."""
    is_hot: bool = False
    ignored: int = 0
    """Commands that came late or twice."""

    # -- what comes in --------------------------------------------------------------------------

    def received(self, command: Command, at: int) -> Driver:
        """After a command of the show that arrived at `at`, ns of the robot's clock."""
        before, was_alive = self.command, self.dead_man.is_alive(at)
        if was_alive and command.number <= self.dead_man.number:
            return replace(self, ignored=self.ignored + 1)
        dead_man = self.dead_man if was_alive else self.dead_man.reset()
        driver = replace(self, dead_man=dead_man.fed(command.number, at), command=command)
        if driver.latch.moves and not was_alive:  # a gap between two control steps counts, too
            driver = driver.stopped(SILENCE, at)
        if before is None or not was_alive:  # counting begins here: nothing is released by it
            return replace(
                driver._turned("reconnected", at), done=command.act if before is None else self.done
            )
        if command.stops > before.stops:
            driver = driver.stopped("a stop of the show", at)
        elif command.releases > before.releases:
            driver = driver._turned("director_key", at)
        return driver

    def aimed(self, command: Command) -> Driver:
        """With the pose of the newest command as it is now: the pose moves between two frames."""
        if self.command is None or command.number != self.command.number:
            return self
        return replace(self, command=command)

    def stopped(self, why: str, at: int) -> Driver:
        """After somebody's stop; it holds until both keys were turned."""
        return replace(self._turned("stop", at), why=why)

    def hand_key(self, at: int) -> Driver:
        """After a hand at the robot's process released it."""
        return self._turned("hand_key", at)

    # -- a control step -------------------------------------------------------------------------

    def step(
        self, measured: list[Telemetry], at: int
    ) -> tuple[Driver, Order, tuple[ReportState, ...]]:
        """One control step at `at`: the driver after it, the order, and what to report."""
        driver = replace(self, health=self.health.after(measured, at))._judged(at)
        if driver.latch.moves and not driver.dead_man.is_alive(at):
            driver = driver.stopped(SILENCE, at)
        if driver.command is not None:
            driver = driver._turned("hold" if driver.command.is_held else "go_on", at)
        driver = driver._steered()
        driver, done = driver._arrived(at)
        driver, reports = driver._reporting(at)
        order = Order(driver.track.angles if driver.latch.moves and driver.track else None)
        return driver, order, (*reports, *done)

    def _judged(self, at: int) -> Driver:
        verdict = self.health.verdict(at)
        if verdict == "stands":
            return self._turned("seen", at) if self.latch.state == "absent" else self
        if verdict == "fell" and self.latch.state != "stopped":
            return self.stopped("the robot fell", at)
        if verdict in ("lost", "absent") and self.latch.moves:
            return replace(self._turned("unseen", at), why="the robot does not answer")
        return self

    def _steered(self) -> Driver:
        """The track one step on; None while the body is not commanded."""
        newest = self.health.newest
        if not self.latch.moves or self.command is None or newest is None:
            return replace(self, track=None)
        track = self.track or at_rest(newest.angles)
        if self.latch.state == "holding":
            return replace(self, track=steer(track, track.angles))
        return replace(self, track=steer(track, self.command.targets))

    def _arrived(self, at: int) -> tuple[Driver, tuple[ReportState, ...]]:
        """Whether the newest act has ended and the joints are where it put them."""
        command, track, newest = self.command, self.track, self.health.newest
        if command is None or track is None or newest is None or self.latch.state == "holding":
            return self, ()
        goal = clear(command.targets)
        is_still = max(abs(speed) for speed in track.speeds) < STILL
        off = max(
            abs(angle - target)
            for angle, target in zip(newest.angles[: len(DRIVEN)], goal.angles, strict=True)
        )
        if not command.is_over or not is_still or off > SETTLED:
            return self._turned("moves", at), ()
        driver = self._turned("arrived", at)
        if command.act <= self.done:
            return driver, ()
        return replace(driver, done=command.act), ("done",)

    def _reporting(self, at: int) -> tuple[Driver, tuple[ReportState, ...]]:
        """The states that have changed since they were reported."""
        found: list[ReportState] = []
        state = self._lasting(at)
        if state is not None and state != self.state:
            found.append(state)
        newest = self.health.newest
        is_hot = self.health.is_hot or (
            self.is_hot and newest is not None and newest.heat > HOT - COOLER
        )
        if is_hot and not self.is_hot:
            found.append("hot")
        return replace(self, state=state or self.state, is_hot=is_hot), tuple(found)

    def _lasting(self, at: int) -> ReportState | None:
        verdict = self.health.verdict(at)
        if verdict == "fell":
            return "fell"
        if verdict == "lost":
            return "lost"
        if self.latch.state == "stopped":
            return "stopped"
        return "ready" if self.latch.moves else None

    def _turned(self, what: Input, at: int) -> Driver:
        return replace(self, latch=self.latch.after(what, at))
