"""Where contents lie.

A name is looked up near the file that mentions it, in the working folder, in this repository, and
in what the wheel carries.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import xrdrama
from xrdrama.document import suggestion
from xrdrama.document.names import composed
from xrdrama.errors import UsageError

SUFFIXES = {
    "show": ".show.yaml",
    "story": ".branch.yaml",
    "stage": ".stage.yaml",
    "move": ".move.yaml",
}
FOLDERS = {
    "show": ("examples/shows", "shows", "."),
    "story": ("branches", "."),
    "stage": ("examples/stages", "stages", "."),
    "move": ("examples/stages", "stages", "examples/shows", "."),
    "scene": ("scenes", "."),
}


@cache
def package_roots() -> tuple[Path, ...]:
    """Where our own contents are: the repository this runs from, or what the wheel carries."""
    here = Path(xrdrama.__file__).resolve().parent
    found = [here.parent] if (here.parent / "scenes").is_dir() else []
    return (*found, *([here / "contents"] if (here / "contents").is_dir() else []))


def roots(near: Path | None = None) -> list[Path]:
    """Folders in which names are looked up, nearest first."""
    found: list[Path] = []
    for start in (near, Path.cwd()):
        if start is not None:
            found += [start, *list(start.resolve().parents)[:3]]
    return list(dict.fromkeys([*found, *package_roots()]))


def find(kind: str, name: str, near: Path | None = None) -> Path:
    """The file of a show, story, stage, move or scene by name or path, or UsageError."""
    given = Path(name)
    if given.is_file():
        return given
    if kind == "scene" and (given / "scene.yaml").is_file():
        return given / "scene.yaml"
    for root in roots(near):
        for folder in FOLDERS[kind]:
            place = root / folder
            found = _in(place, kind, name)
            if found is not None:
                return found
    hint = suggestion(Path(name).name, names(kind, near))
    raise UsageError(f"there is no {kind} {name!r}", hint or "name a file or a known one")


def _in(place: Path, kind: str, name: str) -> Path | None:
    """The file of a name in a folder. Some file systems spell é as two characters (NFD)."""
    end = "" if kind == "scene" or name.endswith(SUFFIXES[kind]) else SUFFIXES[kind]
    inside = "scene.yaml" if kind == "scene" else ""
    if (place / (name + end) / inside).is_file():
        return place / (name + end) / inside
    if not name.isascii() and place.is_dir():
        wanted = composed(name + end)
        for entry in sorted(place.iterdir()):
            if composed(entry.name) == wanted and (entry / inside).is_file():
                return entry / inside
    return None


def names(kind: str, near: Path | None = None) -> list[str]:
    """The names that `find` knows."""
    found: dict[str, None] = {}
    for root in roots(near):
        for folder in FOLDERS[kind]:
            if kind == "scene":
                paths = (path.parent.name for path in sorted((root / folder).glob("*/scene.yaml")))
            else:
                suffix = SUFFIXES[kind]
                paths = (
                    p.name.removesuffix(suffix) for p in sorted((root / folder).glob("*" + suffix))
                )
            found.update(dict.fromkeys(map(composed, paths)))
    return list(found)


def find_file(name: str, missing: str) -> Path:
    """A file that was named outright; UsageError saying what is missing when it is not there."""
    path = Path(name)
    if not path.is_file():
        raise UsageError(f"{missing}: {name}", "check the path")
    return path


def content_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of authors among `paths`, folders searched; UsageError for what is not there."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if is_content(p))
        elif path.is_file():
            yield path
        else:
            raise UsageError(f"{path} is not there", "name a file or a folder")


def is_content(path: Path) -> bool:
    """True for a file that `xrdrama check` knows."""
    return path.name == "scene.yaml" or path.name.endswith((*SUFFIXES.values(), ".testplan"))


def asset(name: str, near: Path | None) -> Path:
    """A recording that a show names, looked up in the roots; UsageError when it is not there."""
    for root in roots(near):
        path = (root / name).resolve()
        if path.is_file() and path.is_relative_to(root.resolve()):
            return path
    raise UsageError(f"there is no file {name!r}", "name it from the folder of its root")


def has_asset(name: str, near: Path) -> bool:
    """True when a recording that a show names can be found."""
    return any((root / name).is_file() for root in roots(near))


def located(name: str, near: Path) -> Path | None:
    """Where a file with the label `name` lies now, or None."""
    # A set's label is its folder and file, `lane/scene.yaml`, without the folder of all sets.
    folders = FOLDERS["scene"] if name.endswith("/scene.yaml") else (".",)
    for root in (*roots(near), *(root.parent for root in package_roots())):
        for folder in folders:
            path = root / folder / name
            if path.is_file():
                return path
    return None


def label(path: Path) -> str:
    """A file's name without this machine's folders: `branches/night.branch.yaml`."""
    resolved = path.resolve()
    for root in (*package_roots(), Path.cwd().resolve()):
        if resolved.is_relative_to(root):
            return resolved.relative_to(root).as_posix()
    return "/".join(resolved.parts[-2:])


def cache_folder(name: str) -> Path:
    """A folder of ours in the user's cache (XDG_CACHE_HOME)."""
    home = os.environ.get("XDG_CACHE_HOME")
    folder = Path(home) if home else Path.home() / ".cache"
    path = folder / "xrdrama" / name
    path.mkdir(parents=True, exist_ok=True)
    return path
