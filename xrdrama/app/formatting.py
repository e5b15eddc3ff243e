"""`xrdrama fmt`: canonical key order, line ids, and rows of string tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xrdrama import content
from xrdrama.app.checking import author_files
from xrdrama.authoring.canonical import canonical_text, with_line_ids
from xrdrama.document import Shape
from xrdrama.errors import AuthoringError
from xrdrama.scene.grammar import SCENE
from xrdrama.show.form import SHOW
from xrdrama.stage.parse import STAGE
from xrdrama.story import Story, load_story
from xrdrama.story.form import STORY
from xrdrama.story.strings import StringTable, format_strings, parse_strings
from xrdrama.tracking.moves import MOVE

_SHAPES: dict[str, Shape] = {
    ".branch.yaml": STORY,
    "scene.yaml": SCENE,
    ".stage.yaml": STAGE,
    ".show.yaml": SHOW,
    ".move.yaml": MOVE,
}


def format_paths(paths: Iterable[Path], *, write: bool) -> list[Path]:
    """The files that are not in canonical form; rewritten when `write`. AuthoringError for files
    that cannot be read: nothing is written over what is not understood. UsageError for what is
    no file of an author."""
    formatted = [found for path in author_files(paths) for found in _formatted(path)]
    changed = {file: text for file, text in formatted if text != content.read_text(file)}
    if write:
        for file, text in changed.items():
            file.write_text(text, encoding="utf-8")
    return list(changed)


def _formatted(path: Path) -> list[tuple[Path, str]]:
    shape = next((s for suffix, s in _SHAPES.items() if path.name.endswith(suffix)), None)
    if shape is None:
        return []
    written = content.read_text(path)
    if not path.name.endswith(".branch.yaml"):
        return [(path, canonical_text(written, str(path), shape))]
    load_story(written, str(path))  # what is wrong is told by the lines that the author sees
    text = canonical_text(written, str(path), shape)
    story = load_story(text, str(path))
    beside = path.parent.glob(path.name.removesuffix(".branch.yaml") + ".*.csv")
    tables = {file: _table(file, story) for file in sorted(beside)}
    taken = {name for table in tables.values() for name in (*table.texts, *table.left)}
    text = with_line_ids(text, str(path), taken)
    story = load_story(text, str(path))
    return [
        (path, text),
        *((file, format_strings(story, _table(file, story))) for file in tables),
    ]


def _table(file: Path, story: Story) -> StringTable:
    language = file.name.split(".")[-2]
    table, problems = parse_strings(content.read_text(file), str(file), language, story)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise AuthoringError(errors)
    return table
