"""Appending to a take's file so that nothing acknowledged is lost.

`append` acknowledges when the operating system has the bytes: that survives `kill -9`. A thread
calls `fdatasync` at most 100 times a second: that survives a power cut but for the last 10 ms.

A disk that is full raises an alarm and never stops the show. What cannot be written waits in
memory and takes effect, unacknowledged; it is written, in order, once there is room again, so a
replay is identical. Only events are refused when too many wait. The same thread looks for the
file four times a second: one that was deleted is written again as a whole, one that was moved is
followed. A file has one writer: a second one is refused, since each would cut off what the other
wrote.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from xrdrama.adapters.journal.rescue import FLAGS, Copy, is_at, moved_to, write_all
from xrdrama.adapters.journal.resuming import refuse_damage, set_aside
from xrdrama.errors import DeviceError
from xrdrama.show.take import (
    MAGIC,
    Closed,
    Header,
    Logged,
    Outage,
    Take,
    Ticked,
    encode_record,
    read_take,
)
from xrdrama.wire.events import CORE, AnyEvent, Entry, Origin

SYNC_EVERY: Final = 0.010
LOOK_EVERY: Final = 0.25
"""Seconds between two looks for the file, and between two tries to write what waits."""
TRY_EVERY: Final = 2.0
"""Seconds between two tries to write a deleted take again."""
MOST_WAITING: Final = 64 * 1024 * 1024
"""Bytes that may wait for room on the disk before events are refused."""
SHOWN_FOR: Final = 60.0
"""Seconds that an alarm stays which is over, but leaves something for a person to know."""

Written = Callable[[int], None]
Fits = Callable[[Take], None]


class Trouble(msgspec.Struct, frozen=True):
    """Something is wrong with the file of the take. `code` is stable, `text` has the remedy."""

    code: str
    text: str


class Recording(msgspec.Struct, frozen=True):
    """What became of a recording: whether all of it is in the take, and what was wrong."""

    complete: bool = True
    missing_frames: int = 0
    """Frames that were made and are not in the take."""
    missing_events: int = 0
    """Events that are not in the take; they were not acknowledged."""
    troubles: tuple[str, ...] = ()
    """What was wrong with the file while it was written, in order, also when it is well again."""


class _Waiting(NamedTuple):
    data: bytes
    seq: int
    """The number of an entry, -1 for a frame."""
    number: int
    """The number of a frame, -1 for an entry."""
    written: Written | None


class Journal:
    """A take being written. `append` may be called from any thread."""

    def __init__(self, path: Path, descriptor: int, *, seq: int, size: int) -> None:
        self.path = path
        self.resumed = ""
        """What a person should know of the file that was resumed: what was cut off, and where that
        is kept; "" for a take that was closed."""
        self._descriptor = descriptor
        self._seq = seq
        self._size = size
        self._torn = False
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._outage: Outage | None = None
        """What has waited, or was refused, since the file could not be written."""
        self._frames = self._refused = 0
        self._lost_bytes = 0
        self._try_again = 0.0
        self._troubles: dict[str, tuple[Trouble, float | None]] = {}
        """By code, with when it was over."""
        self._history: list[str] = []
        self._lock = threading.RLock()
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync, name="journal", daemon=True)
        self._syncer.start()

    @classmethod
    def begin(cls, path: Path, header: Header) -> Journal:
        """A new take; DeviceError when the file cannot be made or another show writes it."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = _opened(path, os.O_CREAT)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            first = MAGIC + encode_record(header)
            os.ftruncate(descriptor, 0)
            write_all(descriptor, first)
        except OSError as error:
            os.close(descriptor)
            raise _unwritable(path, error) from error
        return cls(path, descriptor, seq=0, size=len(first))

    @classmethod
    def resume(
        cls, path: Path, *, from_damage: bool = False, fits: Fits = lambda take: None
    ) -> tuple[Journal, Take]:
        """The take of a show that was cut off: what is behind its whole records is cut, and kept
        in a file beside it; then the take goes on.

        UsageError when whole records lie behind a damaged place, unless `from_damage`: then the
        take goes on from that place, and the damaged file is kept as a whole. `resumed` tells
        about it. DeviceError when the file cannot be read, its copy cannot be written, or another
        show still writes it; RemoteProtocolError when it is no take.
        """
        try:
            descriptor = _opened(path, 0)
        except OSError as error:
            raise _unreadable(path, error) from error
        try:
            data = path.read_bytes()
            take = read_take(data, str(path))
            refuse_damage(path, take, from_damage=from_damage)
            fits(take)
            cut_off = set_aside(path, data, take)
            os.ftruncate(descriptor, take.good)
            os.fsync(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise _unreadable(path, error) from error
        except Exception:
            os.close(descriptor)
            raise
        journal = cls(path, descriptor, seq=len(take.entries), size=take.good)
        journal.resumed = cut_off
        return journal, take

    # -- writing --------------------------------------------------------------------------------

    def append(
        self,
        at: int,
        event: AnyEvent,
        origin: Origin = CORE,
        *,
        written: Written | None = None,
    ) -> Entry:
        """Log an event; `written` is called with its number once it is in the file: on a full disk
        when there is room again. DeviceError when too much waits for it or the take is closed."""
        with self._lock:
            if self._closing.is_set():
                raise DeviceError(f"the take {self.path} is closed")
            entry = Entry(self._seq, at, event, *origin)
            data = encode_record(Logged(entry))
            if self._waiting_bytes + len(data) > MOST_WAITING:
                self._refused += 1
                if self._outage is not None:
                    self._outage = replace(self._outage, refused=self._outage.refused + 1)
                reason = f"the take {self.path} was not written for so long that events are refused"
                self._begin("events_refused", f"{reason}: free some space on the disk")
                raise DeviceError(reason, "free some space on the disk")
            self._seq += 1
            self._put(_Waiting(data, entry.seq, -1, written))
        return entry

    def tick(self, ticked: Ticked) -> None:
        """Log a tick boundary; on a full disk it waits."""
        with self._lock:
            if not self._closing.is_set():
                self._frames += 1
                self._put(_Waiting(encode_record(ticked), -1, ticked.number, None))

    def close(self, counts: dict[str, int] | None = None) -> None:
        """End the take on purpose and wait until it is on the disk. Closing again does nothing."""
        with self._lock:
            if self._closing.is_set():
                return
            self._closing.set()
        self._dirty.set()
        self._syncer.join()
        self._look()
        with self._lock:
            self._write_waiting(len(self._waiting))
            if not self._waiting:
                try:
                    self._write(encode_record(Closed(counts or {})))
                except OSError as error:
                    self._begin("take_unwritten", f"the take {self.path} has no end: {_why(error)}")
            self._to_disk()
            os.close(self._descriptor)  # the number may soon be another file's
            self._descriptor = -1

    def recording(self) -> Recording:
        """What became of the recording so far; for good once it is closed."""
        with self._lock:
            frames = sum(one.number >= 0 for one in self._waiting)
            events = len(self._waiting) - frames
            trouble, over = self._troubles.get("take_gone", (None, None))
            if trouble is not None and over is None:  # the file goes when we let go of it
                frames, events = self._frames, self._seq
            events += self._refused
            complete = not (frames or events or self._lost_bytes)
            return Recording(complete, frames, events, tuple(self._history))

    # -- what is wrong --------------------------------------------------------------------------

    @property
    def failure(self) -> str:
        """Why the take cannot be written now, "" when it can."""
        for code in ("take_unwritten", "take_unsynced"):
            trouble, over = self._troubles.get(code, (None, None))
            if trouble is not None and over is None:
                return trouble.text
        return ""

    def troubles(self) -> tuple[Trouble, ...]:
        """What is wrong with the file now, or was until just before."""
        now = time.monotonic()
        with self._lock:
            return tuple(
                trouble
                for trouble, over in self._troubles.values()
                if over is None or now - over < SHOWN_FOR
            )

    def _begin(self, code: str, text: str, *, over: bool = False) -> None:
        """Note that something is wrong; `over`: it is well again, but a person must know."""
        known = self._troubles.get(code)
        if known is None or known[0].text != text or (known[1] is not None and not over):
            self._history.append(text)
        self._troubles[code] = Trouble(code, text), time.monotonic() if over else None

    def _end(self, code: str) -> None:
        self._troubles.pop(code, None)

    # -- the file, always with the lock ---------------------------------------------------------

    def _put(self, one: _Waiting) -> None:
        if self._outage is None:
            try:
                self._write(one.data)
            except OSError as error:
                why = f"{_why(error)}; the show goes on, and all is written once there is a way"
                self._begin("take_unwritten", f"the take {self.path} cannot be written: {why}")
                self._outage = Outage(error.strerror or str(error))
            else:
                if one.written:
                    one.written(one.seq)
                return
        self._waiting.append(one)
        self._waiting_bytes += len(one.data)
        late = self._outage
        if one.number < 0:
            self._outage = replace(late, entries=late.entries + 1)
        else:
            first = late.first if late.frames else one.number
            self._outage = replace(late, frames=late.frames + 1, first=first, last=one.number)

    def _write(self, data: bytes) -> None:
        """Append a whole record or nothing; OSError."""
        if self._torn:
            self._cut_half_record()
        self._torn = True
        try:
            write_all(self._descriptor, data)
        except OSError:
            with contextlib.suppress(OSError):  # the next write tries again
                self._cut_half_record()
            raise
        self._torn = False
        self._size += len(data)
        self._dirty.set()

    def _cut_half_record(self) -> None:
        """Cut off half a record, which would hide all that is written after it."""
        os.ftruncate(self._descriptor, self._size)
        self._torn = False

    def _write_waiting(self, most: int) -> bool:
        """Write so much of what waits, in order, then that it had to wait; True: more waits."""
        if self._outage is None:
            return False
        try:
            for _ in range(min(most, len(self._waiting))):
                one = self._waiting[0]
                self._write(one.data)
                self._waiting.popleft()
                self._waiting_bytes -= len(one.data)
                if one.written:
                    one.written(one.seq)
            if self._waiting:
                return True
            self._write(encode_record(self._outage))
        except OSError:
            return False  # still no room
        self._end("take_unwritten")
        self._end("events_refused")
        self._begin("take_was_late", self._outage.described(), over=True)
        self._outage = None
        return False

    def _catch_up(self) -> None:
        """Write all that waits; in between, others may append."""
        most, more = 500, True
        while more:
            with self._lock:
                more = self._write_waiting(most)
            most *= 2  # faster than they append

    # -- the thread -----------------------------------------------------------------------------

    def _sync(self) -> None:
        looked = 0.0
        while not self._closing.is_set():
            if self._dirty.wait(LOOK_EVERY):
                self._dirty.clear()
                self._to_disk()
            if time.monotonic() - looked >= LOOK_EVERY:
                looked = time.monotonic()
                self._look()
                self._catch_up()
            self._closing.wait(SYNC_EVERY)

    def _to_disk(self) -> None:
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            why = f"{_why(error)}; a power cut may lose what was acknowledged"
            with self._lock:
                self._begin("take_unsynced", f"the take {self.path} cannot be synced: {why}")
        else:
            with self._lock:
                self._end("take_unsynced")

    def _look(self) -> None:
        """See whether the file is still there, whole and under its name."""
        with self._lock:
            size = os.fstat(self._descriptor).st_size
            if size < self._size:
                self._lost_bytes += self._size - size
                text = f"another program shortened the take {self.path}"
                self._begin("take_cut", f"{text}: {self._lost_bytes} bytes are lost")
                self._size = size
            if is_at(self._descriptor, self.path):
                return
            moved = moved_to(self._descriptor)
            if moved is not None:
                text = f"the take {self.path} was moved; it is still written, as {moved}"
                self._begin("take_moved", text, over=True)
                self.path = moved
                return
            if "take_gone" not in self._troubles:
                text = f"the take {self.path} was deleted; it is being written again"
                self._begin("take_gone", text)
            if time.monotonic() < self._try_again and not self._closing.is_set():
                return
            self._try_again = time.monotonic() + TRY_EVERY
            size = self._size
        try:
            copy = Copy(self.path)
        except OSError as error:
            self._still_gone(error)
            return
        try:
            copy.take_from(self._descriptor, size)
            with self._lock:
                copy.take_from(self._descriptor, self._size)
                path = copy.name()
                os.close(self._descriptor)
                self._descriptor = copy.descriptor
                text = f"the take {self.path} was deleted while it was written;"
                self._begin("take_gone", f"{text} all of it was written again to {path}", over=True)
                self.path = path
        except OSError as error:
            copy.abandon()
            self._still_gone(error)

    def _still_gone(self, error: OSError) -> None:
        with self._lock:
            text = f"the take {self.path} was deleted and cannot be written again: {_why(error)}"
            self._begin("take_gone", f"{text}; when the show ends, all of it is lost")


def _opened(path: Path, flags: int) -> int:
    descriptor = os.open(path, FLAGS | flags, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise DeviceError(
            f"the take {path} is being written by another show",
            "end that one, or choose another folder with --out",
        ) from None
    except OSError:
        return descriptor  # a file system without locks
    return descriptor


def _why(error: OSError) -> str:
    remedies = {
        "No space left on device": "free some space on the disk",
        "Disk quota exceeded": "free some space",
        "Read-only file system": "mount it so that it can be written to",
    }
    reason = error.strerror or str(error)
    remedy = remedies.get(reason, "")
    return f"{reason}: {remedy}" if remedy else reason


def _unwritable(path: Path, error: OSError) -> DeviceError:
    reason = f"the take {path} cannot be written: {error.strerror}"
    return DeviceError(reason, "choose another folder with --out")


def _unreadable(path: Path, error: OSError) -> DeviceError:
    reason = f"the take {path} cannot be read: {error.strerror}"
    return DeviceError(reason, "name the .take file of a show that was cut off")
