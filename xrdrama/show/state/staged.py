"""A performer between two frames: where it stands, what it does, what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from math import radians

import msgspec

from xrdrama.performer import Act, Expression, Root, Travel
from xrdrama.scene.model import Scene
from xrdrama.show.cast import Member


class Looking(msgspec.Struct, frozen=True):
    """What is looked at by name since a time, and what was before."""

    at: str = "ahead"
    since: int = 0
    before: str = "ahead"


class Staged(msgspec.Struct, frozen=True):
    """A performer in the current set. `root` is where it stands when it does not travel."""

    root: Root
    acts: tuple[Act, ...] = ()
    acts_until: int = 0
    """When an act ends or covers another one, so that `acts` may become shorter."""
    expression: Expression = Expression()
    looking: Looking = Looking()
    travel: Travel | None = None
    state: str = ""
    """What a robot reported last."""


def staged_in(
    scene: Scene, members: Mapping[str, Member], before: Mapping[str, Staged], at: int
) -> dict[str, Staged]:
    """The performers that a set has a mark for, each on it. Moods continue; what a
    performer did in the set before ends."""
    found = {}
    for name, member in members.items():
        mark = scene.places.get(member.spec.first_mark)
        if mark is None:
            continue
        known = before.get(name)
        expression = known.expression if known else Expression(member.performer.mood, at)
        looking = Looking(member.spec.look, at, member.spec.look)
        found[name] = Staged(
            Root(mark.at, radians(mark.pan)),
            expression=expression,
            looking=looking,
            state=known.state if known else "",
        )
    return found
