"""Appending to a take's file so that nothing acknowledged is lost.

`write` returns when the operating system has the bytes: that survives `kill -9`. A thread calls
`fdatasync` at most 100 times a second: that survives a power cut but for the last 10 ms. A full
disk stops the journal, raises the alarm once and never stops the show.
"""

from __future__ import annotations

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


class Journal:
    """A take being written. `append` may be called from any thread."""

    def __init__(self, path: Path, descriptor: int, *, seq: int, size: int) -> None:
        self.path = path
        self.failure = ""
        self._descriptor = descriptor
        self._seq = seq
        self._size = size
        self._lock = threading.Lock()
        self._dirty = threading.Event()
        self._closing = threading.Event()
        self._syncer = threading.Thread(target=self._sync, name="journal", daemon=True)
        self._syncer.start()

    @classmethod
    def begin(cls, path: Path, header: Header) -> Journal:
        """A new take; DeviceError when the file cannot be made."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC
            descriptor = os.open(path, flags, 0o644)
            first = MAGIC + encode_record(header)
            _write_all(descriptor, first)
        except OSError as error:
            raise DeviceError(
                f"the take {path} cannot be written: {error.strerror}",
                "choose another folder with --out",
            ) from error
        return cls(path, descriptor, seq=0, size=len(first))

    @classmethod
    def resume(cls, path: Path) -> tuple[Journal, Take]:
        """The take of a show that was cut off: its torn tail is cut, then it goes on."""
        try:
            take = read_take(path.read_bytes(), str(path))
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
            os.ftruncate(descriptor, take.good)
        except OSError as error:
            raise DeviceError(f"the take {path} cannot be read: {error.strerror}") from error
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
        """End the take on purpose and wait until it is on the disk."""
        with self._lock:
            try:
                self._write(Closed(counts or {}))
            except DeviceError as error:
                self.failure = str(error)
        self._closing.set()
        self._dirty.set()
        self._syncer.join()
        os.close(self._descriptor)

    def _write(self, record: Record) -> None:
        data = encode_record(record)
        try:
            _write_all(self._descriptor, data)
        except OSError as error:
            # Half a record would hide all that is written after it.
            os.ftruncate(self._descriptor, self._size)
            self.failure = f"the take {self.path} cannot be written: {error.strerror}"
            raise DeviceError(self.failure, "free some space on the disk") from error
        self._size += len(data)
        self._dirty.set()

    def _sync(self) -> None:
        while not self._closing.is_set():
            self._dirty.wait()
            self._dirty.clear()
            try:
                os.fdatasync(self._descriptor)
            except OSError as error:
                self.failure = f"the take {self.path} cannot be synced: {error.strerror}"
            self._closing.wait(SYNC_EVERY)


def _write_all(descriptor: int, data: bytes) -> None:
    written = os.write(descriptor, data)
    if written < len(data):
        # A short write means a full disk or a signal; the rest either fits now or raises.
        view = memoryview(data)[written:]
        while view:
            view = view[os.write(descriptor, view) :]
