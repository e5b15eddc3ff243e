"""Signs on plates: keys, hands, and the plates themselves (Pillow)."""

from __future__ import annotations

from functools import cache, lru_cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from xrdrama.adapters.panda.lettering.text.ink import Colour, draw
from xrdrama.adapters.panda.lettering.text.shaping import paragraph, shaped

SMALLEST = 6
"""Smallest size of letters, pixels, whatever the size of the window."""
SMOOTH = 4
"""Shapes are drawn this many times larger and scaled down, since Pillow does not antialias."""
PLATE = 240
"""How much a plate hides of 255. Pictures are blended in linear light, where a plate looks far
weaker than its alpha: this one leaves 7:1 for the letters over whatever is bright behind it."""
MIDDLE = 0.40
"""From the base line up to the middle of a line, in em."""
BAR = 5
"""Height of the bar of an option's votes, pixels."""
_INK = (10, 12, 20)


@cache
def keycap(label: str, size: int, colour: Colour) -> Image.Image:
    """A key of a keyboard, `size` pixels high and as wide as its label needs."""
    line = shaped(paragraph(label, bold=True))
    letters = max(SMALLEST, round(size * 0.56))
    width = max(size, round(line.width * letters + size * 0.6))
    n = SMOOTH
    image = Image.new("RGBA", (width * n, size * n), (*colour, 0))
    edge = max(1, round(size * n * 0.07))
    box = (0, 0, width * n - 1, size * n - 1)
    ImageDraw.Draw(image).rounded_rectangle(box, size * n // 5, (*colour, 0), (*colour, 200), edge)
    image = image.resize((width, size), Image.Resampling.LANCZOS)
    left = (width - line.width * letters) / 2
    draw(image, line, (left, size * 0.49 + MIDDLE * letters * 0.9), letters, colour)
    return image


def plate(width: int, height: int, radius: int, *, edge: Colour | None = None) -> Image.Image:
    """A soft dark plate behind text, with corners of `radius` pixels."""
    corner = radius + 2
    least = 2 * corner + 1
    if width < least or height < least:
        return _plate(width, height, radius, edge, PLATE)
    # Between its corners a plate is the same all along: only those are drawn.
    small = np.asarray(_plate(least, least, radius, edge, PLATE))
    return Image.fromarray(small[_stretched(height, corner)][:, _stretched(width, corner)])


def _stretched(length: int, corner: int) -> NDArray[np.int64]:
    """From where in a small plate each row or column of a larger one is taken."""
    return np.clip(np.arange(length), 0, corner) + np.clip(
        np.arange(length) - (length - corner - 1), 0, corner
    )


@lru_cache(maxsize=64)
def stark_plate(width: int, height: int, radius: int, *, inverse: bool) -> Image.Image:
    """A plate that hides all behind it: black with a white edge, or white with a black one."""
    n = SMOOTH
    ground, line = ((255, 255, 255), (0, 0, 0)) if inverse else ((0, 0, 0), (255, 255, 255))
    image = Image.new("RGBA", (width * n, height * n), (*line, 0))
    edge = max(2, radius // 4)
    box = (0, 0, width * n - 1, height * n - 1)
    # The other colour is around the edge, too: one of the two stands out from any set.
    ImageDraw.Draw(image).rounded_rectangle(box, radius * n, (*line, 255), (*ground, 255), n)
    inner = (edge * n, edge * n, (width - edge) * n - 1, (height - edge) * n - 1)
    if width > 2 * edge and height > 2 * edge:
        ImageDraw.Draw(image).rounded_rectangle(inner, radius * n, (*ground, 255))
    return image.resize((width, height), Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def _plate(width: int, height: int, radius: int, edge: Colour | None, hides: int) -> Image.Image:
    n = SMOOTH
    image = Image.new("RGBA", (width * n, height * n), (*_INK, 0))
    pen = ImageDraw.Draw(image)
    outline = (*edge, 255) if edge else None
    box = (0, 0, width * n - 1, height * n - 1)
    pen.rounded_rectangle(box, radius * n, (*_INK, hides), outline, max(1, radius * n // 4))
    return image.resize((width, height), Image.Resampling.LANCZOS)


def vote_bar(width: int, share: float, colour: Colour) -> Image.Image:
    """A bar, `width` pixels long, that is filled to a share of the votes."""
    image = Image.new("RGBA", (max(1, width), BAR), (*colour, 70))
    filled = round(max(1, width) * min(1.0, max(0.0, share)))
    if filled:
        image.paste((*colour, 255), (0, 0, filled, BAR))
    return image


# A hand as seen by the person who holds it up: which fingers are straight (thumb first).
_FINGERS = {
    "open_palm": (1, 1, 1, 1, 1),
    "fist": (0, 0, 0, 0, 0),
    "point": (0, 1, 0, 0, 0),
    "victory": (0, 1, 1, 0, 0),
}


@cache
def hand_picture(pose: str, size: int, colour: Colour) -> Image.Image:
    """The hand of a pose in a few round strokes, `size` pixels square."""
    side = size * SMOOTH
    image = Image.new("RGBA", (side, side), (*colour, 0))
    pen = ImageDraw.Draw(image)
    thumb, *fingers = _FINGERS.get(pose, (0, 0, 0, 0, 0))
    stroke = _Stroke(pen, side, colour)
    pen.rounded_rectangle((0.30 * side, 0.50 * side, 0.74 * side, 0.92 * side), side * 0.13, colour)
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

    def __init__(self, draw: ImageDraw.ImageDraw, side: float, colour: Colour) -> None:
        self.draw, self.side, self.colour = draw, side, colour

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        shade: Colour | None = None,
    ) -> None:
        """One stroke."""
        colour = shade or self.colour
        r = self.side * 0.052
        ends = [(x * self.side, y * self.side) for x, y in (start, end)]
        self.draw.line([*ends[0], *ends[1]], colour, round(2 * r))
        for x, y in ends:
            self.draw.ellipse((x - r, y - r, x + r, y + r), colour)
