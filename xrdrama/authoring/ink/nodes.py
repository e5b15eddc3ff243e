"""What a stretch of ink does, in order: the nodes that `flow` finds and `scripts` writes."""

from __future__ import annotations

from typing import Any

import msgspec

from xrdrama.authoring.exchange.twee.expressions import Tree
from xrdrama.authoring.ink.reading import Spot


class Say(msgspec.Struct, frozen=True):
    """A piece of text inside a line."""

    text: str


class Show(msgspec.Struct, frozen=True):
    """A value inside a line."""

    tree: Tree


class Break(msgspec.Struct, frozen=True):
    """The end of a line."""


class Glue(msgspec.Struct, frozen=True):
    """`<>`: what is before and behind it is one line."""


class Tag(msgspec.Struct, frozen=True):
    """A tag of the line."""

    text: str


class Put(msgspec.Struct, frozen=True):
    """A variable gets a value."""

    name: str
    tree: Tree


class Branch(msgspec.Struct, frozen=True):
    """The nodes of the first arm whose condition is true; None: always."""

    arms: tuple[tuple[Tree | None, tuple[Any, ...]], ...]


class Shuffle(msgspec.Struct, frozen=True):
    """The nodes of one arm, by chance."""

    arms: tuple[tuple[Any, ...], ...]


class Pick(msgspec.Struct, frozen=True):
    """An option; `at` is its position, `to` what follows it."""

    label: tuple[Any, ...]
    condition: Tree | None
    once: bool
    fallback: bool
    to: Spot
    at: Spot
    effects: tuple[Put, ...] = ()


class Tunnel(msgspec.Struct, frozen=True):
    """Other content is played, then this continues."""

    to: Spot


class Goto(msgspec.Struct, frozen=True):
    """The end: this continues elsewhere."""

    to: Spot


class Fork(msgspec.Struct, frozen=True):
    """The end: this continues at the first position whose condition is true."""

    arms: tuple[tuple[Tree | None, Spot, tuple[Put, ...]], ...]


class Finish(msgspec.Struct, frozen=True):
    """The end of the story, or, after options, their choice."""


class Back(msgspec.Struct, frozen=True):
    """The end of a tunnel."""


def closed(nodes: Any) -> bool:
    """True when no line is open at the end of the nodes."""
    for node in reversed(nodes):
        if isinstance(node, Break | Tunnel):
            return True
        if isinstance(node, Say | Show | Glue | Tag):
            return False
        if isinstance(node, Branch | Shuffle):
            arms = [arm if isinstance(node, Shuffle) else arm[1] for arm in node.arms]
            said = [arm for arm in arms if any(isinstance(n, _OUT) for n in arm)]
            if any(not closed(arm) for arm in said):
                return False
            if len(said) == len(arms) and said:
                return True
    return True


_OUT = (Say, Show, Glue, Tag, Break, Branch, Shuffle, Tunnel)
