"""What is wrong with the options of a choice that are voted on, and with its rule for votes.

S143  a vote in a choice that does not close
S144  a rule for votes, and no option that is voted on
"""

from __future__ import annotations

from xrdrama.document import Reading
from xrdrama.story.model import Choice
from xrdrama.story.written import RawChoice


def note_votes(raw: RawChoice, choice: Choice, reading: Reading) -> None:
    """Note the problems of a choice."""
    voted = [option for option in choice.options if option.voted]
    readable = "window" not in raw.given or raw.window is not None
    if voted and readable and not (choice.window and choice.window.is_timed):
        reading.note(
            voted[0].place, "S143", "a vote needs a window that closes: it is counted then",
            "add window: {lasts: 20s} and else: to the choice",
        )  # fmt: skip
    if "vote" in raw.given and not voted:
        reading.note(
            raw.given["vote"], "S144", "no option of this choice is voted on",
            "add on: vote to its options, or delete vote:",
        )  # fmt: skip
