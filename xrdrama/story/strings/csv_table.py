"""String tables as CSV: what a spreadsheet makes of them can be read.

Spreadsheets add empty rows and columns, leave out empty cells at the end of a row, and in some
languages separate columns with semicolons or tabs.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable

from xrdrama.document.names import composed
from xrdrama.document.wording import nearest
from xrdrama.errors import Problem, Severity
from xrdrama.story.strings.rows import Row
from xrdrama.story.strings.table import Entry, Layout

COLUMNS = (
    "id", "order", "kind", "beat", "speaker", "manner", "note", "source", "text", "comment",
    "old_source", "old_text",
)  # fmt: skip
REQUIRED = ("id", "source", "text")
SEPARATORS = (",", ";", "\t")
"""Separators of columns in spreadsheets; they depend on the language of the system."""
MAX_ROWS = 100_000

Add = Callable[[str, Entry], None]


def read_csv(text: str, file: str, add: Add) -> tuple[Layout, list[Problem]]:
    """The layout of a table and the problems of its form; `add` is called with each row."""
    text = composed(text.removeprefix("\ufeff"))
    separator = separator_of(text)
    reader = _Reader(file, separator, add)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    declared = False
    try:
        header = [cell.strip() for cell in next(rows, [])]
        declared = "".join(header[:1]).lower() == "sep="
        if declared:
            header = [cell.strip() for cell in next(rows, [])]
        if reader.header(header, max(1, rows.line_num)):
            for row in rows:
                if rows.line_num > MAX_ROWS:
                    reader.note(rows.line_num, "L002", f"the table has more than {MAX_ROWS:,} "
                                "lines", "split the story into several files")  # fmt: skip
                    break
                reader.row([cell.strip() for cell in row], rows.line_num)
    except csv.Error as error:
        reader.note(max(1, rows.line_num), "L006", f"this is not a valid CSV table: {error}",
                    "save it as CSV in UTF-8, with quotation marks doubled")  # fmt: skip
    return Layout("csv", separator, declared), reader.problems


def separator_of(text: str) -> str:
    """The separator of a table's columns, from its first line; a comma if it is unclear."""
    first = text.partition("\n")[0].replace('"', "").lower()
    if first.startswith("sep="):
        return next((one for one in SEPARATORS if first.startswith("sep=" + one)), ",")
    counts = {one: first.count(one) for one in SEPARATORS}
    return max(SEPARATORS, key=lambda one: counts[one])


class _Reader:
    def __init__(self, file: str, separator: str, add: Add) -> None:
        self.file, self.separator, self.add = file, separator, add
        self.problems: list[Problem] = []
        self.columns: list[str] = []
        self.known: set[str] = set()
        self.least = 0

    def note(
        self, line: int, code: str, message: str, hint: str, severity: Severity = "error"
    ) -> None:
        self.problems.append(Problem(self.file, line, 1, code, severity, message, hint))

    def header(self, cells: list[str], line: int) -> bool:
        """Reads the names of the columns; False when no row can be read."""
        named = [cell for cell in cells if cell]
        missing = [name for name in REQUIRED if name not in named]
        twice = next((name for name in named if named.count(name) > 1), "")
        if missing:
            self.note(line, "L001", "the first line does not name the expected columns",
                      f"write {self.separator.join(('id', 'order', 'source', 'text'))}, or run "
                      "xrdrama strings, which makes the table")  # fmt: skip
            return False
        if twice:
            self.note(line, "L001", f"the first line names the column {twice!r} twice",
                      "delete one of the two columns, or rename it to comment")  # fmt: skip
            return False
        for name in named:
            if name not in COLUMNS:
                meant = nearest(name, COLUMNS)
                hint = f"did you mean {meant!r}? " if meant else ""
                self.note(line, "L014", f"the column {name!r} is not read, and xrdrama fmt deletes "
                          "it", f"{hint}keep a translator's notes in the column "
                          "comment", "warning")  # fmt: skip
        self.columns, self.known = cells, set(named)
        self.least = max(cells.index(name) for name in REQUIRED if name != "text") + 1
        return True

    def row(self, cells: list[str], line: int) -> None:
        if not any(cells):
            return
        expected = len(self.columns)
        if not self.least <= len(cells) <= expected:
            filled = len(cells)
            count = f"{filled} column{'' if filled == 1 else 's'}"
            hint = f"put texts that contain {self.separator!r} in quotes"
            if filled == 1:
                hint = f"separate its columns with {self.separator!r}, as the first line does"
            named = len([name for name in self.columns if name])
            self.note(line, "L002", f"this row has {count}; expected {named}", hint)
            self.add(cells[0], Entry("", "", line=-line))  # reported here, so not missing
            return
        cells += [""] * (expected - len(cells))
        found = dict(zip(self.columns, cells, strict=True))
        beyond = next((c for n, c in zip(self.columns, cells, strict=True) if c and not n), "")
        if beyond:
            self.note(line, "L002", f"this row has {beyond!r} in a column without a name",
                      f"put texts that contain {self.separator!r} in quotes")  # fmt: skip
            self.add(cells[0], Entry("", "", line=-line))
            return
        name, source, text = found["id"], found["source"], found["text"]
        if not name:
            if source or text:
                self.note(line, "L003", "this row has no id, so its text is not used",
                          "write its id in the column id, or delete the row",
                          "warning")  # fmt: skip
            return
        old = found.get("old_text", "")
        marked = bool(old) and old == text
        self.add(name, Entry(source, text, marked, found.get("old_source", "") if marked else "",
                             found.get("comment", ""), line))  # fmt: skip


def write_csv(rows: Iterable[tuple[Row, Entry]], layout: Layout, newline: str = "\n") -> str:
    """The canonical text of a table; `newline` ends its rows."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline, delimiter=layout.separator)
    if layout.declared:
        out.write(f"sep={layout.separator}{newline}")
    writer.writerow(COLUMNS)
    for order, (row, entry) in enumerate(rows, 1):
        old = (entry.old_source, entry.text) if entry.marked else ("", "")
        writer.writerow((row.id, order, row.kind, row.beat, row.speaker, row.manner, row.note,
                         entry.source, entry.text, entry.comment, *old))  # fmt: skip
    return out.getvalue()
