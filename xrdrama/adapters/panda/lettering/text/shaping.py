"""Text to glyphs: joined, reordered and placed by HarfBuzz, from right to left where needed.

Lengths are in em, so that one shaping serves every size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

import uharfbuzz as hb

from xrdrama.adapters.panda.lettering.text.bidi import (
    is_right_to_left,
    levels_of,
    line_levels,
    visual_runs,
)
from xrdrama.adapters.panda.lettering.text.fonts import FontFile, bold_of, legible, pieces
from xrdrama.adapters.panda.lettering.text.scripts import CJK, is_ignorable

MEDIUM: Final = 0.028
"""How much thicker the strokes of Chinese are drawn, in em: Debian packs no Medium."""
BOLD: Final = 0.05
"""The same for bold words in a font without a bold face."""
_RTL_LANGUAGES: Final = {"ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv", "ckb", "syr"}


class Glyph(NamedTuple):
    """A glyph with its origin on the base line, in em; `cluster` is its first character's place."""

    font: FontFile
    bold: float
    glyph: int
    x: float
    y: float
    cluster: int


class Line(NamedTuple):
    """A shaped line: glyphs from left to right, the advance, and how far ink goes up and down."""

    text: str
    glyphs: tuple[Glyph, ...] = ()
    width: float = 0.0
    top: float = 0.0
    bottom: float = 0.0


EMPTY: Final = Line("")


class Paragraph(NamedTuple):
    """A text that can be drawn, with its language and direction. Only `paragraph` makes one."""

    text: str
    language: str
    right_to_left: bool
    bold: bool


@lru_cache(maxsize=1024)
def paragraph(text: str, language: str = "", *, bold: bool = False) -> Paragraph:
    """A text ready to be shaped: white space made plain, what no font draws made readable.

    It runs in the direction of its first strong character, else in its language's.
    """
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    shown = legible(" ".join(plain.split()), language)
    runs = is_right_to_left(text)
    if runs is None:
        runs = language.lower().split("-")[0] in _RTL_LANGUAGES
    return Paragraph(shown, language, runs, bold)


@lru_cache(maxsize=512)
def _levels(of: Paragraph) -> tuple[int, ...]:
    return tuple(levels_of(of.text, int(of.right_to_left))[0])


@lru_cache(maxsize=512)
def _fonts(of: Paragraph) -> tuple[tuple[FontFile, str], ...]:
    """The font and script of each character; `legible` left none without a font."""
    return tuple(
        (piece.font or FontFile(None), piece.script)
        for piece in pieces(of.text, of.language)
        for _ in piece.text
    )


@lru_cache(maxsize=4096)
def shaped(of: Paragraph, start: int = 0, end: int | None = None, more: str = "") -> Line:
    """The line of a paragraph from `start` to `end`; `more` is added at its end, such as "…"."""
    if more:
        shorter = of.text[start:end] + more
        return shaped(of._replace(text=shorter))
    end = len(of.text) if end is None else end
    if start >= end:
        return EMPTY
    text = of.text[start:end]
    levels = line_levels(text, list(_levels(of)[start:end]), int(of.right_to_left))
    fonts = _fonts(of)[start:end]
    glyphs: list[Glyph] = []
    x = top = bottom = 0.0
    for begin, stop, level in visual_runs(levels):
        parts = list(_stretches(fonts, begin, stop))
        for first, last in reversed(parts) if level % 2 else parts:
            font, script = fonts[first]
            bold, face = _weight(font, script, bold=of.bold)
            x, up, down = _run(of, (start + first, start + last), level, face, bold, x, glyphs)
            top, bottom = max(top, up), max(bottom, down)
    return Line(text, tuple(glyphs), x, top, bottom)


def _stretches(fonts: tuple[tuple[FontFile, str], ...], start: int, end: int) -> Iterator[Any]:
    first = start
    for i in range(start + 1, end + 1):
        if i == end or fonts[i] != fonts[first]:
            yield first, i
            first = i


def _weight(font: FontFile, script: str, *, bold: bool) -> tuple[float, FontFile]:
    """How much to thicken a font, and the font to take."""
    if bold:
        heavy = bold_of(font)
        return (0.0, heavy) if heavy else (BOLD, font)
    return (MEDIUM if script == CJK else 0.0), font


def _run(
    of: Paragraph,
    place: tuple[int, int],
    level: int,
    face: FontFile,
    bold: float,
    x: float,
    into: list[Glyph],
) -> tuple[float, float, float]:
    """Shape one run from x; returns the x after it, and how far its ink extends up and down."""
    start, end = place
    font, em = font_of_file(face, bold)
    buffer = hb.Buffer()
    buffer.add_str(of.text, start, end - start)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if level % 2 else "ltr"
    if of.language:
        buffer.language = of.language
    buffer.flags = hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    hb.shape(font, buffer)
    up = down = 0.0
    for found, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        hidden = found.codepoint == 0 and is_ignorable(of.text[found.cluster])
        if not hidden:
            glyph = Glyph(face, bold, found.codepoint, x + at.x_offset / em, at.y_offset / em,
                          found.cluster)  # fmt: skip
            into.append(glyph)
            extents = font.get_glyph_extents(found.codepoint)
            if extents is not None:
                up = max(up, (at.y_offset + extents.y_bearing) / em)
                down = max(down, -(at.y_offset + extents.y_bearing + extents.height) / em)
            x += at.x_advance / em
    return x, up, down


@cache
def font_of_file(file: FontFile, bold: float = 0.0) -> tuple[Any, float]:
    """HarfBuzz's font of a file, and its units to an em."""
    face = hb.Face(hb.Blob(file.data()), file.face)
    font = hb.Font(face)
    if face.has_color_png:
        # Pictures of characters are larger than letters: as high as capitals with their descent.
        return font, face.upem * 1.12
    if bold:
        font.synthetic_bold = (bold, bold, True)
    return font, float(face.upem)
