"""The life cycle of an OpenXR session: the action that each reported state requires."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import assert_never

import msgspec


class State(IntEnum):
    """XrSessionState, by its numbers."""

    UNKNOWN = 0
    IDLE = 1
    READY = 2
    SYNCHRONIZED = 3
    VISIBLE = 4
    FOCUSED = 5
    STOPPING = 6
    LOSS_PENDING = 7
    EXITING = 8


class Duty(Enum):
    """What must be done now."""

    NOTHING = "nothing"
    BEGIN = "begin the session"
    END = "end the session"
    LEAVE = "leave: the session is over"


class Life(msgspec.Struct, frozen=True):
    """The state of a session. Frames must be sent while it `runs`."""

    state: State = State.UNKNOWN
    runs: bool = False
    lost: bool = False

    @property
    def over(self) -> bool:
        """True when the session has ended for good."""
        return self.state in (State.EXITING, State.LOSS_PENDING)


def live(life: Life, number: int) -> tuple[Life, Duty]:
    """The session after the runtime reported a state. An unknown state changes nothing."""
    try:
        state = State(number)
    except ValueError:
        return life, Duty.NOTHING
    match state:
        case State.READY if not life.runs:
            return Life(state, runs=True), Duty.BEGIN
        case State.STOPPING if life.runs:
            return Life(state), Duty.END
        case State.EXITING:
            return Life(state), Duty.LEAVE
        case State.LOSS_PENDING:
            return Life(state, lost=True), Duty.LEAVE
        case (
            State.UNKNOWN
            | State.IDLE
            | State.READY
            | State.SYNCHRONIZED
            | State.VISIBLE
            | State.FOCUSED
            | State.STOPPING
        ):
            return Life(state, life.runs), Duty.NOTHING
        case _:
            assert_never(state)
