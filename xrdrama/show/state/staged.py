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
    expression: Expression = Expression()
    looking: Looking = Looking()
    travel: Travel | None = None
    live: tuple[int, ...] = ()
    """The newest values of a live face; () without one."""
    live_on: bool = False
    """False when the live face was lost: its values are eased out."""
    live_since: int = 0
    """When a live face came or went."""
    state: str = ""
    """What a robot reported last."""


def staged_in(
    scene: Scene, members: Mapping[str, Member], before: Mapping[str, Staged], at: int
) -> dict[str, Staged]:
    """The performers that a set has a mark for, each on it. Moods and live faces continue; what a
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
            live=known.live if known else (),
            live_on=known.live_on if known else False,
            live_since=known.live_since if known else 0,
            state=known.state if known else "",
        )
    return found
