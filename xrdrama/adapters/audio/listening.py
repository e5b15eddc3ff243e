"""Where the sounds of a show are before the head of its viewer."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar

from xrdrama.show.production import Production
from xrdrama.show.sounding import owner_of, places_in, speakers_in
from xrdrama.spatial import Pose, Vec3
from xrdrama.wire.events import Presented
from xrdrama.wire.frame import Frame

STALE_S: Final = 1.0
"""Seconds after the last frame of a viewer when nobody listens there any more."""
FRAMES: Final = 64
"""Frames whose sets are known: a viewer shows a frame a little after it was made."""
LINES: Final = 64
"""Lines whose speakers are known."""


K = TypeVar("K")


class _Head(NamedTuple):
    pose: Pose
    scene: str
    at: float


class Listener:
    """The head of the viewer, and the places of what it hears, as of the newest frame. `seen` may
    be called in another thread than the rest."""

    def __init__(self, production: Production, now: Callable[[], float] = time.monotonic) -> None:
        self._production, self._now = production, now
        self._fewest = {"headset": 2, "always": 1, "recorded": 99}[production.viewers.sound]
        self._scenes: OrderedDict[int, str] = OrderedDict()
        self._speakers: OrderedDict[str, str] = OrderedDict()
        self._scene = ""
        self._places: dict[str, Vec3] = {}
        self._head: _Head | None = None

    def seen(self, presented: Presented) -> None:
        """A viewer has shown a frame: a headset with two eyes, a window with one."""
        eyes = presented.poses
        scene = self._scenes.get(presented.frame)
        if self._fewest <= len(eyes) <= 2 and scene is not None:
            self._head = _Head(eyes[0].lerp(eyes[-1], 0.5), scene, self._now())

    def follow(self, frame: Frame) -> None:
        """Take the places of a frame."""
        self._scene = frame.scene
        self._places = places_in(frame, self._production)
        _kept(self._scenes, {frame.time.number: frame.scene}, FRAMES)
        _kept(self._speakers, speakers_in(frame, self._production), LINES)

    def where(self, name: str) -> Vec3 | None:
        """Where a sound is before the head (x right, y ahead, z up, metres); None while nobody
        listens in the set of the newest frame, and for a sound without a place."""
        head = self._head
        if head is None or head.scene != self._scene or self._now() - head.at > STALE_S:
            return None
        place = self._places.get(owner_of(name, self._production, self._speakers))
        return None if place is None else head.pose.inverse().apply(place)


def _kept(into: OrderedDict[K, str], found: dict[K, str], most: int) -> None:
    into.update(found)
    while len(into) > most:
        into.popitem(last=False)
