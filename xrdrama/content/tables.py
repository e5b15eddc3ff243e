"""Reads the string tables of stories."""

from __future__ import annotations

from pathlib import Path

from xrdrama.content.places import SUFFIXES, string_tables
from xrdrama.content.texts import read_text
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.story import Story
from xrdrama.story.strings import StringTable, localised, parse_strings


def read_table(path: Path, language: str, story: Story) -> tuple[StringTable, list[Problem]]:
    """A table and its problems; UsageError for a file that cannot be read."""
    return parse_strings(read_text(path), str(path), language, story)


def table_in(language: str, story: Story, path: Path) -> tuple[StringTable, Path]:
    """The table of a language beside the story's file `path`, and its own path.

    UsageError without one; AuthoringError for two, and for one with errors.
    """
    tables = dict(string_tables(path))
    if language not in tables:
        stem = path.name.removesuffix(SUFFIXES["story"])
        known = ", ".join([story.language, *tables])
        raise UsageError(
            f"the story {story.id!r} has no translation into {language!r}",
            f"use one of: {known}; or run xrdrama strings {stem} {language}, then translate",
        )
    table, problems = read_table(tables[language], language, story)
    if any(problem.severity == "error" for problem in problems):
        raise AuthoringError(problems)
    return table, tables[language]


def story_in(language: str, story: Story, path: Path) -> Story:
    """The story in a language; "" and its own language are the story itself. Raises as
    `table_in`."""
    if language in ("", story.language):
        return story
    table, file = table_in(language, story, path)
    return localised(story, table, str(file))
