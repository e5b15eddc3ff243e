"""Appending to a take's file so that nothing acknowledged is lost.

`write` returns when the operating system has the bytes: that survives `kill -9`. A thread calls
`fdatasync` at most 100 times a second: that survives a power cut but for the last 10 ms. A full
disk raises the alarm and never stops the show; what finds room again is written again. A file has
one writer: a second one is refused, since each would cut off what the other wrote.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import threading
from pathlib import Path

from xrdrama.errors import DeviceError, UsageError
from xrdrama.saving import save
from xrdrama.show.take import (
    MAGIC,
    Closed,
    Header,
    Logged,
    Record,
    Take,
    Ticked,
    encode_record,
    read_take,
)
from xrdrama.wire.events import AnyEvent, Entry

SYNC_EVERY = 0.010
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC


class Journal:
    """A take being written. `append` may be called from any thread."""

    def __init__(self, path: Path, descriptor: int, *, seq: int, size: int) -> None:
        self.path = path
        self.failure = ""
        """Why the last write that failed did, "" while none has."""
        self.resumed = ""
        """What a person should know of the file that was resumed: what was cut off, and where that
        is kept; "" for a take that was closed."""
        self._descriptor = descriptor
        self._seq = seq
        self._size = size
        self._torn = False
        self._lock = threading.Lock()
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
            _write_all(descriptor, first)
        except OSError as error:
            os.close(descriptor)
            raise _unwritable(path, error) from error
        return cls(path, descriptor, seq=0, size=len(first))

    @classmethod
    def resume(cls, path: Path, *, from_damage: bool = False) -> tuple[Journal, Take]:
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
            told = _set_aside(path, data, take, from_damage=from_damage)
            os.ftruncate(descriptor, take.good)
            os.fsync(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise _unreadable(path, error) from error
        except Exception:
            os.close(descriptor)
            raise
        journal = cls(path, descriptor, seq=len(take.entries), size=take.good)
        journal.resumed = told
        return journal, take

    def append(
        self, at: int, event: AnyEvent, *, peer: str = "", id: int = 0, instance: str = ""
    ) -> Entry:
        """Log an event; when this returns, it may be acknowledged. DeviceError on a full disk."""
        with self._lock:
            entry = Entry(self._seq, at, event, peer, id, instance)
            self._write(Logged(entry))
            self._seq += 1
        return entry

    def tick(self, ticked: Ticked) -> None:
        """Log a tick boundary. A failure is kept for the alarm: the show goes on."""
        with self._lock:
            try:
                self._write(ticked)
            except DeviceError as error:
                self.failure = str(error)

    def close(self, counts: dict[str, int] | None = None) -> None:
        """End the take on purpose and wait until it is on the disk. Closing again does nothing."""
        with self._lock:
            if self._closing.is_set():
                return
            try:
                self._write(Closed(counts or {}))
            except DeviceError as error:
                self.failure = str(error)
            self._closing.set()
        self._dirty.set()
        self._syncer.join()
        self._to_disk()
        with self._lock:  # the number may soon be another file's
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, record: Record) -> None:
        if self._closing.is_set():
            raise DeviceError(f"the take {self.path} is closed")
        data = encode_record(record)
        try:
            if self._torn:
                self._mend()
            self._torn = True
            _write_all(self._descriptor, data)
            self._torn = False
        except OSError as error:
            self.failure = f"the take {self.path} cannot be written: {error.strerror}"
            self._mend_if_possible()
            raise DeviceError(self.failure, "free some space on the disk") from error
        self._size += len(data)
        self._dirty.set()

    def _mend(self) -> None:
        """Cut off half a record, which would hide all that is written after it."""
        os.ftruncate(self._descriptor, self._size)
        self._torn = False

    def _mend_if_possible(self) -> None:
        try:
            self._mend()
        except OSError:
            return  # the next write tries again

    def _sync(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait()
            self._dirty.clear()
            self._to_disk()
            self._closing.wait(SYNC_EVERY)

    def _to_disk(self) -> None:
        try:
            os.fdatasync(self._descriptor)
        except OSError as error:
            self.failure = f"the take {self.path} cannot be synced: {error.strerror}"


def _opened(path: Path, flags: int) -> int:
    descriptor = os.open(path, _FLAGS | flags, 0o644)
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


def _set_aside(path: Path, data: bytes, take: Take, *, from_damage: bool) -> str:
    """Keep what will be cut in a file of its own, and say so; UsageError as in `resume`."""
    damage, rate = take.damage, take.header.rate
    if damage is None:
        ends = f"{take.ticks[-1].number}" if take.ticks else "none"
        whole = f"{path} has no end record, its last frame is {ends}; the show goes on from there"
        return whole if take.closed is None else ""
    place = damage.told(str(path), rate)
    if damage.is_tail:
        # Nothing whole is there, so at most one record is lost: the one that was being written
        # when the show was killed, which nobody was told is recorded, or one damaged since.
        kept = _beside(path, "tail")
        save(kept, data[damage.at :])
        return f"{place}; they were cut off and kept in {kept}"
    if not from_damage:
        raise UsageError(
            f"{place}; to go on from there would lose {damage.loss(rate)}",
            "restore the take from a copy, or resume with --resume-from-damaged, which keeps this"
            " file beside the take",
        )
    kept = _beside(path, "damaged")
    save(kept, data)
    return (
        f"{place}; the show goes on from there, {damage.loss(rate)} are lost; the damaged file is"
        f" kept as {kept}"
    )


def _beside(path: Path, word: str) -> Path:
    """A name that is free: `night.take.damaged`, `night.take.damaged.2`, and so on."""
    kept = path.with_name(f"{path.name}.{word}")
    for number in itertools.count(2):
        if not kept.exists():
            break
        kept = path.with_name(f"{path.name}.{word}.{number}")
    return kept


def _unwritable(path: Path, error: OSError) -> DeviceError:
    reason = f"the take {path} cannot be written: {error.strerror}"
    return DeviceError(reason, "choose another folder with --out")


def _unreadable(path: Path, error: OSError) -> DeviceError:
    reason = f"the take {path} cannot be read: {error.strerror}"
    return DeviceError(reason, "name the .take file of a show that was cut off")


def _write_all(descriptor: int, data: bytes) -> None:
    written = os.write(descriptor, data)
    if written < len(data):
        # A short write means a full disk or a signal; the rest either fits now or raises.
        view = memoryview(data)[written:]
        while view:
            view = view[os.write(descriptor, view) :]
