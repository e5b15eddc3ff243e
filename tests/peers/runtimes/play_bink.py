"""bink, the Rust runtime of ink: python play_bink.py STORY.json (compiled by inkjs)."""

from __future__ import annotations

import sys
from pathlib import Path

from bink.story import Story
from playing import Texts, play

story = Story(Path(sys.argv[1]).read_text())


def texts() -> Texts:
    """What is said up to the next choice, and its options."""
    lines = []
    while story.can_continue():
        lines.append(story.cont().strip())
    return lines, [text.strip() for text in story.get_current_choices()]


def choose(number: int) -> Texts:
    """Pick an option."""
    story.choose_choice_index(number)
    return texts()


play(texts, choose)
