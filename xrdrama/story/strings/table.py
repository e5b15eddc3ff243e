"""A string table as a value: its entries, and the form of its file."""

from __future__ import annotations

from typing import Literal

import msgspec

Format = Literal["csv", "po"]


class Entry(msgspec.Struct, frozen=True):
    """A row of a table as it was read.

    `source` is the story's text when the row was written, `text` its translation. An entry is
    marked while nobody has looked at the translation since the story's text changed: then
    `old_source` is the text that was translated. `comment` is the translator's own.
    """

    source: str
    text: str
    marked: bool = False
    old_source: str = ""
    comment: str = ""
    line: int = 1

    @property
    def translated(self) -> str:
        """The text that the translation translates."""
        return self.old_source if self.marked else self.source

    def is_stale(self, now: str) -> bool:
        """True when the story's text `now` is another one than the translated one."""
        return bool(self.text) and (self.marked or self.source != now)

    def refreshed(self, now: str) -> Entry:
        """The entry beside the story's text `now`: marked when its translation is stale."""
        if not self.is_stale(now) or (self.marked and self.old_source == now):
            return Entry(now, self.text, comment=self.comment, line=self.line)
        return Entry(now, self.text, True, self.translated, self.comment, self.line)


class Layout(msgspec.Struct, frozen=True):
    """The form of a table's file, which stays as it is when the table is refreshed.

    Of a CSV file `separator`, and `declared` when its first line is `sep=;`; of a PO file `header`.
    """

    format: Format = "csv"
    separator: str = ","
    declared: bool = False
    header: str = ""


class StringTable(msgspec.Struct, frozen=True):
    """The texts of one language by id.

    `left` are the entries of ids that are no longer in the story.
    """

    language: str
    entries: dict[str, Entry] = {}
    left: dict[str, Entry] = {}
    layout: Layout = Layout()

    @property
    def texts(self) -> dict[str, str]:
        """The translations by id, without empty ones."""
        return {name: entry.text for name, entry in self.entries.items() if entry.text}

    @property
    def sources(self) -> dict[str, str]:
        """What the translations translate, by id."""
        return {name: entry.translated for name, entry in self.entries.items() if entry.text}

    @property
    def lines(self) -> dict[str, int]:
        """The line of each row in the file, by its id."""
        return {name: entry.line for name, entry in self.entries.items()}
