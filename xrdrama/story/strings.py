"""String tables: the texts of a story in another language, `<story>.<language>.csv`.

Columns: `id`, `order`, `source`, `text`. `source` is the text that was translated; when the story
says something else by now, the translation is stale and is reported, but still used.
"""

from __future__ import annotations

import csv
import io

import msgspec

from xrdrama.errors import Problem, Severity
from xrdrama.story.model import Story

COLUMNS = ("id", "order", "source", "text")
MAX_ROWS = 100_000


class StringTable(msgspec.Struct, frozen=True):
    """The texts of one language by id; `sources` are the texts that they translate.

    `left` are the rows (source, text) of ids that the story has no more.
    """

    language: str
    texts: dict[str, str]
    sources: dict[str, str] = {}
    left: dict[str, tuple[str, str]] = {}


def parse_strings(
    text: str, file: str, language: str, story: Story
) -> tuple[StringTable, list[Problem]]:
    """A table, and what is wrong with it: unknown and missing ids, stale and empty texts."""
    reader = _TableReader(file, story)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = next(rows, [])
        if tuple(header) != COLUMNS:
            reader.note(1, "L001", "the first line names other columns",
                        "write " + ",".join(COLUMNS), "error")  # fmt: skip
            return StringTable(language, {}), reader.problems
        for row in rows:
            if rows.line_num > MAX_ROWS:
                reader.note(rows.line_num, "L002", f"the table has over {MAX_ROWS:,} lines",
                            "split the story", "error")  # fmt: skip
                break
            if row:
                reader.row(row, rows.line_num)
    except csv.Error as error:
        reader.note(max(1, rows.line_num), "L006", f"this is not a CSV table: {error}",
                    "save it as UTF-8 CSV, quotes doubled", "error")  # fmt: skip
    reader.close()
    return StringTable(language, reader.texts, reader.sources, reader.left), reader.problems


class _TableReader:
    def __init__(self, file: str, story: Story) -> None:
        self.file, self.known = file, story.texts()
        self.problems: list[Problem] = []
        self.texts: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        self.left: dict[str, tuple[str, str]] = {}
        self.lines: dict[str, int] = {}

    def note(
        self, line: int, code: str, message: str, hint: str, severity: Severity = "warning"
    ) -> None:
        self.problems.append(Problem(self.file, line, 1, code, severity, message, hint))

    def row(self, row: list[str], line: int) -> None:
        if len(row) != len(COLUMNS):
            self.note(line, "L002", f"{len(row)} columns; {len(COLUMNS)} are wanted",
                      "quote texts that hold a comma", "error")  # fmt: skip
            return
        name, _, source, translated = (cell.strip() for cell in row)
        if name in self.lines:
            self.note(line, "L008", f"{name!r} is here twice",
                      f"the first is on line {self.lines[name]}; keep one", "error")  # fmt: skip
            return
        self.lines[name] = line
        if name not in self.known:
            self.left[name] = (source, translated)
            self.note(line, "L003", f"the story has no text {name!r}",
                      "delete the row when it will not come back")  # fmt: skip
        elif not translated:
            self.note(line, "L004", f"{name!r} is not translated", f"it says: {self.known[name]}")
        else:
            self.texts[name], self.sources[name] = translated, source
            if source != self.known[name]:
                self.note(line, "L005", f"{name!r} has changed since it was translated",
                          f"it says now: {self.known[name]}")  # fmt: skip

    def close(self) -> None:
        missing = [name for name in self.known if name not in self.lines]
        if missing:
            listed = ", ".join(missing[:5]) + (" ..." if len(missing) > 5 else "")
            count = "1 text is" if len(missing) == 1 else f"{len(missing)} texts are"
            self.note(1, "L007", f"{count} missing: {listed}", "run xrdrama fmt to add rows")


def format_strings(story: Story, table: StringTable) -> str:
    """The canonical text of a table: a row for each text of the story, in its order.

    A text that is not translated yet is shown as it is now; rows that the story has no more
    follow behind, so that a beat can go and come back.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    rows = [
        (name, table.sources.get(name, text), table.texts.get(name, ""))
        for name, text in story.texts().items()
    ]
    rows += [(name, *row) for name, row in table.left.items()]
    for order, (name, source, translated) in enumerate(rows, 1):
        writer.writerow((name, order, source, translated))
    return out.getvalue()
