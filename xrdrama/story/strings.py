"""String tables: the texts of a story in another language, `<story>.<language>.csv`.

Columns: `id`, `order`, `source`, `text`. `source` is the text that was translated; when the story
has changed since, the translation is stale: it is reported, but still used.

Spreadsheets add empty rows and columns, leave out empty cells at the end of a row, and in some
languages separate columns with semicolons or tabs: all of this can be read.
"""

from __future__ import annotations

import csv
import io

import msgspec

from xrdrama.document.hidden import hidden_problems
from xrdrama.document.names import composed
from xrdrama.errors import Problem, Severity
from xrdrama.story.model import Line, Story
from xrdrama.story.placeholders import advice, placeholder_in
from xrdrama.story.text.checking import text_problems

COLUMNS = ("id", "order", "source", "text")
SEPARATORS = (",", ";", "\t")
"""Separators of columns in spreadsheets; they depend on the language of the system."""
MAX_ROWS = 100_000
MOST_REPORTED = 5
"""Most texts without a translation that are reported one by one."""


class StringTable(msgspec.Struct, frozen=True):
    """The texts of one language by id; `sources` are the texts that they translate.

    `left` are the rows (source, text) of ids that are no longer in the story.
    """

    language: str
    texts: dict[str, str]
    sources: dict[str, str] = {}
    left: dict[str, tuple[str, str]] = {}
    separator: str = ","
    """The separator of columns."""
    declared: bool = False
    """True when the first line is `sep=;`, which sets a spreadsheet's separator."""
    lines: dict[str, int] = {}
    """The line of each row, by its id."""


def parse_strings(
    text: str, file: str, language: str, story: Story
) -> tuple[StringTable, list[Problem]]:
    """A table and its problems: unknown and missing ids, stale and empty texts."""
    text = composed(text.removeprefix("\ufeff"))
    separator = separator_of(text)
    reader = _TableReader(file, language, story, separator)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    declared = False
    try:
        header = _cells(next(rows, []))
        declared = "".join(header[:1]).lower() == "sep="
        if declared:
            header = _cells(next(rows, []))
        if tuple(header) != COLUMNS:
            reader.note(1, "L001", "the first line does not name the expected columns",
                        "write " + ",".join(COLUMNS), "error")  # fmt: skip
            return StringTable(language, {}), reader.problems
        for row in rows:
            if rows.line_num > MAX_ROWS:
                reader.note(rows.line_num, "L002", f"the table has more than {MAX_ROWS:,} lines",
                            "split the story into several files", "error")  # fmt: skip
                break
            reader.row(_cells(row), rows.line_num)
    except csv.Error as error:
        reader.note(max(1, rows.line_num), "L006", f"this is not a valid CSV table: {error}",
                    "save it as CSV in UTF-8, with quotation marks doubled", "error")  # fmt: skip
    else:
        reader.close()
    table = StringTable(
        language, reader.texts, reader.sources, reader.left, separator, declared, reader.lines
    )
    return table, reader.problems + hidden_problems(text, file)


def separator_of(text: str) -> str:
    """The separator of a table's columns, from its first line; a comma if it is unclear."""
    first = text.partition("\n")[0].replace('"', "").lower()
    heads = (COLUMNS[0], "sep=")
    return next((one for one in SEPARATORS if first.startswith(tuple(h + one for h in heads))), ",")


def _cells(row: list[str]) -> list[str]:
    """The cells of a row: without extra empty cells at the end, with a missing empty cell added."""
    cells = [cell.strip() for cell in row]
    if len(cells) == len(COLUMNS) - 1:
        cells.append("")
    while len(cells) > len(COLUMNS) and not cells[-1]:
        cells.pop()
    return cells


