"""Where captions, cards and the legend are in a picture, all within its safe area.

Nothing is drawn here; `xrdrama check` uses the same functions to test whether texts fit.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from xrdrama.adapters.panda.lettering.measures import (
    LEAST,
    SCALES,
    SMALLEST,
    Safe,
    Words,
    letters,
    safe_area,
)
from xrdrama.adapters.panda.lettering.plates import Block, lay_caption, lay_card, lay_legend
from xrdrama.adapters.panda.lettering.text.shaping import paragraph


class Option(NamedTuple):
    """The text of an option's card."""

    id: str
    texts: tuple[Words, ...]
    hand: str = ""
    heard: bool = False
    number: int | None = None
    share: float | None = None
    """Its share of the votes; None where nobody votes on it."""


class Said(NamedTuple):
    """The text of a caption, and its speaker."""

    speaker: Words
    texts: tuple[Words, ...]


class Placed(NamedTuple):
    """A block with its lower left corner: pixels from the picture's."""

    block: Block
    x: int
    y: int


class Page(NamedTuple):
    """All text of one picture. `cards` has one card for each option."""

    captions: tuple[Placed, ...] = ()
    cards: tuple[Placed, ...] = ()
    ring: tuple[int, int, int] | None = None
    """The ring of a choice's time: left, bottom, size."""
    legend: Placed | None = None


@lru_cache(maxsize=256)
def arrange(
    captions: tuple[Said, ...],
    options: tuple[Option, ...],
    size: tuple[int, int],
    *,
    ring: bool = False,
    legend: tuple[tuple[str, ...], ...] = (),
    larger: float = 1.0,
    contrast: bool = False,
) -> Page:
    """Cards at the bottom, captions above them, the legend at the top. `larger` is the size of
    letters relative to the usual; texts that do not fit are made smaller from there."""
    safe = safe_area(size)
    top = safe.top
    title: Placed | None = None
    if legend:
        block = lay_legend(legend, size)
        title = Placed(block, _centred(block.width, size), safe.top - block.height)
        top = title.y - _gap(size)
    cards, around, base = _cards(options, size, safe, top, ring=ring, larger=larger)
    if cards:
        base += _gap(size)
    placed: list[Placed] = []
    for number, said in enumerate(captions):
        left = len(captions) - number
        room = max(1, (top - base - _gap(size) * (left - 1)) // left)
        block = lay_caption(said.speaker, said.texts, size, (safe.width, room), larger)
        placed.append(Placed(block, _centred(block.width, size), base))
        base += block.height + _gap(size)
    page = Page(tuple(placed), tuple(cards), around, title)
    return _contrasted(page) if contrast else page


def _contrasted(page: Page) -> Page:
    def stark(placed: Placed) -> Placed:
        return placed._replace(block=placed.block._replace(contrast=True))

    legend = stark(page.legend) if page.legend else None
    captions, cards = (tuple(map(stark, group)) for group in (page.captions, page.cards))
    return Page(captions, cards, page.ring, legend)


def _gap(size: tuple[int, int]) -> int:
    return round(min(size) * 0.022)


def _centred(width: int, size: tuple[int, int]) -> int:
    return (size[0] - width) // 2


def _cards(
    options: tuple[Option, ...],
    size: tuple[int, int],
    safe: Safe,
    top: int,
    *,
    ring: bool,
    larger: float,
) -> tuple[list[Placed], tuple[int, int, int] | None, int]:
    """Cards in rows, the ring at the last row's end; smaller until they take at most three fifths
    of the height. Behind them, how high they reach."""
    if not options:
        return [], None, safe.bottom
    smaller = SMALLEST / letters(size)
    scales = [(scale * larger, 0) for scale in SCALES if larger > 1.0]
    scales += [(scale, 0) for scale in SCALES if larger >= 1.0]
    scales += [(scale * larger, 0) for scale in SCALES if scale * larger >= LEAST and larger < 1.0]
    scales += [(max(smaller, LEAST * 0.8), 2), (max(smaller, LEAST * 0.6), 1), (smaller, 1)]
    placed: list[Placed] = []
    around: tuple[int, int, int] | None = None
    height = base = 0
    for scale, most in scales:
        blocks = [
            lay_card(
                o.texts, o.hand, size, heard=o.heard, number=o.number, scale=scale, most=most
            )._replace(share=o.share)
            for o in options
        ]
        placed, around, base = _rows(options, blocks, size, safe, round(min(size) * 0.1 * scale),
                                     ring=ring)  # fmt: skip
        height = base - safe.bottom
        if height <= (top - safe.bottom) * (0.62 if scale >= LEAST else 0.8):
            if scale < LEAST:
                placed = [p._replace(block=p.block._replace(fits=False)) for p in placed]
            return placed, around, base
    return [p._replace(block=p.block._replace(fits=False)) for p in placed], around, base


def _rows(
    options: tuple[Option, ...],
    blocks: list[Block],
    size: tuple[int, int],
    safe: Safe,
    side: int,
    *,
    ring: bool,
) -> tuple[list[Placed], tuple[int, int, int] | None, int]:
    gap = _gap(size)
    side = side if ring else 0
    rows: list[list[int]] = [[]]
    for index, block in enumerate(blocks):
        taken = sum(blocks[i].width + gap for i in rows[-1])
        if rows[-1] and taken + block.width > safe.width:
            rows.append([])
        rows[-1].append(index)
    last = sum(blocks[i].width + gap for i in rows[-1])
    beside = ring and last + side <= safe.width
    places: dict[int, Placed] = {}
    around: tuple[int, int, int] | None = None
    y = safe.bottom
    if ring and not beside:
        around = (_centred(side, size), y, side)
        y += side + gap
    mirrored = bool(options[0].texts) and paragraph(*options[0].texts[0]).right_to_left
    for number, row in enumerate(reversed(rows)):
        extra = side + gap if beside and number == 0 else 0
        width = sum(blocks[i].width for i in row) + gap * (len(row) - 1) + extra
        x = _centred(width, size) + (extra if mirrored else 0)
        tall = max(*(blocks[i].height for i in row), side if extra else 0)
        for i in reversed(row) if mirrored else row:
            places[i] = Placed(blocks[i], x, y + (tall - blocks[i].height) // 2)
            x += blocks[i].width + gap
        if extra:
            at = x - width - gap if mirrored else x
            around = (at, y + (tall - side) // 2, side)
        y += tall + gap
    return [places[i] for i in range(len(blocks))], around, y - gap
