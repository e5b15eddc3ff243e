"""`xrdrama fmt`: canonical key order, line ids, and rows of string tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.authoring.canonical import canonical_text, with_line_ids
from xrdrama.document import Shape
from xrdrama.errors import AuthoringError
from xrdrama.performer.form import GESTURES, PERFORMER
from xrdrama.saving import save_all
from xrdrama.scene.form import SCENE
from xrdrama.show.form import SHOW
from xrdrama.stage.form import STAGE
from xrdrama.stage.lenses.form import LENS
from xrdrama.story import Story, load_story
from xrdrama.story.form import STORY
from xrdrama.story.strings import StringTable, format_strings
from xrdrama.tools.checking.contents import author_files
from xrdrama.tracking.moves import MOVE

_SHAPES: dict[str, Shape] = {
    ".branch.yaml": STORY,
    "scene.yaml": SCENE,
    ".stage.yaml": STAGE,
    ".show.yaml": SHOW,
    ".move.yaml": MOVE,
    ".lens.yaml": LENS,
    "performer.yaml": PERFORMER,
    ".gestures.yaml": GESTURES,
}


class Changed(msgspec.Struct, frozen=True):
    """A file that is not in canonical form."""

    path: Path
    note: str = ""
    """Other changes in it, "" for none."""


def format_paths(paths: Iterable[Path], *, write: bool) -> list[Changed]:
    """The files that are not in canonical form; they are rewritten if `write`.

    Line ends and a byte order mark are kept as they are. AuthoringError for files that cannot be
    parsed, UsageError for a file of another kind, and DeviceError when one cannot be written;
    after an error no file is changed.
    """
    changed: list[Changed] = []
    rewritten: dict[Path, bytes] = {}
    seasons: dict[Path, Story] = {}
    for path in author_files(paths):
        for file, text_with in _formatted(path, seasons):
            now = content.read_written(file)
            if file in rewritten or text_with("\n") == now.text:
                continue
            ends = "CRLF" if now.newline == "\r\n" else "CR" if now.newline == "\r" else "LF"
            # As spreadsheets write tables: rows end in CRLF, line feeds inside a cell are kept.
            mixed = now.mixed and file.suffix not in content.TABLES
            note = (
                f"its line ends were mixed; all are now {ends}, like the first one" if mixed else ""
            )
            changed.append(Changed(file, note))
            rewritten[file] = now.encoded(text_with(now.newline))
    if write and rewritten:
        save_all(rewritten)
    return changed


def formatted_text(path: Path) -> str | None:
    """The canonical text of one file, with line feeds; None for a kind of file that has none.
    AuthoringError when it cannot be parsed. No file is changed."""
    found = _formatted(path, {})
    return found[0][1]("\n") if found else None


Text = Callable[[str], str]
"""A canonical text, for the given line ends."""


def _formatted(path: Path, seasons: dict[Path, Story]) -> list[tuple[Path, Text]]:
    """The files of a path with their canonical texts. `seasons` keeps the stories that include
    others, so that each is parsed once and not for each of its files."""
    shape = next((s for suffix, s in _SHAPES.items() if path.name.endswith(suffix)), None)
    if shape is None:
        return []
    written = content.read_text(path)
    if not path.name.endswith(".branch.yaml"):
        return [(path, _ending(canonical_text(written, str(path), shape)))]
    # Parsed before any line is moved: problems have the line numbers that the author sees. Moved
    # keys change neither the order of the lines nor their ids, so that one parse is enough.
    story, name = _story_with(path, written, seasons)
    tables = {file: _table(file, story) for _, file in content.string_tables(path)}
    taken = {name for table in tables.values() for name in (*table.entries, *table.left)}
    marked = with_line_ids(written, name, taken, story=story)
    text = canonical_text(marked, str(path), shape)
    if tables and marked != written:
        story, _ = _story_with(path, text, {})
    return [
        (path, _ending(text)),
        *((file, partial(format_strings, story, _table(file, story))) for file in tables),
    ]


def _story_with(path: Path, text: str, seasons: dict[Path, Story]) -> tuple[Story, str]:
    """The story with a text instead of that of one of its files, and the name of this file in it.
    An included file is read as a part of the story that includes it."""
    owner = content.included_by(path)
    name = str(owner.parent / path.name if owner else path)
    whole = owner or path
    if whole in seasons:
        return seasons[whole], name
    if owner is None:
        seasons[path] = load_story(text, str(path), files=content.story_files(path))
        return seasons[path], name
    here = path.resolve()
    changed = content.story_files(owner, lambda _, file: text if file.resolve() == here
                                  else content.read_text(file))  # fmt: skip
    seasons[owner] = load_story(content.read_text(owner), str(owner), files=changed)
    return seasons[owner], name


def _ending(text: str) -> Text:
    return lambda newline: text.replace("\n", newline)


def _table(file: Path, story: Story) -> StringTable:
    language = file.name.split(".")[-2]
    table, problems = content.read_table(file, language, story)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise AuthoringError(errors)
    return table
