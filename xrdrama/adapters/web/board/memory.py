"""The board: memory that the show and its consoles share on one machine. Newest wins.

The show writes its newest pictures there while somebody looks at them, and once a second how it
does. Consoles map the same file and say when they looked. A picture that changed while it was read
is read again: nothing waits for anybody.
"""

from __future__ import annotations

import contextlib
import fcntl
import math
import mmap
import os
import stat
import struct
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from xrdrama.errors import DeviceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PictureName = Literal["lens", "wall", "lens2", "lens3", "lens4"]
Fate = Literal["unknown", "runs", "ended", "died"]
PICTURES: Final[tuple[PictureName, ...]] = ("lens", "wall", "lens2", "lens3", "lens4")
LENSES: Final[tuple[PictureName, ...]] = ("lens", "lens2", "lens3", "lens4")
"""The pictures through the lenses of a stage's cameras, in its order."""
PERIOD: Final = 0.1
"""Seconds between pictures that are written."""
LOOKED: Final = 1.5
"""A picture is in use if a page requested it within this many seconds."""

_MAGIC: Final = b"xrdboard2\0\0\0\0\0\0\0"
_VITALS: Final = 4096
_SLOT: Final = struct.Struct("=QqIIQq")
"""Sequence (odd while it is written), looked at (monotonic ns), width, height, room, frame."""
_HEAD: Final = len(_MAGIC) + 8 + _VITALS


class AudienceVitals(msgspec.Struct, frozen=True):
    """The viewers of a show: seats with an open page, open pages, requests that were recorded,
    refusals by kind, and the link to join ("" if only tickets admit, or each group has its own)."""

    joined: int = 0
    pages: int = 0
    recorded: int = 0
    refused: dict[str, int] = {}
    join: str = ""


class Vitals(msgspec.Struct, frozen=True):
    """Performance of a show on its machine; not part of its state, so not in its frames."""

    frames: int = 0
    """Drawn; `xrdrama.tools.report.counts` says what each count means."""
    late: int = 0
    skipped: int = 0
    dropped: int = 0
    frame_ms: float = 0.0
    """Median of the last second."""
    worst_ms: float = 0.0
    budget_ms: float = 0.0
    tracker_rate: float | None = None
    tracker_gaps: int = 0
    tracker_bad: int = 0
    tracker_jumps: int = 0
    tracker_lost: int = 0
    tracker_late: int = 0
    tracker_jitter_ms: float = 0.0
    tracker_latency_ms: float | None = None
    tracker_drift_ppm: float | None = None
    tracker_noise_mm: float | None = None
    """What prediction adds: standard deviation of predicted minus arrived."""
    tracker_noise_px: float | None = None
    tracker_lag_ms: float | None = None
    """Of the smoothing that the stage file asks for."""
    tracker_lag_px: float | None = None
    take: str = ""
    """Where the take is written."""
    at: float = 0.0
    """When this was written, in seconds of this machine's monotonic clock."""
    made: int = 0
    plates_late: dict[str, int] = {}
    """Drawn frames for which a plate repeated its last picture, by set and plate."""
    audience: AudienceVitals | None = None


class Shot(NamedTuple):
    """A picture of the board: RGB bytes, and the number of the frame that it shows."""

    sequence: int
    width: int
    height: int
    data: bytes
    frame: int


def board_path(port: int) -> Path:
    """The file of the board of the show whose bridge listens on `port` of this machine."""
    shared = Path("/dev/shm")
    folder = shared if shared.is_dir() else Path(tempfile.gettempdir())
    return folder / f"xrdrama-{os.getuid()}-{port}.board"


def boards() -> list[int]:
    """The ports of this user's shows that run on this machine."""
    ports = (path.stem.rpartition("-")[2] for path in _files() if _is_held(path))
    return sorted(int(port) for port in ports if port.isdecimal())


def sweep(older: float = 10.0) -> None:
    """Remove the boards of shows that were killed more than `older` seconds ago."""
    for path in _files():
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > older and not _is_held(path):
                path.unlink()


def _files() -> list[Path]:
    return list(board_path(0).parent.glob(f"xrdrama-{os.getuid()}-*.board"))


