"""The script of a beat as its author wrote it: items with the heads of blocks and groups above
them, and how deep they are indented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from xrdrama.authoring.exchange.blocks import Block, Branch, Part, nested
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Item


class Written(msgspec.Struct, frozen=True):
    """An item of a script, or (`item` is None) the head of a block: `{if nerve >= 1}`, `{else}`,
    `@group cycle`, `=> {once}`."""

    depth: int
    item: Item | None = None
    head: str = ""


def script_outline(script: tuple[Item, ...]) -> Iterator[Written]:
    """Items and heads in the order of the file."""
    yield from _parts(nested(script), 0)


def _parts(parts: Sequence[Part], depth: int) -> Iterator[Written]:
    for part in parts:
        if isinstance(part, Block):
            yield from _block(part, depth)
        else:
            yield Written(depth, part)


def _block(block: Block, depth: int) -> Iterator[Written]:
    is_block = block.choose == "first" and all(_asked(one) for one in block.branches[:-1])
    if not is_block and block.choose != "least_seen":
        yield Written(depth, head=f"@group {block.choose}")
    for number, branch in enumerate(block.branches):
        head = _in_block(branch, number) if is_block else f"=> {_asked(branch)}".rstrip()
        yield Written(depth, head=head)
        yield from _parts(branch.inside, depth + 1)


def _in_block(branch: Branch, number: int) -> str:
    asked = _asked(branch)
    return (asked.replace("{if ", "{elif ", 1) if number else asked) or "{else}"


def _asked(branch: Branch) -> str:
    """The condition of an alternative in braces, or ""."""
    condition = f"if {_words(branch.condition)}" if branch.condition else ""
    words = " ".join(["once"] * branch.once + [condition] * bool(condition))
    return f"{{{words}}}" if words else ""


def _words(condition: Expression) -> str:
    return " ".join(condition.text.split())
