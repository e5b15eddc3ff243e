"""What a change of the show leaves besides the changed show: sounds, picks, verdicts, refusals."""

from __future__ import annotations

from typing import NamedTuple

from xrdrama.wire.commands import CommandCode
from xrdrama.wire.frame import CommandRefused, Feedback, Pick, Sound


class Effects(NamedTuple):
    """What the next frame says of a change, each in the order in which it happened."""

    sounds: tuple[Sound, ...] = ()
    picks: tuple[Pick, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    refused: tuple[CommandRefused, ...] = ()

    def then(self, later: Effects) -> Effects:
        """These effects followed by later ones."""
        if later is NO_EFFECTS:
            return self
        if self is NO_EFFECTS:
            return later
        return Effects(
            self.sounds + later.sounds,
            self.picks + later.picks,
            self.feedback + later.feedback,
            self.refused + later.refused,
        )


NO_EFFECTS = Effects()


class Refusal(NamedTuple):
    """Why a command has no effect: `code` for programs, `text` for people."""

    code: CommandCode
    text: str


PANIC_ON = Refusal("panic_on", "the safe picture is shown and the story waits: end the panic first")
PENDING = Refusal(
    "decision_pending", "a pick waits for the director's yes or no, and the story with it"
)
