"""The previsualisation's picture: what the lens sees, the live camera, both plans and numbers.

    board = Board((1280, 720), aspect=16 / 9, live=True)
    picture = board.compose(lens=..., top=..., side=..., rows=..., live=...)

The parts are pictures of RGB rows from the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from xrdrama.adapters.charts.chart import DIM, GREEN, LAMP, NIGHT, PAPER, PLATE, RED, Colour, shade

Picture = NDArray[np.uint8]
Risks = Sequence[Sequence[float | None]]
LEVELS: Final[dict[str, Colour]] = {"": PAPER, "good": GREEN, "some": LAMP, "bad": RED}
_HIDES = 0.45
"""The opacity of the map of moire where the risk is highest."""


class Box(NamedTuple):
    """A part of the picture: pixels from the upper left."""

    left: int
    top: int
    width: int
    height: int


class Row(NamedTuple):
    """A number: its name, its value with unit, and how good it is: "", good, some or bad."""

    name: str
    value: str
    level: str = ""


class Places(NamedTuple):
    """Where the parts are."""

    lens: Box
    numbers: Box
    live: Box | None
    top: Box
    side: Box


def places(size: tuple[int, int], aspect: float, *, live: bool) -> Places:
    """The parts of a picture of `size` pixels; `aspect` is that of the camera's picture."""
    width, height = size
    across = width * 2 // 3 // 2 * 2
    down = min(round(across / aspect), height * 3 // 4) // 2 * 2
    wide = min(across, round(down * aspect) // 2 * 2)
    lens = Box((across - wide) // 2, 0, wide, down)
    numbers = Box(0, down, across, height - down)
    rest = width - across
    count = 3 if live else 2
    tall = height // count
    boxes = [Box(across, tall * index, rest, tall) for index in range(count)]
    boxes[-1] = boxes[-1]._replace(height=height - tall * (count - 1))
    return Places(lens, numbers, boxes[0] if live else None, boxes[-2], boxes[-1])


class Board:
    """Puts the parts together."""

    def __init__(self, size: tuple[int, int], *, aspect: float, live: bool) -> None:
        self.size = size
        self.places = places(size, aspect, live=live)
        self._em = max(6, round(min(size[1] / 48, size[0] / 86)))
        self._fonts = {
            step: ImageFont.load_default(max(6, round(self._em * step))) for step in (0.8, 1.0)
        }

    def compose(
        self,
        *,
        title: str,
        lens: Picture,
        top: Picture,
        side: Picture,
        rows: Sequence[Row],
        lines: Sequence[tuple[str, str]],
        live: Picture | None = None,
        live_title: str = "",
        risks: Risks | None = None,
    ) -> Picture:
        """The whole picture. `rows` are numbers, each labelled "simulated"; `lines` are texts with
        a level; `risks` (rows from the top) is drawn over what the lens sees. Without a picture of
        the live camera, its part has only `live_title`."""
        image = Image.new("RGB", self.size, NIGHT)
        pen = ImageDraw.Draw(image)
        places = self.places
        self._put(image, lens, places.lens)
        if risks is not None:
            _tint(image, places.lens, risks)
        self._label(image, places.lens, title)
        if places.live is not None:
            if live is not None:
                self._put(image, live, places.live)
            self._label(image, places.live, live_title)
        self._put(image, top, places.top)
        self._put(image, side, places.side)
        self._numbers(pen, places.numbers, rows, lines)
        return np.asarray(image, np.uint8)

    def _put(self, image: Image.Image, picture: Picture, box: Box) -> None:
        """Put a picture into a part of the whole, as large as it can be."""
        part = Image.fromarray(picture)
        scale = min(box.width / part.width, box.height / part.height)
        size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
        if size != part.size:
            part = part.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        left, top = box.left + (box.width - size[0]) // 2, box.top + (box.height - size[1]) // 2
        image.paste(part, (left, top))

    def _label(self, image: Image.Image, box: Box, text: str) -> None:
        """Put a text on a dark plate into the upper left corner of a part."""
        font = self._fonts[1.0]
        pad = self._em // 2
        wide = min(box.width, round(font.getlength(text)) + 2 * pad)
        pen = ImageDraw.Draw(image)
        pen.rectangle([box.left, box.top, box.left + wide, box.top + round(1.6 * self._em)], PLATE)
        pen.text((box.left + pad, box.top + round(0.2 * self._em)), text, PAPER, font=font)

    def _numbers(
        self,
        pen: ImageDraw.ImageDraw,
        box: Box,
        rows: Sequence[Row],
        lines: Sequence[tuple[str, str]],
    ) -> None:
        pen.rectangle([box.left, box.top, box.left + box.width, box.top + box.height], PLATE)
        step = round(self._em * 1.55)
        half = (len(rows) + 1) // 2
        column = box.width // 2
        for index, row in enumerate(rows):
            x = box.left + self._em + (index // half) * column
            y = box.top + round(0.5 * self._em) + (index % half) * step
            pen.text((x, y), row.name, DIM, font=self._fonts[1.0])
            at = x + round(9.2 * self._em)
            pen.text((at, y), row.value, LEVELS[row.level], font=self._fonts[1.0])
            after = at + self._fonts[1.0].getlength(row.value) + self._em * 0.6
            down = y + round(0.2 * self._em)
            pen.text((after, down), "simulated", DIM, font=self._fonts[0.8])
        y = box.top + round(0.8 * self._em) + half * step
        for text, level in lines:
            for part in self._broken(text, box.width - 2 * self._em):
                if y + self._em > box.top + box.height:
                    return
                pen.text((box.left + self._em, y), part, LEVELS[level], font=self._fonts[0.8])
                y += round(1.25 * self._em)

    def _broken(self, text: str, width: int) -> list[str]:
        """A text in lines that are not wider than `width` pixels."""
        font, lines = self._fonts[0.8], [""]
        for word in text.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and font.getlength(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines


def _tint(image: Image.Image, box: Box, risks: Risks) -> None:
    """Draw the map of a risk over a part, in the colours of the charts; beside the walls it has no
    value, and nothing is drawn."""
    cells = np.zeros((len(risks), len(risks[0]), 4), np.uint8)
    for row, line in enumerate(risks):
        for column, risk in enumerate(line):
            if risk is not None:
                cells[row, column] = (*shade(risk), round(255 * _HIDES * (0.15 + 0.85 * risk)))
    size = (box.width, box.height)
    tint = Image.fromarray(cells).resize(size, Image.Resampling.BILINEAR)
    image.paste(tint.convert("RGB"), (box.left, box.top), tint.getchannel("A"))
