"""Short texts of the program over a picture: notes, a clock, and the number in a choice's ring."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from xrdrama.adapters.panda.lettering.measures import SMALLEST, Words, safe_area
from xrdrama.adapters.panda.lettering.page import Placed
from xrdrama.adapters.panda.lettering.plates import PAPER, Block, Row, lay_caption
from xrdrama.adapters.panda.lettering.signs import MIDDLE
from xrdrama.adapters.panda.lettering.text.shaping import paragraph, shaped

NOTE = 0.75
"""Size of a note's letters relative to captions."""


class Style(msgspec.Struct, frozen=True):
    """How the texts of a picture look: what its viewers need."""

    larger: float = 1.0
    """Size of letters relative to the usual."""
    contrast: bool = False
    """White on black, with thick edges."""
    numbers: bool = False
    """The seconds that are left of a choice are in its ring."""


class Notes(msgspec.Struct, frozen=True):
    """Short texts of the program: a note at the top, a clock in the upper right corner; "" for
    none. `dark` is how much of the picture under all texts is black, 0 to 1."""

    text: str = ""
    clock: str = ""
    dark: float = 0.0


NO_NOTES: Final = Notes()


def place_note(text: str, size: tuple[int, int], larger: float, *, below: int) -> Placed:
    """A note in the middle, whose top is `below` pixels from the picture's lower edge."""
    block = _lay(text, size, larger)
    return Placed(block, (size[0] - block.width) // 2, below - block.height)


def place_clock(text: str, size: tuple[int, int], larger: float) -> Placed:
    """A clock in the upper right corner."""
    block, safe = _lay(text, size, larger), safe_area(size)
    return Placed(block, safe.right - block.width, safe.top - block.height)


def _lay(text: str, size: tuple[int, int], larger: float) -> Block:
    safe = safe_area(size)
    return lay_caption(
        Words(""), (Words(text),), size, (safe.width, safe.height // 3), larger * NOTE
    )


@lru_cache(maxsize=256)
def lay_number(number: int, side: int) -> Block:
    """A number on a round plate within a ring of `side` pixels."""
    wide = max(SMALLEST, round(side * 0.78))
    line = shaped(paragraph(str(number), bold=True))
    em = max(SMALLEST, round(wide * (0.56 if number < 100 else 0.42)))
    row = Row(line, (wide - line.width * em) / 2, wide / 2 + MIDDLE * em * 0.9, em, PAPER)
    return Block(wide, wide, wide // 2, (row,))
