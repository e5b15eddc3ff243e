"""A chart: axes, lines, bands, levels, cells and outlines in the coordinates of what it shows.

    chart = Chart("Coverage", "seconds", "share of the frame", x=(0, 45), y=(0, 1))
    chart.line(points, LAMP)
    data = chart.png()

Drawn at twice its size and reduced, so lines are smooth. The colours are those of the report.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from math import floor, log10

from PIL import Image, ImageDraw, ImageFont

Colour = tuple[int, int, int]
At = tuple[float, float]
NIGHT, PLATE, RULE = (14, 16, 24), (23, 26, 38), (52, 58, 80)
PAPER, DIM = (243, 234, 217), (166, 172, 192)
LAMP, RED, GREEN, BLUE = (255, 180, 107), (236, 98, 74), (143, 211, 160), (118, 169, 230)
_FINE = 2
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 46, 50
_TEXT = 15


class Chart:
    """A chart with a title and two axes. `x` and `y` are the ranges of the axes; with `square`,
    both have the same scale and the ranges are widened to fit."""

    def __init__(
        self,
        title: str,
        x_label: str,
        y_label: str,
        *,
        x: At,
        y: At,
        size: tuple[int, int] = (960, 340),
        square: bool = False,
    ) -> None:
        self.size = size
        self._image = Image.new("RGB", (size[0] * _FINE, size[1] * _FINE), PLATE)
        self._draw = ImageDraw.Draw(self._image)
        wide, high = size[0] - _LEFT - _RIGHT, size[1] - _TOP - _BOTTOM
        self._x, self._y = (_squared(x, y, wide / high)) if square else (x, y)
        self._text((_LEFT, 12), title, PAPER, _TEXT + 2)
        after = _LEFT + ImageFont.load_default(_TEXT + 2).getlength(title) + 14
        self._text((after, 15), y_label, DIM, _TEXT - 2)
        self._x_label = x_label
        self._keys: list[tuple[str, Colour]] = []

    def _at(self, x: float, y: float) -> At:
        (x0, x1), (y0, y1) = self._x, self._y
        wide = self.size[0] - _LEFT - _RIGHT
        high = self.size[1] - _TOP - _BOTTOM
        return (
            (_LEFT + (x - x0) / (x1 - x0) * wide) * _FINE,
            (self.size[1] - _BOTTOM - (y - y0) / (y1 - y0) * high) * _FINE,
        )

    def _text(self, at: At, text: str, colour: Colour, size: int, anchor: str = "la") -> None:
        font = ImageFont.load_default(size * _FINE)
        self._draw.text((at[0] * _FINE, at[1] * _FINE), text, colour, font=font, anchor=anchor)

    def grid(self) -> None:
        """Draw the rules of both axes with their numbers; what is drawn later is above them."""
        for value in ticks(*self._x):
            x, bottom = self._at(value, self._y[0])
            self._draw.line([(x, bottom), (x, self._at(value, self._y[1])[1])], RULE, _FINE)
            self._text((x / _FINE, bottom / _FINE + 6), f"{value:g}", DIM, _TEXT - 2, "ma")
        for value in ticks(*self._y):
            left, y = self._at(self._x[0], value)
            self._draw.line([(left, y), (self._at(self._x[1], value)[0], y)], RULE, _FINE)
            self._text((left / _FINE - 8, y / _FINE), f"{value:g}", DIM, _TEXT - 2, "rm")

    def line(self, points: Sequence[At], colour: Colour, key: str = "", width: float = 2.0) -> None:
        """A line through points; `key` names it in the legend."""
        if len(points) > 1:
            flat = [self._at(x, y) for x, y in points]
            self._draw.line(flat, colour, round(width * _FINE), joint="curve")
        if key:
            self._keys.append((key, colour))

    def area(self, low: Sequence[At], high: Sequence[At], colour: Colour, key: str = "") -> None:
        """The area between two lines."""
        outline = [self._at(x, y) for x, y in (*low, *reversed(high))]
        if len(outline) > 2:
            self._draw.polygon(outline, colour)
        if key:
            self._keys.append((key, colour))

    def band(self, start: float, end: float, colour: Colour, text: str = "") -> None:
        """A band over the whole height, with a text in it."""
        left, top = self._at(start, self._y[1])
        right, bottom = self._at(end, self._y[0])
        self._draw.rectangle([left, top, max(right, left + _FINE), bottom], colour)
        if text:
            self._text((left / _FINE + 4, top / _FINE + 4), text, PAPER, _TEXT - 2)

    def level(self, value: float, colour: Colour, text: str, *, at_right: bool = True) -> None:
        """A dashed level over the whole width, with a text above it at one end."""
        left, y = self._at(self._x[0], value)
        right, _ = self._at(self._x[1], value)
        step = 10 * _FINE
        at = left
        while at < right:
            self._draw.line([(at, y), (min(right, at + step * 0.6), y)], colour, _FINE)
            at += step
        place, anchor = (right / _FINE - 4, "rs") if at_right else (left / _FINE + 4, "ls")
        self._text((place, y / _FINE - 4), text, colour, _TEXT - 2, anchor)

    def cells(
        self, across: Sequence[float], down: Sequence[float], colours: Sequence[Sequence[Colour]]
    ) -> None:
        """A map of colours: `colours[row][column]` around `down[row]` and `across[column]`."""
        columns, rows = _borders(across), _borders(down)
        for row, line in enumerate(colours):
            for column, colour in enumerate(line):
                left, bottom = self._at(columns[column], rows[row])
                right, top = self._at(columns[column + 1], rows[row + 1])
                self._draw.rectangle([left, top, right, bottom], colour)

    def outline(self, points: Sequence[At], colour: Colour, *, fill: Colour | None = None) -> None:
        """A closed outline."""
        flat = [self._at(x, y) for x, y in points]
        if fill is not None:
            self._draw.polygon(flat, fill)
        self._draw.line([*flat, flat[0]], colour, _FINE)

    def dot(self, at: At, colour: Colour, text: str = "") -> None:
        """A point with a text beside it."""
        x, y = self._at(*at)
        size = 4 * _FINE
        self._draw.ellipse([x - size, y - size, x + size, y + size], colour)
        if text:
            self._text((x / _FINE + 8, y / _FINE - 8), text, PAPER, _TEXT - 2)

    def key(self, text: str, colour: Colour) -> None:
        """An entry of the legend."""
        self._keys.append((text, colour))

    def png(self) -> bytes:
        """The finished picture."""
        middle = (_LEFT + self.size[0] - _RIGHT) / 2
        self._text((middle, self.size[1] - 10), self._x_label, DIM, _TEXT - 2, "ms")
        right: float = self.size[0] - _RIGHT
        for text, colour in reversed(self._keys):
            font = ImageFont.load_default(_TEXT - 1)
            right -= font.getlength(text)
            self._text((right, 14), text, PAPER, _TEXT - 1)
            right -= 18
            box = [right * _FINE, 16 * _FINE, (right + 12) * _FINE, 28 * _FINE]
            self._draw.rectangle(box, colour)
            right -= 16
        data = io.BytesIO()
        small = self._image.resize(self.size, Image.Resampling.LANCZOS)
        small.quantize(192).save(data, "PNG", optimize=True)
        return data.getvalue()


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from `low` to `high`, about six."""
    raw = (high - low) / 6
    ten = 10.0 ** floor(log10(raw))
    step = next(ten * m for m in (1, 2, 5, 10) if ten * m >= raw)
    first = -floor(-low / step + 1e-9)
    return [round(n * step, 9) for n in range(first, floor(high / step + 1e-9) + 1)]


def shade(share: float) -> Colour:
    """A colour from green (0) over yellow to red (1), also darker towards green: the order can be
    seen without colours."""
    stops = ((0.0, (30, 66, 60)), (0.5, (214, 164, 74)), (1.0, (248, 96, 66)))
    for (a, one), (b, other) in pairwise(stops):
        if share <= b:
            mix = (share - a) / (b - a)
            red, green, blue = (round(p + (q - p) * mix) for p, q in zip(one, other, strict=True))
            return red, green, blue
    return stops[-1][1]


def _borders(values: Sequence[float]) -> list[float]:
    middles = [(a + b) / 2 for a, b in pairwise(values)]
    if not middles:
        return [values[0] - 0.5, values[0] + 0.5]
    return [2 * values[0] - middles[0], *middles, 2 * values[-1] - middles[-1]]


def _squared(x: At, y: At, aspect: float) -> tuple[At, At]:
    wide, high = x[1] - x[0], y[1] - y[0]
    if wide / high < aspect:
        more = (high * aspect - wide) / 2
        return (x[0] - more, x[1] + more), y
    more = (wide / aspect - high) / 2
    return x, (y[0] - more, y[1] + more)
