"""Captions and option cards as pictures (Pillow): words, hands, plates.

Sizes follow the picture's height, so that a tablet and a cinema read the same. Chinese is set in
Noto Sans CJK where it is installed; without it a Chinese line is left out, never shown as boxes.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from math import cos, pi, sin
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

CAPTION = 0.042
"""Height of a caption's letters as a share of the picture's height (look-and-drama.md, 10)."""
SMALLEST = 6
"""Pixels: a window can be made smaller than letters can."""
LATIN_A_LINE, CHINESE_A_LINE = 42, 18
KEYCAP, HAND = 1.7, 2.1
"""Height of the signs on a card, as multiples of its letters."""
SMOOTH = 4
"""Shapes are drawn so many times larger and made smaller: Pillow's own have hard edges."""
SECOND = 0.9
"""Size of a second language's letters as a share of the first's."""
PLATE = 240
"""How much a plate hides of 255. Pictures are blended in linear light, where a plate looks far
weaker than its alpha: this one leaves 7:1 for the letters over whatever is bright behind it."""
_INK = (10, 12, 20)
_PAPER = (250, 245, 234)
_AMBER = (255, 214, 150)
_DIM = (240, 234, 222)
_MEDIUM = 0.014
"""What Medium has over Regular on either side of a stroke, as a share of the size: Debian packs
no Medium."""

Picture = NDArray[np.uint8]
_FONT_FILES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-{weight}.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-{weight}.ttc",
)
_SIMPLIFIED = 2  # the face of NotoSansCJK's collection for Simplified Chinese


@cache
def font_file(weight: str = "Regular") -> Path | None:
    """Where Noto Sans CJK is installed (Debian: fonts-noto-cjk), or None."""
    for pattern in _FONT_FILES:
        path = Path(pattern.format(weight=weight))
        if path.is_file():
            return path
    return None


@cache
def font(size: int, weight: str = "Regular") -> ImageFont.FreeTypeFont:
    """Noto Sans CJK, or Pillow's own Latin face."""
    path = font_file(weight)
    if path is not None:
        return ImageFont.truetype(str(path), size, index=_SIMPLIFIED)
    found = ImageFont.load_default(size)
    assert isinstance(found, ImageFont.FreeTypeFont)
    return found


def can_set(text: str) -> bool:
    """True when every letter has a shape in the font that is here."""
    return font_file() is not None or not any(is_wide(c) for c in text)


def is_wide(character: str) -> bool:
    """True for Chinese and other full-width characters."""
    return unicodedata.east_asian_width(character) in "WF"


def wrapped(text: str) -> list[str]:
    """At most two lines of a length that can be read at a glance."""
    wide = sum(is_wide(c) for c in text) > len(text) / 3
    most = CHINESE_A_LINE if wide else LATIN_A_LINE
    if len(text) <= most:
        return [text]
    if wide:
        middle = len(text) / 2
        stops = [i + 1 for i, c in enumerate(text[:-1]) if c in "，。！？；：、…”"]
        near = [i for i in stops if abs(i - middle) <= 5]
        cut = min(near, key=lambda i: abs(i - middle), default=round(middle))
        return [text[:cut], text[cut:]]
    words = text.split()
    best = min(
        range(1, len(words)),
        key=lambda i: abs(len(" ".join(words[:i])) - len(" ".join(words[i:]))),
        default=1,
    )
    return [" ".join(words[:best]), " ".join(words[best:])]


