"""Reads a file of ink, compiled or source, and starts its runtime."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.authoring.ink.reading import Ink, read_ink
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.processes.ink import InkRuntime, compile_ink

SOURCE = ".ink"
COMPILED = ".ink.json"


class InkFile(msgspec.Struct, frozen=True):
    """A file of ink: the compiled text, and what it holds."""

    path: Path
    text: str
    ink: Ink


def is_ink(name: str) -> bool:
    """True for a file name of ink, compiled or source."""
    return name.lower().endswith((SOURCE, COMPILED))


def compiled_text(path: Path, notice: Callable[[str], None] = lambda _: None) -> str:
    """The compiled text of a file; ink source is compiled. AuthoringError for its errors."""
    if not path.name.lower().endswith(SOURCE):
        return content.read_text(path)
    content.read_text(path)  # such as a folder, or a text that is not UTF-8
    made = compile_ink(path)
    if not made.text:
        raise AuthoringError(made.problems)
    for problem in made.problems:
        notice(str(problem))
    return made.text


def open_ink(name: str, notice: Callable[[str], None] = lambda _: None) -> InkFile:
    """A file that can be played. AuthoringError for one that cannot be read; UsageError, with the
    names, for a story that calls functions of a game."""
    path = content.find_file(name, "there is no file")
    text = compiled_text(path, notice)
    ink = read_ink(text, name)
    if ink.externals:
        raise UsageError(
            f"{name} calls functions that only the game has: {', '.join(ink.externals)}",
            "write a function of the same name in ink, which is used outside of the game",
        )
    return InkFile(path, text, ink)


def start(file: InkFile, seed: int = 0) -> InkRuntime:
    """The runtime of a file. DeviceError when none is installed."""
    return InkRuntime(str(file.path), file.text, file.ink.names, seed)