class _TableReader:
    def __init__(self, file: str, language: str, story: Story, separator: str) -> None:
        self.file, self.language, self.known = file, language, story.texts()
        self.story, self.separator = story, separator
        self.variables = story.values()
        self.empty: list[str] = []
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
        if not any(row):
            return
        if len(row) != len(COLUMNS):
            self.lines.setdefault(row[0], line)  # reported here, so not missing
            count = f"{len(row)} column{'' if len(row) == 1 else 's'}"
            hint = f"put texts that contain {self.separator!r} in quotes"
            if len(row) == 1:
                hint = f"separate its columns with {self.separator!r}, as the first line does"
            self.note(line, "L002", f"this row has {count}; expected {len(COLUMNS)}", hint, "error")
            return
        name, _, source, translated = row
        if not name:
            if source or translated:
                self.note(line, "L003", "this row has no id, so its text is not used",
                          "write its id in the first column, or delete the row")  # fmt: skip
            return
        if name in self.lines:
            self.note(line, "L008", f"duplicate id {name!r}",
                      f"the first is on line {self.lines[name]}; delete one of "
                      "them", "error")  # fmt: skip
            return
        self.lines[name] = line
        if name not in self.known:
            self.left[name] = (source, translated)
            self.note(line, "L003", f"the story has no text with the id {name!r}",
                      "delete the row if the text will not return")  # fmt: skip
        elif not translated:
            self.empty.append(name)
        else:
            self.translation(name, source, translated, line)

    def translation(self, name: str, source: str, translated: str, line: int) -> None:
        self.texts[name], self.sources[name] = translated, source
        found = text_problems(translated, self.variables)
        for _, message, hint in found.problems:
            self.note(line, "L010", message, hint, "error")
        allowed = text_problems(self.known[name], self.variables).names
        for shown in found.names:
            if shown not in allowed:
                self.note(line, "L010", f"{{{shown}}} is not in the text that is translated",
                          "show only variables that the text shows", "error")  # fmt: skip
        _, mark = placeholder_in(found.plain, self.variables)
        if mark:
            self.note(line, "L009", *advice(mark))
        if source != self.known[name]:
            self.note(line, "L005", f"{name!r} has changed since it was translated",
                      f"translate it again; the text is now: {self.known[name]}")  # fmt: skip

    def close(self) -> None:
        missing = [name for name in self.known if name not in self.lines]
        if not missing and not self.empty:
            return
        titles = text_titles(self.story)
        for name in self.empty[:MOST_REPORTED]:
            message = f"{titles[name]} is not translated to {self.language}"
            hint = f"write the translation in the column text; the text is: {self.known[name]}"
            self.note(self.lines[name], "L004", message, hint)
        self.more("L004", self.empty, "are empty rows", "write the translations in the column text")
        if not self.lines:
            self.note(1, "L007", f"none of the {len(missing)} texts is translated to "
                                 f"{self.language}",
                      "run xrdrama fmt, which adds a row for each")  # fmt: skip
            return
        order = {name: number for number, name in enumerate(self.known)}
        for name in missing[:MOST_REPORTED]:
            self.note(self.line_before(order[name]), "L007",
                      f"{titles[name]} has no row in {self.language}",
                      f"below this line add {_row(name, order[name], self.known[name])} and the "
                      "translation after its last comma, or run xrdrama fmt, which adds the "
                      "row")  # fmt: skip
        self.more("L007", missing, "have no row", "run xrdrama fmt, which adds the rows")

    def more(self, code: str, names: list[str], what: str, hint: str) -> None:
        """One problem for all texts after the first few."""
        left = len(names) - MOST_REPORTED
        if left > 0:
            one = what.replace("are empty rows", "is an empty row").replace("have", "has")
            message = f"1 more text {one}" if left == 1 else f"{left} more texts {what}"
            line = self.lines.get(names[MOST_REPORTED], 1)
            self.note(line, code, message, hint)

    def line_before(self, order: int) -> int:
        """The line of the text that comes before the one at `order` in the story."""
        names = list(self.known)[:order]
        return max((self.lines[name] for name in names if name in self.lines), default=1)


def text_titles(story: Story) -> dict[str, str]:
    """A description of each text of a story by its id: "line l4k2pq of beat 'gate'"."""
    found = {"title": "the title"}
    found.update((f"cast.{role}", f"the name of {role!r} in the cast") for role in story.cast)
    for beat in story.order:
        for item in beat.script:
            if isinstance(item, Line):
                found[item.id] = f"line {item.id} of beat {beat.id!r}"
        for option in beat.choice.options if beat.choice else ():
            found[option.text_id] = f"option {option.id!r} of beat {beat.id!r}"
        if beat.ending:
            found[beat.ending.title_id] = f"the title of ending {beat.ending.id!r}"
    return found


def _row(name: str, order: int, text: str) -> str:
    """A row of a table without its translation."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((name, order + 1, text, ""))
    return out.getvalue()


def format_strings(story: Story, table: StringTable, newline: str = "\n") -> str:
    """The canonical text of a table: a row for each text of the story, in its order.

    The table keeps its separator; `newline` ends its rows.

    For a text without a translation, the current source is written. Rows of ids that are no longer
    in the story are kept at the end, so that a beat can be removed and added again.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=newline, delimiter=table.separator)
    if table.declared:
        out.write(f"sep={table.separator}{newline}")
    writer.writerow(COLUMNS)
    rows = [
        (name, table.sources.get(name, text), table.texts.get(name, ""))
        for name, text in story.texts().items()
    ]
    rows += [(name, *row) for name, row in table.left.items()]
    for order, (name, source, translated) in enumerate(rows, 1):
        writer.writerow((name, order, source, translated))
    return out.getvalue()
