"""The files of a show that its pictures depend on: their names in a project, paths and hashes.

A render node must have the same ones as the core. The names are those that `xrdrama nodes push`
gives them: `shows/<id>.show.yaml`, `stages/...`, `scenes/<id>/...`, `performers/<id>/...`.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from posixpath import normpath
from typing import Final

import msgspec

from xrdrama.content.loading import Loaded
from xrdrama.content.places import FOLDER_FILES, SUFFIXES, beside
from xrdrama.content.plates import file_hash
from xrdrama.content.producing import show_file
from xrdrama.content.stages import ROLE as STAGE_FILE
from xrdrama.content.stories import ROLE as STORY_FILE
from xrdrama.content.texts import plain_text
from xrdrama.errors import UsageError
from xrdrama.gltf.references import leaves
from xrdrama.performer.parse import parse_performer
from xrdrama.show.look_text import without_looks

_NO_ASSETS: Final = (".py", ".pyc", ".md", ".blend", ".txt")
"""Suffixes of files beside a set that no picture depends on."""


class DrawnFile(msgspec.Struct, frozen=True):
    """A file and the hash of what counts in it."""

    path: Path
    hash: str


def drawn_files(loaded: Loaded) -> dict[str, DrawnFile]:
    """The files that the pictures of a show depend on, by their names in a project.

    UsageError for one that cannot be read, or a show that was not loaded from files.
    """
    return {_within(name): file for name, file in _found(loaded)}


def _within(name: str) -> str:
    """A name without `..`; UsageError for one outside the project."""
    inside = normpath(name)
    if leaves(inside):
        raise UsageError(
            f"the show names a file outside its project: {name}", "copy it into the project"
        )
    return inside


def _found(loaded: Loaded) -> Iterator[tuple[str, DrawnFile]]:
    for role in loaded.roles:
        kind, _, name = role.partition("/")
        path = loaded.path(role)
        if kind == "skeleton" or path is None:
            continue
        if kind == "scene":
            yield from _folder(f"scenes/{name}", path.parent)
        elif kind == "performer":
            yield f"performers/{name}/{FOLDER_FILES[kind]}", _text(loaded, role, path)
            yield from _figure(loaded, role, name, path)
        elif written := _written(role, path):
            yield written, _text(loaded, role, path)
    show, plate = loaded.path("show"), show_file(loaded).safe_plate
    if show is not None and plate is not None:
        yield f"shows/{plate.file}", _file(beside(plate.file, show))


def _written(role: str, path: Path) -> str:
    """The name in a project of a file of an author; "" for one that no picture depends on."""
    kind, _, name = role.partition("/")
    if role == "show":
        return f"shows/{path.name}"
    if role in ("story", STORY_FILE + name):
        return f"branches/{path.name}"
    if role == "stage":
        return f"stages/{path.name}"
    if role.startswith(STAGE_FILE):
        return f"stages/{role.removeprefix(STAGE_FILE)}"
    if kind == "move":
        return f"stages/{path.name}"
    if kind == "gestures":
        return f"performers/gestures/{name}{SUFFIXES[kind]}"
    return ""


def _text(loaded: Loaded, role: str, path: Path) -> DrawnFile:
    text = plain_text(loaded.text(role) or "")
    # A director's looks are saved into the show file while it runs.
    counts = without_looks(text) if role == "show" else text
    return DrawnFile(path, blake2b(counts.encode(), digest_size=16).hexdigest())


def _folder(name: str, folder: Path) -> Iterator[tuple[str, DrawnFile]]:
    """The files of a set's folder; links to places outside are not followed."""
    root = folder.resolve()
    for path in sorted(root.rglob("*")):
        inside = path.relative_to(root)
        hidden = any(part.startswith((".", "__")) for part in inside.parts)
        if hidden or path.suffix.lower() in _NO_ASSETS or not path.is_file():
            continue
        if path.resolve().is_relative_to(root):
            yield f"{name}/{inside.as_posix()}", _file(path)


def _figure(loaded: Loaded, role: str, name: str, path: Path) -> Iterator[tuple[str, DrawnFile]]:
    written, _ = parse_performer(loaded.text(role) or "", str(path))
    if written is None:
        return
    files = (written.figure, *written.holds.by_bone().values()) if written.figure else ()
    for file in dict.fromkeys(files):
        yield f"performers/{name}/{file}", _file(beside(file, path))


def _file(path: Path) -> DrawnFile:
    try:
        return DrawnFile(path, file_hash(path))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read: {error.strerror}", "make the file readable"
        ) from None
