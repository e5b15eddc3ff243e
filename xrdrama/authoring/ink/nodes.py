"""What a stretch of ink does, in order: the nodes that `flow` finds and `scripts` writes."""

from __future__ import annotations

from typing import Any

import msgspec

from xrdrama.authoring.exchange.twee.expressions import Tree, Truth
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


class Pick(msgspec.Struct, frozen=True):
    """An option; `at` is its position, `to` what follows it."""

    label: tuple[Any, ...]
    condition: Tree | None
    once: bool
    fallback: bool
    to: Spot
    at: Spot
    effects: tuple[Put, ...] = ()


class Edge(msgspec.Struct, frozen=True):
    """The beginning or end of what a function says, where ink removes line ends."""

    begins: bool


class Tunnel(msgspec.Struct, frozen=True):
    """Other content is played, then this continues."""

    to: Spot


class Goto(msgspec.Struct, frozen=True):
    """The end: this continues elsewhere."""

    to: Spot


class Fork(msgspec.Struct, frozen=True):
    """The end: this continues at the first position whose condition is true, with the values
    that were computed before."""

    arms: tuple[tuple[Tree | None, Spot, tuple[Tree, ...]], ...]


class Finish(msgspec.Struct, frozen=True):
    """The end of the story, or, after options, their choice."""


class Back(msgspec.Struct, frozen=True):
    """The end of a tunnel."""


def says(nodes: Any) -> bool:
    """True when something is said in the nodes."""
    return any(
        isinstance(node, Say | Show)
        or (isinstance(node, Branch) and any(says(arm) for _, arm in node.arms))
        for node in nodes
    )


def closed(nodes: Any) -> bool:
    """True when no line is open at the end of the nodes."""
    for node in reversed(nodes):
        if isinstance(node, Break | Tunnel):
            return True
        if isinstance(node, Say | Show | Glue | Edge):
            return False
        if isinstance(node, Branch):
            arms = [arm for _, arm in node.arms]
            said = [arm for arm in arms if any(isinstance(n, _OUT) for n in arm)]
            if any(not closed(arm) for arm in said):
                return False
            if len(said) == len(arms) and said:
                return True
    return True


_OUT = (Say, Show, Glue, Tag, Break, Branch, Tunnel, Edge)


def settled(nodes: list[Any]) -> list[Any]:
    """The nodes without conditions that are always or never true."""
    found: list[Any] = []
    for node in nodes:
        condition = node.arms[0][0] if isinstance(node, Branch) else None
        if isinstance(condition, Truth):
            found += settled(list(node.arms[0 if condition.value else 1][1]))
        else:
            found.append(node)
    return found


def glue_follows(nodes: list[Any], at: int) -> bool:
    """True when what is said next is joined to the line before."""
    for node in nodes[at:]:
        if isinstance(node, Glue):
            return True
        if not (isinstance(node, Break) or (isinstance(node, Say) and not node.text.strip())):
            return False
    return False


def is_inline(nodes: Any) -> bool:
    """True for nodes that are only words inside a line."""
    return all(
        isinstance(node, Say | Show | Edge)
        or (isinstance(node, Branch) and all(is_inline(arm) for _, arm in node.arms))
        for node in nodes
    )
