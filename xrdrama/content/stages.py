"""Reads stage files, and the files that they refer to: surfaces of walls.

A take embeds both. A file that is not text is embedded in base64.
"""

from __future__ import annotations

import binascii
import stat
from base64 import b64decode, b64encode
from collections.abc import Mapping
from pathlib import Path

from xrdrama.content.places import beside
from xrdrama.content.texts import read_text
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.stage import Stage, parse_stage
from xrdrama.stage.surfaces.files import Files

MOST_BYTES = 32_000_000
"""Largest file that a stage may refer to."""
ROLE = "stage-file/"
"""Before the name of a file, as the stage file writes it: its part in a take."""
_BASE64 = "base64:"


def read_stage(path: Path) -> tuple[Stage | None, list[Problem]]:
    """The Stage in a file (None if there are errors) and all problems.

    UsageError if the stage file itself cannot be read; a file that it refers to is a problem.
    """
    return parse_stage(read_text(path), str(path), files_of(path))


def load_stage_file(path: Path) -> Stage:
    """The Stage in a file; AuthoringError with all problems if there is an error."""
    stage, problems = read_stage(path)
    if stage is None:
        raise AuthoringError(problems)
    return stage


def files_of(path: Path, read: dict[str, bytes] | None = None) -> Files:
    """The reader of the files that a stage file refers to; `read` collects what was read."""

    def reader(name: str) -> bytes:
        found = beside(name, path)
        if not stat.S_ISREG(found.stat().st_mode):
            raise UsageError(f"{name} is not a file", "write the name of a file")
        if found.stat().st_size > MOST_BYTES:
            raise UsageError(
                f"{name} has {found.stat().st_size / 1e6:.0f} MB; at most "
                f"{MOST_BYTES / 1e6:.0f} MB are read",
                "use a smaller file: one quad for each LED panel is enough",
            )
        try:
            content = found.read_bytes()
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            raise UsageError(f"{name}: {reason}", "check its permissions") from None
        if read is not None:
            read[name] = content
        return content

    return reader


def embedded(content: bytes) -> str:
    """A file as text for a take: itself if it is UTF-8, else in base64."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = ""
    if text and not text.startswith(_BASE64):
        return text
    return _BASE64 + b64encode(content).decode()


def embedded_files(texts: Mapping[str, str]) -> Files:
    """The reader of files that a take embeds: by name, the text that `embedded` made."""

    def reader(name: str) -> bytes:
        if name not in texts:
            raise UsageError(f"the take does not contain {name}", "restore the take from a copy")
        text = texts[name]
        if not text.startswith(_BASE64):
            return text.encode()
        try:
            return b64decode(text.removeprefix(_BASE64), validate=True)
        except (binascii.Error, ValueError):
            raise UsageError(
                f"{name} is damaged in the take", "restore the take from a copy"
            ) from None

    return reader