def caption(speaker: str, texts: tuple[str, ...], height: int) -> Picture:
    """A caption on its soft plate: RGBA rows from the top, for a picture of `height` pixels.

    The first text leads; a second language stands under it, smaller.
    """
    size = max(SMALLEST, round(height * CAPTION))
    rows: list[tuple[str, ImageFont.FreeTypeFont, tuple[int, int, int], str]] = []
    for number, text in enumerate(t for t in texts if t and can_set(t)):
        face = font(size if number == 0 else round(size * SECOND))
        colour = _PAPER if number == 0 else _DIM
        for index, row in enumerate(wrapped(text)):
            name = speaker if number == 0 and index == 0 and can_set(speaker) else ""
            rows.append((row, face, colour, name))
    if not rows:
        return np.zeros((1, 1, 4), np.uint8)
    gap = round(size * 0.6)
    bold = font(size, "Bold")
    widths = [f.getlength(t) + (bold.getlength(n) + gap if n else 0) for t, f, _, n in rows]
    step = round(size * 1.32)
    pad_x, pad_y = round(size * 0.9), round(size * 0.4)
    width, tall = round(max(widths)) + 2 * pad_x, step * len(rows) + 2 * pad_y
    image = _plate(width, tall, round(size * 0.6))
    draw = ImageDraw.Draw(image)
    for index, ((text, face, colour, name), across) in enumerate(zip(rows, widths, strict=True)):
        x = (width - across) / 2
        y = pad_y + step * (index + 0.5)
        if name:
            draw.text((x, y), name, _AMBER, bold, anchor="lm")
            x += bold.getlength(name) + gap
        _write(draw, (x, y), text, colour, face)
    return np.asarray(image)


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    colour: tuple[int, int, int],
    face: ImageFont.FreeTypeFont,
) -> None:
    """Text from its left middle on; Chinese, whose strokes are many and thin, in Medium weight."""
    stroke = _MEDIUM * face.size if any(is_wide(c) for c in text) else 0.0
    draw.text(at, text, colour, face, anchor="lm", stroke_width=stroke)


