"""How a rehearsal begins: at which beat, and with which values."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from xrdrama.authoring.proving import Witness, witness_to
from xrdrama.document import suggestion
from xrdrama.document.names import composed
from xrdrama.errors import UsageError
from xrdrama.story import Story
from xrdrama.story.expressions.expression import Value
from xrdrama.story.stepping.happenings import BeatEntered
from xrdrama.tools.playing.reasons import written
from xrdrama.tools.playing.session import Act, Opening, Session

MOST_STATES = 100_000
"""The states in which a path to a beat is looked for: about a second."""


def opening_at(story: Story, beat: str, values: dict[str, Value], seed: int) -> Opening:
    """The opening of a rehearsal at a beat ("" for the story's start).

    It is the state after the shortest path from the start, with the values, visits and picked
    options of that path. If no path is found or the picks of a rehearsal cannot follow it (a pick
    in the middle of a script, another seed), the beat begins with the values at its end; without a
    path, with the initial values. `values` are those that the author has set: then there is no
    path.
    """
    if not beat or values or beat == story.start:
        return Opening(beat, values)
    way = witness_to(story, beat, states=MOST_STATES)
    if way is None:
        return Opening(beat, values)
    opening = _followed(way, beat)
    try:
        session = Session(story, opening, seed)
    except UsageError:
        session = None
    if session is not None and _has_come_to(session, way):
        return opening
    solved = {
        variable.id: value
        for variable, value in zip(story.variables, way.playthrough.values, strict=True)
        if value != variable.init
    }
    return Opening(beat, solved)


def _followed(way: Witness, beat: str) -> Opening:
    """The path as the acts of an opening: what is found belongs to the pick before it."""
    acts: list[Act] = []
    first: list[str] = []
    for here, act in zip(way.beats, way.acts, strict=True):
        if ":" not in act:
            acts.append(Act("pick", here, act))
        elif acts:
            acts[-1] = msgspec.structs.replace(acts[-1], then=(*acts[-1].then, act))
        else:
            first.append(act)
    return Opening(acts=tuple(acts), at=beat, then=tuple(first))


def _has_come_to(session: Session, way: Witness) -> bool:
    """True when a rehearsal has entered the beat at the end of a path."""
    return any(
        isinstance(one, BeatEntered) and one.beat.id == way.to for one in session.happenings()
    )


def beat_named(story: Story, name: str) -> str:
    """The id of a beat of the command line or of a command; UsageError for an unknown one."""
    beat = composed(name)
    if beat and beat not in story.beats:
        raise UsageError(f"{story.file} has no beat {name!r}", suggestion(name, story.beats))
    return beat


def values_of(story: Story, settings: Iterable[str]) -> dict[str, Value]:
    """The values of `name=value` texts; UsageError for one that cannot be set."""
    values: dict[str, Value] = {}
    known = {variable.id: variable for variable in story.variables}
    for setting in settings:
        name, equals, text = (part.strip() for part in composed(setting).partition("="))
        if not equals:
            raise UsageError(f"--set {setting}: expected a variable and a value", _such_as(story))
        if name not in known:
            computed = next((one.computed for one in story.computed if one.id == name), None)
            if computed is not None:
                message = f"--set {setting}: {name} is computed from {computed.text}"
                raise UsageError(message, f"set {' or '.join(sorted(computed.reads)) or 'another'}")
            hint = suggestion(name, known) if known else "the story has no variables"
            raise UsageError(f"--set {setting}: there is no variable {name!r}", hint)
        kind = known[name].kind
        try:
            values[name] = kind.value(text.strip("'\""))
        except ValueError as error:
            raise UsageError(f"--set {setting}: {error}", kind.remedy(text)) from None
    return values


def stray_value(story: Story, name: str, value: Value) -> str:
    """Why a variable cannot have a value of a save; "" when it can."""
    kind = next((variable.kind for variable in story.variables if variable.id == name), None)
    if kind is None:
        return f"the variable {name!r} is not in the story any more"
    try:
        kind.value(written(value))
    except ValueError as error:
        return f"{name} cannot have its saved value: {error}"
    return ""


def _such_as(story: Story) -> str:
    first = story.variables[:1]
    return f"write --set {first[0].id}={written(first[0].init)}" if first else ""
