"""A cross-fade between two sets: the set that was left, and for how long it is still seen."""

from __future__ import annotations

import msgspec

from xrdrama.show.state.cue_stack import CueStack
from xrdrama.show.state.staged import Staged
from xrdrama.spatial import settle


class Fading(msgspec.Struct, frozen=True):
    """The set that fades out: its parameters, which continue to move, and when the fade began.

    The share is a function of the time since then, as the value of a cue is, so that any frame can
    be computed without the frames before it. A hold does not stop it.
    """

    stack: CueStack
    began: int
    lasts: int
    """Nanoseconds, more than 0."""
    staged: dict[str, Staged] = {}
    """The performers that were in it, who continue what they did."""

    def share(self, at: int) -> float:
        """The share of the light that is this set's at nanosecond `at`, from 1 down to 0."""
        return settle(min(1.0, max(0.0, 1.0 - (at - self.began) / self.lasts)))
