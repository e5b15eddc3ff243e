"""Project folders: folders of the user with stories, sets, stages and shows of their own.

A project has the folders `branches`, `scenes`, `stages`, `shows`, or some of them. Its names are
looked up before those of this package. When both have a name, the listener is notified, which the
command line prints.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final

import xrdrama

PROJECT: Final = "XRDRAMA_PROJECT"
"""The environment variable with a project folder in which names are looked up, too."""
HOLDS: Final = (
    "branches", "scenes", "stages", "shows", "performers",
    "examples/shows", "examples/stages", "examples/performers",
)  # fmt: skip
"""The folders of a project."""
_LEVELS: Final = 4

Listener = Callable[[str], None]
_listeners: list[Listener] = []
_notified: set[str] = set()


@cache
def package_roots() -> tuple[Path, ...]:
    """Folders with the content of this project: the repository, or the installed package."""
    here = Path(xrdrama.__file__).resolve().parent
    found = [here.parent] if (here.parent / "scenes").is_dir() else []
    return (*found, *([here / "contents"] if (here / "contents").is_dir() else []))


def has_content(place: Path) -> bool:
    """True for a folder with a folder of content."""
    return any((place / folder).is_dir() for folder in HOLDS)


def project_of(file: Path) -> Path | None:
    """The nearest folder above a file that is a project folder, or None."""
    above = list(file.resolve().parents)[:_LEVELS]
    return next((place for place in above if has_content(place)), None)


def folders_to_project(start: Path) -> list[Path]:
    """The folders above `start` up to its project folder, nearest first; [] when it has none, or is
    one itself."""
    above = list(start.resolve().parents)[: _LEVELS - 1]
    if _is_project(start.resolve()):
        return []
    end = next((number for number, place in enumerate(above, 1) if _is_project(place)), 0)
    return above[:end]


def _is_project(place: Path) -> bool:
    """True for a project folder; False for the folder `examples` of one, which has content, too."""
    inside = place.name == "examples" and has_content(place.parent)
    return has_content(place) and not inside


def current_project() -> Path | None:
    """The project folder that the environment names, or None."""
    named = os.environ.get(PROJECT)
    return Path(named) if named else None


def enter_project(file: Path) -> None:
    """Look names up in the project folder of `file`, too: in this process and those it starts."""
    found = project_of(file)
    if found and not any(found.is_relative_to(root) for root in package_roots()):
        os.environ[PROJECT] = str(found)


@contextmanager
def notified(listener: Listener) -> Iterator[None]:
    """Call `listener` for each name that a project and this package have, once for each.

    The project folder of the environment is the same afterwards.
    """
    before = os.environ.get(PROJECT)
    _listeners.append(listener)
    _notified.clear()
    try:
        yield
    finally:
        _listeners.remove(listener)
        os.environ.pop(PROJECT, None)
        if before is not None:
            os.environ[PROJECT] = before


def notify(kind: str, name: str, taken: Path, other: Path) -> None:
    """Notify the listener that `taken` is used, although `other` has the same name."""
    text = f"the {kind} {name!r} is {taken}; {other} has the same name and is not used"
    if text not in _notified:
        _notified.add(text)
        for listener in _listeners:
            listener(text)
