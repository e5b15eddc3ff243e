"""A server's secrets in a file, so that pages stay valid when it or its show is restarted.

Only its owner can read the file. It is stored beside the take and removed when the show ends;
it stays when the show was killed, for `xrdrama run --resume`.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

import msgspec

from xrdrama import saving
from xrdrama.adapters.web.access.sessions import Secrets
from xrdrama.errors import DeviceError


def secrets_path(take: Path, server: str = "console") -> Path:
    """Where the secrets of a server of a take are: its console, or its audience server."""
    return take.with_name(f"{take.name}.{server}")


def journal_path(secrets: Path) -> Path:
    """Where the journal of viewers' own shows is: beside the secrets of their server."""
    return secrets.with_name(f"{secrets.name}.shows")


def read_secrets(path: Path) -> Secrets | None:
    """The secrets in a file; None if it does not exist, or if others could read or write it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        private = found.st_uid == os.getuid() and not found.st_mode & 0o077
        if not (private and stat.S_ISREG(found.st_mode)):
            return None
        try:
            return msgspec.json.decode(file.read(1_000_000), type=Secrets)
        except (msgspec.MsgspecError, UnicodeError, RecursionError, OSError):
            return None


def write_secrets(path: Path, secrets: Secrets) -> None:
    """Replace the file. DeviceError."""
    try:
        if read_secrets(path) is None:
            path.unlink(missing_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise DeviceError(
            f"{path} cannot be written: {error.strerror or error}", "make its folder writable"
        ) from error
    saving.save(path, msgspec.json.encode(secrets))  # keeps the permissions
