"""Open the file of a take for writing: a new one, or that of an interrupted show."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from xrdrama.adapters.journal.rescue import FLAGS, write_all
from xrdrama.adapters.journal.resuming import refuse_damage, set_aside
from xrdrama.errors import DeviceError
from xrdrama.show.take import MAGIC, Header, Take, encode_record, read_take

Fits = Callable[[Take], None]


def new_file(path: Path, header: Header) -> tuple[int, int]:
    """The descriptor and the size of a new take's file; DeviceError if it cannot be created or
    another show writes it."""
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
    return descriptor, len(first)


def resumed_file(path: Path, *, from_damage: bool, fits: Fits) -> tuple[int, Take, str]:
    """The descriptor of an interrupted take, its content, and a notice for a person: its bytes
    after the last whole record are cut off and saved in a file beside it.

    UsageError when whole records follow a damaged place, unless `from_damage`: then the take
    continues from that place, and the damaged file is kept as a whole. `fits(take)` may refuse it,
    too. DeviceError when the file cannot be read, its copy cannot be written, or another show still
    writes it; RemoteProtocolError for a file that is not a take.
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
    return descriptor, take, cut_off


def _opened(path: Path, flags: int) -> int:
    descriptor = os.open(path, FLAGS | flags, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise DeviceError(
            f"the take {path} is being written by another show",
            "stop that show, or choose another folder with --out",
        ) from None
    except OSError:
        return descriptor  # a file system without locks
    return descriptor


def _unwritable(path: Path, error: OSError) -> DeviceError:
    reason = f"the take {path} cannot be written: {error.strerror}"
    return DeviceError(reason, "choose another folder with --out")


def _unreadable(path: Path, error: OSError) -> DeviceError:
    reason = f"the take {path} cannot be read: {error.strerror}"
    return DeviceError(reason, "write the path of the .take file of an interrupted show")
