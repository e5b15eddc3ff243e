"""The files of plates: where they are, and the hash of their content.

They may have many gigabytes, so they are hashed in pieces; the hash of a large file is kept in the
user's cache under its path, size, inode and times.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from posixpath import normpath

import msgspec

from xrdrama.content.places import cache_folder
from xrdrama.document import suggestion
from xrdrama.errors import AuthoringError, Problem
from xrdrama.gltf.references import leaves
from xrdrama.saving import save
from xrdrama.scene.model import Scene
from xrdrama.scene.plates import STILL_SUFFIXES, VIDEO_SUFFIXES, Refused

PLATE = "plate/"
"""Prefix of the names by which a take knows plates: `plate/<set>/<file>`."""
_PIECE = 4 << 20
_KEPT = 64 << 20
"""Bytes from which on a file's hash is kept."""


def plate_files(scene: Scene, folder: Path) -> dict[str, Path | Refused]:
    """The file of each plate of a set in `folder`, by the name in scene.yaml."""
    found: dict[str, Path | Refused] = {}
    for plate in scene.plates.values():
        path = folder / plate.file
        if not path.resolve().is_relative_to(folder.resolve()):
            found[plate.file] = Refused(
                "it is a link to a place outside the set's folder", "copy the file into the folder"
            )
        elif not path.is_file():
            hint = suggestion(plate.file, media_in(folder)) or "copy the file into the set's folder"
            found[plate.file] = Refused("there is no such file", hint)
        else:
            found[plate.file] = path
    return found


def media_in(folder: Path) -> list[str]:
    """The videos and pictures in a set's folder, by their names from there."""
    suffixes: Collection[str] = {f".{suffix}" for suffix in (*VIDEO_SUFFIXES, *STILL_SUFFIXES)}
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.suffix.lower() in suffixes and path.is_file() and path.name[0] != "."
    )


def plate_hashes(scene: Scene, file: Path) -> dict[str, str]:
    """The hash of each plate of the set `file`, by the name in scene.yaml.

    AuthoringError for those that are missing or cannot be read.
    """
    hashes, problems = {}, []
    for plate in scene.plates.values():
        path = plate_files(scene, file.parent)[plate.file]
        try:
            if isinstance(path, Path):
                hashes[plate.file] = file_hash(path)
                continue
        except OSError as error:
            path = Refused(str(error.strerror), "make the file readable")
        place = plate.place
        message = f"plate {plate.id!r}: {plate.file}: {path.message}"
        problems.append(
            Problem(str(file), place.line, place.column, "S030", "error", message, path.hint)
        )
    if problems:
        raise AuthoringError(problems)
    return hashes


def file_hash(path: Path) -> str:
    """32 hex digits that are equal when files are; OSError if it cannot be read."""
    about = path.resolve().stat()
    known = (about.st_size, about.st_ino, about.st_mtime_ns, about.st_ctime_ns)
    return _hash(path.resolve(), known)


@lru_cache(maxsize=256)
def _hash(path: Path, known: tuple[int, int, int, int]) -> str:
    if known[0] < _KEPT:
        return _hashed(path)
    name = blake2b(repr((str(path), known)).encode(), digest_size=16).hexdigest()
    kept = cache_folder("plates") / name
    if kept.is_file():
        try:
            return msgspec.json.decode(kept.read_bytes(), type=str)
        except msgspec.MsgspecError:
            kept.unlink()
    digest = _hashed(path)
    save(kept, msgspec.json.encode(digest))
    return digest


def _hashed(path: Path) -> str:
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def plate_now(name: str, scene: Path | None) -> str:
    """The hash that a plate of a take has now, by its name in the take and the file of its set;
    "" for one that is not there any more, or cannot be read."""
    file = name.removeprefix(PLATE).partition("/")[2]
    if scene is None or not file or leaves(normpath(file)):
        return ""
    try:
        return file_hash(scene.parent / file)
    except OSError:
        return ""
