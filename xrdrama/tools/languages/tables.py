"""`xrdrama strings`: makes, refreshes and converts the string table of a language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast

import msgspec

from xrdrama import content
from xrdrama.errors import AuthoringError, DeviceError, UsageError
from xrdrama.saving import save
from xrdrama.story import Story
from xrdrama.story.strings import FORMATS, Format, StringTable, format_strings, rows_of

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


class Refreshed(msgspec.Struct, frozen=True):
    """A string table that was written: its file, and the rows that need work, by their ids."""

    file: str
    language: str
    rows: int
    untranslated: tuple[str, ...]
    stale: tuple[str, ...]
    unused: tuple[str, ...]
    """Rows whose texts are no longer in the story."""
    replaced: str = ""
    """The table in the other format that was deleted."""
    changed: bool = True
    """False when the file was already as it is written."""


def refresh_table(
    name: str, language: str, form: str = "", source: Path | None = None
) -> Refreshed:
    """Write the table of a language beside a story: a row for each text, in the story's order.

    Translations stay. `form` is csv or po; a table in the other format is converted and deleted.
    With `source`, texts of that table are used where it has some.

    UsageError for a language or format that is not valid, AuthoringError for a table with errors,
    DeviceError when a file cannot be written.
    """
    if not _LANGUAGE.fullmatch(language):
        raise UsageError(f"{language!r} is not the code of a language",
                         "write a code such as zh, fr or pt-BR")  # fmt: skip
    if form not in ("", *FORMATS):
        raise UsageError(f"unknown format {form!r} of a string table",
                         f"write --format {' or --format '.join(FORMATS)}")  # fmt: skip
    story, path = content.load_story_file(name)
    if language == story.language:
        raise UsageError(f"{story.id} is written in {language!r}: its own texts need no table",
                         "name the language that it is translated to")  # fmt: skip
    old = dict(content.string_tables(path)).get(language) if source is None else _existing(
        path, language, source)  # fmt: skip
    table = _read(old, language, story) if old else StringTable(language)
    if source is not None:
        table = _with_texts(table, _read(source, language, story))
    kept = form or (table.layout.format if old else "csv")
    stem = path.name.removesuffix(content.SUFFIXES["story"])
    out = path.parent / f"{stem}.{language}.{kept}"
    changed = _write(story, table, out, old, cast(Format, kept))
    replaced = ""
    for end in FORMATS:
        other = out.with_suffix(f".{end}")
        if other != out and other.is_file() and other in (old, source):
            _delete(other)
            replaced = str(other)
    return _result(story, table, out, replaced, changed=changed)


def _existing(path: Path, language: str, source: Path) -> Path | None:
    """The table beside a story that is not `source` itself, which may be one of two."""
    stem = path.name.removesuffix(content.SUFFIXES["story"])
    files = (path.parent / f"{stem}.{language}.{end}" for end in FORMATS)
    found = (file for file in files if file.is_file() and file.resolve() != source.resolve())
    return next(found, None)


def _read(path: Path, language: str, story: Story) -> StringTable:
    table, problems = content.read_table(path, language, story)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise AuthoringError(errors)
    return table


def _with_texts(table: StringTable, given: StringTable) -> StringTable:
    """The table with all entries of another one that have a text."""
    translated = {name: entry for name, entry in given.entries.items() if entry.text}
    return msgspec.structs.replace(
        table, entries={**given.entries, **table.entries, **translated},
        left={**table.left, **given.left},
    )  # fmt: skip


def _write(story: Story, table: StringTable, out: Path, old: Path | None, form: Format) -> bool:
    """Write the table; False when its file is already as it would be written. A refreshed file
    keeps its line ends and its byte order mark."""
    if old != out:
        save(out, format_strings(story, table, form=form))
        return True
    written = content.read_written(out)
    data = written.encoded(format_strings(story, table, written.newline, form))
    if data == out.read_bytes():
        return False
    save(out, data)
    return True


def _delete(path: Path) -> None:
    try:
        path.unlink()
    except OSError as error:
        raise DeviceError(f"cannot delete {path}: {error.strerror}",
                          "delete it: a language has one table") from None  # fmt: skip


def _result(
    story: Story, table: StringTable, out: Path, replaced: str, *, changed: bool
) -> Refreshed:
    rows = rows_of(story)
    texts = table.texts
    stale = (row.id for row in rows
             if row.id in texts and table.entries[row.id].is_stale(row.source))  # fmt: skip
    return Refreshed(
        str(out), table.language, len(rows), tuple(r.id for r in rows if r.id not in texts),
        tuple(stale), tuple(table.left), replaced, changed,
    )  # fmt: skip
