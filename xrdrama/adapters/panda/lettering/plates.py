"""Captions, option cards and the keys' legend: laid out first, to see whether they fit, then
drawn on plates (Pillow). Pixels from the upper left within a plate."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.panda.lettering.measures import SCALES, SECOND, SMALLEST, Words, letters
from xrdrama.adapters.panda.lettering.signs import (
    BAR,
    MIDDLE,
    hand_picture,
    keycap,
    plate,
    stark_plate,
    vote_bar,
)
from xrdrama.adapters.panda.lettering.text.breaking import (
    ends_with_hyphen,
    shortened,
    wrapped,
)
from xrdrama.adapters.panda.lettering.text.ink import Colour, draw
from xrdrama.adapters.panda.lettering.text.scripts import CJK, cluster_script
from xrdrama.adapters.panda.lettering.text.shaping import Line, Paragraph, paragraph, shaped

MEASURE, WIDE_MEASURE = 22.0, 18.0
"""Em of a line that is read at a glance: about 42 Latin letters, 18 Chinese ones."""
KEYCAP, HAND = 1.7, 2.1
"""Height of the signs on a card, as multiples of its letters."""
UP, DOWN = MIDDLE + 0.62, 0.62 - MIDDLE
"""How far a line reaches from its base line, in em, unless its ink needs more."""
PAPER, AMBER, DIM = (250, 245, 234), (255, 214, 150), (240, 234, 222)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)

Picture = NDArray[np.uint8]


class Row(NamedTuple):
    """A line on a plate: where it begins and its base line, how large, in what colour."""

    line: Line
    x: float
    y: float
    size: int
    colour: Colour


class Key(NamedTuple):
    """A key's picture on a plate."""

    label: str
    x: int
    y: int
    size: int


class Block(NamedTuple):
    """A plate with its lines; `fits` is False when a text was cut or is too small to read."""

    width: int
    height: int
    radius: int
    rows: tuple[Row, ...]
    keys: tuple[Key, ...] = ()
    hand: tuple[str, int, int, int] | None = None
    """A hand's pose, its left and upper edge, its size."""
    heard: bool = False
    fits: bool = True
    share: float | None = None
    """The share of the votes, drawn as a bar at the bottom; None without one."""
    contrast: bool = False
    """White on black with a thick edge, or black on white where `heard`."""

    @property
    def hand_at(self) -> float:
        """Pixels from the left edge to the middle of the hand; 0 without one."""
        return self.hand[1] + self.hand[3] / 2 if self.hand else 0.0


def draw_block(block: Block) -> Picture:
    """The picture of a block: RGBA rows from the top."""
    edge = AMBER if block.heard else None
    if block.contrast:
        image = stark_plate(block.width, block.height, block.radius, inverse=block.heard)
    else:
        image = plate(block.width, block.height, block.radius, edge=edge)
    colour = AMBER if block.heard else PAPER
    if block.contrast:
        colour = BLACK if block.heard else WHITE
    for key in block.keys:
        sign = keycap(key.label, key.size, colour)
        image.alpha_composite(sign, (max(0, key.x), max(0, key.y)))
    if block.hand:
        pose, x, y, size = block.hand
        image.alpha_composite(hand_picture(pose, size, colour), (max(0, x), max(0, y)))
    if block.share is not None:
        bar = colour if block.contrast else AMBER
        image.alpha_composite(vote_bar(block.width - 2 * block.radius, block.share, bar),
                              (block.radius, block.height - 2 * BAR))  # fmt: skip
    for row in block.rows:
        draw(image, row.line, (row.x, row.y), row.size, colour if block.contrast else row.colour)
    return np.asarray(image)


class _Set(NamedTuple):
    """Lines of one text: each with its advance, indent and shape."""

    lines: tuple[Line, ...]
    size: int
    indent: float
    broken: bool


def _is_wide(of: Paragraph) -> bool:
    wide = sum(cluster_script(c) == CJK for c in of.text)
    return wide > len(of.text) / 3


