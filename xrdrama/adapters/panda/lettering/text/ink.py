"""Glyphs to pixels: outlines by HarfBuzz's rasterizer, emoji in their own colours."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from math import ceil, floor

import numpy as np
import uharfbuzz as hb
from PIL import Image

from xrdrama.adapters.panda.lettering.text.shaping import Glyph, Line, font_of_file

Colour = tuple[int, int, int]


def draw(
    image: Image.Image, line: Line, at: tuple[float, float], size: float, colour: Colour
) -> None:
    """Draw a line on an RGBA picture, from its left end on the base line: pixels from the top."""
    pen = hb.RasterDraw()
    x, y = at
    some = False
    for glyph in line.glyphs:
        font, em = font_of_file(glyph.font, glyph.bold)
        if font.face.has_color_png and _picture(image, glyph, at, size):
            continue
        if font.face.has_color_paint or font.face.has_color_layers:
            _painted(image, glyph, at, size, colour)
            continue
        scale = size / em
        pen.transform = (scale, 0, 0, scale, x + glyph.x * size, -y + glyph.y * size)
        some = pen.draw_glyph_or_fail(font, glyph.glyph) or some
    if not some:
        return
    left, right = floor(x - size), ceil(x + (line.width + 1) * size)
    up, down = ceil((line.top + 0.2) * size), ceil((line.bottom + 0.2) * size)
    box = (max(0, left), max(0, floor(y) - up), min(image.width, right),
           min(image.height, ceil(y) + down))  # fmt: skip
    wide, tall = box[2] - box[0], box[3] - box[1]
    if wide <= 0 or tall <= 0:
        return
    pen.extents = hb.RasterExtents(
        x_origin=box[0], y_origin=-box[3], width=wide, height=tall, stride=0
    )
    drawn = pen.render()
    stride = drawn.extents.stride
    mask = np.frombuffer(drawn.buffer, np.uint8).reshape(tall, stride)[::-1, :wide]
    image.paste((*colour, 255), box, Image.fromarray(np.ascontiguousarray(mask)))


def _picture(image: Image.Image, glyph: Glyph, at: tuple[float, float], size: float) -> bool:
    """A glyph that is a picture (CBDT, sbix); False when it has none."""
    font, em = font_of_file(glyph.font, glyph.bold)
    extents = font.get_glyph_extents(glyph.glyph)
    if extents is None or not extents.width:
        return True  # a space
    scale = size / em
    wide, tall = round(extents.width * scale), round(-extents.height * scale)
    made = _scaled(glyph, max(1, wide), max(1, tall))
    if made is None:
        return False
    x = at[0] + glyph.x * size + extents.x_bearing * scale
    y = at[1] - glyph.y * size - extents.y_bearing * scale
    _compose(image, made, (round(x), round(y)))
    return True


@lru_cache(maxsize=256)
def _scaled(glyph: Glyph, width: int, height: int) -> Image.Image | None:
    font, _ = font_of_file(glyph.font, glyph.bold)
    png = font.get_glyph_color_png(glyph.glyph)
    if png is None or not len(png.data):
        return None
    with Image.open(BytesIO(png.data)) as opened:
        return opened.convert("RGBA").resize((width, height), Image.Resampling.LANCZOS)


def _painted(
    image: Image.Image, glyph: Glyph, at: tuple[float, float], size: float, colour: Colour
) -> None:
    """A glyph of coloured outlines (COLR)."""
    font, em = font_of_file(glyph.font, glyph.bold)
    scale = size / em
    side = ceil(size * 2)
    left, top = round(at[0] + glyph.x * size), round(at[1] - glyph.y * size)
    brush = hb.RasterPaint()
    brush.foreground = hb.Color(*colour, 255)
    brush.transform = (scale, 0, 0, scale, side / 4, side / 4)
    brush.extents = hb.RasterExtents(x_origin=0, y_origin=0, width=side, height=side, stride=0)
    brush.paint_glyph(font, glyph.glyph)
    drawn = brush.render()
    if drawn is None:
        return
    rows = np.frombuffer(drawn.buffer, np.uint8).reshape(side, -1, 4)[::-1, :side]
    light = rows[:, :, 3:].astype(np.float32) / 255.0  # the rasterizer premultiplies
    plain = np.where(light > 0, rows[:, :, 2::-1] / np.maximum(light, 1e-3), 0).clip(0, 255)
    made = np.dstack([plain.astype(np.uint8), rows[:, :, 3]])
    _compose(image, Image.fromarray(made), (left - side // 4, top - side + side // 4))


def _compose(image: Image.Image, made: Image.Image, at: tuple[int, int]) -> None:
    """Lay a picture over another, cut at its edges."""
    left, top = max(0, -at[0]), max(0, -at[1])
    right = min(made.width, image.width - at[0])
    bottom = min(made.height, image.height - at[1])
    if right > left and bottom > top:
        part = made.crop((left, top, right, bottom))
        image.alpha_composite(part, (at[0] + left, at[1] + top))
