"""What SQLite reports, in words: what is wrong with which file, and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from xrdrama.errors import DeviceError

_RESTORE: Final = (
    "restore it from a copy, or move it and the files beside it (-wal, -shm) away; a new one is"
    " made then"
)
_WORDS: Final = {
    sqlite3.SQLITE_FULL: ("no space is left on the disk", "free some space, then send it again"),
    sqlite3.SQLITE_BUSY: (
        "another program keeps it locked",
        "end the program that writes it, then try again",
    ),
    sqlite3.SQLITE_READONLY: (
        "it may only be read",
        "allow this user to write the file and its folder, or choose another folder",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "the file or those beside it (-wal, -shm) cannot be opened",
        "allow this user to write the file and its folder, or choose another folder",
    ),
    sqlite3.SQLITE_PERM: (
        "this user may not write it",
        "allow this user to write the file and its folder, or choose another folder",
    ),
    sqlite3.SQLITE_NOTADB: ("it is not an event log", "choose another file; it was not changed"),
    sqlite3.SQLITE_CORRUPT: ("it is damaged", _RESTORE),
    sqlite3.SQLITE_IOERR: (
        "the disk reports an error",
        "check the disk and its free space, then try again",
    ),
}


def described(path: Path, error: sqlite3.Error) -> DeviceError:
    """The DeviceError for an error of SQLite at the log in `path`."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    reason, remedy = _WORDS.get(code, (str(error), _RESTORE))
    return DeviceError(f"the event log {path} cannot be used: {reason}", remedy)


def unusable(path: Path, reason: str) -> DeviceError:
    """The DeviceError for a file that is not an event log, or not a whole one."""
    remedy = _RESTORE if "damaged" in reason else "choose another file; it was not changed"
    return DeviceError(f"the event log {path} cannot be used: {reason}", remedy)


def moved(path: Path) -> DeviceError:
    """The DeviceError for a log whose file is not at its path any more."""
    return DeviceError(
        f"the event log {path} was moved, replaced or deleted while it was open",
        "move it back and start again; what was appended before is in the moved file",
    )
