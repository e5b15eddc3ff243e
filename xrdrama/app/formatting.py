"""`xrdrama fmt`: canonical key order, line ids, and rows of string tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from xrdrama import content
from xrdrama.authoring.canonical import canonical_text, with_line_ids
from xrdrama.document import Shape
from xrdrama.scene.grammar import SCENE
from xrdrama.show.form import SHOW
from xrdrama.stage.parse import STAGE
from xrdrama.story import load_story
from xrdrama.story.form import STORY
from xrdrama.story.strings import format_strings, parse_strings
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
    that cannot be read: nothing is written over what is not understood."""
    changed: list[Path] = []
    for path in content.content_files(paths):
        for file, text in _formatted(path):
            if text != content.read_text(file):
                changed.append(file)
                if write:
                    file.write_text(text, encoding="utf-8")
    return changed


def _formatted(path: Path) -> list[tuple[Path, str]]:
    shape = next((s for suffix, s in _SHAPES.items() if path.name.endswith(suffix)), None)
    if shape is None:
        return []
    text = canonical_text(content.read_text(path), str(path), shape)
    if not path.name.endswith(".branch.yaml"):
        return [(path, text)]
    tables = sorted(path.parent.glob(path.name.removesuffix(".branch.yaml") + ".*.csv"))
    rows = {table: list(csv.reader(io.StringIO(content.read_text(table)))) for table in tables}
    taken = {row[0] for found in rows.values() for row in found if row}
    text = with_line_ids(text, str(path), taken)
    story = load_story(text, str(path))
    formatted = [(path, text)]
    for table, found in rows.items():
        language = table.name.split(".")[-2]
        strings, _ = parse_strings(content.read_text(table), str(table), language, story)
        sources = {row[0]: row[2] for row in found if len(row) == 4}
        formatted.append((table, format_strings(story, strings, sources)))
    return formatted
