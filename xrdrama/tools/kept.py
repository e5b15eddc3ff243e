"""Saves of rehearsals, as JSON files."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from xrdrama import content
from xrdrama.errors import UsageError
from xrdrama.saving import save

Kept = TypeVar("Kept", bound=msgspec.Struct)


def read_kept(path: Path, kind: type[Kept], noun: str) -> Kept:
    """The save in a file; UsageError when it is not one."""
    if not path.exists():
        raise UsageError(f"there is no file {path}", "check the path; save FILE writes one")
    text = content.read_text(path)
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(
            f"{path} is not {noun}: {error}", "name a file that save FILE has written"
        ) from None


def write_kept(path: Path, kept: msgspec.Struct, noun: str) -> None:
    """Write a save. UsageError when the file exists and is not such a save, and when the save could
    not be read again."""
    if path.exists():
        read_kept(path, type(kept), noun)
    data = encoded(kept)
    if too_long(data):
        raise UsageError(
            f"this save would be larger than {content.MAX_BYTES // 1_000_000} MB",
            "undo a part of the rehearsal, or write a transcript",
        )
    save(path, data)


def encoded(kept: msgspec.Struct) -> bytes:
    """A save as it is written."""
    return msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n"


def too_long(data: bytes) -> bool:
    """True for a file that would not be read."""
    return len(data) > content.MAX_BYTES
