"""The dead-man's switch at the robot: commands that stop coming damp the body."""

from __future__ import annotations

from typing import Final

import msgspec

LIMIT: Final = 100_000_000
"""Nanoseconds without a new command after which the body is damped."""


class DeadMan(msgspec.Struct, frozen=True):
    """When the newest command arrived (ns of the robot's clock), and its number.

    A command counts once: one that is sent again, or arrives late, does not keep the robot going.
    """

    number: int = -1
    arrived: int | None = None

    def fed(self, number: int, at: int) -> DeadMan:
        """After a command with this number arrived at `at`."""
        return DeadMan(number, at) if number > self.number else self

    def is_alive(self, at: int) -> bool:
        """Whether the newest command is recent enough at `at`."""
        return self.arrived is not None and at - self.arrived <= LIMIT

    def reset(self) -> DeadMan:
        """For another show, which numbers its commands from 0: none has arrived."""
        return DeadMan()
