"""The event log in one file (SQLite, write-ahead log), for a show on one machine.

Durable means here: the entry is on the disk. It survives the end of this process, however it
ends, and a power cut, as far as the disk keeps what it says that it has written (`synchronous =
FULL`). With `synced=False` the operating system writes it later: it survives the end of the
process, not a power cut. `xrdrama bench event_log` measures both.

Several processes may have the log open at once; one of them writes at a time.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from xrdrama.adapters.eventlog.failures import described, moved, unusable
from xrdrama.errors import DeviceError
from xrdrama.ledger.log import (
    Appended,
    Entry,
    Logged,
    NotAppended,
    appended,
    checked_acknowledgement,
    checked_batch,
    checked_reader,
    checked_start,
    refusal_of,
    reused,
)

APPLICATION: Final = 0x78724576
"""`xrEv`: marks a database as an event log (PRAGMA application_id)."""
VERSION: Final = 1
BUSY_TIMEOUT_S: Final = 5.0
"""Seconds to wait while another process writes."""
_BEGINNING: Final = b"SQLite format 3\0"
AT_ONCE: Final = 1000
"""Entries that a replay reads at once."""

_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY, key TEXT NOT NULL,"
    " data BLOB NOT NULL, id TEXT NOT NULL UNIQUE, crc INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS readers (reader TEXT PRIMARY KEY, seq INTEGER NOT NULL)",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {VERSION}",
)
_INSERT: Final = (
    "INSERT INTO entries (key, data, id, crc) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING"
)
_KNOWN: Final = "SELECT seq, key, data FROM entries WHERE id = ?"
_REPLAY: Final = (
    "SELECT seq, key, data, id, crc FROM entries WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
)
_ACKNOWLEDGE: Final = (
    "INSERT INTO readers (reader, seq) VALUES (?, ?)"
    " ON CONFLICT (reader) DO UPDATE SET seq = max(seq, excluded.seq)"
)


def open(address: str) -> SqliteLog:
    """The entry point `sqlite` of `xrdrama.event_logs`; `address` is the path of its file."""
    if "://" in address:
        raise DeviceError(
            f"the event log {address!r} is not a file", "write the path of a file for it"
        )
    return SqliteLog(Path(address))


class SqliteLog:
    """A `ledger.log.EventLog` in the file `path`, which is made if it does not exist."""

    def __init__(self, path: Path, *, synced: bool = True) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = _made(path)
        self._db: sqlite3.Connection | None = None
        try:
            self._db = _connected(path, synced=synced)
            self._prepare(self._db)
        except sqlite3.Error as error:
            self.close()
            raise described(path, error) from error
        except DeviceError:
            self.close()
            raise

    def _prepare(self, db: sqlite3.Connection) -> None:
        """Make the tables of a new log; DeviceError for the file of another program."""
        (application,) = db.execute("PRAGMA application_id").fetchone()
        (version,) = db.execute("PRAGMA user_version").fetchone()
        (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application != APPLICATION and (application or tables):
            raise unusable(self.path, "it is a database of another program")
        if version > VERSION:
            reason = f"its version is {version}, and this program knows up to {VERSION}"
            raise DeviceError(
                f"the event log {self.path} cannot be read: {reason}", "update xrdrama"
            )
        # Only now: the mode is written into the file.
        (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise DeviceError(
                f"the event log {self.path} cannot be kept safe on this file system",
                "choose a folder on a local disk",
            )
        if application == APPLICATION:
            # The index of ids, too: with a damaged one an entry could be appended twice.
            (verdict,) = db.execute("PRAGMA integrity_check(1)").fetchone()
            if verdict != "ok":
                raise unusable(self.path, "it is damaged")
            return
        with self._writing():
            for statement in _TABLES:
                db.execute(statement)
        # So that the file alone, without the one beside it, is known as an event log.
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    # -- the contract ---------------------------------------------------------------------------

    def append(self, key: str, data: bytes, id: str) -> Appended:
        """Append an entry, unless it is there already."""
        return appended(self.append_many([Entry(key, data, id)])[0])

    def append_many(self, entries: Sequence[Entry]) -> list[Appended | NotAppended]:
        """Append entries in one transaction: all of it is on the disk, or nothing."""
        checked_batch(entries)
        with self._lock, self._writing() as db:
            return [refusal_of(entry) or self._append(db, entry) for entry in entries]

    def _append(self, db: sqlite3.Connection, entry: Entry) -> Appended | NotAppended:
        crc = _crc(entry.key, entry.data, entry.id)
        cursor = db.execute(_INSERT, (entry.key, entry.data, entry.id, crc))
        if cursor.rowcount == 1 and cursor.lastrowid is not None:
            return Appended(cursor.lastrowid, again=False)
        seq, key, data = db.execute(_KNOWN, (entry.id,)).fetchone()
        same = (key, data) == (entry.key, entry.data)
        return Appended(seq, again=True) if same else reused(entry.id, seq)

    def replay(self, after: int = 0) -> Iterator[Logged]:
        """The entries after `after`; DeviceError at the first one that is damaged or missing."""
        checked_start(after)
        return self._replayed(after, self.newest())

    def _replayed(self, after: int, last: int) -> Iterator[Logged]:
        while after < last:
            with self._lock, self._reading() as db:
                rows = db.execute(_REPLAY, (after, last, AT_ONCE)).fetchall()
            for seq, key, data, id, crc in rows or [(0, "", b"", "", 0)]:
                if seq != after + 1 or crc != _crc(key, data, id):
                    raise unusable(self.path, f"entry {after + 1} is damaged or missing")
                after = seq
                yield Logged(seq, key, data, id)

    def newest(self) -> int:
        """The number of the newest entry; 0 for an empty log."""
        with self._lock, self._reading() as db:
            return _newest(db)

    def acknowledge(self, reader: str, seq: int) -> None:
        """Note that `reader` has processed every entry up to `seq`."""
        with self._lock, self._writing() as db:
            checked_acknowledgement(reader, seq, _newest(db))
            db.execute(_ACKNOWLEDGE, (reader, seq))

    def acknowledged(self, reader: str) -> int:
        """The number up to which `reader` has processed everything."""
        checked_reader(reader)
        with self._lock, self._reading() as db:
            found = db.execute("SELECT seq FROM readers WHERE reader = ?", (reader,)).fetchone()
        return int(found[0]) if found else 0

    def close(self) -> None:
        """Close the file. Closing again does nothing."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None

    # -- the file -------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        if self._db is None:
            raise DeviceError(f"the event log {self.path} is closed", "open it again")
        try:
            yield self._db
        except sqlite3.Error as error:
            raise described(self.path, error) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: committed at the end, undone by an exception."""
        with self._reading() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have undone it already
                    db.execute("ROLLBACK")
                raise
        # A file that somebody deleted is still written without an error, and then lost.
        if self._file != _identity(self.path):
            raise moved(self.path)


def _made(path: Path) -> tuple[int, int] | None:
    """The identity of the file, made, for its user only, if it does not exist."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise unusable(path, "it is not a regular file")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            beginning = os.pread(descriptor, len(_BEGINNING), 0)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise DeviceError(
            f"the event log {path} cannot be written: {error.strerror}",
            "choose another folder, or allow this user to write there",
        ) from error
    except ValueError as error:  # a NUL in the path
        raise DeviceError(f"{str(path)!r} is not a path: {error}", "choose another name") from error
    if beginning not in (b"", _BEGINNING):  # SQLite takes some short files for empty ones
        raise unusable(path, "it is not an event log")
    return _identity(path)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_dev, about.st_ino


def _connected(path: Path, *, synced: bool) -> sqlite3.Connection:
    db = sqlite3.connect(
        path.absolute(), timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    db.execute("PRAGMA trusted_schema = OFF")
    db.execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
    return db


def _newest(db: sqlite3.Connection) -> int:
    (seq,) = db.execute("SELECT max(seq) FROM entries").fetchone()
    return int(seq or 0)


def _crc(key: str, data: bytes, id: str) -> int:
    return zlib.crc32(data, zlib.crc32(f"{key}\0{id}\0".encode()))
