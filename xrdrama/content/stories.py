"""Reads branch files together with the files that they include."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from xrdrama.content.compiled import compiled_story
from xrdrama.content.places import SUFFIXES, mentioned
from xrdrama.content.sounds import line_lengths
from xrdrama.content.texts import read_text
from xrdrama.document import Sequence, compose
from xrdrama.document.nodes import Scalar
from xrdrama.errors import Problem, UsageError
from xrdrama.story import Story, draft_story, parse_story
from xrdrama.story.form import PROSE
from xrdrama.story.including import Files

ROLE = "story-file/"
"""Before the name of an included file: its part in a take."""
MOST_SIBLINGS = 500


def story_files(path: Path, read: Callable[[str, Path], str] | None = None) -> Files:
    """The reader of the files that a story includes: branch files, found as all names are.

    `read` reads a file by its name and path; default: `read_text`.
    """

    def reader(name: str) -> tuple[str, str]:
        file = mentioned("story", name, path.parent)
        beside = path.parent / file.name
        label = beside if file.parent == path.parent.resolve() else file
        return str(label), read(name, file) if read else read_text(file)

    return reader


def embedded_story_files(roles: Mapping[str, str], texts: Mapping[str, str]) -> Files:
    """The reader of the included files among the parts of a show: file names by part, and texts by
    file name."""

    def reader(name: str) -> tuple[str, str]:
        file = roles.get(ROLE + name, "")
        if file not in texts:
            raise UsageError(f"the show does not contain {name}", "restore its take from a copy")
        return file, texts[file]

    return reader


def read_story(path: Path) -> tuple[Story | None, list[Problem]]:
    """The Story of a file (None if there are errors) and its problems; with the files that it
    includes and the lengths of its recorded lines. Large stories come from the cache."""
    return compiled_story(
        read_text(path), str(path), lasts=line_lengths(path), files=story_files(path)
    )


def parse_story_file(path: Path) -> tuple[Story | None, list[Problem]]:
    """The same, never from the cache."""
    return parse_story(
        read_text(path), str(path), lasts=line_lengths(path), files=story_files(path)
    )[:2]


def draft_story_file(path: Path, text: str) -> tuple[Story | None, list[Problem]]:
    """The same of a text instead of the file's; a story with errors is returned as far as it could
    be read."""
    return draft_story(text, str(path), lasts=line_lengths(path), files=story_files(path))[:2]


def included_by(path: Path) -> Path | None:
    """The story in the same folder that includes a branch file, directly or not; None for a story
    of its own, and for files that include each other."""
    owner, seen = path, {path.name}
    while (above := _owner(owner.name.removesuffix(SUFFIXES["story"]), path.parent)) is not None:
        if above.name in seen:
            return None
        seen.add(above.name)
        owner = above
    return None if owner is path else owner


def _owner(name: str, folder: Path) -> Path | None:
    for file in sorted(folder.glob("*" + SUFFIXES["story"]))[:MOST_SIBLINGS]:
        try:
            text = read_text(file)
        except UsageError:
            continue
        if "include:" in text and name in text and name in _included(text, str(file)):
            return file
    return None


_INCLUDE = re.compile(r"^include:.*\n(?:(?:[ \t#-].*)?\n)*", re.MULTILINE)
"""The key `include` of a branch file, with all that is indented below it."""


def _included(text: str, file: str) -> list[str]:
    """The names that a branch file includes; read without its beats where that is possible."""
    block, problems = _INCLUDE.search(text), list[Problem]()
    root = compose(block[0], file, problems, PROSE) if block else None
    if root is None or problems:  # a list in brackets may end in the first column
        root = compose(text, file, [], PROSE)
    listed = getattr(root, "get", lambda _: None)("include")
    items = listed.items if isinstance(listed, Sequence) else ()
    return [item.text.strip() for item in items if isinstance(item, Scalar)]
