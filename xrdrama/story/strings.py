"""String tables: the texts of a story in another language, `<story>.<language>.csv`.

Columns: `id`, `order`, `source`, `text`. `source` is the text that was translated; when the story
says something else by now, the translation is stale and is reported, but still used.
"""

from __future__ import annotations

import csv
import io

import msgspec

from xrdrama.errors import Problem
from xrdrama.story.model import Story

COLUMNS = ("id", "order", "source", "text")
MAX_ROWS = 100_000


class StringTable(msgspec.Struct, frozen=True):
    """The texts of one language by id."""

    language: str
    texts: dict[str, str]


def parse_strings(
    text: str, file: str, language: str, story: Story
) -> tuple[StringTable, list[Problem]]:
    """A table, and what is wrong with it: unknown and missing ids, stale and empty texts."""
    problems: list[Problem] = []
    known = story.texts()
    texts: dict[str, str] = {}

    def note(line: int, code: str, message: str, hint: str, *, warning: bool = True) -> None:
        severity = "warning" if warning else "error"
        problems.append(Problem(file, line, 1, code, severity, message, hint))  # type: ignore[arg-type]

    try:
        rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
        header = next(rows, [])
        if tuple(header) != COLUMNS:
            note(1, "L001", "the first line names other columns",
                 "write " + ",".join(COLUMNS), warning=False)  # fmt: skip
            return StringTable(language, {}), problems
        for row in rows:
            line = rows.line_num
            if line > MAX_ROWS or len(row) != len(COLUMNS):
                note(line, "L002", f"{len(row)} columns; {len(COLUMNS)} are wanted",
                     "quote texts that hold a comma", warning=False)  # fmt: skip
                continue
            name, _, source, translated = (cell.strip() for cell in row)
            if name not in known:
                note(line, "L003", f"the story has no text {name!r}", "delete the row")
            elif not translated:
                note(line, "L004", f"{name!r} is not translated", f"it says: {known[name]}")
            else:
                texts[name] = translated
                if source != known[name]:
                    note(line, "L005", f"{name!r} has changed since it was translated",
                         f"it says now: {known[name]}")  # fmt: skip
    except csv.Error as error:
        note(1, "L006", f"this is not a CSV table: {error}", "save it as UTF-8 CSV", warning=False)
    missing = [name for name in known if name not in texts]
    if missing:
        listed = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
        note(
            1, "L007", f"{len(missing)} texts are missing: {listed}", "run xrdrama fmt to add rows"
        )
    return StringTable(language, texts), problems


def format_strings(story: Story, table: StringTable, sources: dict[str, str]) -> str:
    """The canonical text of a table: a row for each text of the story, in its order.

    `sources` are the source texts that the old table knew; a new row takes the story's.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for order, (name, text) in enumerate(story.texts().items(), 1):
        writer.writerow((name, order, sources.get(name, text), table.texts.get(name, "")))
    return out.getvalue()
