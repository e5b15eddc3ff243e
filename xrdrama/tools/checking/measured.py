"""Lengths of sounds that were decoded before, in the user's cache.

A story of some hundred lines would else be decoded whole by every `check` and `run`. A length is
kept under the hash of the file's bytes, so a file that changed is decoded again. Only sounds that
could be decoded are kept.
"""

from __future__ import annotations

import contextlib
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import msgspec

import xrdrama
from xrdrama import content
from xrdrama.errors import DeviceError
from xrdrama.saving import save

FOLDER: Final = "sounds"
MOST_KEPT: Final = 20_000
"""Lengths in one file; with more, those of sounds that are gone are dropped."""

_Lengths = dict[str, float]


class Measured:
    """The lengths of the sounds of one index. Use it as a context: new ones are kept at the end."""

    def __init__(self, index: Path) -> None:
        self._path = _path_of(index)
        self._before = _read(self._path)
        self._now: _Lengths = {}

    def seconds(self, file: Path) -> float:
        """How long a sound is; DeviceError when it cannot be decoded or read."""
        try:
            key = blake2b(file.read_bytes(), digest_size=16).hexdigest()
        except OSError as error:
            raise DeviceError(
                f"{file.name} cannot be read: {error.strerror}", "check the file's permissions"
            ) from None
        seconds = self._before.get(key)
        if seconds is None:
            seconds = _decoded(file)
        self._now[key] = seconds
        return seconds

    def __enter__(self) -> Measured:
        return self

    def __exit__(self, *_: object) -> None:
        if self._now.keys() <= self._before.keys():
            return
        kept = self._before | self._now
        kept = kept if len(kept) <= MOST_KEPT else self._now
        # The sounds have been measured all the same.
        with contextlib.suppress(OSError, DeviceError):
            save(self._path, msgspec.msgpack.encode(kept))


def _decoded(file: Path) -> float:
    # Imported late: loading the audio libraries takes longer than checking a story.
    from xrdrama.adapters.audio.files import SAMPLE_RATE, read_sound

    return len(read_sound(file)) / SAMPLE_RATE


def _path_of(index: Path) -> Path:
    parts = f"{xrdrama.__version__}/{_decoder()}/{index.resolve()}"
    return content.cache_folder(FOLDER) / blake2b(parts.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def _decoder() -> str:
    """The version of the library that decodes: another one may read a file otherwise."""
    try:
        return version("av")
    except PackageNotFoundError:
        return ""


def _read(path: Path) -> _Lengths:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=_Lengths)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}
