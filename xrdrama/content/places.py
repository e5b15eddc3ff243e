"""Finds content by name.

A name is looked up beside the file that mentions it, in the working folder, in the project folders
of both and of the command, in this repository, and in the installed package: the nearest is taken.
Folders above a project folder are never searched.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from xrdrama.content.paths import resolve
from xrdrama.content.projects import (
    current_project,
    folders_to_project,
    has_content,
    notify,
    package_roots,
)
from xrdrama.content.texts import other_than_a_file
from xrdrama.document import suggestion
from xrdrama.document.filenames import name_fault
from xrdrama.document.names import composed
from xrdrama.errors import AuthoringError, Problem, UsageError

TABLES = (".csv", ".po")
"""Ends of the names of string tables."""
SUFFIXES = {
    "show": ".show.yaml",
    "story": ".branch.yaml",
    "stage": ".stage.yaml",
    "move": ".move.yaml",
    "lens": ".lens.yaml",
    "gestures": ".gestures.yaml",
}
SET_FILE = "scene.yaml"
FOLDER_FILES = {"scene": SET_FILE, "performer": "performer.yaml"}
"""Kinds whose content is a folder with the content's name, and the file in it."""
OTHER_FILES = {"test plan": ".testplan", "take": ".take", "screenplay": ".fountain"}
NOUNS = {"scene": "set", "move": "camera move", "gestures": "gesture file"}
FOLDERS = {
    "show": ("examples/shows", "shows", "."),
    "story": ("branches", "branches/lessons", "."),
    "stage": ("examples/stages", "stages", "."),
    "move": ("examples/stages", "stages", "examples/shows", "."),
    "lens": ("examples/stages", "stages", "."),
    "scene": ("scenes", "."),
    "performer": ("examples/performers", "performers", "."),
    "gestures": ("examples/performers/gestures", "performers/gestures", "gestures", "."),
}


def roots(near: Path | None = None) -> list[Path]:
    """Folders in which names are looked up, nearest first."""
    found: list[Path] = []
    for start in (near, Path.cwd()):
        if start is not None:
            found += [start, *folders_to_project(start)]
    if (project := current_project()) is not None:
        found.append(project)
    return list(dict.fromkeys([*found, *package_roots()]))


def find(kind: str, name: str, near: Path | None = None) -> Path:
    """The file of a show, story, stage, move or scene by a name or path of the command line.

    UsageError if it is not found. For a name in a content file use `mentioned`.
    """
    given = Path(name)
    if given.is_file():
        _refuse_other_kind(kind, given)
        return given
    if is_content(given) or not given.is_dir():
        _refuse_other_than_a_file(given)
    inside = FOLDER_FILES.get(kind)
    if inside and (given / inside).is_file():
        return given / inside
    for place in _places(kind, near):
        found = _in(place, kind, name)
        if found is not None:
            _notify_shadowed(kind, name, found)
            return found
    if (found := _in_project(kind, given)) is not None:
        return found
    hint = suggestion(Path(name).name, names(kind, near))
    message = f"there is no {kind} {name!r}"
    if (other := next((one for one in FOLDERS if name in names(one, near)), None)) is not None:
        message += f" ({_noun(other)} has this name)"
    raise UsageError(message, hint or "write the path of a file or a known name")


def _places(kind: str, near: Path | None) -> Iterator[Path]:
    """The folders in which names of a kind are looked up, nearest first."""
    for root in roots(near):
        for folder in FOLDERS[kind]:
            yield root / folder


def _in_project(kind: str, given: Path) -> Path | None:
    """The file that `PROJECT` or `PROJECT/NAME` means: content of the project's or another name."""
    for project, name in ((given, given.resolve().name), (given.parent, given.name)):
        if project != Path() and has_content(project):
            for folder in FOLDERS[kind]:
                if (found := _in(project / folder, kind, name)) is not None:
                    return found
    return None


def _notify_shadowed(kind: str, name: str, taken: Path) -> None:
    """Notify the listener when the package has another file with the name of `taken`."""
    packaged = package_roots()
    if any(taken.resolve().is_relative_to(root) for root in packaged):
        return
    for place in (root / folder for root in packaged for folder in FOLDERS[kind]):
        if (other := _in(place, kind, name)) is not None:
            notify(NOUNS.get(kind, kind), name, taken, other)
            return


def _refuse_other_kind(kind: str, file: Path) -> None:
    """UsageError for a file whose name says that it is of another kind."""
    ends = {**SUFFIXES, **OTHER_FILES}
    named = next((one for one, end in ends.items() if file.name.endswith(end)), kind)
    named = next((one for one, inside in FOLDER_FILES.items() if file.name == inside), named)
    expected = FOLDER_FILES.get(kind)
    if named != kind:
        form = f"NAME/{expected}" if expected else f"NAME{SUFFIXES[kind]}"
        raise UsageError(
            f"{file} is {_noun(named)}, not {_noun(kind)}",
            f"give the name of {_noun(kind)}, or its file ({form})",
        )
    if expected and file.name != expected:
        noun = NOUNS.get(kind, kind)
        raise UsageError(
            f"{file} cannot be used as a {noun}",
            f"the file of a {noun} must be named {expected}, "
            f"in a folder with the name of the {noun}",
        )


def _noun(kind: str) -> str:
    return f"a {NOUNS.get(kind, kind)}"


def _in(place: Path, kind: str, name: str) -> Path | None:
    """The file of a name in a folder. Some file systems store é as two characters (NFD)."""
    inside = FOLDER_FILES.get(kind, "")
    end = "" if inside or name.endswith(SUFFIXES[kind]) else SUFFIXES[kind]
    if (place / (name + end) / inside).is_file():
        return place / (name + end) / inside
    if not name.isascii() and place.is_dir():
        wanted = composed(name + end)
        for entry in sorted(place.iterdir()):
            if composed(entry.name) == wanted and (entry / inside).is_file():
                return entry / inside
    return None


