"""Where the event log of a take is: in a file beside it, or on a server of event logs.

A take whose log is on a server has the log's address in a file beside it, so that a resumed show
and `xrdrama votes` find the log again.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from xrdrama import plugins, saving
from xrdrama.adapters.eventlog.address import Address, refuse_unreachable
from xrdrama.adapters.eventlog.sqlite import SqliteLog
from xrdrama.errors import DeviceError, UsageError
from xrdrama.ledger.log import EventLog

_SERVERS: Final = {"nats": "nats", "tls": "nats"}
_MOST: Final = 1000


def open_placed(path: Path, server: str = "", *, synced: bool = True) -> EventLog:
    """The event log of the take whose log would be the file `path`; made if it does not exist.

    With `server` (nats://HOST:4222/LOG) a new log is made there, under a name of its own that
    begins with LOG. A log that exists stays where it is. `synced` is that of `SqliteLog`.
    UsageError for an address of no kind of log; DeviceError when it cannot be opened.
    """
    known = address_of(path)
    if not known and server and not path.exists():
        kind = path.suffix.removeprefix(".") or "events"
        known = f"{server}-{kind}-{secrets.token_hex(6)}"
        saving.save(path.with_name(path.name + ".at"), known.encode())
    if known:
        return plugins.event_log(kind_of(known)).open(known)
    return SqliteLog(path, synced=synced)


def files_of(path: Path) -> list[Path]:
    """All files that a log may have (SQLite makes three)."""
    return [path.with_name(path.name + end) for end in ("", "-wal", "-shm", ".at")]


def exists(path: Path) -> bool:
    """Whether the take has such a log, in a file or on a server."""
    return path.is_file() or bool(address_of(path))


def address_of(path: Path) -> str:
    """The address of a log that is on a server; "" for one in a file."""
    try:
        with path.with_name(path.name + ".at").open("rb") as file:
            return file.read(_MOST).decode().strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise DeviceError(
            f"{path}.at, the address of an event log, cannot be read: {error}",
            "restore it from a copy",
        ) from error


def kind_of(address: str) -> str:
    """The plug-in for an address on a server. UsageError for another address."""
    scheme = urlsplit(address).scheme
    if scheme not in _SERVERS:
        raise UsageError(
            f"{address!r} is not the address of an event log",
            "write nats://HOST:4222/LOG, or leave it out: SQLite keeps the log beside the take",
        )
    return _SERVERS[scheme]


def refuse_unusable(address: str) -> None:
    """UsageError or DeviceError, before a show starts, for an address that cannot be used: of no
    kind of log, not installed, or with no server that answers."""
    plugins.event_log(kind_of(address))
    refuse_unreachable(Address.parse(address))
