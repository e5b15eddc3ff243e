"""One packed state while a step is made: it notes which fields are read, and collects what is
written."""

from __future__ import annotations

from typing import Any, Final

from xrdrama.authoring.proving.caps import UNBOUNDED
from xrdrama.authoring.proving.layout import Field, Layout
from xrdrama.story.expressions.expression import Expression, Scope, Value
from xrdrama.story.model import Effect

MOST_OUTCOMES: Final = 4096
"""The most outcomes of one random number that are followed."""


class Oracle:
    """Decides what is not determined (random numbers, what the audience does), one combination
    after another: a step is repeated until every combination was tried."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.counts: list[int] = []
        self.at = 0
        self.rolled = False
        self.cut = False
        """A random number has more outcomes than are followed."""

    def choose(self, count: int) -> int:
        """A number below `count`."""
        if count <= 1:
            return 0
        if self.at == len(self.taken):
            self.taken.append(0)
            self.counts.append(count)
        self.at += 1
        return self.taken[self.at - 1]

    def roll(self, count: int) -> int:
        """A random number below `count`."""
        self.rolled = self.rolled or count > 1
        self.cut = self.cut or count > MOST_OUTCOMES
        return self.choose(min(count, MOST_OUTCOMES))

    def following(self) -> bool:
        """Continue with the next combination; False after the last."""
        self.at, self.rolled = 0, False
        while self.taken:
            self.taken[-1] += 1
            if self.taken[-1] < self.counts[-1]:
                return True
            self.taken.pop()
            self.counts.pop()
        return False


class Facts:
    """What was met in any state: which options were offered, which conditions were true."""

    def __init__(self) -> None:
        self.true: set[int] = set()
        self.false: set[int] = set()
        """Conditions, by the identity of their expressions."""
        self.offered: set[str] = set()
        """Options, by their text id."""
        self.plots: set[int] = set()
        """Hidden plots that were opened, by index."""
        self.wider = False
        """True if more moves were followed than the runtime may have: an alternative that is too
        far ahead, a plot beside the main path."""
        self.limits: set[str] = set()
        """Why not everything is followed, in words."""


class World(Scope):
    """The scope in which the expressions of a step are evaluated."""

    __slots__ = ("facts", "layout", "oracle", "put", "read", "state", "wrote")

    def __init__(self, layout: Layout, state: int, oracle: Oracle, facts: Facts) -> None:
        values: Any = _Values(self)
        visits: Any = _Visits(self)
        super().__init__(values, visits, 0)
        self.layout, self.oracle, self.facts = layout, oracle, facts
        self.state = state
        """The packed state, with what was written so far."""
        self.read = self.wrote = 0
        """The bits of the fields that the step depends on, and of those that it has written."""

    def get(self, field: Field) -> Value:
        """The value of a field."""
        if not self.wrote & field.mask:
            self.read |= field.mask
        return field.decode(self.state)

    def set(self, field: Field, value: Value) -> None:
        """Write a field."""
        self.state = self.state & ~field.mask | field.encode(value)
        self.wrote |= field.mask

    def count(self, field: Field | None) -> None:
        """Add one to a counter, which stays at its most."""
        if field is not None:
            most = field.most
            self.set(field, 1 if most == 1 else min(most, int(self.get(field)) + 1))
            if most == UNBOUNDED and int(field.decode(self.state)) == most:
                self.facts.limits.add(f"{field.name} is counted up to {most} only")

    def roll(self, least: int, most: int) -> int:
        """Any number from `least` to `most`."""
        return least + self.oracle.roll(most - least + 1)

    def holds(self, condition: Expression | None) -> bool:
        """True when a condition is None or true now."""
        if condition is None:
            return True
        found = bool(condition.run(self))
        (self.facts.true if found else self.facts.false).add(id(condition))
        return found

    def apply(self, effects: tuple[Effect, ...]) -> None:
        """Set variables, each within its range, as the runtime does."""
        for effect in effects:
            field = self.layout.variables.get(effect.slot)
            if field is None:
                continue  # nothing that matters reads it
            kind, value = effect.kind, effect.value.run(self)
            if kind.is_number:
                value = type(kind.least)(min(kind.most, max(kind.least, value)))
            self.set(field, value)


class _Values:
    """The values of variables, by slot."""

    __slots__ = ("world",)

    def __init__(self, world: World) -> None:
        self.world = world

    def __getitem__(self, slot: int) -> Value:
        return self.world.get(self.world.layout.variables[slot])


class _Visits:
    """The visits of beats, by index, as far as they are counted."""

    __slots__ = ("world",)

    def __init__(self, world: World) -> None:
        self.world = world

    def __getitem__(self, index: int) -> int:
        return int(self.world.get(self.world.layout.visits[index]))
