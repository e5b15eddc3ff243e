"""The process at the robot: follows a show, drives the body, and is where a hand can stop and
release it. It is the only process that loads a vendor's SDK."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

from xrdrama.adapters.bridge import Peer
from xrdrama.errors import DeviceError
from xrdrama.performer.robot.body import CONTROL_STEP, Body
from xrdrama.performer.robot.dead_man import LIMIT
from xrdrama.performer.robot.driving import SILENCE, ReportState
from xrdrama.robots.commanding import Act, Commands
from xrdrama.robots.loop import Loop
from xrdrama.show.ports import Stop
from xrdrama.wire.events import Reported
from xrdrama.wire.frame import Frame

REPEAT: Final = 2_000_000_000
"""Nanoseconds after which the state is reported again."""
SILENT_STEPS: Final = LIMIT // CONTROL_STEP
"""Control steps without a new frame after which the body is damped."""
MOST_WAITING: Final = 200
"""Reports that may wait for the core; further ones are dropped and counted."""
RUN_ON: Final = 125_000_000
"""Nanoseconds for which the pose continues after the newest frame; the dead-man's switch acts
before."""


class Damped(msgspec.Struct, frozen=True):
    """How a body came to be damped: why, and the control steps and milliseconds since the newest
    command of the show."""

    damped: str
    steps: int
    ms: float


class State(msgspec.Struct, frozen=True):
    """A state that was reported to the show."""

    state: ReportState
    why: str = ""


OnChange = Callable[[Damped | State], None]


class RobotProcess:
    """Follows the show at `endpoint` with a body. `on_change` is called for what a person at the
    robot should know. UsageError for an invalid endpoint, DeviceError for an unsuitable body."""

    def __init__(
        self, endpoint: str, performer: str, body: Body, act: Act, on_change: OnChange
    ) -> None:
        self.performer = performer
        self.loop = Loop(body)
        self.commands = Commands(performer, act)
        self.dropped = 0
        """Reports that the core did not take in time."""
        self._on_change = on_change
        self._frames: deque[tuple[int, Frame]] = deque(maxlen=MOST_WAITING)
        self._hands: deque[str] = deque(maxlen=100)
        self._newest: tuple[int, Frame] | None = None
        self._steps = 0
        self._said: tuple[int, ReportState] | None = None
        self._peer = Peer(endpoint, name=performer, role="performer", sources=(performer,))

    # -- called from other threads --------------------------------------------------------------

    def hand_stop(self) -> None:
        """Somebody at this process stops the robot."""
        self._hands.append("stop")

    def hand_release(self) -> None:
        """Somebody at this process turns the hand's key."""
        self._hands.append("release")

    def _take(self, frame: Frame) -> None:
        self._frames.append((time.monotonic_ns(), frame))

    # -- the robot's own thread -----------------------------------------------------------------

    def run(self, stop: Stop) -> None:
        """Drive the body until `stop` is set; it is damped then, and when anything fails."""
        self._peer.subscribe(self._take)
        began = time.monotonic_ns()
        try:
            step = 0
            while not stop.is_set():
                step += 1
                late = time.monotonic_ns() - began - step * CONTROL_STEP
                if late < 0 and stop.wait(-late / 1e9):
                    break
                step += max(0, late) // CONTROL_STEP  # steps that this machine was too late for
                self._step(began)
                if self._peer.failure:
                    raise DeviceError(
                        f"the show refused the robot: {self._peer.failure}",
                        "start it as the same user and with the same version of xrdrama as the"
                        " show, or put the key of the run in its environment (bridge/README.md)",
                    )
        finally:
            self.loop.body.damp()
            self.loop.body.close()
            self._peer.close(timeout=0.5)

    def _step(self, began: int) -> None:
        loop, was_moving = self.loop, self.loop.order.angles is not None
        while self._frames:
            arrived, frame = self._newest = self._frames.popleft()
            self._steps = 0
            loop.received(self.commands.of(frame, frame.time.shows_at), arrived - began)
        now = time.monotonic_ns()
        while self._hands:
            self._by_hand(self._hands.popleft(), now - began)
        if self._newest is not None:
            arrived, frame = self._newest
            at = frame.time.shows_at + min(now - arrived, RUN_ON)
            loop.aim(self.commands.of(frame, at))
        self._steps += 1
        if self._steps > SILENT_STEPS and loop.driver.latch.moves:
            loop.stop(SILENCE, now - began)  # the same limit in control steps, on a late machine
        reports = loop.step(now - began)
        if was_moving and loop.order.angles is None:
            ms = (now - self._newest[0]) / 1e6 if self._newest else 0.0
            self._on_change(Damped(loop.driver.why, self._steps, round(ms, 1)))
        self._report(reports, now)

    def _by_hand(self, what: str, at: int) -> None:
        if what == "stop":
            self.loop.stop("a hand at its process", at)
        else:
            self.loop.hand_key(at)

    def _report(self, states: tuple[ReportState, ...], now: int) -> None:
        for state in states:
            why = self.loop.driver.why if state in ("stopped", "lost") else ""
            self._on_change(State(state, why))
            self._send(Reported(self.performer, self.performer, state, why=why))
            if state != "done":
                self._said = now, state
        if self._said is not None and now - self._said[0] >= REPEAT:
            state = self._said[1]
            why = self.loop.driver.why if state in ("stopped", "lost") else ""
            self._said = now, state
            self._send(Reported(self.performer, self.performer, state, again=True, why=why))

    def _send(self, report: Reported) -> None:
        if self._peer.under_way > MOST_WAITING:
            self.dropped += 1  # the core does not answer: the robot does not wait for it
            return
        self._peer.record(report)
