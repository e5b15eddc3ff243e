"""The state of a story that is played, as an immutable value."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.story.expressions.expression import Scope, Value
from xrdrama.story.model import Beat, HiddenPlot, Option, Story

Phase = Literal["none", "waiting", "open", "grace"]


class Interrupted(msgspec.Struct, frozen=True):
    """A beat that waits while a hidden plot plays."""

    beat: str
    left_at: int
    began: int
    cursor: int
    cursor_at: int | None
    pending: tuple[tuple[int, int], ...]
    phase: Phase
    opened: int | None
    offered: tuple[str, ...]


class Playthrough(msgspec.Struct, frozen=True):
    """The state of a story: the current beat, variables, visits, what is due."""

    story: Story
    beat: str = ""
    began: int = 0
    cursor: int = 0
    """Index of the next item of the script."""
    cursor_at: int | None = None
    """When that item is due; after the last item, when the script ends; None after its end."""
    pending: tuple[tuple[int, int], ...] = ()
    """Delayed items: time due and index of the item."""
    phase: Phase = "none"
    opened: int | None = None
    offered: tuple[str, ...] = ()
    values: tuple[Value, ...] = ()
    visits: tuple[int, ...] = ()
    dice: int = 0
    used_options: frozenset[int] = frozenset()
    used_plots: frozenset[int] = frozenset()
    interrupted: tuple[Interrupted, ...] = ()
    held_at: int | None = None
    ending: str = ""

    @property
    def current(self) -> Beat:
        """The current beat."""
        return self.story.beats[self.beat]

    def value(self, name: str) -> Value:
        """The value of a variable."""
        return next(self.values[v.slot] for v in self.story.variables if v.id == name)

    @property
    def closes_at(self) -> int | None:
        """When the open choice closes, without its grace; None when it does not close."""
        return closing(self.current, self.began, self.opened)

    def options(self) -> tuple[Option, ...]:
        """The options that can be picked now, in the order of the file."""
        choice = self.current.choice if self.beat else None
        if choice is None or self.phase not in ("open", "grace"):
            return ()
        return tuple(option for option in choice.options if option.id in self.offered)

    def hidden(self) -> tuple[HiddenPlot, ...]:
        """The hidden plots that can open now."""
        if not self.beat or self.ending:
            return ()
        scope = self.scope()
        return tuple(
            plot
            for plot in self.current.hidden
            if plot.index not in self.used_plots
            and (plot.condition is None or plot.condition.run(scope))
        )

    def scope(self) -> Scope:
        """The scope for evaluating expressions."""
        return Scope(list(self.values), self.visits, self.dice)


def closing(beat: Beat, began: int, opened: int | None) -> int | None:
    """When a choice closes, without its grace, given when its beat began and when it opened."""
    window = beat.choice.window if beat.choice else None
    if window is None or opened is None:
        return None
    if window.closes is not None:
        return max(opened, began + window.closes)
    return None if window.lasts is None else opened + window.lasts
