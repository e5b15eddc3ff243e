"""The state of a story that is played, as an immutable value."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

import msgspec

from xrdrama.story.expressions.expression import Scope, Value
from xrdrama.story.model import Beat, HiddenPlot, Option, Story
from xrdrama.story.voting import Ballot

Phase = Literal["none", "waiting", "shown", "open", "grace"]
"""The phase of a choice. `shown`: its options are displayed, but cannot be picked yet."""


class Position(msgspec.Struct, frozen=True):
    """Where a beat is: the next item of its script, what is due, its choice."""

    beat: str
    began: int
    cursor: int
    cursor_at: int | None
    pending: tuple[tuple[int, int], ...]
    phase: Phase
    opened: int | None
    offered: tuple[str, ...]
    ballot: Ballot | None = None


class Interrupted(msgspec.Struct, frozen=True):
    """A beat that waits while a hidden plot or a detour plays."""

    position: Position
    left_at: int
    then: str = ""
    """The beat that follows instead of the interrupted one."""
    offers: bool = False
    """True if the choice of the interrupted beat is offered again."""


class Beside(msgspec.Struct, frozen=True):
    """A hidden plot that plays beside the main path."""

    plot: str
    position: Position


class Playthrough(msgspec.Struct, frozen=True, gc=False):
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
    plays: tuple[int, ...] = ()
    """How often each alternative of all scripts was played, by its index."""
    parallel: tuple[Beside, ...] = ()
    """The hidden plots that play beside the main path, in the order in which they opened."""
    time_scale: float = 1.0
    """How much longer than written the windows of choices are; infinite: they never close."""
    held_at: int | None = None
    ending: str = ""
    ballot: Ballot | None = None
    """The votes on the open choice; None where nothing is voted on."""
    joined: int = 0
    """The viewers that are joined, of whom a quorum may be a share."""

    @property
    def current(self) -> Beat:
        """The current beat."""
        return self.story.beats[self.beat]

    def value(self, name: str) -> Value:
        """The value of a variable, also of a computed one."""
        variable = self.story.values()[name]
        if variable.computed is not None:
            value: Value = variable.computed.run(self.scope())
            return value
        return self.values[variable.slot]

    def values_of(self, names: Iterable[str]) -> dict[str, Value]:
        """The values of variables by name, for a text that shows them."""
        return {name: self.value(name) for name in names}

    @property
    def closes_at(self) -> int | None:
        """When the open choice closes, without its grace; None when it does not close."""
        return closing(self.current, self.began, self.opened, self.time_scale)

    def options(self) -> tuple[Option, ...]:
        """The options that can be picked now, in the order of the file."""
        return self.shown() if self.phase in ("open", "grace") else ()

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

    def shown(self) -> tuple[Option, ...]:
        """The options that are displayed now, whether they can be picked or not."""
        choice = self.current.choice if self.beat else None
        if choice is None or self.phase not in ("shown", "open", "grace"):
            return ()
        return tuple([option for option in choice.options if option.id in self.offered])

    def scope(self) -> Scope:
        """The scope for evaluating expressions."""
        return Scope(self.values, self.visits, self.dice)


def closing(beat: Beat, began: int, opened: int | None, scale: float = 1.0) -> int | None:
    """When a choice closes, without its grace, given when its beat began and when it opened.

    `scale` stretches the time from its opening to its closing; infinite: it never closes.
    """
    window = beat.choice.window if beat.choice else None
    if window is None or opened is None or not window.is_timed or scale == math.inf:
        return None
    lasts = window.lasts or 0
    if window.closes is not None:
        lasts = max(0, began + window.closes - opened)
    return opened + (lasts if scale == 1.0 else round(lasts * scale))


def shifted(position: Position, by: int) -> Position:
    """A position with everything that is due later by `by` nanoseconds."""
    return msgspec.structs.replace(
        position,
        began=position.began + by,
        cursor_at=None if position.cursor_at is None else position.cursor_at + by,
        opened=None if position.opened is None else position.opened + by,
        pending=tuple((at + by, item) for at, item in position.pending),
    )
