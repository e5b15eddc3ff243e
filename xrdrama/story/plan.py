"""What a beat plans besides its script: its length, the change of set, what a director may do."""

from __future__ import annotations

import msgspec


class Director(msgspec.Struct, frozen=True, gc=False):
    """What the director may do in a beat; `force` None means every beat."""

    force: tuple[str, ...] | None = None
    hold: bool = True


class Lengths(msgspec.Struct, frozen=True, gc=False):
    """The length of a beat in nanoseconds; `least` is enforced, the others are the author's
    plan."""

    least: int = 0
    typical: int | None = None
    most: int | None = None


class Transition(msgspec.Struct, frozen=True, gc=False):
    """How the set changes when a beat with another set begins: a cut (0), or a cross-fade of so
    many nanoseconds."""

    fade: int = 0
