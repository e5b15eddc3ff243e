"""Where a surveyed point is on the declared wall."""

from __future__ import annotations

from xrdrama.errors import AuthoringError, Problem
from xrdrama.spatial import Vec3
from xrdrama.stage.facets import Facet, Piece, Place2, on_canvas
from xrdrama.stage.model import Wall
from xrdrama.stage.surveys.model import Form, Measured
from xrdrama.stage.surveys.reading import CORNERS
from xrdrama.stage.written import RawPanel

_NEAR_PX = 0.5
"""A point may be this far outside the wall's facets on the canvas: rounding."""


class Positions:
    """The declared positions of a wall's points.

    AuthoringError, at the line of `file`, for points that are not on the wall, and for panel
    corners of a wall without `panel:`.
    """

    def __init__(self, wall: Wall, panel: RawPanel | None, form: Form, file: str) -> None:
        self._wall, self._form, self._file = wall, form, file
        self._pieces = [(piece, piece.canvas) for piece in wall.facets]
        self._to_canvas = on_canvas(wall.at, wall.pixels, wall.turned, wall.mirrored)
        self._cell = (1, 1)
        if form == "grid":
            if panel is None:
                raise self._fault(
                    1, f"wall {wall.id!r} has no panel:, which column and row count",
                    "add panel: {size: [0.5, 0.5], pixels: [192, 192]}, or use the columns across "
                    "and down (pixels)",
                )  # fmt: skip
            self._cell = panel.pixels

    def uv(self, point: Measured) -> tuple[float, float]:
        """The position on the wall: to the right and up, both 0 to 1 over its pixels."""
        if isinstance(point.key, str):
            return CORNERS[point.key]
        shares = []
        for number, each, whole, name in zip(
            point.key, self._cell, self._wall.pixels,
            ("column", "row") if self._form == "grid" else ("across", "down"), strict=True,
        ):  # fmt: skip
            if number * each > whole * (1 + 1e-9):
                raise self._fault(
                    point.line, f"{name} {number:g} is outside wall {self._wall.id!r}",
                    f"expected 0 to {whole / each:g}",
                )  # fmt: skip
            shares.append(min(1.0, number * each / whole))
        return shares[0], 1.0 - shares[1]

    def at(self, u: float, v: float) -> Vec3 | None:
        """The declared position in the stage, metres; None where the wall has no LEDs."""
        place = self._to_canvas(u, v)
        off, piece = min(
            ((_outside(piece, box, place), piece) for piece, box in self._pieces),
            key=lambda one: one[0],
        )
        return _on(piece, place) if off <= _NEAR_PX else None

    def declared(self, point: Measured) -> Vec3:
        """The declared position of a point, metres."""
        found = self.at(*self.uv(point))
        if found is None:
            raise self._fault(
                point.line, f"{point.label} is where wall {self._wall.id!r} has no LEDs",
                "check the point, and the UV of the wall's file",
            )  # fmt: skip
        return found

    def _fault(self, line: int, message: str, hint: str) -> AuthoringError:
        return AuthoringError([Problem(self._file, line, 1, "W061", "error", message, hint)])


def _outside(piece: Piece, box: tuple[float, float, float, float], place: Place2) -> float:
    """How far a place is outside a piece on the canvas, pixels; 0 inside."""
    left, top, width, height = box
    off = max(left - place[0], place[0] - left - width, top - place[1], place[1] - top - height)
    if off > _NEAR_PX or isinstance(piece, Facet):
        return max(0.0, off)
    s, t = _shares(piece, place)
    return max(0.0, -s, -t, s + t - 1.0) * max(width, height)


def _shares(piece: Piece, place: Place2) -> tuple[float, float]:
    """Shares of the first two edges from the first corner to a place on the canvas."""
    (ax, ay), (bx, by), (cx, cy) = piece.places[:3]
    area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if not area:
        return 2.0, 2.0
    x, y = place[0] - ax, place[1] - ay
    return (x * (cy - ay) - y * (cx - ax)) / area, (y * (bx - ax) - x * (by - ay)) / area


def _on(piece: Piece, place: Place2) -> Vec3:
    """The position in the stage of a place on the canvas, in the plane of a piece."""
    a, b, c = piece.corners[:3]
    s, t = _shares(piece, place)
    return a + (b - a) * s + (c - a) * t
