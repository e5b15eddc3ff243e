"""From frames of a show to commands for a robot: the same cues that move a digital figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from xrdrama.performer.robot.driving import Command
from xrdrama.performer.robot.joints import angles_of, not_carried
from xrdrama.wire.frame import Frame, Latched


class Acting(msgspec.Struct, frozen=True):
    """What a performer does at a moment: its pose in channels (radians), the number of its newest
    act, 0 before the first, and whether that act has ended."""

    channels: Mapping[str, float] = {}
    act: int = 0
    is_over: bool = True


Act = Callable[[Frame, int], Acting]
"""What the performer of a frame does at a time of the show, nanoseconds."""
STANDING: Final = {"left_arm_raise": 0.25, "right_arm_raise": 0.25}
"""The pose of a performer without acts: arms a little out."""


def stands(frame: Frame, at: int) -> Acting:
    """A performer that only stands."""
    return Acting(STANDING)


class Commands:
    """Makes the commands for the body of one performer."""

    def __init__(self, performer: str, act: Act) -> None:
        self.performer, self._act = performer, act
        self.not_carried: set[str] = set()
        """Channels that moved and for which the robot has no driven joint."""

    def of(self, frame: Frame, at: int) -> Command:
        """The command of a frame, with the pose at a time of the show, ns."""
        own, everyone = _row(frame, self.performer), _row(frame, "")
        acting = self._act(frame, at)
        moving = (name for name, value in acting.channels.items() if value != 0.0)
        self.not_carried.update(not_carried(moving))
        return Command(
            frame.number,
            angles_of(acting.channels),
            own.stops + everyone.stops,
            own.releases,
            frame.held and not frame.panic,
            acting.act,
            acting.is_over,
        )


def _row(frame: Frame, performer: str) -> Latched:
    return next((row for row in frame.latches if row.performer == performer), Latched(performer))
