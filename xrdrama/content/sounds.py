"""The recordings of a story: where they lie, and how long they last."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama.content.places import SUFFIXES
from xrdrama.content.texts import read_text
from xrdrama.document.names import composed
from xrdrama.errors import UsageError


def sounds_folder(story: Path) -> Path:
    """Where the sounds of a story lie: `branches/<id>.sounds`."""
    return story.parent / (story.name.removesuffix(SUFFIXES["story"]) + ".sounds")


def sound_file(folder: Path, name: str) -> Path | None:
    """The file of a sound: `line/l4k2pq` is `line/l4k2pq.ogg` or the like."""
    for suffix in (".ogg", ".opus", ".flac", ".wav"):
        path = folder / (name + suffix)
        if path.is_file():
            return path
    return None


def sound_lengths(text: str | None) -> dict[str, int]:
    """Nanoseconds of each sound, of an index that a story's sound script wrote."""
    if not text:
        return {}
    try:
        lengths = msgspec.json.decode(text, type=dict[str, int])
    except msgspec.MsgspecError as error:
        raise UsageError(
            f"the index of sounds is damaged: {error}", "run the sound script"
        ) from None
    return {composed(name): length for name, length in lengths.items()}


def line_lengths(story: Path) -> dict[str, int]:
    """Nanoseconds of a story's recorded lines, by line id."""
    index = sounds_folder(story) / "index.json"
    lengths = sound_lengths(read_text(index) if index.is_file() else None)
    return lines_of(lengths)


def lines_of(lengths: dict[str, int]) -> dict[str, int]:
    """Those of `lengths` that are recorded lines, by line id."""
    prefix = "line/"
    return {k.removeprefix(prefix): v for k, v in lengths.items() if k.startswith(prefix)}
