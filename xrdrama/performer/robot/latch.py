"""The stop latch of a robot, as a state table.

Every stop leads to `stopped`, from every state, whatever the role of its sender. Only one way leads
out of `stopped`: two keys within `KEYS_LAST` of each other, a director's and that of a hand at the
robot's own process. Starting the process, reconnecting and replaying turn no key, and take a key
that was turned back out.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

State = Literal["absent", "ready", "moving", "holding", "stopped"]
Input = Literal[
    "seen",  # the body's telemetry says that it stands and can move
    "unseen",  # no telemetry: the body is off, or does not answer
    "moves",  # a gesture or look began
    "arrived",  # the joints are where the cue put them
    "hold",  # the story is held
    "go_on",  # the hold has ended
    "stop",  # somebody's stop, a panic, a fall, or no commands from the show
    "director_key",  # a director released this robot
    "hand_key",  # somebody at the robot's process released it
    "started",  # the process started
    "reconnected",  # the process is connected to a show again
    "replayed",  # frames of a replay
]

KEYS_LAST: Final = 30_000_000_000
"""Nanoseconds for which a key that was turned waits for the other one."""

TABLE: Final[dict[State, dict[Input, State]]] = {
    "absent": {"seen": "ready", "stop": "stopped", "started": "stopped"},
    "ready": {
        "unseen": "stopped", "moves": "moving", "hold": "holding", "stop": "stopped",
        "started": "stopped",
    },
    "moving": {
        "unseen": "stopped", "arrived": "ready", "hold": "holding", "stop": "stopped",
        "started": "stopped",
    },
    "holding": {
        "unseen": "stopped", "go_on": "ready", "stop": "stopped", "started": "stopped",
    },
    "stopped": {},
}  # fmt: skip
"""Which input leads where; what is absent changes nothing. `stopped` has no way out in here: only
`Latch.after` has, with both keys."""


class Latch(msgspec.Struct, frozen=True):
    """The latch. `director_at` and `hand_at` are when a key was turned, ns, None while it is not.

    A new latch is stopped: a process that starts moves nothing before both keys were turned.
    """

    state: State = "stopped"
    director_at: int | None = None
    hand_at: int | None = None

    def after(self, what: Input, at: int) -> Latch:
        """The latch after an input at nanosecond `at` of the robot's clock."""
        if self.state != "stopped":
            return Latch(TABLE[self.state].get(what, self.state))
        if what in ("stop", "started", "reconnected", "replayed"):
            return Latch()
        director, hand = self._kept(self.director_at, at), self._kept(self.hand_at, at)
        if what == "director_key":
            director = at
        elif what == "hand_key":
            hand = at
        if director is not None and hand is not None:
            return Latch("absent")
        return Latch("stopped", director, hand)

    @property
    def moves(self) -> bool:
        """Whether the body may be commanded to positions."""
        return self.state in ("ready", "moving", "holding")

    @staticmethod
    def _kept(turned: int | None, at: int) -> int | None:
        return None if turned is None or at - turned > KEYS_LAST else turned
