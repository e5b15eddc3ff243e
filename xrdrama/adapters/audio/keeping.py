"""The sounds of a show in memory, decoded before its clock starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from xrdrama.adapters.audio.mixing import Load, Samples

BUDGET: Final = 512 * 2**20
"""Bytes of samples that are kept: 23 minutes of sound."""


class KeptSounds:
    """Loads sounds once and keeps them, up to `budget` bytes. It is a `Load`.

    Sounds beyond the budget are decoded when they are heard, and counted by name.
    """

    def __init__(self, load: Load, budget: int = BUDGET) -> None:
        self._load, self._budget = load, budget
        self._kept: dict[str, Samples | None] = {}
        self._size = 0
        self.late: dict[str, int] = {}
        """How often a sound was decoded when it was heard, by name."""

    def keep(self, names: Iterable[str]) -> Iterator[str]:
        """Decode these sounds while there is room; yields the name of each before it."""
        for name in names:
            if self._size >= self._budget:
                return
            if name not in self._kept:
                yield name
                self._kept[name] = samples = self._load(name)
                self._size += 0 if samples is None else samples.nbytes

    def __call__(self, name: str) -> Samples | None:
        """The samples of a sound; None if it has no file."""
        if name in self._kept:
            return self._kept[name]
        samples = self._load(name)
        if samples is not None:
            self.late[name] = self.late.get(name, 0) + 1
        return samples
