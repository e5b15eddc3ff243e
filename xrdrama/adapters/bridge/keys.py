"""The key of a run: a process needs it to direct a show or to send it events.

The core makes a new one for every run and keeps it in a file that only its user may read,
`<folder>/xrdrama/bridge-<port>.key` (0600, in a folder with 0700). The folder is XDG_RUNTIME_DIR;
without one XDG_STATE_HOME, or ~/.local/state. Processes that a show starts inherit the key in
their environment; it is never on a command line.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hmac
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Final

VARIABLE: Final = "XRDRAMA_KEY"
"""The variable in which the processes of a show inherit its key."""
_ENDPOINT: Final = re.compile(r"tcp://(?:127\.[0-9.]+|localhost|\[::1\]):([0-9]{1,5})", re.ASCII)


class RunKey:
    """A new key, and its file; `close` removes the file."""

    def __init__(self, port: int) -> None:
        self.value = secrets.token_urlsafe(32)
        self.path: Path | None = None
        """The file of the key; None if it could not be written."""
        self.failure = ""
        """Why it could not be written, or ""."""
        self._descriptor = -1
        try:
            folder = _own_folder()
            _remove_dead(folder)
            self._keep(folder / f"bridge-{port}.key")
        except (OSError, RuntimeError) as error:  # RuntimeError: this user has no home
            self.failure = (
                f"the key of this run could not be saved ({error}):"
                " consoles and engines that are started separately cannot direct this show;"
                " set XDG_RUNTIME_DIR to a folder of your own"
            )

    def _keep(self, path: Path) -> None:
        """Write to a temporary file first, so that nobody reads half a key."""
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, flags, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # until this process ends, however it ends
            os.write(descriptor, self.value.encode())
            beside.replace(path)
        except OSError:
            os.close(descriptor)
            beside.unlink(missing_ok=True)
            raise
        self.path, self._descriptor = path, descriptor

    def is_key(self, said: str) -> bool:
        """True if `said` is this key; compared in constant time."""
        return hmac.compare_digest(said.encode(), self.value.encode())

    def close(self) -> None:
        """Remove the file. Closing again does nothing."""
        if self._descriptor < 0:
            return
        if self.path is not None:
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = -1


def key_for(endpoint: str) -> str:
    """The key for the core at `endpoint`: from its file, else the inherited one; "" if there is no
    key.

    Only a core on this machine has a file here; it is read each time, since a core that was
    started again has a new key.
    """
    found = _ENDPOINT.fullmatch(endpoint)
    kept = _kept(folder_of_keys() / f"bridge-{found[1]}.key") if found else ""
    return kept or os.environ.get(VARIABLE, "")


def is_local(endpoint: str) -> bool:
    """True for the endpoint of a core on this machine."""
    return _ENDPOINT.fullmatch(endpoint) is not None


def _kept(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return ""
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if about.st_uid != os.getuid() or about.st_mode & 0o077 or not stat.S_ISREG(about.st_mode):
            return ""
        return file.read(128).decode("ascii", "replace").strip()


def folder_of_keys() -> Path:
    """The folder of this user's keys; it may not exist."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and Path(runtime).is_dir():
        return Path(runtime) / "xrdrama"
    state = os.environ.get("XDG_STATE_HOME", "")
    return (Path(state) if state else Path.home() / ".local" / "state") / "xrdrama"


def _own_folder() -> Path:
    folder = folder_of_keys()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        raise NotADirectoryError(
            errno.ENOTDIR, "the folder does not belong to this user", str(folder)
        )
    if about.st_mode & 0o077:
        folder.chmod(0o700)
    return folder


def _remove_dead(folder: Path) -> None:
    """Remove the files of killed cores, which are not locked any more."""
    for path in folder.glob("bridge-*.key"):
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # A core that starts on the same port now may have replaced it already.
                if os.path.samestat(os.fstat(descriptor), path.lstat()):
                    path.unlink()
            finally:
                os.close(descriptor)
