"""Takes in a store: pushed and pulled by name, and compared with their SHA-256."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from xrdrama.adapters.objects.store import Objects
from xrdrama.errors import DeviceError, UsageError

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_. -]{0,150}")
_MOST: Final = 10_000


class Pushed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A take in a store: its name, the SHA-256 of its file in hex, its bytes."""

    name: str
    sha256: str
    bytes: int


def push_take(path: Path, store: Objects) -> Pushed:
    """Copy a take into a store. UsageError if the store has another take with its name; to push the
    same take again changes nothing."""
    if path.suffix != ".take" or not path.is_file():
        raise UsageError(f"{path} is not a take", "write the path of a .take file")
    _refuse_name(path.stem)
    pushed = Pushed(path.stem, store.put_file(path), path.stat().st_size)
    if store.put(_entry(path.stem), msgspec.json.encode(pushed)):
        return pushed
    there = _known(store, path.stem)
    if there != pushed:
        raise UsageError(
            f"{store.place} has another take with the name {path.stem!r}",
            "rename the file, then push it",
        )
    return pushed


def pull_take(name: str, store: Objects, folder: Path) -> tuple[Pushed, Path]:
    """Copy a take from a store into a folder. UsageError if it is not there, or if the folder has
    another file with its name; DeviceError if it is damaged."""
    name = name.removesuffix(".take")
    _refuse_name(name)
    found = _known(store, name)
    if found is None:
        names = ", ".join(takes_of(store)) or "none"
        raise UsageError(f"{store.place} has no take {name!r}", f"takes there: {names}")
    path = folder / f"{name}.take"
    if path.exists():
        raise UsageError(f"{path} exists", "choose another --out, or move it away")
    store.fetch(found.sha256, path)
    return found, path


def takes_of(store: Objects) -> list[str]:
    """The names of the takes in a store."""
    return [Path(name).stem for name in store.names("takes")]


def _known(store: Objects, name: str) -> Pushed | None:
    data = store.read(_entry(name), _MOST)
    if data is None:
        return None
    try:
        return msgspec.json.decode(data, type=Pushed)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DeviceError(
            f"{_entry(name)} in {store.place} is damaged: {error}", "delete it and push it again"
        ) from None


def _entry(name: str) -> str:
    return f"takes/{name}.json"


def _refuse_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is not a name for a store",
            "rename it to letters, digits, spaces and . _ - (150 at most)",
        )
