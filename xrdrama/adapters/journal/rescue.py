"""A take's file while it is written: whether it still has its name, and a copy when it has none."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
from pathlib import Path
from typing import Final

FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
_CHUNK: Final = 1 << 20


def is_at(descriptor: int, path: Path) -> bool:
    """True when `path` is the name of the open file."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def moved_to(descriptor: int) -> Path | None:
    """The name that the open file has now, None when it has none or that is not known."""
    if os.fstat(descriptor).st_nlink == 0:
        return None
    try:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
    except OSError:  # a system without /proc
        return None
    return path if is_at(descriptor, path) else None


class Copy:
    """A copy of an open file under a new name, made in two steps: most of it, then the rest.

    OSError when it cannot be written; `abandon` removes what was made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._beside = path.with_name(f".{path.name}.{os.getpid()}")
        self._beside.unlink(missing_ok=True)
        self.descriptor = os.open(self._beside, FLAGS | os.O_CREAT | os.O_EXCL, 0o644)
        self._done = 0
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def take_from(self, descriptor: int, size: int) -> None:
        """Copy on, up to byte `size` of the file `descriptor`."""
        while self._done < size:
            data = os.pread(descriptor, min(_CHUNK, size - self._done), self._done)
            if not data:
                raise OSError("the file is shorter than the data that was written to it")
            write_all(self.descriptor, data)
            self._done += len(data)

    def name(self) -> Path:
        """Rename it to its final name, or `night.recovered.take` if that is in use."""
        os.fsync(self.descriptor)
        path = self._path
        for number in itertools.count(1):
            try:
                os.link(self._beside, path)  # never over another file
                break
            except FileExistsError:
                more = "recovered" if number == 1 else f"recovered.{number}"
                path = self._path.with_name(f"{self._path.stem}.{more}{self._path.suffix}")
        self._beside.unlink(missing_ok=True)
        return path

    def abandon(self) -> None:
        """Remove it."""
        os.close(self.descriptor)
        with contextlib.suppress(OSError):
            self._beside.unlink(missing_ok=True)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`; OSError when there is no room for it."""
    written = os.write(descriptor, data)
    if written < len(data):
        # A short write means a full disk or a signal; the rest either fits now or raises.
        view = memoryview(data)[written:]
        while view:
            view = view[os.write(descriptor, view) :]
