"""The beats and variables that a plan names, in our spelling or in that of an imported story."""

from __future__ import annotations

from collections.abc import Iterable

from xrdrama.document import suggestion
from xrdrama.document.names import as_name
from xrdrama.document.wording import same
from xrdrama.errors import UsageError
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Story, Variable


def beat_named(story: Story, name: str) -> str:
    """The id of a beat or storylet group; UsageError when the story has none of this name."""
    return _named("beat", name, [*story.beats, *story.storylets])


def variable_named(story: Story, name: str) -> Variable:
    """A variable; UsageError when the story has no such variable."""
    known = story.values()
    return known[_named("variable", name.removeprefix("$"), known)]


def value_of(variable: Variable, text: str) -> Value:
    """The value of a text for a variable; UsageError when it cannot have this value."""
    try:
        return variable.kind.value(text.strip("'\""))
    except ValueError as error:
        raise UsageError(f"{variable.id}: {error}", variable.kind.remedy(text)) from None


def settable(variable: Variable, text: str) -> Value:
    """The value that a variable is set to; UsageError when it cannot have or be set to it."""
    if variable.slot < 0:
        raise UsageError(f"{variable.id} is computed", "set the variables that it is computed from")
    return value_of(variable, text)


def find_name(name: str, known: Iterable[str]) -> str:
    """The known name that a plan means, or "": `$playerName` in a plan of Yarn is `player_name` or
    `playername` in its imported story."""
    names = list(known)
    if name in names:
        return name
    for spelled in (as_name(name), name.lower()):
        if spelled in names:
            return spelled
    squeezed = same(name).replace("_", "")
    alike = [one for one in names if same(one).replace("_", "") == squeezed]
    return alike[0] if len(alike) == 1 else ""


def _named(what: str, name: str, known: Iterable[str]) -> str:
    found = find_name(name, known)
    if not found:
        raise UsageError(f"there is no {what} {name!r}", suggestion(name, known))
    return found
