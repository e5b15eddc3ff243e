"""Which sets have their textures on the graphics card: the next beats' always, others by a budget.

Meshes and shaders of all sets stay there. When a beat begins, sets that are too far away for the
budget are released and those that come into reach are uploaded, some megabytes a frame. So
everything is there before a choice opens; a set that is shown earlier is counted by name.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Final

from panda3d.core import Texture

from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet

A_FRAME: Final = 16 * 2**20
"""Bytes of textures that are uploaded ahead in one frame, or one texture if it is larger."""
_FAR: Final = 1 << 30
_MIPMAPS: Final = 4 / 3
Ahead = Mapping[str, Mapping[str, int]]
"""For each beat, the sets in reach and the fewest changes of beat to each (`show.reach`)."""


class Residency:
    """Keeps the textures of sets on the graphics card; `budget` in bytes."""

    def __init__(
        self,
        graphics: Graphics,
        sets: Mapping[str, VirtualSet],
        ahead: Ahead,
        budget: int,
        *,
        pace: int = A_FRAME,
    ) -> None:
        self._graphics, self._ahead, self.budget, self._pace = graphics, ahead, budget, pace
        self._textures = {name: one.textures for name, one in sets.items()}
        self.sizes = {name: sum(map(_size, made)) for name, made in self._textures.items()}
        """Bytes of the textures of each set."""
        self.resident: set[str] = set()
        """Sets that are ready to be shown."""
        self.missed: dict[str, int] = {}
        """How often a set was shown before it was ready, by name."""
        self._beat: str | None = None
        self._wanted = set(sets)
        self._queue: deque[tuple[str, Texture]] = deque()
        self._shown: set[str] = set()

    def follow(self, beat: str, scenes: set[str]) -> None:
        """A frame of a beat that shows these sets is drawn next."""
        if beat != self._beat:
            self._enter(beat)
        for name in scenes - self._shown:
            if name not in self.resident:
                self.missed[name] = self.missed.get(name, 0) + 1
                self.warmed(name)
        self._shown = set(scenes)
        self._release()
        self._upload()

    def warmed(self, name: str) -> None:
        """A set was drawn, so that it is there."""
        self.resident.add(name)
        self._queue = deque(entry for entry in self._queue if entry[0] != name)

    def trim(self, beat: str) -> None:
        """Release what the budget does not allow at a beat, during a warm-up."""
        self._beat = None
        self._choose(beat)
        self._release()

    def needed(self, beat: str) -> dict[str, int]:
        """The bytes of the sets that a beat and its next beats need, by set."""
        ahead = self._ahead.get(beat, {})
        return {name: size for name, size in self.sizes.items() if ahead.get(name, _FAR) <= 1}

    def _enter(self, beat: str) -> None:
        self._beat = beat
        wanted = self._choose(beat)
        self._queue = deque(entry for entry in self._queue if entry[0] in self._wanted)
        queued = {name for name, _ in self._queue}
        for name in wanted:
            if name not in self.resident and name not in queued:
                self._queue.extend((name, one) for one in self._textures[name])

    def _choose(self, beat: str) -> list[str]:
        """Choose the sets to keep, nearest first: what the next beats need, and as many others as
        there is room for."""
        ahead, needed = self._ahead.get(beat, {}), self.needed(beat)
        total = 0
        wanted: list[str] = []
        for name in sorted(self.sizes, key=lambda one: (ahead.get(one, _FAR), one)):
            if name in needed or total + self.sizes[name] <= self.budget:
                wanted.append(name)
                total += self.sizes[name]
        self._wanted = set(wanted)
        return wanted

    def _release(self) -> None:
        for name in self.resident - self._wanted - self._shown:
            self._graphics.release(self._textures[name])
            self.resident.discard(name)

    def _upload(self) -> None:
        """Upload the next textures with the picture that is drawn next."""
        room = self._pace
        while self._queue and (room > 0):
            name, texture = self._queue.popleft()
            self._graphics.upload(texture)
            room -= _size(texture)
            if not any(entry[0] == name for entry in self._queue):
                self.resident.add(name)


def _size(texture: Texture) -> int:
    return round(texture.get_expected_ram_image_size() * _MIPMAPS)
