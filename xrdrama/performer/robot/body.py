"""The port of a robot's body: what the process at the robot commands, and what the body answers."""

from __future__ import annotations

from typing import Final, Literal, Protocol

import msgspec

from xrdrama.performer.robot.joints import Angles

CONTROL_STEP: Final = 10_000_000
"""Nanoseconds between two commands to a body."""
Mode = Literal["position", "damping"]


class Telemetry(msgspec.Struct, frozen=True):
    """What a body reports: when it was measured (ns of the robot's own clock), what it claims, and
    what its sensors say.

    `up` is the Z component of the trunk's own up axis: 1 upright, 0 lying. `angles` and `speeds`
    are of all joints of the table, rad and rad/s. `heat` is the hottest motor, degrees Celsius.
    """

    at: int
    ready: bool
    mode: Mode
    up: float
    angles: tuple[float, ...]
    speeds: tuple[float, ...]
    heat: float = 25.0


class Body(Protocol):
    """A robot's body, real or simulated. One thread calls it, every `CONTROL_STEP`.

    DeviceError from any method when the body cannot be reached.
    """

    @property
    def joints(self) -> tuple[str, ...]:
        """The names of its joints, in the order of its commands."""

    def command(self, angles: Angles) -> None:
        """Move the driven joints to these angles; its own controller keeps it standing."""

    def damp(self) -> None:
        """Take the power off every joint and only slow it. Works in every state."""

    def prepare(self) -> None:
        """A hand at its process releases it: it is on its feet. A simulated body puts itself
        there."""

    def walk(self, forward: float, sideways: float, turn: float) -> bool:
        """Ask the robot's own controller to walk (m/s, m/s, rad/s); False if it cannot."""

    def advance(self, at: int) -> None:
        """The clock of the show's robot is `at`: a simulated body computes up to there."""

    def telemetry(self) -> list[Telemetry]:
        """What arrived since the last call, oldest first."""

    def close(self) -> None:
        """Damp the body and let it go."""


class BodyKind(Protocol):
    """What an entry point of `xrdrama.bodies` names: a module, class or object with `open`."""

    def open(self, address: str) -> Body:
        """Connect to the body at an address; DeviceError with a remedy when it is not there."""
