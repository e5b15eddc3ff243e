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
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from xrdrama.adapters.journal.opening import Fits, new_file, resumed_file
from xrdrama.adapters.journal.rescue import Copy, is_at, moved_to, write_all
from xrdrama.adapters.journal.troubles import Recording, Trouble, Troubles, reason_of
from xrdrama.errors import DeviceError
from xrdrama.show.take import Closed, Header, Logged, Outage, Revision, Take, Ticked, encode_record
from xrdrama.wire.events import CORE, AnyEvent, Entry, Origin

SYNC_EVERY: Final = 0.010
LOOK_EVERY: Final = 0.25
"""Seconds between two looks for the file, and between two tries to write what waits."""
TRY_EVERY: Final = 2.0
"""Seconds between two tries to write a deleted take again."""
MOST_WAITING: Final = 64 * 1024 * 1024
"""Bytes that may wait for room on the disk before events are refused."""
Written = Callable[[int], None]


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
        self._troubles = Troubles()
        self._lock = threading.RLock()
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync, name="journal", daemon=True)
        self._syncer.start()

    @classmethod
    def begin(cls, path: Path, header: Header) -> Journal:
        """A new take; DeviceError when the file cannot be made or another show writes it."""
        descriptor, size = new_file(path, header)
        return cls(path, descriptor, seq=0, size=size)

    @classmethod
    def resume(
        cls, path: Path, *, from_damage: bool = False, fits: Fits = lambda take: None
    ) -> tuple[Journal, Take]:
        """The take of a show that was cut off, to continue it; errors: `resumed_file`. `resumed`
        has what a person should know."""
        descriptor, take, cut_off = resumed_file(path, from_damage=from_damage, fits=fits)
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
                raise DeviceError(f"the take {self.path} is closed already", "run the show again")
            entry = Entry(self._seq, at, event, *origin)
            data = encode_record(Logged(entry))
            if self._waiting_bytes + len(data) > MOST_WAITING:
                self._refused += 1
                if self._outage is not None:
                    self._outage = replace(self._outage, refused=self._outage.refused + 1)
                reason = (
                    f"events are refused: too many wait until the take {self.path} can be written"
                )
                self._troubles.begin("events_refused", f"{reason}: free some space on the disk")
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

    def revise(self, revision: Revision) -> None:
        """Log a newer version of the story; on a full disk it waits."""
        with self._lock:
            if not self._closing.is_set():
                self._put(_Waiting(encode_record(revision), -1, -1, None))

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
                    self._troubles.begin(
                        "take_unwritten",
                        f"the take {self.path} has no end record: {reason_of(error)}",
                    )
            self._to_disk()
            os.close(self._descriptor)  # the number may soon be another file's
            self._descriptor = -1

    def recording(self) -> Recording:
        """The result of the recording so far; final after `close`."""
        with self._lock:
            frames = sum(one.number >= 0 for one in self._waiting)
            events = len(self._waiting) - frames
            if self._troubles.current("take_gone"):  # the file goes when we let go of it
                frames, events = self._frames, self._seq
            events += self._refused
            complete = not (frames or events or self._lost_bytes)
            return Recording(complete, frames, events, tuple(self._troubles.history))

    @property
    def failure(self) -> str:
        """Why the take cannot be written now, or ""."""
        return self._troubles.current("take_unwritten") or self._troubles.current("take_unsynced")

    def troubles(self) -> tuple[Trouble, ...]:
        """The current and most recent problems of the file."""
        with self._lock:
            return self._troubles.shown()

    # -- the file, always with the lock ---------------------------------------------------------

    def _put(self, one: _Waiting) -> None:
        if self._outage is None:
            try:
                self._write(one.data)
            except OSError as error:
                why = f"{reason_of(error)}; the show continues, the take is written when it can be"
                self._troubles.begin(
                    "take_unwritten", f"the take {self.path} cannot be written: {why}"
                )
                self._outage = Outage(error.strerror or str(error))
            else:
                if one.written:
                    one.written(one.seq)
                return
        self._waiting.append(one)
        self._waiting_bytes += len(one.data)
        late = self._outage
        if one.number < 0:
            self._outage = replace(late, entries=late.entries + (one.seq >= 0))
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
        """Write up to `most` waiting records in order, then the record of the outage; True if
        more wait."""
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
        self._troubles.end("take_unwritten")
        self._troubles.end("events_refused")
        self._troubles.begin("take_was_late", self._outage.described(), over=True)
        self._outage = None
        return False

    def _catch_up(self) -> None:
        """Write all waiting records; other threads may append meanwhile."""
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
            why = f"{reason_of(error)}; a power failure may lose acknowledged events"
            with self._lock:
                self._troubles.begin(
                    "take_unsynced", f"the take {self.path} cannot be synced: {why}"
                )
        else:
            with self._lock:
                self._troubles.end("take_unsynced")

    def _look(self) -> None:
        """Check that the file still exists, complete and under its name."""
        with self._lock:
            size = os.fstat(self._descriptor).st_size
            if size < self._size:
                self._lost_bytes += self._size - size
                text = f"another program truncated the take {self.path}"
                self._troubles.begin("take_cut", f"{text}; {self._lost_bytes} bytes are lost")
                self._size = size
            if is_at(self._descriptor, self.path):
                return
            moved = moved_to(self._descriptor)
            if moved is not None:
                text = f"the take {self.path} was moved; it is still being written, at {moved}"
                self._troubles.begin("take_moved", text, over=True)
                self.path = moved
                return
            if "take_gone" not in self._troubles:
                text = f"the take {self.path} was deleted; it is being written again"
                self._troubles.begin("take_gone", text)
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
                text = f"the take {self.path} was deleted while it was being written;"
                self._troubles.begin(
                    "take_gone", f"{text} the whole take was written again to {path}", over=True
                )
                self.path = path
        except OSError as error:
            copy.abandon()
            self._still_gone(error)

    def _still_gone(self, error: OSError) -> None:
        with self._lock:
            text = (
                f"the take {self.path} was deleted and cannot be written again: {reason_of(error)}"
            )
            self._troubles.begin("take_gone", f"{text}; the whole take is lost when the show ends")
