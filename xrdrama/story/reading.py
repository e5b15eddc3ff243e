"""How long a line is on screen when it has no recording."""

from __future__ import annotations

from typing import Final

from xrdrama.timing import NS

# Reading speed of captions, characters per second (look-and-drama.md, "Craft for the format").
CHARACTERS_A_SECOND: Final = {"zh": 5.0, "ja": 5.0, "ko": 7.0}
LATIN_CHARACTERS_A_SECOND: Final = 15.0
SHORTEST_LINE: Final = 1_200_000_000
BREATH: Final = 350_000_000
"""The pause after a line, before the next item of a script."""


def reading_time(text: str, language: str) -> int:
    """Nanoseconds that a caption of this text needs, at least `SHORTEST_LINE`."""
    speed = CHARACTERS_A_SECOND.get(language[:2], LATIN_CHARACTERS_A_SECOND)
    return max(SHORTEST_LINE, round(len(text) / speed * NS))
