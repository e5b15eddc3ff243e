"""The newest state and its recent changes, so that a page that reconnects gets only the changes."""

from __future__ import annotations

from collections import deque
from typing import Any

Flat = dict[str, Any]
KEPT = 3000
"""Changes that are kept: two minutes of a show at 25 frames a second."""


class Ring:
    """A flat map that changes in numbered versions. The value None means removed."""

    def __init__(self, kept: int = KEPT) -> None:
        self.state: Flat = {}
        self.version = 0
        self._changes: deque[Flat] = deque(maxlen=kept)

    def take(self, state: Flat, *, keep: frozenset[str] = frozenset()) -> None:
        """Replace the whole state by `state`, except the names in `keep`."""
        changes = {
            name: value
            for name, value in state.items()
            if name not in self.state or self.state[name] != value
        }
        gone = [n for n in self.state if n not in state and n not in keep]
        self.change({**changes, **dict.fromkeys(gone)})

    def change(self, changes: Flat) -> None:
        """Make a new version with these changes, if anything changes."""
        real = {n: v for n, v in changes.items() if self.state.get(n) != v}
        if not real:
            return
        self.version += 1
        self._changes.append(real)
        self.state = {**self.state, **real}
        for name in [name for name, value in real.items() if value is None]:
            del self.state[name]

    def since(self, version: int) -> Flat | None:
        """The merged changes after `version`; None if that version is unknown or too old."""
        missed = self.version - version
        if not 0 <= missed <= len(self._changes):
            return None
        merged: Flat = {}
        for index in range(len(self._changes) - missed, len(self._changes)):
            merged.update(self._changes[index])
        return merged
