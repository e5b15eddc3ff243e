"""Compares the entries of a table with a story: what is missing, stale or cannot be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xrdrama.errors import Problem, Severity
from xrdrama.story.model import Story
from xrdrama.story.placeholders import advice, placeholder_in
from xrdrama.story.strings.rows import (
    MOST_PHRASES,
    SAY,
    Row,
    group_of,
    phrases_in,
    rows_of,
    text_titles,
)
from xrdrama.story.strings.table import Entry, Format, StringTable
from xrdrama.story.text import MessageError, parse_message
from xrdrama.story.text.checking import text_problems
from xrdrama.story.text.message import Shown

MOST_REPORTED = 5
"""Most texts without a translation that are reported one by one."""
_WITHOUT_EFFECT = ("heading", "action")
"""Kinds that nobody hears: they are in exports for reading."""


class Judging:
    """Takes the entries of a file one by one; `table` is the result, `problems` what is wrong."""

    def __init__(self, file: str, language: str, story: Story, form: Format) -> None:
        self.file, self.language, self.story, self.form = file, language, story, form
        self.rows = {row.id: row for row in rows_of(story)}
        self.variables = story.values()
        self.problems: list[Problem] = []
        self.found: dict[str, Entry] = {}
        self.lines: dict[str, int] = {}
        self.broken: set[str] = set()
        self.left: dict[str, Entry] = {}

    def note(
        self, line: int, code: str, message: str, hint: str, severity: Severity = "warning"
    ) -> None:
        """Report a problem at a line."""
        self.problems.append(Problem(self.file, line, 1, code, severity, message, hint))

    def add(self, name: str, entry: Entry) -> None:
        """An entry of the file; one with a negative line has been reported already."""
        if entry.line < 0:
            self.lines.setdefault(name, -entry.line)
            self.broken.add(name)
        elif name in self.lines:
            self.note(entry.line, "L008", f"duplicate id {name!r}",
                      f"the first is on line {self.lines[name]}; delete one of "
                      "them", "error")  # fmt: skip
        else:
            self.lines[name] = entry.line
            self.found[name] = entry

    def entries(self) -> dict[str, Entry]:
        """The entries by the ids of the story, each with its problems reported."""
        placed = moved(self.found, self.rows)
        used = set(placed.values())
        said = {name: e for name, e in self.found.items() if is_pronunciation(name, self.rows)}
        for name, entry in self.found.items():
            if name not in used and name not in said:
                self.left[name] = entry
                self.note(entry.line, "L003", f"the story has no text with the id {name!r}",
                          "delete the row if the text will not return")  # fmt: skip
        found = {row: self.found[name] for row, name in placed.items()}
        for name, entry in found.items():
            self.lines[name] = entry.line
            if entry.text:
                self.translation(self.rows[name], entry)
        self.pronunciations(said, found)
        return {name: found[name] for name in self.rows if name in found} | said

    def pronunciations(self, said: Mapping[str, Entry], found: Mapping[str, Entry]) -> None:
        """Report pronunciations of words that no translation has."""
        texts = "\n".join(entry.text for entry in found.values()).casefold()
        for name, entry in said.items():
            word = name.removeprefix(SAY)
            if entry.text and word.casefold() not in texts:
                self.note(entry.line, "L003", f"no text of this table has the word {word!r}, whose "
                          "pronunciation this is", "correct the word in the id, or delete the "
                          "row")  # fmt: skip
            elif not entry.text:
                self.note(entry.line, "L004", f"the word {word!r} has no pronunciation",
                          "write it as it is spoken, or delete the row")  # fmt: skip

    def translation(self, row: Row, entry: Entry) -> None:
        """Report what is wrong with a translation."""
        line, text = entry.line, entry.text
        if row.kind in ("line", "option"):
            self.values(row, text, line)
        elif row.kind == "phrases":
            self.phrases(text, line)
        if entry.is_stale(row.source):
            self.note(line, "L005", f"{row.id!r} has changed since it was translated",
                      f"translate it again; the text is now: {row.source}")  # fmt: skip

    def values(self, row: Row, text: str, line: int) -> None:
        """Report placeholders that cannot be shown."""
        found = text_problems(text, self.variables)
        for _, message, hint in found.problems:
            self.note(line, "L010", message, hint, "error")
        allowed = text_problems(row.source, self.variables).names
        for shown in found.names:
            if shown not in allowed:
                self.note(line, "L010", f"{{{shown}}} is not in the text that is translated",
                          "show only variables that the text shows", "error")  # fmt: skip
        for name in _words_shown(text):
            kind = self.variables[name].kind if name in self.variables else None
            if kind is not None and kind.words:
                forms = " ".join(f"{word} {{...}}" for word in kind.words)
                self.note(line, "L015", f"{{{name}}} shows a word of the story's own language, "
                          f"such as {kind.words[0]}", f"write {{{name}, select, {forms} other "
                          "{...}}")  # fmt: skip
        _, mark = placeholder_in(found.plain, self.variables)
        if mark:
            self.note(line, "L009", *advice(mark))

    def phrases(self, text: str, line: int) -> None:
        """Report a cell that is not a list of phrases."""
        phrases = phrases_in(text)
        if not 1 <= len(phrases) <= MOST_PHRASES:
            self.note(line, "L016", f"expected 1 to {MOST_PHRASES} phrases; this cell has "
                      f"{len(phrases)}", "separate phrases with |", "error")  # fmt: skip
        elif any(not part.strip() for part in text.replace("｜", "|").split("|")):
            self.note(line, "L016", "an empty phrase: there is nothing between two bars, or beside "
                      "the first or last one", f"write {' | '.join(phrases)}", "error")  # fmt: skip

    def close(self, entries: Mapping[str, Entry]) -> None:
        """Report what is not translated."""
        missing = [n for n in self.rows if n not in entries and n not in self.broken]
        empty = [n for n, entry in entries.items() if n in self.rows and not entry.text]
        if not self.lines:
            self.note(1, "L007", f"none of the {len(missing)} texts is translated to "
                      f"{self.language}", "run xrdrama fmt, which adds a row for each")  # fmt: skip
            return
        self.read_only({*missing, *empty})
        self.unspoken({*missing, *empty})
        reported = (*_WITHOUT_EFFECT, "phrases")
        missing = [name for name in missing if self.rows[name].kind not in reported]
        empty = [name for name in empty if self.rows[name].kind not in reported]
        titles = text_titles(self.story) if missing or empty else {}
        where = "in the column text" if self.form == "csv" else "behind msgstr"
        for name in empty[:MOST_REPORTED]:
            self.note(self.lines[name], "L004", f"{titles[name]} is not translated to "
                      f"{self.language}", f"write the translation {where}; the text is: "
                      f"{self.rows[name].source}")  # fmt: skip
        self.more("L004", empty, "are empty rows", f"write the translations {where}")
        for name in missing[:MOST_REPORTED]:
            self.note(self.line_before(name), "L007", f"{titles[name]} has no row in "
                      f"{self.language}", "run xrdrama fmt, which adds the row, then translate: "
                      f"{self.rows[name].source}")  # fmt: skip
        self.more("L007", missing, "have no row", "run xrdrama fmt, which adds the rows")

    def unspoken(self, names: set[str]) -> None:
        """Options whose phrases are not translated."""
        lacking = [
            name for name in self.rows if name in names and self.rows[name].kind == "phrases"
        ]
        own = self.story.language
        for name in lacking[:MOST_REPORTED]:
            option, beat = name.split(".")[-2], self.rows[name].beat
            self.note(self.line_before(name), "L011", f"option {option!r} of beat {beat!r} has no "
                      f"phrases in {self.language}: only those in {own} pick it",
                      f"write what the audience says into the row {name}; it is now: "
                      f"{self.rows[name].source}")  # fmt: skip
        left = len(lacking) - MOST_REPORTED
        if left > 0:
            self.note(self.line_before(lacking[MOST_REPORTED]), "L011", f"{left} more "
                      f"option{'s have' if left > 1 else ' has'} no phrases in {self.language}",
                      "write them into the rows whose ids end in .voice")  # fmt: skip

    def read_only(self, names: set[str]) -> None:
        """Headings and actions that are not translated: one problem for all."""
        lacking = [n for n in self.rows if n in names and self.rows[n].kind in _WITHOUT_EFFECT]
        if lacking:
            many = f"{len(lacking)} headings and actions are"
            if len(lacking) == 1:
                many = f"the {self.rows[lacking[0]].kind} {lacking[0]} is"
            self.note(self.line_before(lacking[0]), "L012", f"{many} not translated to "
                      f"{self.language}: exports and plays show them in {self.story.language}",
                      f"translate the rows {' and '.join(self.kinds(lacking))}; xrdrama fmt adds "
                      "missing ones")  # fmt: skip

    def kinds(self, names: list[str]) -> list[str]:
        """The kinds of some rows, each once."""
        return list(dict.fromkeys(self.rows[name].kind for name in names))

    def more(self, code: str, names: list[str], what: str, hint: str) -> None:
        """One problem for all texts after the first few."""
        left = len(names) - MOST_REPORTED
        if left > 0:
            one = what.replace("are empty rows", "is an empty row").replace("have", "has")
            message = f"1 more text {one}" if left == 1 else f"{left} more texts {what}"
            self.note(self.lines.get(names[MOST_REPORTED], 1), code, message, hint)

    def line_before(self, name: str) -> int:
        """The line of a text's row, or of the one before it in the story."""
        if name in self.lines:
            return self.lines[name]
        names = list(self.rows)
        before = names[: names.index(name)]
        return max((self.lines[one] for one in before if one in self.lines), default=1)


