"""Says why an option, hidden plot or path is closed: the part of its condition that is false, with
the values that it reads."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

import msgspec

from xrdrama.document.wording import plain
from xrdrama.story import Story
from xrdrama.story.expressions.expression import (
    Expression,
    ExpressionError,
    Names,
    compile_expression,
)
from xrdrama.story.model import Detour
from xrdrama.story.stepping.playthrough import Playthrough


class Closed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that is not available now, and why."""

    kind: str
    """option, hidden plot, storylet or path."""
    id: str
    reason: str
    text: str = ""
    condition: str = ""


def closed_options(p: Playthrough) -> Iterator[Closed]:
    """The options of the current beat that cannot be picked."""
    choice = p.current.choice if p.beat else None
    if choice is None:
        return
    available = {option.id for option in p.options()}
    for option in choice.options:
        if option.id in available:
            continue
        condition = option.condition.text if option.condition else ""
        if option.once and option.index in p.used_options:
            reason = "it can be picked once, and has been picked"
        elif p.phase not in ("open", "grace"):
            reason = "the choice is not open"
        elif reason := why_false(option.condition, p):
            pass
        elif option.fallback and available:
            reason = "it is offered when no other option is"
        else:
            reason = "it was closed when the choice opened"
        yield Closed("option", option.id, reason, option.text, condition)


def closed_plots(p: Playthrough) -> Iterator[Closed]:
    """The hidden plots of the story that cannot open now."""
    opens: dict[str, list[str]] = {}
    plots = {}
    for beat in p.story.order:
        for plot in beat.hidden:
            opens.setdefault(plot.id, []).append(beat.id)
            plots[plot.id] = plot
    available = {plot.id for plot in p.hidden()}
    for name, plot in plots.items():
        if name in available:
            continue
        if plot.index in p.used_plots:
            reason = "it has been opened; it opens once"
        elif p.beat not in opens[name]:
            reason = f"it opens only during {', '.join(opens[name])}"
        else:
            reason = why_false(plot.condition, p) or "the story has ended"
        condition = plot.condition.text if plot.condition else ""
        yield Closed("hidden plot", name, reason, condition=condition)


def closed_storylets(p: Playthrough) -> Iterator[Closed]:
    """The storylets of the groups that the current beat leads to, that cannot be entered now."""
    groups = [p.story.storylets[to] for to in targets(p) if to in p.story.storylets]
    for name in dict.fromkeys(name for group in groups for name in group.beats):
        beat = p.story.beats[name]
        reason = why_false(beat.when, p)
        if beat.once and p.visits[beat.index]:
            reason = "it can be entered once, and has been"
        if reason:
            condition = beat.when.text if beat.when else ""
            yield Closed("storylet", name, reason, condition=condition)


def targets(p: Playthrough) -> Iterator[str]:
    """The beats and storylet groups that the current beat leads to."""
    beat = p.current
    for option in beat.choice.options if beat.choice else ():
        yield from (to for to in (option.detour, option.to) if to)
    if beat.choice and beat.choice.otherwise:
        yield beat.choice.otherwise.to
    yield from (way.to for way in beat.exits)
    yield from (item.to for item in beat.script if isinstance(item, Detour))


def closed_exits(p: Playthrough) -> Iterator[Closed]:
    """The next beats of the current beat whose condition is false."""
    for way in p.current.exits if p.beat else ():
        if reason := why_false(way.condition, p):
            condition = way.condition.text if way.condition else ""
            yield Closed("path", way.to, reason, condition=condition)


def why_false(condition: Expression | None, p: Playthrough) -> str:
    """The parts of a condition that are false now, with the values in them; "" when it is true."""
    if condition is None or condition.run(p.scope()):
        return ""
    parts = _false_parts(condition, p) or [condition]
    return "; ".join(f"{part.text} is false: {values_in(part, p)}" for part in parts)


def values_in(part: Expression, p: Playthrough) -> str:
    """The values that an expression reads, such as `trust is 0, silent was not visited`."""
    names = [name for name in p.story.values() if name in part.reads]
    read = [f"{name} is {written(p.value(name))}" for name in names]
    for beat in part.beats:
        visits = p.visits[p.story.beats[beat].index]
        times = "once" if visits == 1 else f"{visits} times"
        read.append(f"{beat} was visited {times}" if visits else f"{beat} was not visited")
    return ", ".join(read) or "it reads no variable"


def written(value: bool | int | float | str) -> str:
    """A value as an author writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else plain(value)


def _false_parts(condition: Expression, p: Playthrough) -> list[Expression]:
    """The parts of an `and` that are false; [] when they cannot be separated."""
    try:
        tree = ast.parse(condition.text.strip(), mode="eval").body
        texts = list(_conjuncts(tree, condition.text.strip()))
        parts = [compile_expression(text, _names(p.story)) for text in texts]
    except (SyntaxError, ExpressionError, ValueError):
        return []
    return [part for part in parts if not part.run(p.scope())]


def _conjuncts(tree: ast.expr, text: str) -> Iterable[str]:
    if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And):
        for value in tree.values:
            yield from _conjuncts(value, text)
    elif found := ast.get_source_segment(text, tree):
        yield found


def _names(story: Story) -> Names:
    variables = {one.id: (one.kind, one.slot) for one in story.values().values()}
    computed = {one.id: one.computed for one in story.computed if one.computed}
    return Names(variables, {beat.id: beat.index for beat in story.order}, computed)
