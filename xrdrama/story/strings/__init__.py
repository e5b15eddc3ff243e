"""String tables: the texts of a story in another language, `<story>.<language>.csv` or `.po`.

A table has a row for each text that is shown, read or said: the title, names, headings, actions,
lines, options, the phrases that pick them, and endings. When the story has changed since a text was
translated, the translation is stale: it is reported, but still used.
"""

from __future__ import annotations

from collections.abc import Callable

from xrdrama.document.hidden import hidden_problems
from xrdrama.document.names import composed
from xrdrama.errors import Problem
from xrdrama.story.model import Story
from xrdrama.story.strings.csv_table import MAX_ROWS, read_csv, write_csv
from xrdrama.story.strings.judging import Judging, refreshed
from xrdrama.story.strings.localising import direction_texts, localised, phrases_of
from xrdrama.story.strings.po import read_po, write_po
from xrdrama.story.strings.rows import (
    Row,
    pronunciations_in,
    rows_of,
    spoken_phrases,
    text_titles,
)
from xrdrama.story.strings.table import Entry, Format, Layout, StringTable

__all__ = [
    "FORMATS", "MAX_ROWS", "Entry", "Format", "Layout", "Row", "StringTable", "direction_texts",
    "format_strings", "localised", "parse_strings", "phrases_of", "pronunciations_in", "rows_of",
    "spoken_phrases", "text_titles",
]  # fmt: skip
FORMATS: tuple[Format, ...] = ("csv", "po")
"""The formats of tables, which are also the suffixes of their files."""


def parse_strings(
    text: str, file: str, language: str, story: Story
) -> tuple[StringTable, list[Problem]]:
    """A table and its problems: unknown and missing ids, stale and empty texts.

    A `file` whose name ends in `.po` is read as PO, any other as CSV.
    """
    form: Format = "po" if file.lower().endswith(".po") else "csv"
    judging = Judging(file, language, story, form)
    if form == "po":
        layout, problems = read_po(text, file, language, judging.add)
    else:
        layout, problems = read_csv(text, file, judging.add)
    entries = judging.entries()
    if not any(problem.code in ("L001", "L006") for problem in problems):
        judging.close(entries)
    table = StringTable(language, entries, judging.left, layout)
    found = [*problems, *judging.problems]
    hidden = hidden_problems(composed(text.removeprefix("\ufeff")), file)
    return table, sorted(found, key=lambda problem: problem.line) + hidden


def format_strings(
    story: Story, table: StringTable, newline: str = "\n", form: Format | None = None
) -> str:
    """The canonical text of a table: a row for each text of the story, in its order.

    `form`: CSV or PO; by default the table's own. A CSV table keeps its separator, a PO file the
    other fields of its header; `newline` ends rows.

    Stale texts are marked, with the source that they translate. Rows of ids that are no longer in
    the story are kept at the end, so that a beat can be removed and added again.
    """
    rows = refreshed(story, table)
    form = form or table.layout.format
    layout = table.layout if form == table.layout.format else Layout(form)
    writers: dict[Format, Callable[[], str]] = {
        "csv": lambda: write_csv(rows, layout, newline),
        "po": lambda: write_po(rows, table.language, layout, newline),
    }
    return writers[layout.format]()
