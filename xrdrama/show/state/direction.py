"""What the director's hand has done: proposals to confirm, ways back, the slate.

Undo restarts a beat with the values, visits and lights that it had when it was entered. A
proposal is an audience's pick that waits: the story is held, so no window closes meanwhile.
"""

from __future__ import annotations

import msgspec

from xrdrama.show.state.cue_stack import CueStack
from xrdrama.show.state.staged import Staged
from xrdrama.story import Playthrough

MOST_STEPS = 64
"""Ways back that are kept."""


class Step(msgspec.Struct, frozen=True):
    """A beat as it was entered."""

    playthrough: Playthrough
    stack: CueStack
    staged: dict[str, Staged] = {}


class Act(msgspec.Struct, frozen=True):
    """Who picked, and how sure that is: what a `Pick` of the frame says of it."""

    said: str = ""
    confidence: float = 1.0
    ended: int | None = None
    name: str = ""
    role: str = ""
    confirmed_by: str = ""


NOBODY = Act()
"""Nobody picked: the story went on by itself."""


class Proposed(msgspec.Struct, frozen=True):
    """A pick that waits for the director's word."""

    option: str
    by: str
    act: Act
    hold: bool
    """The story was held for it, and continues after the decision."""


class Waiting(msgspec.Struct, frozen=True):
    """A cut that was asked for while the story was held in a roll; it is made when the hold ends.

    Either the beat that was forced, or the option that was picked by hand; and who asked.
    """

    beat: str
    option: str
    by: Act


class Direction(msgspec.Struct, frozen=True):
    """The director's part of a show's state."""

    confirming: bool = False
    proposed: Proposed | None = None
    entered: Step | None = None
    """The beat that plays, as it was entered."""
    steps: tuple[Step, ...] = ()
    """The beats in which a way out was chosen, the last one last."""
    slate: str = ""
    rolling: bool = False
    roll: int = 0
    """How often it was rolled."""
    rolled_at: int = 0
    """When the newest roll started."""
    waiting: Waiting | None = None
    reloads: int = 0
    """How often a new version of the story was asked for."""
    panic_holds: bool = False
    """A panic holds the story, which continues after its end."""

    def asked(self) -> Direction:
        """After a new version of the story was asked for."""
        return msgspec.structs.replace(self, reloads=self.reloads + 1)

    def left(self) -> Direction:
        """After a way out of the current beat was chosen."""
        if self.entered is None:
            return self
        steps = (*self.steps, self.entered)[-MOST_STEPS:]
        return msgspec.structs.replace(self, steps=steps, proposed=None)

    def rolled(self, on: bool, at: int) -> Direction:
        """After roll (`on`) or cut at nanosecond `at`. Rolling twice without a cut counts once."""
        if not on or self.rolling:
            return msgspec.structs.replace(self, rolling=on)
        return msgspec.structs.replace(self, rolling=True, roll=self.roll + 1, rolled_at=at)
