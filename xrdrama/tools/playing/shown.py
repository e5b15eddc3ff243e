"""The texts of a story as they are displayed, in one language."""

from __future__ import annotations

from pathlib import Path

from xrdrama import content
from xrdrama.document import Place
from xrdrama.story import Option, Story
from xrdrama.story.model import Direction
from xrdrama.story.stepping.happenings import Spoken
from xrdrama.story.stepping.playthrough import Playthrough
from xrdrama.story.strings import direction_texts, phrases_of, spoken_phrases
from xrdrama.story.text import render


class Shown:
    """Texts by id, in the story's language or in that of a string table.

    UsageError when the story has no table in the language.
    """

    def __init__(self, story: Story, path: Path, language: str = "") -> None:
        self.language = language or story.language
        self.texts = story.texts()
        self.story = story
        self.directions: dict[Place, str] = {}
        if self.language != story.language:
            table, _ = content.table_in(self.language, story, path)
            self.texts = {**self.texts, **table.texts}
            self.directions = direction_texts(story, table.texts)

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

    def direction(self, direction: Direction) -> str:
        """A heading or an action."""
        return self.directions.get(direction.place, direction.text)

    def phrases(self, option: Option) -> tuple[str, ...]:
        """The phrases that pick an option; those of the story's own language where it has none in
        the language."""
        return phrases_of(option, self.language, self.story, self.texts) or spoken_phrases(option)

    def ending(self, name: str) -> str:
        """The title of an ending."""
        return self.texts.get(f"ending.{name}", name)

    @property
    def title(self) -> str:
        """The title of the story."""
        return self.texts["title"]
