"""Playing a story without waiting: time jumps from event to event, from question to question.

The terminal player, test plans and random play all use this; the show itself does not.
"""

from __future__ import annotations

from collections.abc import Mapping

from xrdrama.errors import UsageError
from xrdrama.story.expression import Value
from xrdrama.story.model import Option, Story
from xrdrama.story.playthrough import (
    Due,
    Found,
    Happening,
    Picked,
    Playthrough,
    begin,
    next_due,
    step,
)

ELSE = "else"


class Rehearsal:
    """A playthrough that is driven by hand. `happenings` are those since the last call."""

    def __init__(
        self,
        story: Story,
        *,
        seed: int = 0,
        start: str = "",
        values: Mapping[str, Value] | None = None,
    ) -> None:
        self.playthrough, self.happenings = begin(
            story, seed=seed, start=start, values=dict(values or {})
        )
        self.now = 0
        self._run_on()

    @property
    def ended(self) -> bool:
        """True when an ending is reached."""
        return bool(self.playthrough.ending)

    def options(self) -> tuple[Option, ...]:
        """What can be picked now; nothing when the story has ended or is stuck."""
        return self.playthrough.options()

    def can_wait(self) -> bool:
        """True when the open choice closes by itself, so that silence is an answer."""
        return next_due(self.playthrough) is not None

    def pick(self, option: str) -> list[Happening]:
        """Pick an option by id, or `else` to let the window close; what happens until the next
        question. UsageError when it is not offered."""
        self.happenings = []
        if option == ELSE:
            if not self.can_wait():
                raise UsageError("this choice has no else", f"pick one of {self.offered()}")
            self._wait_out()
        else:
            if option not in self.playthrough.offered or not self.options():
                raise UsageError(f"{option!r} is not offered", f"pick one of {self.offered()}")
            self._take(Picked(option, self.now))
        self._run_on()
        return self.happenings

    def find(self, kind: str, name: str) -> list[Happening]:
        """Find something, such as a marker; what happens until the next question."""
        self.happenings = []
        self._take(Found(kind, name, self.now))
        self._run_on()
        return self.happenings

    def offered(self) -> str:
        """The ids that can be picked, for messages."""
        return ", ".join(option.id for option in self.options()) or "nothing"

    def _take(self, event: Due | Picked | Found) -> None:
        self.playthrough, happened = step(self.playthrough, event)
        self.happenings.extend(happened)

    def _run_on(self) -> None:
        """Until a choice is open and its script has been said, or nothing more comes."""
        while not self._asking(self.playthrough):
            due = next_due(self.playthrough)
            if due is None:
                return
            self.now = due
            self._take(Due(due))

    def _asking(self, p: Playthrough) -> bool:
        return p.phase == "open" and p.cursor_at is None and not p.pending

    def _wait_out(self) -> None:
        beat, visits = self.playthrough.beat, self.playthrough.visits
        while (due := next_due(self.playthrough)) is not None:
            self.now = due
            self._take(Due(due))
            if (self.playthrough.beat, self.playthrough.visits) != (beat, visits):
                return