def card(
    texts: tuple[str, ...], hand: str, height: int, *, heard: bool, number: int | None
) -> Picture:
    """An option: its key, the hand to show, the words to say. Amber when it was just heard."""
    size = _card_size(height)
    lead, *others = [t for t in texts if can_set(t)] or [""]
    face, small = font(size, "Bold"), font(round(size * SECOND))
    colour = _AMBER if heard else _PAPER
    pad, gap = round(size * 0.75), round(size * 0.5)
    signs = [keycap(str(number), round(size * KEYCAP), colour)] if number is not None else []
    signs += [hand_picture(hand, round(size * HAND), colour)] if hand else []
    before = sum(sign.width + gap for sign in signs)
    across = max(face.getlength(lead), *(small.getlength(t) for t in others), 1.0)
    width = round(across) + 2 * pad + before
    tall = round(size * (3.1 if others else 2.3))
    image = _plate(width, tall, round(size * 0.5), edge=_AMBER if heard else None)
    draw = ImageDraw.Draw(image)
    x = pad
    for sign in signs:
        image.alpha_composite(sign, (x, (tall - sign.height) // 2))
        x += sign.width + gap
    draw.text((x, tall * (0.34 if others else 0.5)), lead, colour, face, anchor="lm")
    for text in others[:1]:
        _write(draw, (x, tall * 0.70), text, _DIM, small)
    return np.asarray(image)


def _card_size(height: int) -> int:
    return max(SMALLEST, round(height * CAPTION * 0.95))


def hand_at(height: int, *, numbered: bool) -> float:
    """Pixels from a card's left edge to the middle of its hand."""
    size = _card_size(height)
    before = round(size * KEYCAP) + round(size * 0.5) if numbered else 0
    return round(size * 0.75) + before + round(size * HAND) / 2


def legend(keys: tuple[tuple[str, ...], ...], size: tuple[int, int]) -> Picture:
    """What keys do, for a picture of `size` pixels: for each its name and what it does, in one
    language or two. Letters become smaller until all keys have room."""
    letters = size[1] * CAPTION * 0.8
    columns = [(key, tuple(text for text in texts if can_set(text))[:2]) for key, *texts in keys]
    image = _legend(columns, max(SMALLEST, round(letters)))
    if image.width > size[0] * 0.96:
        image = _legend(columns, max(SMALLEST, int(letters * size[0] * 0.94 / image.width)))
    return np.asarray(image)


def _legend(columns: list[tuple[str, tuple[str, ...]]], size: int) -> Image.Image:
    face, pad, gap = font(size), round(size * 0.8), round(size * 0.45)
    caps = [keycap(key, round(size * KEYCAP), _PAPER) for key, _ in columns]
    across = [round(max((face.getlength(w) for w in words), default=0)) for _, words in columns]
    step = size * 1.35
    tall = round(step * max((len(words) for _, words in columns), default=1) + size)
    width = sum(cap.width + gap + wide + 2 * pad for cap, wide in zip(caps, across, strict=True))
    image = _plate(max(1, width), tall, round(size * 0.5))
    draw = ImageDraw.Draw(image)
    x = pad
    for (_, words), cap, wide in zip(columns, caps, across, strict=True):
        image.alpha_composite(cap, (x, (tall - cap.height) // 2))
        x += cap.width + gap
        for index, text in enumerate(words):
            y = tall / 2 + (index - (len(words) - 1) / 2) * step
            _write(draw, (x, y), text, _DIM if index else _PAPER, face)
        x += wide + 2 * pad
    return image


@cache
def keycap(label: str, size: int, colour: tuple[int, int, int]) -> Image.Image:
    """A key of a keyboard, `size` pixels high and as wide as its label asks for."""
    face = font(max(SMALLEST, round(size * 0.56)), "Bold")
    width = max(size, round(face.getlength(label) + size * 0.6))
    n = SMOOTH
    image = Image.new("RGBA", (width * n, size * n), (*colour, 0))
    edge = max(1, round(size * n * 0.07))
    box = (0, 0, width * n - 1, size * n - 1)
    ImageDraw.Draw(image).rounded_rectangle(box, size * n // 5, (*colour, 0), (*colour, 200), edge)
    image = image.resize((width, size), Image.Resampling.LANCZOS)
    ImageDraw.Draw(image).text((width / 2, size * 0.49), label, colour, face, anchor="mm")
    return image


def _plate(
    width: int,
    height: int,
    radius: int,
    *,
    edge: tuple[int, int, int] | None = None,
) -> Image.Image:
    n = SMOOTH
    image = Image.new("RGBA", (width * n, height * n), (*_INK, 0))
    draw = ImageDraw.Draw(image)
    outline = (*edge, 255) if edge else None
    box = (0, 0, width * n - 1, height * n - 1)
    draw.rounded_rectangle(box, radius * n, (*_INK, PLATE), outline, max(1, radius * n // 4))
    return image.resize((width, height), Image.Resampling.LANCZOS)


# A hand as seen by whoever holds it up to a camera: which fingers stand (thumb first).
_FINGERS = {
    "open_palm": (1, 1, 1, 1, 1),
    "fist": (0, 0, 0, 0, 0),
    "point": (0, 1, 0, 0, 0),
    "victory": (0, 1, 1, 0, 0),
}


@cache
def hand_picture(pose: str, size: int, colour: tuple[int, int, int]) -> Image.Image:
    """The hand of a pose in a few round strokes, `size` pixels square."""
    side = size * SMOOTH
    image = Image.new("RGBA", (side, side), (*colour, 0))
    draw = ImageDraw.Draw(image)
    thumb, *fingers = _FINGERS.get(pose, (0, 0, 0, 0, 0))
    stroke = _Stroke(draw, side, colour)
    draw.rounded_rectangle(
        (0.30 * side, 0.50 * side, 0.74 * side, 0.92 * side), side * 0.13, colour
    )
    bases = ((0.36, 0.57), (0.47, 0.55), (0.58, 0.55), (0.68, 0.58))
    angles, lengths = (103, 94, 85, 74), (0.38, 0.43, 0.40, 0.31)
    for up, (x, y), degrees, length in zip(fingers, bases, angles, lengths, strict=True):
        reach = length if up else 0.07
        a = degrees * pi / 180
        stroke.line((x, y), (x + reach * cos(a), y - reach * sin(a)))
    if thumb:
        stroke.line((0.37, 0.80), (0.13, 0.54))
    else:
        stroke.line((0.36, 0.72), (0.60, 0.70), shade=(96, 82, 62))
    return image.resize((size, size), Image.Resampling.LANCZOS)


class _Stroke:
    """Round strokes in shares of a square's side."""

    def __init__(
        self, draw: ImageDraw.ImageDraw, side: float, colour: tuple[int, int, int]
    ) -> None:
        self.draw, self.side, self.colour = draw, side, colour

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        shade: tuple[int, int, int] | None = None,
    ) -> None:
        """One stroke."""
        colour = shade or self.colour
        r = self.side * 0.052
        ends = [(x * self.side, y * self.side) for x, y in (start, end)]
        self.draw.line([*ends[0], *ends[1]], colour, round(2 * r))
        for x, y in ends:
            self.draw.ellipse((x - r, y - r, x + r, y + r), colour)
