"""The texts of a story as they are displayed, in one language."""

from __future__ import annotations

from pathlib import Path

from xrdrama import content
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story import Option, Story
from xrdrama.story.stepping.happenings import Spoken
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.strings import parse_strings
from xrdrama.story.text import render


class Shown:
    """Texts by id, in the story's language or in that of a string table.

    UsageError when the story has no table in the language.
    """

    def __init__(self, story: Story, path: Path, language: str = "") -> None:
        self.language = language or story.language
        self.texts = story.texts()
        if self.language != story.language:
            self.texts = {**self.texts, **_translated(story, path, self.language)}

    def speaker(self, role: str) -> str:
        """The name of a role."""
        return self.texts.get(f"cast.{role}", role)

    def line(self, spoken: Spoken) -> str:
        """The words of a line, with the values in it."""
        line = spoken.line
        return render(self.texts.get(line.id, line.text), spoken.values, self.language)

    def option(self, option: Option, p: Playthrough) -> str:
        """The text of an option, with the values in it."""
        text = self.texts.get(option.text_id, option.text)
        return render(text, p.values_of(option.values), self.language)

    def ending(self, name: str) -> str:
        """The title of an ending."""
        return self.texts.get(f"ending.{name}", name)

    @property
    def title(self) -> str:
        """The title of the story."""
        return self.texts["title"]


def _translated(story: Story, path: Path, language: str) -> dict[str, str]:
    tables = dict(content.string_tables(path))
    if language not in tables:
        table = path.name.removesuffix(content.SUFFIXES["story"]) + f".{language}.csv"
        raise UsageError(
            f"the story {story.id!r} has no translation into {language!r}",
            f"use one of: {', '.join([story.language, *tables])}; or write {table} beside it",
        )
    found = tables[language]
    strings, problems = parse_strings(content.read_text(found), str(found), language, story)
    if any(problem.severity == "error" for problem in problems):
        raise AuthoringError(problems)
    return strings.texts