def _set(of: Paragraph, size: int, width: float, *, most: int = 0, indent: float = 0.0) -> _Set:
    """A text in lines of `width` pixels; at most `most` of them, the last one then cut."""
    wide = _is_wide(of)
    room = max(1.0, width / size)
    measure = min(room, WIDE_MEASURE if wide else MEASURE)
    lines = wrapped(of, measure, indent, wide=wide)
    if len(lines.places) > 2 or lines.broken:
        lines = wrapped(of, room, indent, wide=wide)
    places = lines.places
    cut = most and len(places) > most
    made = []
    for start, end in places[:most] if cut else places:
        hyphen = ends_with_hyphen(of, end)
        made.append(shaped(of, start, end - 1, "-") if hyphen else shaped(of, start, end))
    if cut:
        left = room - (indent if most == 1 else 0.0)
        made[-1] = shaped(of._replace(text=shortened(of, places[most - 1][0], left)))
    return _Set(tuple(made), size, indent, bool(cut))


def _heights(line: Line, size: int) -> tuple[int, int]:
    """Pixels that a line needs above and below its base line."""
    return (ceil(max(UP, line.top + 0.06) * size), ceil(max(DOWN, line.bottom + 0.06) * size))


@lru_cache(maxsize=256)
def lay_caption(
    speaker: Words,
    texts: tuple[Words, ...],
    size: tuple[int, int],
    room: tuple[int, int],
    larger: float = 1.0,
) -> Block:
    """A caption for a picture of `size` pixels in `room` (width, height).

    The first text is at the top, after its speaker; other languages are below it, smaller. More
    lines are taken before smaller letters, smaller letters before text is cut.
    """
    texts = tuple(text for text in texts if text.text.strip())
    for scale in SCALES:
        # Up to two fifths of the picture at full size: it is looked at, too.
        em = letters(size, scale * larger)
        block = _caption(speaker, texts, em, room[0], 0)
        if block.height <= min(room[1], size[1] * 0.4):
            return block
    if block.height <= room[1]:
        return block
    for most in range(max((len(block.rows) + 1) // max(1, len(texts)), 1), 0, -1):
        block = _caption(speaker, texts, em, room[0], most)
        if block.height <= room[1]:
            break
    return block._replace(fits=False)


def _caption(speaker: Words, texts: tuple[Words, ...], em: int, across: int, most: int) -> Block:
    pad_x, pad_y = round(em * 0.9), round(em * 0.4)
    width = max(em, across - 2 * pad_x)
    lead = paragraph(*texts[0]) if texts else paragraph("")
    name = shaped(paragraph(speaker.text, speaker.language, bold=True))
    gap = 0.6
    above: tuple[Line, ...] = ()
    indent = name.width + gap if name.glyphs else 0.0
    if indent * em > width * 0.45:  # a long name has lines of its own
        above = _set(paragraph(*speaker, bold=True), em, width, most=most).lines
        indent = 0.0
    rows: list[tuple[Line, int, Colour, bool]] = [(line, em, AMBER, False) for line in above]
    fits = True
    for number, text in enumerate(texts):
        size = em if number == 0 else max(SMALLEST, round(em * SECOND))
        of = lead if number == 0 else paragraph(*text)
        made = _set(of, size, width, most=most, indent=indent if number == 0 else 0.0)
        fits = fits and not made.broken
        for index, line in enumerate(made.lines):
            named = bool(indent) and number == 0 and index == 0
            rows.append((line, size, PAPER if number == 0 else DIM, named))
    widths = [line.width * size + (indent * em if named else 0.0) for line, size, _, named in rows]
    wide = min(max(1, across), ceil(max(widths, default=0.0)) + 2 * pad_x)
    y, placed = float(pad_y), []
    for (line, size, colour, named), long in zip(rows, widths, strict=True):
        up, down = _heights(line, size)
        if named:
            up = max(up, _heights(name, em)[0])
        y += up
        x = (wide - long) / 2
        if named:
            at = x + long - name.width * em if lead.right_to_left else x
            placed.append(Row(name, at, y, em, AMBER))
            x += 0.0 if lead.right_to_left else indent * em
        placed.append(Row(line, x, y, size, colour))
        y += down
    return Block(wide, max(1, round(y + pad_y)), round(em * 0.6), tuple(placed), fits=fits)


@lru_cache(maxsize=512)
def lay_card(
    texts: tuple[Words, ...],
    hand: str,
    size: tuple[int, int],
    *,
    heard: bool = False,
    number: int | None = None,
    scale: float = 1.0,
    most: int = 0,
) -> Block:
    """An option: its key, the hand to show, the words to say; mirrored for right to left."""
    em = letters(size, scale * 0.95)
    pad, gap = round(em * 0.75), round(em * 0.5)
    across = max(em * 4, round(size[0] * 0.9))
    lead, *others = [paragraph(*t, bold=i == 0) for i, t in enumerate(texts)] or [paragraph("")]
    mirrored = lead.right_to_left
    key, palm = round(em * KEYCAP), round(em * HAND)
    sign = keycap(str(number), key, PAPER).width if number is not None else 0
    before = (sign + gap if sign else 0) + (palm + gap if hand else 0)
    room = max(em, across - 2 * pad - before)
    small = max(SMALLEST, round(em * SECOND))
    sets = [_set(lead, em, room, most=most)]
    sets += [_set(of, small, room, most=most) for of in others]
    rows = [
        (line, made.size, DIM if number_ else (AMBER if heard else PAPER))
        for number_, made in enumerate(sets)
        for line in made.lines
    ]
    long = ceil(max((line.width * at for line, at, _ in rows), default=1.0))
    width = min(across, long + 2 * pad + before)
    heights = [_heights(line, at) for line, at, _ in rows]
    inner = sum(up + down for up, down in heights)
    tall = max(round(em * 2.3), inner + round(em * 0.7))
    y = (tall - inner) / 2
    placed = []
    for (line, at, colour), (up, down) in zip(rows, heights, strict=True):
        x = width - pad - before - line.width * at if mirrored else float(pad + before)
        placed.append(Row(line, x, y + up, at, colour))
        y += up + down
    at_x = pad
    keys: tuple[Key, ...] = ()
    shown: tuple[str, int, int, int] | None = None
    if sign:
        keys = (
            Key(str(number), width - at_x - sign if mirrored else at_x, (tall - key) // 2, key),
        )
        at_x += sign + gap
    if hand:
        shown = (hand, width - at_x - palm if mirrored else at_x, (tall - palm) // 2, palm)
    fits = not any(made.broken for made in sets)
    return Block(width, tall, round(em * 0.5), tuple(placed), keys, shown, heard, fits)


@lru_cache(maxsize=64)
def lay_legend(keys: tuple[tuple[str, ...], ...], size: tuple[int, int]) -> Block:
    """What keys do, for a picture of `size` pixels: for each its name and what it does, in one
    language or two. Letters become smaller, then keys take more rows, until all have room."""
    across = max(1, round(size[0] * 0.9))
    for rows in (1, 2, 3, 4):
        for scale in SCALES:
            block = _legend(keys, letters(size, 0.8 * scale), across, rows)
            if block.fits:
                return block
    return block


def _legend(keys: tuple[tuple[str, ...], ...], em: int, across: int, most: int) -> Block:
    pad, gap, step = round(em * 0.8), round(em * 0.45), em * 1.35
    cap = round(em * KEYCAP)
    columns = []
    for label, *texts in keys:
        lines = [shaped(paragraph(text)) for text in texts[:2]]
        sign = keycap(label, cap, PAPER).width
        words = ceil(max((line.width for line in lines), default=0.0) * em)
        columns.append((label, sign, lines, sign + gap + words + 2 * pad))
    rows: list[list[int]] = [[]]
    for number, (*_, wide) in enumerate(columns):
        if rows[-1] and sum(columns[i][3] for i in rows[-1]) + wide > across:
            rows.append([])
        rows[-1].append(number)
    wides = [sum(columns[i][3] for i in row) for row in rows]
    width = max(1, *wides)
    tall = round(step * max((len(lines) for _, _, lines, _ in columns), default=1) + em)
    placed: list[Row] = []
    signs: list[Key] = []
    for index, row in enumerate(rows):
        x = (width - wides[index]) // 2 + pad
        for number in row:
            label, sign, lines, wide = columns[number]
            signs.append(Key(label, x, index * tall + (tall - cap) // 2, cap))
            for place, line in enumerate(lines):
                y = index * tall + tall / 2 + (place - (len(lines) - 1) / 2) * step
                colour = DIM if place else PAPER
                placed.append(Row(line, x + sign + gap, y + MIDDLE * em, em, colour))
            x += wide
    fits = len(rows) <= most and width <= across
    block = Block(width, tall * len(rows), round(em * 0.5), tuple(placed), tuple(signs))
    return block._replace(fits=fits)
