"""Notices when files have been saved.

By their modification times, four times a second: editors replace files in many ways, and folders
may be shared over a network, where systems send no notifications.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

EVERY: Final = 0.25
"""Seconds between two looks at the files."""
Stamp = tuple[int, int, int]
GONE: Final[Stamp] = (0, 0, 0)


class Watched:
    """Files that are watched. `changed` is called again and again, every `EVERY` seconds."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._known: dict[Path, Stamp] = {}
        self._seen: dict[Path, Stamp] = {}
        self.watch(paths)

    def watch(self, paths: Iterable[Path]) -> bool:
        """Watch these files from now on, and no others. True if some were not watched before: what
        was read of them may be older than what is noticed from now on."""
        before = self._known
        self._known = {path: self._known.get(path) or _stamp(path) for path in paths}
        self._seen = {path: self._seen.get(path, stamp) for path, stamp in self._known.items()}
        return not self._known.keys() <= before.keys()

    def changed(self) -> tuple[Path, ...]:
        """The files that were saved since the call before, once each. One that is still being
        written, or was deleted, is left for a later call."""
        found = []
        for path, known in self._known.items():
            stamp = _stamp(path)
            if stamp not in (known, GONE) and stamp == self._seen[path]:
                found.append(path)
                self._known[path] = stamp
            self._seen[path] = stamp
        return tuple(found)


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return GONE
    return found.st_ino, found.st_mtime_ns, found.st_size
