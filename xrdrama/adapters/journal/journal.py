"""Appending to a take's file so that nothing acknowledged is lost.

`write` returns when the operating system has the bytes: that survives `kill -9`. A thread calls
`fdatasync` at most 100 times a second: that survives a power cut but for the last 10 ms. A full
disk raises the alarm and never stops the show; what finds room again is written again. A file has
one writer: a second one is refused, since each would cut off what the other wrote.
"""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from xrdrama.errors import DeviceError
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
    def resume(cls, path: Path) -> tuple[Journal, Take]:
        """The take of a show that was cut off: its torn tail is cut, then it goes on.

        DeviceError when the file cannot be read or another show still writes it,
        RemoteProtocolError when it is no take.
        """
        try:
            descriptor = _opened(path, 0)
        except OSError as error:
            raise _unreadable(path, error) from error
        try:
            take = read_take(path.read_bytes(), str(path))
            os.ftruncate(descriptor, take.good)
        except OSError as error:
            os.close(descriptor)
            raise _unreadable(path, error) from error
        except Exception:
            os.close(descriptor)
            raise
        return cls(path, descriptor, seq=len(take.entries), size=take.good), take

    def append(self, at: int, event: AnyEvent, *, peer: str = "", id: int = 0) -> Entry:
        """Log an event; when this returns, it may be acknowledged. DeviceError on a full disk."""
        with self._lock:
            entry = Entry(self._seq, at, event, peer, id)
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