def mentioned(kind: str, name: str, near: Path | None) -> Path:
    """The file of a story, stage, move or scene that is named in a file in the folder `near`.

    UsageError if it does not exist or is outside the content's folders.
    """
    message, remedy = name_fault(name)
    if message:
        raise UsageError(message, remedy)
    for place in _places(kind, near):
        found = _in(place, kind, name)
        if found is not None:
            _notify_shadowed(kind, name, found)
            file = found.relative_to(place).as_posix()
            return resolve(file, [place], [place, *content_roots(near)])
    hint = suggestion(Path(name).name, names(kind, near))
    raise UsageError(
        f"there is no {kind} {name!r}", hint or "write the path of a file or a known name"
    )


def content_roots(near: Path | None) -> list[Path]:
    """The folders in which files named in the folder `near` may be: `near`, the working folder,
    their parents that contain a folder of content, and this project's content."""
    found: list[Path] = []
    for start in (near, Path.cwd()):
        if start is not None:
            above = list(start.resolve().parents)[:3]
            found += [start.resolve(), *(place for place in above if has_content(place))]
    if (project := current_project()) is not None:
        found.append(project.resolve())
    return list(dict.fromkeys([*found, *package_roots()]))


def names(kind: str, near: Path | None = None) -> list[str]:
    """All names that `find` knows."""
    found: dict[str, None] = {}
    for place in _places(kind, near):
        if inside := FOLDER_FILES.get(kind):
            paths = (path.parent.name for path in sorted(place.glob(f"*/{inside}")))
        else:
            suffix = SUFFIXES[kind]
            paths = (p.name.removesuffix(suffix) for p in sorted(place.glob("*" + suffix)))
        found.update(dict.fromkeys(map(composed, paths)))
    return list(found)


def find_file(name: str, missing: str) -> Path:
    """A file given by its path; UsageError with the message `missing` if it does not exist."""
    path = Path(name)
    if not path.is_file():
        _refuse_other_than_a_file(path)
        raise UsageError(f"{missing} {name}", "check the path")
    return path


def _refuse_other_than_a_file(path: Path) -> None:
    """UsageError for a path of a folder, a pipe or a link that leads nowhere."""
    if kind := other_than_a_file(path):
        raise UsageError(f"{path} is {kind}, not a text file", "give the path of a text file")


def content_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The authors' files in `paths`; folders are searched. UsageError for a missing path."""
    for path in paths:
        if path.is_dir() and is_content(path):
            _refuse_other_than_a_file(path)
        elif path.is_dir():
            yield from sorted(p for p in path.rglob("*") if is_content(p))
        elif path.is_file():
            yield path
        else:
            _refuse_other_than_a_file(path)
            raise UsageError(f"{path} does not exist", "check the path")


def is_content(path: Path) -> bool:
    """True for a file that `xrdrama check` knows."""
    named = path.name in FOLDER_FILES.values()
    return named or path.name.endswith((*SUFFIXES.values(), ".testplan"))


def asset(name: str, near: Path | None, *, folder: bool = False) -> Path:
    """A recording or model that is named in a file in the folder `near`; UsageError with the reason
    if it cannot be used."""
    within = content_roots(near)
    return resolve(name, within, within, folder=folder)


def beside(name: str, file: Path) -> Path:
    """A file named relative to another file's folder; UsageError if it cannot be used."""
    return resolve(name, [file.parent], content_roots(file.parent))


def string_tables(story: Path) -> Iterator[tuple[str, Path]]:
    """The string tables of a story by language: `branches/<id>.<language>.csv` or `.po`.

    UsageError for a symbolic link to a place outside the content's folders; AuthoringError for two
    tables of one language (L018).
    """
    stem = story.name.removesuffix(SUFFIXES["story"])
    found: dict[str, Path] = {}
    # Sorted by language, so that the two formats of one are beside each other.
    for table in sorted(file for end in TABLES for file in story.parent.glob(f"{stem}.*{end}")):
        beside(table.name, story)
        language = table.name.split(".")[-2]
        if language in found:
            message = f"{found[language].name} and {table.name} are two tables of one language"
            hint = (
                f"keep one of them: xrdrama strings {stem} {language} --from FILE takes the texts "
                "of the other"
            )
            raise AuthoringError([Problem(str(table), 1, 1, "L018", "error", message, hint)])
        found[language] = table
    yield from found.items()


def located(name: str, near: Path) -> Path | None:
    """Where a file with the label `name` lies now, or None. A label comes out of a take: nothing
    but files of authors is looked at."""
    if name_fault(name)[0] or ".." in Path(name).parts or not _is_source(name):
        return None
    # A set's label is its folder and file, `lane/scene.yaml`, without the folder of all sets.
    kind = next((one for one, inside in FOLDER_FILES.items() if name.endswith("/" + inside)), "")
    folders = FOLDERS[kind] if kind else (".",)
    # A take is often in a folder of its own below its show.
    places = list(dict.fromkeys([near, *list(near.resolve().parents)[:3], *roots(near)]))
    for root in places:
        for folder in folders:
            path = root / folder / name
            if path.is_file():
                return path
    # The label of a file beside no folder of content begins with the name of its own folder.
    for root in places:
        path = root.resolve().parent / name
        if name.startswith(f"{root.resolve().name}/") and path.is_file():
            return path
    return None


def _is_source(name: str) -> bool:
    return is_content(Path(name)) or name.endswith((*TABLES, ".sounds/index.json"))


def label(path: Path) -> str:
    """A file's path without this machine's folders: `branches/night.branch.yaml`."""
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
