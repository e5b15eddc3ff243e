"""How many visits of a beat make a difference to the conditions of a story."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xrdrama.story import Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Group

MOST_VISITS = 40
_QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_NUMBER = re.compile(r"(?<![\w.])[0-9]+(?:\.[0-9]+)?")


def visit_limits(story: Story) -> dict[str, int]:
    """For each beat whose visits conditions count, a number above which no condition changes.

    Numbers are added and subtracted, so this is the sum of all numbers in a condition and of the
    largest values of its variables. Beats in conditions with products or quotients, or with larger
    sums, are left out: their visits are unknown.
    """
    found: dict[str, int] = {}
    unknown: set[str] = set()
    ranges = {one.id: one.kind for one in story.variables}
    for condition in expressions_of(story):
        if not condition.beats:
            continue
        total = _sum(condition)
        if any(one.id in condition.reads for one in story.computed):
            total = None  # the numbers in its expression are not in this text
        kinds = [ranges[name] for name in condition.reads if name in ranges]
        if total is None or any(kind.is_number for kind in kinds):
            most = [max(abs(kind.least), abs(kind.most)) for kind in kinds if kind.is_number]
            total = None if total is None else total + int(sum(most)) + len(most)
        for name in condition.beats:
            if total is None or total > MOST_VISITS:
                unknown.add(name)
            else:
                found[name] = max(found.get(name, 0), total)
    return {name: most for name, most in found.items() if name not in unknown}


def _sum(expression: Expression) -> int | None:
    """The sum of the numbers in an expression, each rounded up; None for a product or quotient."""
    text = _QUOTED.sub("", expression.text)
    if "*" in text or "/" in text:
        return None
    return 1 + sum(int(float(number)) + 1 for number in _NUMBER.findall(text))


def expressions_of(story: Story) -> Iterator[Expression]:
    """Every condition and every value of an effect in a story."""
    for beat in story.order:
        choice = beat.choice
        otherwise = choice.otherwise if choice else None
        options = choice.options if choice else ()
        ways = (*options, *beat.exits, *beat.hidden, *([otherwise] if otherwise else []))
        groups = (item for item in beat.script if isinstance(item, Group))
        if beat.when is not None:
            yield beat.when
        for holder in (*beat.script, *(one for g in groups for one in g.alternatives), *ways):
            condition = getattr(holder, "condition", None)
            if condition is not None:
                yield condition
            for effect in getattr(holder, "effects", ()):
                yield effect.value
    for group in story.storylets.values():
        if group.otherwise is not None:
            if group.otherwise.condition is not None:
                yield group.otherwise.condition
            yield from (effect.value for effect in group.otherwise.effects)
    yield from (one.computed for one in story.computed if one.computed is not None)
