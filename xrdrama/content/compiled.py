"""The cache of parsed stories in the user's cache folder, found by the content of their files.

A large story is stored once it was parsed without errors, with its warnings. Its entry is used only
for the same texts, file names, lengths of recorded lines and version of xrdrama. Entries are data:
one that is damaged or was made by something else is ignored, and replaced. Without a folder that
can be written, stories are parsed each time.
"""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

import msgspec

import xrdrama
from xrdrama.content.places import cache_folder
from xrdrama.errors import DeviceError, Problem, UsageError
from xrdrama.saving import save
from xrdrama.story import Story, parse_story
from xrdrama.story.including import Files
from xrdrama.story.stored import DamagedError, decode_story, encode_story

FOLDER = "stories"
LEAST_CHARACTERS = 10_000
"""Shorter stories are parsed faster than a file is synced."""
MOST_BYTES = 256_000_000
"""The entries that were used longest ago are removed above this size."""
_MAGIC = b"xrdrama story 1\n"
_MOST_UNPACKED = 512_000_000


class _Included(msgspec.Struct, frozen=True):
    """A file that the story includes: its name in the story, its file, the hash of its text."""

    name: str
    file: str
    hash: bytes


class _Entry(msgspec.Struct, frozen=True):
    included: tuple[_Included, ...]
    problems: tuple[Problem, ...]
    story: msgspec.Raw


def compiled_story(
    text: str, file: str, *, lasts: Mapping[str, int], files: Files | None = None
) -> tuple[Story | None, list[Problem]]:
    """The story of a text and its problems, as `parse_story`; from the cache where it has them."""
    if len(text) < LEAST_CHARACTERS:
        return parse_story(text, file, lasts=lasts, files=files)[:2]
    key = _key(text, file, lasts)
    if (known := _read(key, files)) is not None:
        return known
    included: list[_Included] = []

    def recorded(name: str) -> tuple[str, str]:
        if files is None:
            raise UsageError("included files are not available here", "check the story's file")
        path, part = files(name)
        included.append(_Included(name, path, _hash(part)))
        return path, part

    story, problems, _ = parse_story(text, file, lasts=lasts, files=recorded if files else None)
    if story is not None:
        raw = msgspec.Raw(encode_story(story))
        _write(key, msgspec.msgpack.encode(_Entry(tuple(included), tuple(problems), raw)))
    return story, problems


def _key(text: str, file: str, lasts: Mapping[str, int]) -> str:
    parts = (_made_by(), file, text, sorted(lasts.items()))
    return blake2b(msgspec.msgpack.encode(parts), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def _made_by() -> str:
    """The version of xrdrama, and of the files of its parser: a developer's edit counts."""
    package = Path(xrdrama.__file__).parent
    files = [*(package / "story").rglob("*.py"), *(package / "document").rglob("*.py")]
    stamps = sorted((str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files)
    return f"{xrdrama.__version__}/{_hash(repr(stamps)).hex()}"


def _hash(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16).digest()


def _read(key: str, files: Files | None) -> tuple[Story, list[Problem]] | None:
    """The story of an entry; None if it does not exist, or its included files have changed."""
    try:
        path = cache_folder(FOLDER) / key
        data = path.read_bytes()
        head, packed = data[: len(_MAGIC) + 16], data[len(_MAGIC) + 16 :]
        if head != _MAGIC + blake2b(packed, digest_size=16).digest():
            return None
        unpacked = zlib.decompressobj().decompress(packed, _MOST_UNPACKED)
        entry = msgspec.msgpack.decode(unpacked, type=_Entry)
        if not all(_is_same(one, files) for one in entry.included):
            return None
        story = decode_story(bytes(entry.story))
    except (OSError, zlib.error, msgspec.MsgspecError, DamagedError):
        return None
    with contextlib.suppress(OSError):
        os.utime(path)
    return story, list(entry.problems)


def _is_same(one: _Included, files: Files | None) -> bool:
    try:
        file, text = files(one.name) if files else ("", "")
    except UsageError:
        return False
    return (file, _hash(text)) == (one.file, one.hash)


def _write(key: str, data: bytes) -> None:
    packed = zlib.compress(data, 1)
    with contextlib.suppress(OSError, DeviceError):  # the story has been parsed all the same
        folder = cache_folder(FOLDER)
        save(folder / key, _MAGIC + blake2b(packed, digest_size=16).digest() + packed)
        _remove_oldest(folder)


def _remove_oldest(folder: Path) -> None:
    """Keep the entries that were used last, up to `MOST_BYTES`."""
    found = [(path.stat(), path) for path in folder.iterdir() if path.is_file()]
    left = MOST_BYTES
    for stat, path in sorted(found, key=lambda one: -one[0].st_mtime_ns):
        left -= stat.st_size
        if left < 0:
            path.unlink(missing_ok=True)
