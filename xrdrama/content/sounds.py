"""The recordings of a story: their files and lengths."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from xrdrama.content.paths import resolve
from xrdrama.content.places import SUFFIXES, content_roots
from xrdrama.content.texts import read_text
from xrdrama.document.filenames import name_fault
from xrdrama.document.names import composed
from xrdrama.errors import UsageError

SOUND_SUFFIXES = (".ogg", ".opus", ".flac", ".wav")


def sounds_folder(story: Path) -> Path:
    """The folder of a story's sounds: `branches/<id>.sounds`."""
    return story.parent / (story.name.removesuffix(SUFFIXES["story"]) + ".sounds")


def sounds_index(story: Path) -> Path | None:
    """The index file of a story's sounds, or None. UsageError for a link outside the content."""
    index = sounds_folder(story) / "index.json"
    if index.is_file():
        resolve(index.name, [index.parent], content_roots(story.parent))
        return index
    return None


def sound_file(folder: Path, name: str) -> Path | None:
    """The file of a sound, such as `line/l4k2pq.ogg` for `line/l4k2pq`, or None."""
    with contextlib.suppress(UsageError):
        return sound_in(folder, name)
    return None


def sound_in(folder: Path, name: str) -> Path | None:
    """The same; UsageError with the reason for a file that exists but must not be used."""
    refused: UsageError | None = None
    for suffix in SOUND_SUFFIXES:
        try:
            return resolve(name + suffix, [folder], content_roots(folder.parent), suggest=False)
        except UsageError as error:
            if _is_there(folder, name + suffix) or name_fault(name)[0]:
                refused = refused or error
    if refused is not None:
        raise refused
    return None


def _is_there(folder: Path, name: str) -> bool:
    path = folder / name
    return path.exists() or path.is_symlink()


def composed_name(path: Path) -> str:
    """The name of a sound from its file name, as written in an index."""
    return composed(path.as_posix())


def sound_lengths(text: str | None) -> dict[str, int]:
    """Nanoseconds of each sound, from the text of an index."""
    if not text:
        return {}
    try:
        lengths = msgspec.json.decode(text, type=dict[str, int])
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"the index of sounds is damaged: {error}", "run the script that makes the sounds"
        ) from None
    return {composed(name): length for name, length in lengths.items()}


def line_lengths(story: Path) -> dict[str, int]:
    """Nanoseconds of a story's recorded lines, by line id."""
    index = sounds_index(story)
    return lines_of(sound_lengths(read_text(index) if index else None))


def lines_of(lengths: Mapping[str, int], dubbed: str = "") -> dict[str, int]:
    """The recorded lines among `lengths`, by line id: in the language of the story, or dubbed."""
    prefix = f"{dubbed}/line/" if dubbed else "line/"
    return {k.removeprefix(prefix): v for k, v in lengths.items() if k.startswith(prefix)}


def dubbed_in(lengths: Mapping[str, int]) -> tuple[str, ...]:
    """The languages, besides the story's own, that some of its lines are recorded in."""
    parts = (name.split("/") for name in lengths)
    return tuple(sorted({part[0] for part in parts if len(part) == 3 and part[1] == "line"}))
