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
    """Write a save. UsageError when the file exists and is not such a save."""
    if path.exists():
        read_kept(path, type(kept), noun)
    save(path, msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
