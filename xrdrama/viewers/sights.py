"""Where a viewer looks, for another window on this machine that mirrors it: a small shared file."""

from __future__ import annotations

import mmap
import os
import struct
import time
from math import exp
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.processes.statuses import SIGHT_BYTES
from xrdrama.spatial import Pose, Quat, Vec3

_FORM: Final = struct.Struct("<QQd7d64s")
"""A number that is odd while the rest is written, the same afterwards, when it was written (seconds
of the monotonic clock), the pose, the set's name in UTF-8."""
assert _FORM.size <= SIGHT_BYTES
_TRIES: Final = 4


class Sight(msgspec.Struct, frozen=True):
    """A viewer's left eye in a set, and when it was there: seconds of the monotonic clock."""

    at: float
    scene: str
    pose: Pose


class SightFile:
    """The file at `path`, which has `SIGHT_BYTES` bytes; one process writes, others read. OSError
    for a missing one."""

    def __init__(self, path: Path) -> None:
        file = os.open(path, os.O_RDWR)
        try:
            self._memory = mmap.mmap(file, SIGHT_BYTES)
        finally:
            os.close(file)
        self._count = _FORM.unpack_from(self._memory)[0] // 2

    def write(self, scene: str, pose: Pose) -> None:
        """Leave a pose for those who read; it waits for nobody."""
        self._count += 1
        p, q = pose.position, pose.rotation
        number = 2 * self._count
        self._memory[:8] = struct.pack("<Q", number - 1)
        self._memory[16 : _FORM.size] = _FORM.pack(
            0, 0, time.monotonic(), p.x, p.y, p.z, q.w, q.x, q.y, q.z, scene.encode()[:64]
        )[16:]
        self._memory[8:16] = struct.pack("<Q", number)
        self._memory[:8] = struct.pack("<Q", number)

    def read(self) -> Sight | None:
        """The newest pose; None before the first, or while one is being written."""
        for _ in range(_TRIES):
            found = self._memory[:]
            before, after, at, x, y, z, w, i, j, k, scene = _FORM.unpack_from(found)
            is_whole = before == after and before % 2 == 0 and self._memory[:16] == found[:16]
            if before and is_whole:
                name = scene.rstrip(b"\0").decode(errors="replace")
                return Sight(at, name, Pose(Vec3(x, y, z), Quat(w, i, j, k)))
        return None

    def close(self) -> None:
        """Release the memory; the file stays."""
        self._memory.close()


class Smoothed:
    """A pose that follows another one softly, for people who see a picture of a moving head."""

    LAG: Final = 0.12
    """Seconds by which it is behind."""

    def __init__(self) -> None:
        self._scene = ""
        self._pose = Pose()

    def follow(self, sight: Sight, seconds: float) -> Pose:
        """The pose `seconds` after the last one; in another set it is there at once."""
        share = 1.0 if sight.scene != self._scene else 1.0 - exp(-max(0.0, seconds) / self.LAG)
        self._scene = sight.scene
        self._pose = self._pose.lerp(sight.pose, share)
        return self._pose
