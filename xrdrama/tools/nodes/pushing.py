"""Copies the files of a show that its pictures depend on into a folder for render nodes."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.content.drawn import DrawnFile, drawn_files
from xrdrama.content.plates import file_hash
from xrdrama.errors import DeviceError
from xrdrama.saving import saving, unwritable
from xrdrama.wire.nodes import digest_of


class Pushed(msgspec.Struct, frozen=True):
    """What was copied. `content` is the hash of all files, which nodes and the core compare."""

    show: str
    folder: Path
    files: int
    copied: int
    bytes: int
    content: str


def push(show: str, folder: Path) -> Pushed:
    """Copy what is not in `folder` yet; a project folder, which is read as any other.

    AuthoringError or UsageError for a show that cannot be loaded; DeviceError when a file cannot
    be written, or was changed meanwhile.
    """
    loaded = content.load_show(show)
    files = drawn_files(loaded)
    copied = size = 0
    for name, file in files.items():
        target = folder / name
        if _is_there(target, file):
            continue
        _copy(file, target)
        copied += 1
        size += target.stat().st_size
    digest = digest_of({name: file.hash for name, file in files.items()})
    return Pushed(content.show_file(loaded).id, folder, len(files), copied, size, digest)


def _is_there(target: Path, file: DrawnFile) -> bool:
    try:
        return target.is_file() and file_hash(target) == file_hash(file.path)
    except OSError:
        return False


def _copy(file: DrawnFile, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with saving(target) as beside:
            shutil.copyfile(file.path, beside)
            if file_hash(beside) != file_hash(file.path):
                raise DeviceError(f"{file.path} changed while it was copied", "push again")
    except OSError as error:
        raise unwritable(target, error) from error
