"""CURVE keys of a machine, and the keys that its shows let in from other machines.

The folder is `xrdrama/keys` under XDG_CONFIG_HOME or ~/.config (0700), its files are 0600:
`NAME.json` is a pair of keys with its name and role, `server.json` the pair of this machine's
core, `allowed.json` the public keys that may connect. Files are replaced, never truncated.
"""

from __future__ import annotations

import os
import re
import stat
import struct
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
import zmq
import zmq.utils.z85

from xrdrama.errors import DeviceError, UsageError
from xrdrama.saving import save
from xrdrama.wire.commands import ROLES, Role

MOST_KEYS: Final = 10_000
"""Most keys of an allow-list."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
_OURS: Final = ("server", "allowed")
T = TypeVar("T")
Z85 = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{40}$", max_length=40)]
"""A key as text (ZeroMQ RFC 32): 32 bytes in 40 characters."""


class Pair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pair of keys, and the public key of the core that it is for (`server`)."""

    name: str
    role: Role
    public: Z85
    secret: Z85
    server: Z85


class Allowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose a public key is, and the role that it has."""

    name: str
    role: Role


class ServerPair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pair of this machine's core."""

    public: Z85
    secret: Z85


def folder_of_pairs() -> Path:
    """The folder of this user's pairs; it may not exist."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(home) if home else Path.home() / ".config") / "xrdrama" / "keys"


class Keyring:
    """The files in a folder. UsageError for a bad name or file, DeviceError if one cannot be
    written."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or folder_of_pairs()

    def server(self) -> ServerPair | None:
        """The pair of this machine's core; None before the first key was made."""
        return _read(self.folder / "server.json", ServerPair)

    def allowed(self) -> dict[str, Allowed]:
        """Public keys that may connect."""
        return _read(self.folder / "allowed.json", dict[Z85, Allowed]) or {}

    def new(self, name: str, role: str) -> tuple[Pair, Path]:
        """Make a pair, allow its public key, and save it as NAME.json to be carried away."""
        path, keys = self.folder / f"{_named(name)}.json", self.allowed()
        if path.exists() or any(one.name == name for one in keys.values()):
            raise UsageError(f"there is a key {name!r} already", f"xrdrama keys remove {name}")
        if len(keys) >= MOST_KEYS:
            raise UsageError(f"the allow-list is full ({MOST_KEYS} keys)", "remove old keys")
        who = Allowed(name, _role(role))
        server = self.server() or self._new_server()
        public, secret = _new_pair()
        pair = Pair(name, who.role, public, secret, server.public)
        self._save(self.folder / "allowed.json", {**keys, public: who})
        self._save(path, pair)
        return pair, path

    def _new_server(self) -> ServerPair:
        made = ServerPair(*_new_pair())
        self._save(self.folder / "server.json", made)
        return made

    def remove(self, name: str) -> None:
        """Take a key off the allow-list, and remove its pair if it was made here."""
        keys = self.allowed()
        rest = {public: one for public, one in keys.items() if one.name != _named(name)}
        if len(rest) == len(keys):
            raise UsageError(f"there is no key {name!r}", "xrdrama keys list")
        self._save(self.folder / "allowed.json", rest)
        (self.folder / f"{name}.json").unlink(missing_ok=True)

    def _save(self, path: Path, content: object) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
        except OSError as error:
            raise DeviceError(f"{self.folder}: {error.strerror}") from error
        save(path, msgspec.json.format(msgspec.json.encode(content)) + b"\n", private=True)


def read_pair(path: Path) -> Pair:
    """The pair in a file that `keys new` wrote. UsageError for another file."""
    pair = _read(path, Pair)
    if pair is None:
        raise UsageError(f"{path}: there is no such file", "xrdrama keys new NAME --role ROLE")
    if not all(map(_is_key, (pair.public, pair.secret, pair.server))):
        raise UsageError(f"{path}: this is not a pair of keys any more", "copy the file again")
    return pair


def _is_key(text: str) -> bool:
    try:
        return len(zmq.utils.z85.decode(text.encode("ascii"))) == 32
    except (ValueError, KeyError, struct.error):
        return False


def _new_pair() -> tuple[str, str]:
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


def _named(name: str) -> str:
    if _NAME.fullmatch(name) is None or name in _OURS:
        hint = "use 1 to 63 of a-z, 0-9, - and _; not server or allowed"
        raise UsageError(f"{name[:80]!r} is not a name for a key", hint)
    return name


def _role(role: str) -> Role:
    for known in ROLES:
        if role == known:
            return known
    raise UsageError(f"{role!r} is not a role", f"use one of {', '.join(ROLES)}")


def _read(path: Path, type: type[T]) -> T | None:
    """What a file says that only this user can read; None where it is missing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if about.st_uid != os.getuid() or about.st_mode & 0o077 or not stat.S_ISREG(about.st_mode):
            raise UsageError(f"{path}: others could read or write this file", f"chmod 600 {path}")
        try:
            return msgspec.json.decode(file.read(4_000_000), type=type)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise UsageError(
                f"{path}: {error}", "remove it, and make keys again: xrdrama keys new"
            ) from error
