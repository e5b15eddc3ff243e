"""String tables: the texts of a story in another language, `<story>.<language>.csv`.

Columns: `id`, `order`, `source`, `text`. `source` is the text that was translated; when the story
says something else by now, the translation is stale and is reported, but still used.
"""

from __future__ import annotations

import csv
import io

import msgspec

from xrdrama.errors import Problem, Severity
from xrdrama.story.model import Line, Story

COLUMNS = ("id", "order", "source", "text")
MAX_ROWS = 100_000
MOST_TOLD = 5
"""Texts without a translation that are told one by one; a table that is begun has many."""


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
    reader = _TableReader(file, language, story)
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        header = next(rows, [])
        if tuple(header) != COLUMNS:
            spread = "; save it with commas between the columns" if ";" in "".join(header) else ""
            reader.note(1, "L001", "the first line names other columns",
                        "write " + ",".join(COLUMNS) + spread, "error")  # fmt: skip
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
    else:
        reader.close()
    return StringTable(language, reader.texts, reader.sources, reader.left), reader.problems


class _TableReader:
    def __init__(self, file: str, language: str, story: Story) -> None:
        self.file, self.language, self.known = file, language, story.texts()
        self.story = story
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
        if len(row) != len(COLUMNS):
            self.lines.setdefault(row[0].strip(), line)  # told here, so not missing
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
            self.empty.append(name)
        else:
            self.texts[name], self.sources[name] = translated, source
            if source != self.known[name]:
                self.note(line, "L005", f"{name!r} has changed since it was translated",
                          f"it says now: {self.known[name]}")  # fmt: skip

    def close(self) -> None:
        missing = [name for name in self.known if name not in self.lines]
        if not missing and not self.empty:
            return
        titles = text_titles(self.story)
        for name in self.empty[:MOST_TOLD]:
            message = f"{titles[name]} has no text in {self.language} yet"
            hint = f"write it in the column text; it says: {self.known[name]}"
            self.note(self.lines[name], "L004", message, hint)
        self.more("L004", self.empty, "are empty rows", "write them in the column text")
        if not self.lines:
            self.note(1, "L007", f"none of the {len(missing)} texts is in {self.language} yet",
                      "run xrdrama fmt, which adds their rows")  # fmt: skip
            return
        order = {name: number for number, name in enumerate(self.known)}
        for name in missing[:MOST_TOLD]:
            self.note(self.line_before(order[name]), "L007",
                      f"{titles[name]} has no row in {self.language}",
                      f"below this line add {_row(name, order[name], self.known[name])} and the "
                      "text behind its last comma; or run xrdrama fmt, which adds it")  # fmt: skip
        self.more("L007", missing, "have no row", "run xrdrama fmt, which adds them")

    def more(self, code: str, names: list[str], what: str, hint: str) -> None:
        """What is beyond the first few, in one problem."""
        left = len(names) - MOST_TOLD
        if left > 0:
            one = what.replace("are empty rows", "is an empty row").replace("have", "has")
            message = f"1 more text {one}" if left == 1 else f"{left} more texts {what}"
            line = self.lines.get(names[MOST_TOLD], 1)
            self.note(line, code, message, hint)

    def line_before(self, order: int) -> int:
        """The line of the text that stands before the one at `order` in the story."""
        names = list(self.known)[:order]
        return max((self.lines[name] for name in names if name in self.lines), default=1)


def text_titles(story: Story) -> dict[str, str]:
    """What each text of a story is to its author, by its id: "line l4k2pq of beat 'gate'"."""
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
    """A row of a table up to its translation."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow((name, order + 1, text, ""))
    return out.getvalue()


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