def moved(found: Mapping[str, Entry], rows: Mapping[str, Row]) -> dict[str, str]:
    """The id in a file for each id of a story that has an entry there.

    Headings and actions are counted in their beat, so that a new one gives those behind it other
    numbers: their entries are found by the text that they translate, and by number after that.
    """
    placed = {name: name for name in rows if name in found and group_of(name) is None}
    by_text: dict[tuple[tuple[str, str], str], list[str]] = {}
    for name, entry in found.items():
        group = group_of(name)
        if group is not None:
            by_text.setdefault((group, entry.source), []).append(name)
    counted = [name for name in rows if group_of(name) is not None]
    taken: set[str] = set()
    for exact in (True, False):
        for name in counted:
            if name in placed:
                continue
            named = by_text.get((group_of(name) or ("", ""), rows[name].source), [])
            same = [name, *named] if name in named else named
            choices = same if exact else [name] if name in found else []
            match = next((one for one in choices if one not in taken), "")
            if match:
                placed[name] = match
                taken.add(match)
    return placed


def is_pronunciation(name: str, rows: Mapping[str, Row]) -> bool:
    """True for `say.<word>`, a row that an author adds."""
    return name.startswith(SAY) and len(name) > len(SAY) and name not in rows


def _words_shown(text: str) -> Iterator[str]:
    """The variables that a text shows as they are."""
    try:
        parts = parse_message(text).parts
    except MessageError:
        return
    for part in parts:
        if isinstance(part, Shown):
            yield part.name


def refreshed(story: Story, table: StringTable) -> list[tuple[Row, Entry]]:
    """The rows of a story with their entries, then those that are no longer in it."""
    found = [
        (row, table.entries.get(row.id, Entry(row.source, "")).refreshed(row.source))
        for row in rows_of(story)
    ]
    known = {row.id for row, _ in found}
    found += [(Row(name, "pronunciation", entry.source), entry)
              for name, entry in table.entries.items() if name not in known]  # fmt: skip
    return found + [(Row(name, "unused", entry.source), entry)
                    for name, entry in table.left.items()]  # fmt: skip