def _is_held(path: Path) -> bool:
    """True while the show that created the board runs: it holds a lock until it ends."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


class Board:
    """The show's side of the board. Only its owner can read the file; `close` removes it."""

    def __init__(self, port: int, sizes: dict[PictureName, tuple[int, int]]) -> None:
        sweep()
        self.path = board_path(port)
        rooms = [math.prod(sizes.get(name, (0, 0))) * 3 for name in PICTURES]
        total = _HEAD + sum(_SLOT.size + room for room in rooms)
        self._descriptor, self._map = _created(self.path, total)
        self._offsets: dict[PictureName, int] = {}
        offset = _HEAD
        for name, room in zip(PICTURES, rooms, strict=True):
            self._offsets[name] = offset
            _SLOT.pack_into(self._map, offset, 0, 0, 0, 0, room, 0)
            offset += _SLOT.size + room
        self._written: dict[PictureName, float] = {}
        self._map[: len(_MAGIC)] = _MAGIC

    def is_wanted(self, name: PictureName) -> bool:
        """True if the picture is in use, and the last one is old enough."""
        _, looked, _, _, room, _ = _SLOT.unpack_from(self._map, self._offsets[name])
        now = time.monotonic()
        if not room or now - looked / 1e9 > LOOKED:
            return False
        return now - self._written.get(name, 0.0) >= PERIOD

    def write(self, name: PictureName, picture: NDArray[np.uint8], frame: int) -> None:
        """Write a frame's picture to the board: (height, width, 3) RGB bytes; ignored if too
        large."""
        offset = self._offsets[name]
        sequence, _, _, _, room, _ = _SLOT.unpack_from(self._map, offset)
        height, width = picture.shape[:2]
        self._written[name] = time.monotonic()
        if picture.nbytes > room:
            return
        struct.pack_into("=Q", self._map, offset, sequence + 1)
        start = offset + _SLOT.size
        self._map[start : start + picture.nbytes] = picture.tobytes()
        struct.pack_into("=IIQq", self._map, offset + 16, width, height, room, frame)
        struct.pack_into("=Q", self._map, offset, sequence + 2)

    def publish(self, vitals: Vitals) -> None:
        """Write the vitals to the shared memory."""
        data = msgspec.json.encode(vitals)[: _VITALS - 1]
        at = len(_MAGIC)
        (sequence,) = struct.unpack_from("=Q", self._map, at)
        struct.pack_into("=Q", self._map, at, sequence + 1)
        self._map[at + 8 : at + 8 + len(data) + 1] = data + b"\0"
        struct.pack_into("=Q", self._map, at, sequence + 2)

    def close(self) -> None:
        """Remove the board."""
        self._map.close()
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)


class BoardReader:
    """The console's side of the board; all values are None without a board."""

    def __init__(self, port: int) -> None:
        self._path = board_path(port)
        self._map: mmap.mmap | None = None
        self._inode = 0

    def pictures(self) -> tuple[PictureName, ...]:
        """The pictures that the show has."""
        return tuple(name for name in PICTURES if self._slot(name)[4])

    def vitals(self) -> Vitals | None:
        """The vitals of the show."""
        board = self._mapped()
        if board is None:
            return None
        at = len(_MAGIC)
        for _ in range(3):
            (before,) = struct.unpack_from("=Q", board, at)
            data = bytes(board[at + 8 : at + 8 + _VITALS])
            (after,) = struct.unpack_from("=Q", board, at)
            if before == after and before and before % 2 == 0:
                with contextlib.suppress(msgspec.MsgspecError, UnicodeError):
                    return msgspec.json.decode(data.partition(b"\0")[0], type=Vitals)
        return None

    def fate(self) -> Fate:
        """The state of the show: one that ends removes its board, one that dies does not."""
        if not self._inode:
            return "unknown"
        # In this order: a show that ends removes its board before it releases the lock.
        if _is_held(self._path):
            return "runs"
        return "died" if self._path.exists() else "ended"

    def look(self, name: PictureName) -> None:
        """Note that a page shows a picture now."""
        offset = self._offset(name)
        if self._map is not None and offset:
            struct.pack_into("=q", self._map, offset + 8, time.monotonic_ns())

    def picture(self, name: PictureName, after: int = 0) -> Shot | None:
        """The picture, unless its sequence is `after`; or None."""
        board = self._mapped()
        for _ in range(3):
            sequence, _, width, height, room, frame = self._slot(name)
            size = width * height * 3
            if board is None or sequence == after or sequence % 2 or not 0 < size <= room:
                return None
            start = self._offset(name) + _SLOT.size
            data = board[start : start + size]
            if self._slot(name)[0] == sequence:
                return Shot(sequence, width, height, data, frame)
        return None

    def close(self) -> None:
        """Release the memory."""
        if self._map is not None:
            self._map.close()
            self._map = None

    def _slot(self, name: PictureName) -> tuple[int, ...]:
        board, offset = self._mapped(), self._offset(name)
        return _SLOT.unpack_from(board, offset) if board and offset else (0,) * 6

    def _offset(self, name: PictureName) -> int:
        board = self._mapped()
        if board is None:
            return 0
        offset = _HEAD
        for other in PICTURES:
            if offset + _SLOT.size > len(board):
                return 0
            if other == name:
                return offset
            offset += _SLOT.size + int(_SLOT.unpack_from(board, offset)[4])
        return 0

    def _mapped(self) -> mmap.mmap | None:
        if self._map is None and (opened := _opened(self._path)):
            self._map, self._inode = opened
        return self._map

    def refresh(self) -> None:
        """Look for the board again: a restarted show has another one."""
        try:
            there = self._path.stat().st_ino
        except OSError:
            there = 0
        if there != self._inode:
            self.close()


def _created(path: Path, total: int) -> tuple[int, mmap.mmap]:
    """A new file; one that a killed show has left is removed first."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        path.unlink(missing_ok=True)
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise DeviceError(
            f"the memory for the console's pictures cannot be created: {path}: {error.strerror}",
            "run with --no-console",
        ) from error
    # Wait for a process that only tests whether it is locked (`_is_held`).
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.ftruncate(descriptor, total)
    return descriptor, mmap.mmap(descriptor, total)


def _opened(path: Path) -> tuple[mmap.mmap, int] | None:
    """The board of a show of this user; files of other users are not opened."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.getuid() or not stat.S_ISREG(found.st_mode) or found.st_size < _HEAD:
            return None
        opened = mmap.mmap(descriptor, found.st_size)
    except (OSError, ValueError):
        return None
    finally:
        os.close(descriptor)
    if opened[: len(_MAGIC)] != _MAGIC:
        opened.close()
        return None
    return opened, found.st_ino
