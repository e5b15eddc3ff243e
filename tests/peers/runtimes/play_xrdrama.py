"""xrdrama.story: python play_xrdrama.py STORY.branch.yaml"""

from __future__ import annotations

import sys
from pathlib import Path

from playing import Texts, play

from xrdrama.story import Due, Option, Picked, begin, load_story, to_next_choice
from xrdrama.story.stepping.happenings import ChoiceOpened, Happening, Spoken, StoryEvent
from xrdrama.story.text import render


class Game:
    """A program that plays a story: it keeps where it is, and what can be picked."""

    def __init__(self, path: Path) -> None:
        self.story = load_story(path.read_text(), path.name)
        self.names = {role.id: role.name.upper() for role in self.story.cast.values()}
        self.playthrough, self.first = begin(self.story)
        self.options: tuple[Option, ...] = ()
        self.now = 0

    def start(self) -> Texts:
        """What is said up to the first choice, and its options."""
        return self.texts([*self.first, *self.go_on(Due(0))])

    def choose(self, number: int) -> Texts:
        """Pick an option; what is said up to the next choice, and its options."""
        return self.texts(self.go_on(Picked(self.options[number].id, self.now)))

    def go_on(self, event: StoryEvent) -> list[Happening]:
        """Let an event happen, and all that is due before the next choice."""
        reached = to_next_choice(self.playthrough, event)
        self.playthrough, self.now = reached.playthrough, reached.at
        return reached.happenings

    def texts(self, happenings: list[Happening]) -> Texts:
        """The texts of what happened."""
        lines, texts, language = [], [], self.story.language
        for one in happenings:
            if isinstance(one, Spoken):
                said = render(one.line.text, one.values, language)
                lines.append(f"{self.names[one.line.speaker]}: {said}")
            elif isinstance(one, ChoiceOpened):
                self.options = one.options
                texts = [render(option.text, one.values, language) for option in one.options]
        return lines, texts


game = Game(Path(sys.argv[1]))
play(game.start, game.choose)
