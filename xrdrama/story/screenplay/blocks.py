"""The blocks of a script: `{if ...}` with its indented lines, and groups of `=>` alternatives.

A script stays one list of items. A block becomes a Group, the items of its alternatives, and a Jump
after each of them:

    {if trust >= 2}            0  Group(first, (Alternative 1, Alternative 3), end 5)
      LAN: You stayed.         1  Line
                               2  Jump(5)
    {else}
      LAN: You left.           3  Line
                               4  Jump(5)
    Snow begins.               5  Direction

S230  a block or an alternative without lines
S231  {elif} or {else} without a block that begins with {if}
S232  @group that no alternative follows
S233  blocks that are nested too deeply
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from xrdrama.document import Place, Reading
from xrdrama.story.choosing import Choose
from xrdrama.story.expressions.expression import Expression
from xrdrama.story.model import Alternative, Group, Item, Jump

MOST_NESTED: Final = 8


class _Open:
    """A block that is being read."""

    def __init__(self, place: Place, indent: int, at: int, choose: Choose, *, heads: bool) -> None:
        self.place, self.indent, self.at, self.choose = place, indent, at, choose
        self.heads = heads
        """True for a block with headings such as {if}; False for alternatives with `=>`."""
        self.alternatives: list[Alternative] = []
        self.jumps: list[int] = []
        self.complete = False
        """True after {else}: no other part may follow."""


class Blocks:
    """The open blocks of a script, while its rows are read one after another."""

    def __init__(self, items: list[Item], reading: Reading, number: Callable[[], int]) -> None:
        self.items, self.reading, self.number = items, reading, number
        self.open: list[_Open] = []
        self.choose: tuple[Choose, Place] | None = None
        """What the last `@group` says, until its first alternative."""

    def arrive(self, text: str, indent: int) -> None:
        """Close the blocks that the next row does not belong to."""
        is_alternative, continues = text.startswith("=>"), text.startswith(("{el", "｛el"))
        while self.open:
            last = self.open[-1]
            goes_on = continues if last.heads else is_alternative
            if indent > last.indent or (indent == last.indent and goes_on):
                break
            self.close()
        if self.choose is not None and not is_alternative:
            self.reading.note(
                self.choose[1], "S232", "no alternative follows this @group",
                "write the alternatives directly below it, each after =>",
            )  # fmt: skip
            self.choose = None

    def begin(
        self, place: Place, indent: int, condition: Expression | None, *, once: bool = False
    ) -> bool:
        """A heading such as {if trust >= 2}; False, and a problem, if blocks are too deep."""
        nested = self.nest(_Open(place, indent, len(self.items), "first", heads=True))
        if nested:
            self.alternative(place, condition, once=once)
        return nested

    def go_on(self, place: Place, indent: int, condition: Expression | None, *, last: bool) -> bool:
        """{elif ...} or {else}; False when no block is open here."""
        block = self.open[-1] if self.open else None
        if block is None or not block.heads or block.indent != indent or block.complete:
            return False
        self.finish_alternative(place)
        block.complete = last
        self.alternative(place, condition)
        return True

    def choice(
        self, place: Place, indent: int, condition: Expression | None, *, once: bool
    ) -> None:
        """An alternative after `=>`."""
        block = self.open[-1] if self.open else None
        if block is not None and not block.heads and block.indent == indent:
            self.finish_alternative(place)
        else:
            choose = self.choose[0] if self.choose else "least_seen"
            self.choose = None
            if not self.nest(_Open(place, indent, len(self.items), choose, heads=False)):
                return
        self.alternative(place, condition, once=once)

    def nest(self, block: _Open) -> bool:
        """Open a block; False, and a problem, if blocks are too deep."""
        if len(self.open) >= MOST_NESTED:
            self.reading.note(
                block.place, "S233", f"blocks are nested more than {MOST_NESTED} levels deep",
                "move the inner ones to another beat, and lead there with @detour",
            )  # fmt: skip
            return False
        self.open.append(block)
        self.items.append(Jump(0, block.place))  # the place of its Group, which is not known yet
        return True

    def alternative(
        self, place: Place, condition: Expression | None, *, once: bool = False
    ) -> None:
        """Begin an alternative of the innermost block."""
        found = Alternative(len(self.items), self.number(), place, condition, once)
        self.open[-1].alternatives.append(found)

    def finish_alternative(self, place: Place) -> None:
        """End the last alternative of the innermost block with a Jump."""
        block = self.open[-1]
        begun = block.alternatives[-1]
        if begun.start == len(self.items):
            what = "block" if block.heads else "alternative"
            self.reading.note(
                begun.place, "S230", f"this {what} has no lines",
                "indent the lines that belong to it, or delete it",
            )  # fmt: skip
        block.jumps.append(len(self.items))
        self.items.append(Jump(0, place))

    def close(self) -> None:
        """Close the innermost block: its end is known now."""
        self.finish_alternative(self.open[-1].place)
        block = self.open.pop()
        end = len(self.items)
        for at in block.jumps:
            self.items[at] = msgspec.structs.replace(self.items[at], to=end)
        self.items[block.at] = Group(block.choose, tuple(block.alternatives), end, block.place)

    def close_all(self) -> None:
        """Close every block, at the end of the script."""
        self.arrive("", -1)
