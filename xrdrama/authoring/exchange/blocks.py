"""The script of a beat as a tree: blocks and groups with their alternatives inside.

A script is one flat list with jumps, which is quick to play; formats of other tools are nested.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from xrdrama.story.choosing import Choose
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Group, Item, Jump


class Branch(msgspec.Struct, frozen=True):
    """An alternative of a block, with what is inside it."""

    condition: Expression | None
    once: bool
    inside: tuple[Part, ...]


class Block(msgspec.Struct, frozen=True):
    """A group of alternatives. `choose` is "first" for an {if} block."""

    choose: Choose
    branches: tuple[Branch, ...]
    line: int


Part = Item | Block


def nested(script: tuple[Item, ...]) -> tuple[Part, ...]:
    """The items of a script, with each group as a Block that holds its alternatives."""
    return tuple(_parts(script, 0, len(script)))


def _parts(script: tuple[Item, ...], at: int, end: int) -> Iterator[Part]:
    while at < end:
        item = script[at]
        if isinstance(item, Group):
            starts = [one.start for one in item.alternatives]
            branches = tuple(
                Branch(one.condition, one.once, tuple(_parts(script, one.start, stop - 1)))
                for one, stop in zip(item.alternatives, [*starts[1:], item.end], strict=True)
            )
            yield Block(item.choose, branches, item.place.line)
            at = item.end
            continue
        if not isinstance(item, Jump):
            yield item
        at += 1
