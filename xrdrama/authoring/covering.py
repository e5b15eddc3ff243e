"""Whether one of several conditions is true, whatever the values of the variables are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Final

from xrdrama.authoring.counting import visit_limits
from xrdrama.story import Story
from xrdrama.story.expressions.expression import Expression, Kind, Scope, Value

MOST_COMBINATIONS: Final = 2048
"""Most combinations of values for which an expression is evaluated."""
MOST_WORK: Final = 20_000
"""Most combinations for all choices of a story; after more, nothing is known."""


class Covering:
    """Answers for one story, from the ranges under `vars:` alone; numbers that are not whole count
    as unknown."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._ranges: dict[str, frozenset[Value] | None] | None = None
        self._known: dict[tuple[str, ...], bool] = {}
        self._left = MOST_WORK

    def is_always_true(self, conditions: Iterable[Expression]) -> bool:
        """True when one of the conditions is true for all values; False also if it is not known."""
        asked = tuple(conditions)
        if not asked:
            return False
        key = tuple(one.text for one in asked)
        if key not in self._known:
            self._known[key] = self._is_covered(asked)
        return self._known[key]

    def _is_covered(self, asked: tuple[Expression, ...]) -> bool:
        if self._left <= 0:
            return False
        if self._ranges is None:
            self._ranges = _ranges(self.story)
        for scope in scopes(self.story, self._ranges, asked):
            self._left -= 1
            if scope is None or self._left < 0 or not any(one.run(scope) for one in asked):
                return False
        return True


def _ranges(story: Story) -> dict[str, frozenset[Value] | None]:
    found: dict[str, frozenset[Value] | None] = {
        one.id: _values(one.kind) for one in story.variables
    }
    for name, most in visit_limits(story).items():
        found[f"visits {name}"] = frozenset(range(most + 2))
    return found


def _values(kind: Kind) -> frozenset[Value] | None:
    """All values of a kind; None where there are too many."""
    if kind.name == "bool":
        return frozenset((False, True))
    if kind.name == "enum":
        return frozenset(kind.words)
    if kind.name == "int" and kind.most - kind.least < MOST_COMBINATIONS:
        return frozenset(range(int(kind.least), int(kind.most) + 1))
    return None


def scopes(
    story: Story,
    state: Mapping[str, frozenset[Value] | None],
    expressions: tuple[Expression, ...],
) -> Iterator[Scope | None]:
    """A scope for each combination of values that the expressions read; a single None if they
    cannot all be listed. The caller may change the values of a scope."""
    slots = {variable.id: variable.slot for variable in story.variables}
    reads = sorted({name for one in expressions for name in one.reads if name in slots})
    counted = sorted({name for one in expressions for name in one.beats})
    ranges = [state.get(key) for key in (*reads, *(f"visits {name}" for name in counted))]
    known = [sorted(one, key=str) for one in ranges if one is not None]
    if len(known) < len(ranges) or prod(map(len, known)) > MOST_COMBINATIONS:
        yield None
        return
    places = [slots[name] for name in reads]
    indices = [story.beats[name].index for name in counted]
    first: list[Value] = [variable.init for variable in story.variables]
    for combination in product(*known):
        values = first.copy()
        for slot, value in zip(places, combination, strict=False):
            values[slot] = value
        visits = [0] * len(story.order) if indices else []
        for index, value in zip(indices, combination[len(places) :], strict=True):
            visits[index] = int(value)
        yield Scope(values, visits, 0)
