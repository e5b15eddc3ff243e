"""Conditions that are never or always true in play, and variables and roles without a use.

G011  warning  a condition that is never true over the values that variables can have
G012  warning  a condition that is always true over them
S109  warning  a role of the cast that never speaks
S119  warning  a variable that no condition, effect or text reads
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from xrdrama.authoring.graph import story_ways
from xrdrama.authoring.reach import reached
from xrdrama.authoring.reachable import Move, Reachable, moves_of
from xrdrama.document import Place
from xrdrama.document.wording import plain
from xrdrama.errors import Problem
from xrdrama.story import Beat, Story
from xrdrama.story.expressions.expression import Expression, Value
from xrdrama.story.model import Assign, CueCall, Exit, Group, Line


def check_values(found: Reachable) -> list[Problem]:
    """Problems of conditions, variables and roles over the values that can occur in play."""
    return [*_conditions(found), *_unused(found.story)]


def _warning(place: Place, code: str, message: str, hint: str) -> Problem:
    return Problem(place.file, place.line, place.column, code, "warning", message, hint)


def _conditions(found: Reachable) -> Iterator[Problem]:
    seen: set[Place] = set()
    changed = _changed(found.story)
    for asked in (*_asked_in_beats(found), *_asked_by_groups(found)):
        condition = asked.condition
        if condition.kind.least == condition.kind.most:
            continue  # S121 reports conditions that are certain by their ranges
        where = condition.place or asked.place
        outcomes = found.outcomes(condition, asked.at)
        if len(outcomes) != 1 or where in seen or (asked.prefers and True in outcomes):
            continue
        seen.add(where)
        reason = _reason(found, condition, asked.at, changed)
        if True in outcomes:
            hint = "remove the condition, or change the values that are set"
            yield _warning(where, "G012", f"this condition is always true in play: {reason}", hint)
        else:
            message = f"this condition is never true in play: {reason}{_lost(found, asked.to)}"
            hint = "change the condition, or the effects (set:) on the paths that lead here"
            yield _warning(where, "G011", message, hint)


class _Asked(msgspec.Struct, frozen=True):
    """A condition, a place beside it, the beat or storylet group where it is asked, and the beat
    that it guards."""

    condition: Expression
    place: Place
    at: str
    to: str = ""
    prefers: bool = False
    """True for one that makes its beat or line more specific: it is of use if it is always true."""


def _asked_in_beats(found: Reachable) -> Iterator[_Asked]:
    for beat in found.story.order:
        if beat.id in found.states:  # else G001, or the condition before it, says why
            for condition, place, to in _asked(beat):
                yield _Asked(condition, place, beat.id, to)


def _asked_by_groups(found: Reachable) -> Iterator[_Asked]:
    """The conditions of storylets and of what follows when none of them is available."""
    for group in found.story.storylets.values():
        if group.id not in found.groups:
            continue
        for beat in (found.story.beats[name] for name in group.beats):
            if beat.when is not None:
                yield _Asked(beat.when, beat.place, group.id, beat.id, prefers=True)
        if group.otherwise is not None and group.otherwise.condition is not None:
            way = group.otherwise
            yield _Asked(group.otherwise.condition, way.place, group.id, way.to)


def _reason(found: Reachable, condition: Expression, at: str, changed: set[str]) -> str:
    """The values behind a condition with one outcome: `nerve can only be 1 or 2 here`."""
    state = found.states.get(at) or found.groups[at]
    parts = []
    for variable in found.story.variables:
        here = state.get(variable.id) if variable.id in condition.reads else None
        if here is None:
            continue
        if variable.id not in changed:
            parts.append(f"{variable.id} is {_said(variable.init)} and never changes")
        else:
            parts.append(f"{variable.id} can only be {listed(here)} here")
    for name in dict.fromkeys(condition.beats):
        visits = state.get(f"visits {name}")
        if visits == frozenset((0,)):
            parts.append(f"beat {name!r} was never entered before")
        elif visits is not None and 0 not in visits:
            parts.append(f"beat {name!r} was always entered before")
    return "; ".join(parts)


def _changed(story: Story) -> set[str]:
    """The variables that any effect sets."""
    moves = (move for beat in story.order for move in moves_of(beat))
    holders = [*moves, *_scripted(story.order)]
    holders += [one.otherwise for one in story.storylets.values() if one.otherwise]
    return {effect.variable for holder in holders for effect in holder.effects}


def _scripted(beats: Iterable[Beat]) -> list[Move | Assign | Exit]:
    """What the scripts of beats set."""
    return [item for beat in beats for item in beat.script if isinstance(item, Assign)]


def listed(values: frozenset[Value]) -> str:
    """Values as a text: `1 or 2`, `1 to 5`; eight of them at most."""
    numbers = sorted(v for v in values if isinstance(v, int | float) and not isinstance(v, bool))
    if len(numbers) == len(values) and len(numbers) > 2:
        whole = all(isinstance(v, int) for v in numbers)
        if whole and numbers[-1] - numbers[0] == len(numbers) - 1:
            return f"{plain(numbers[0])} to {plain(numbers[-1])}"
        if len(numbers) > 8:
            return f"values from {plain(numbers[0])} to {plain(numbers[-1])}"
    ordered: list[Value] = [*numbers] if numbers else sorted(values, key=str)
    words = [_said(value) for value in ordered]
    words = [*words[:8], f"{len(words) - 8} more"] if len(words) > 8 else words
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else plain(value)


def _asked(beat: Beat) -> Iterator[tuple[Expression, Place, str]]:
    """Every condition of a beat, a place beside it, and the beat that it guards."""
    alternatives = [part for item in beat.script if isinstance(item, Group)
                    for part in item.alternatives]  # fmt: skip
    for item in (*beat.script, *alternatives):
        condition = getattr(item, "condition", None)
        if condition is not None:
            yield condition, item.place, ""
    for option in beat.choice.options if beat.choice else ():
        if option.condition is not None:
            yield option.condition, option.place, option.detour or option.to
    otherwise = beat.choice.otherwise if beat.choice else None
    ways = (*beat.exits, *([otherwise] if otherwise else []))
    for way in ways:
        if way.condition is not None:
            yield way.condition, way.place, way.to
    for plot in beat.hidden:
        if plot.condition is not None:
            yield plot.condition, plot.place, plot.to


def _lost(found: Reachable, to: str) -> str:
    """The ending that a condition which is never true makes impossible, as the end of a message."""
    story = found.story
    if not to or to in found.states:
        return ""
    behind = {to, *reached(story_ways(story), to)} - found.states.keys()
    endings = [b.ending.id for b in story.order if b.ending and b.id in behind]
    if not endings:
        return f", so beat {to!r} is never entered"
    named = " and ".join(map(repr, endings[:3])) + (" and others" if endings[3:] else "")
    return f", so the ending{'s' if endings[1:] else ''} {named} cannot be reached"


def _unused(story: Story) -> Iterator[Problem]:
    read = {name for beat in story.order for name in _reads(beat)}
    for group in story.storylets.values():
        for effect in group.otherwise.effects if group.otherwise else ():
            read |= effect.value.reads - {effect.variable}
    for one in story.computed:
        if one.id in read and one.computed is not None:
            read |= one.computed.reads
    for variable in (*story.variables, *story.computed):
        if variable.id not in read:
            yield _warning(
                variable.place, "S119", f"nothing reads the variable {variable.id!r}",
                "use it in a condition, or delete it and the effects that set it",
            )  # fmt: skip
    speaking = {i.speaker for beat in story.order for i in beat.script if isinstance(i, Line)}
    acting = {i.performer for beat in story.order for i in beat.script if isinstance(i, CueCall)}
    for role in story.cast.values():
        if role.id not in speaking | acting:
            yield _warning(
                role.place, "S109", f"{role.id!r} never speaks and has no cues",
                "give the role a line, or delete it from cast:",
            )  # fmt: skip


def _reads(beat: Beat) -> Iterator[str]:
    """The variables that a beat reads; `trust: trust + 1` alone does not read trust."""
    for condition, _, _ in _asked(beat):
        yield from condition.reads
    yield from beat.when.reads if beat.when is not None else ()
    for item in beat.script:
        if isinstance(item, Line):
            yield from item.values
    for option in beat.choice.options if beat.choice else ():
        yield from option.values
    holders = [*moves_of(beat), *_scripted([beat])]
    for effect in (effect for holder in holders for effect in holder.effects):
        yield from effect.value.reads - {effect.variable}
