"""The paths of a story as the arrows of a diagram, with what is written on each."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from xrdrama.authoring.exchange.losses import losses
from xrdrama.story import Beat, Story
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.ways import ways_of

CARRIED = (
    "option",
    "else",
    "path",
    "ending",
    "hidden plot",
    "condition",
    "type",
    "detour",
    "storylet",
)
"""What a diagram holds: beats and paths, with their conditions."""


class Knot(msgspec.Struct, frozen=True):
    """What arrows lead to: a beat, or a storylet group. `kind`: ending, choice, return, beat or
    group; `scene` is "" for a group."""

    id: str
    kind: str
    scene: str = ""
    ending: str = ""
    title: str = ""


def knots(story: Story) -> Iterator[Knot]:
    """Every beat and storylet group, in the order of the file."""
    for beat in story.order:
        ending = (beat.ending.id, beat.ending.title) if beat.ending else ("", "")
        yield Knot(beat.id, _kind_of(beat), beat.scene, *ending)
    for group in story.storylets.values():
        yield Knot(group.id, "group")


class Arrow(msgspec.Struct, frozen=True):
    """A path: from and to which beat, `how` (option, else, next, hidden ...), and its texts."""

    one: str
    other: str
    how: str
    name: str
    text: str
    condition: str


def arrows(story: Story) -> Iterator[Arrow]:
    """Every path of the story, beat after beat in the order of the file."""
    for beat in story.order:
        exits = iter(beat.exits)
        for how, name, to in ways_of(beat):
            text, condition = _of_option(beat, name) if how in ("option", "detour") else ("", "")
            if how == "next" and (way := next(exits, None)):
                condition = _written(way.condition)
            if how == "hidden":
                condition = next((_written(p.condition) for p in beat.hidden if p.id == name), "")
            yield Arrow(beat.id, to, how, name, text, condition)
    for group in story.storylets.values():
        for name in group.beats:
            yield Arrow(group.id, name, "storylet", "", "", _written(story.beats[name].when))
        if group.otherwise:
            asked = _written(group.otherwise.condition)
            yield Arrow(group.id, group.otherwise.to, "else", "else", "", asked)


def label(arrow: Arrow) -> str:
    """What is written on an arrow: the option's text, the condition."""
    parts = [arrow.text or ("" if arrow.how == "next" else arrow.name)]
    if arrow.how not in ("option", "next", "else"):
        said = arrow.text or arrow.name
        parts[0] = f"{arrow.how}: {said}" if said else arrow.how
    if arrow.condition:
        parts.append(f"if {arrow.condition}")
    return " ".join(part for part in parts if part)


def _kind_of(beat: Beat) -> str:
    """The kind of a beat: ending, choice, return, or beat."""
    if beat.ending:
        return "ending"
    return "choice" if beat.choice else "return" if beat.returns else "beat"


def lost(story: Story) -> tuple[NotCarriedOver, ...]:
    """What a diagram cannot hold: scripts, effects, triggers, windows."""
    return losses(story, CARRIED)


def _of_option(beat: Beat, name: str) -> tuple[str, str]:
    option = beat.choice.option(name) if beat.choice else None
    return (option.text, _written(option.condition)) if option else ("", "")


def _written(condition: Expression | None) -> str:
    return " ".join(condition.text.split()) if condition else ""
