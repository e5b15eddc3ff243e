"""What the performer of a frame does: its pose in channels, and how far its newest act is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from xrdrama.performer import Performer, Performing
from xrdrama.performer.acting import REST, REST_TIME
from xrdrama.performer.evaluating import channels_at
from xrdrama.robots.commanding import STANDING, Acting
from xrdrama.wire.frame import Frame

WALK: Final = "walk"
"""Named with the channels that a robot cannot follow when a cue lets it walk."""


class Acts:
    """The acts of one performer, from frame to frame. `on_walk` is called when a cue lets it walk,
    which a body without a gait does not do."""

    def __init__(
        self, name: str, performer: Performer, on_walk: Callable[[], None] = lambda: None
    ) -> None:
        self._name, self._performer, self._on_walk = name, performer, on_walk
        self._began = -1
        self._ends = 0
        self._count = 0

    def __call__(self, frame: Frame, at: int) -> Acting:
        """The pose at a time of the show, ns. A performer that is not in the set stands."""
        performing = next((one for one in frame.performers if one.id == self._name), None)
        if performing is None:
            return Acting(STANDING, self._count, at >= self._ends)
        if performing.travel is not None:
            self._on_walk()
        self._note(performing)
        channels = channels_at(performing, self._performer, at)
        return Acting(channels, self._count, at >= self._ends)

    def _note(self, performing: Performing) -> None:
        """Acts that have ended leave the frame: the newest one is remembered."""
        newest = max(performing.acts, key=lambda act: act.began, default=None)
        if newest is None or newest.began <= self._began:
            return
        gesture = self._performer.repertoire.gestures.get(newest.gesture)
        length = newest.over or (gesture.length if gesture else 0)
        if newest.gesture == REST:
            length = newest.over or REST_TIME
        self._began, self._ends = newest.began, newest.began + length
        self._count += 1
