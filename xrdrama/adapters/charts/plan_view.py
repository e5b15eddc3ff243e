"""A stage from above or from the side, to scale: walls, cameras, frusta, footprints, stand-in.

What does not move is drawn once. Drawn at twice its size and reduced, so lines are smooth.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from xrdrama.adapters.charts.chart import BLUE, DIM, GREEN, LAMP, NIGHT, PAPER, RULE, Colour, ticks

Picture = NDArray[np.uint8]
Point = tuple[float, float, float]
TOP: Final = (0, 1)
SIDE: Final = (1, 2)
"""The two coordinates of the stage that a view shows: across and up in the picture."""
SEES: Final = (38, 46, 58)
"""The inside of a camera's frustum."""
_FINE = 2
_EDGE = 1.12
"""The view is larger than what it must contain by this factor."""


class Eye(NamedTuple):
    """A camera in a plan: its name, its position, and the corners of a section of its frustum."""

    name: str
    at: Point
    section: tuple[Point, ...]


class Marks(NamedTuple):
    """What moves in a plan. The footprint is where the inner frustum on the walls ends."""

    camera: Eye
    others: tuple[Eye, ...] = ()
    footprint: tuple[tuple[Point, ...], ...] = ()
    stand_in: tuple[Point, ...] = ()
    """The feet and the top of the head; nothing without one."""


class PlanView:
    """A plan of a stage in a picture of `size` pixels. `walls` are the corners of flat pieces,
    `within` are points that must be inside the picture."""

    def __init__(
        self,
        title: str,
        size: tuple[int, int],
        axes: tuple[int, int],
        walls: Sequence[Sequence[Point]],
        within: Sequence[Point],
    ) -> None:
        self.size, self._axes = size, axes
        self._walls = walls
        self._em = max(7, round(min(size) / 21))
        self._font = ImageFont.load_default(self._em * _FINE)
        points = [*within, *(corner for wall in walls for corner in wall)]
        spans = [(min(p[axis] for p in points), max(p[axis] for p in points)) for axis in axes]
        room = (size[0] * _FINE, (size[1] - 2 * self._em) * _FINE)
        wide, high = (max(0.5, high - low) * _EDGE for low, high in spans)
        self._scale = min(room[0] / wide, room[1] / high)
        (x0, x1), (y0, y1) = spans
        self._middle = (x0 + x1) / 2, (y0 + y1) / 2
        self._title = title
        self._base = self._grid()

    def _at(self, point: Point) -> tuple[float, float]:
        across, up = (point[axis] for axis in self._axes)
        width, height = (side * _FINE for side in self.size)
        x = width / 2 + (across - self._middle[0]) * self._scale
        y = (height + 1.5 * self._em * _FINE) / 2 - (up - self._middle[1]) * self._scale
        return x, y

    def _grid(self) -> Image.Image:
        """The grid with its metres."""
        width, height = (side * _FINE for side in self.size)
        image = Image.new("RGB", (width, height), NIGHT)
        pen = ImageDraw.Draw(image)
        small = ImageFont.load_default(max(6, self._em - 2) * _FINE)
        half = width / 2 / self._scale, height / 2 / self._scale
        for axis, middle, reach in zip((0, 1), self._middle, half, strict=True):
            for value in ticks(middle - reach, middle + reach):
                point = [0.0, 0.0, 0.0]
                point[self._axes[axis]] = value
                x, y = self._at((point[0], point[1], point[2]))
                if axis == 0:
                    pen.line([(x, 0), (x, height)], RULE, 1)
                    pen.text((x + 3, height - 3), f"{value:g}", DIM, font=small, anchor="ls")
                else:
                    pen.line([(0, y), (width, y)], RULE, 1)
                    pen.text((3, y - 3), f"{value:g}", DIM, font=small, anchor="ls")
        return image

    def picture(self, marks: Marks) -> Picture:
        """The plan with what moves."""
        image = self._base.copy()
        pen = ImageDraw.Draw(image)
        for eye in marks.others:
            self._frustum(pen, eye, None, DIM)
        self._frustum(pen, marks.camera, SEES, BLUE)
        for wall in self._walls:
            pen.line([self._at(p) for p in (*wall, wall[0])], PAPER, _FINE)
        for line in marks.footprint:
            pen.line([self._at(p) for p in line], LAMP, 3 * _FINE, joint="curve")
        if marks.stand_in:
            self._stand_in(pen, marks.stand_in)
        for eye in (*marks.others, marks.camera):
            colour = BLUE if eye is marks.camera else DIM
            self._dot(pen, self._at(eye.at), colour)
            x, y = self._at(eye.at)
            place = (x + 6 * _FINE, y + 2 * _FINE)
            pen.text(place, eye.name, colour, font=self._font)
        height = round(1.5 * self._em * _FINE)
        pen.rectangle([0, 0, image.width, height], NIGHT)
        where = (round(0.5 * self._em * _FINE), round(0.2 * self._em * _FINE))
        pen.text(where, self._title, PAPER, font=self._font)
        return np.asarray(image.reduce(_FINE), np.uint8)

    def _frustum(
        self, pen: ImageDraw.ImageDraw, eye: Eye, fill: Colour | None, edge: Colour
    ) -> None:
        """The outline of a frustum: the widest triangle or shape that its section makes."""
        apex = self._at(eye.at)
        outline = _hull([apex, *(self._at(p) for p in eye.section)])
        if fill is not None and len(outline) > 2:
            pen.polygon(outline, fill)
        for corner in eye.section:
            pen.line([apex, self._at(corner)], edge, _FINE)

    def _stand_in(self, pen: ImageDraw.ImageDraw, points: tuple[Point, ...]) -> None:
        for one, other in pairwise(points):
            pen.line([self._at(one), self._at(other)], GREEN, 3 * _FINE)
        self._dot(pen, self._at(points[-1]), GREEN)

    def _dot(self, pen: ImageDraw.ImageDraw, at: tuple[float, float], colour: Colour) -> None:
        size = 3 * _FINE
        pen.ellipse([at[0] - size, at[1] - size, at[0] + size, at[1] + size], colour)


def _hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex hull of some points, in order (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    chains = []
    for run in (ordered, ordered[::-1]):
        chain: list[tuple[float, float]] = []
        for p in run:
            while len(chain) > 1 and _turn(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        chains.append(chain[:-1])
    return chains[0] + chains[1]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
