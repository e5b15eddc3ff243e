"""A mesh through a grid of surveyed points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from xrdrama.errors import UsageError
from xrdrama.spatial import Vec3
from xrdrama.stage.facets import Triangle, on_canvas
from xrdrama.stage.model import Wall

UV = tuple[float, float]
_EDGE = 1e-6
_HINT = "measure every crossing of the grid's columns and rows, from edge to edge"


def meshed(
    wall: Wall, points: Mapping[UV, Vec3], labels: Mapping[UV, str],
    declared: Callable[[float, float], Vec3 | None],
) -> tuple[tuple[Triangle, ...], float]:  # fmt: skip
    """Two triangles for each cell of the grid that `points` (metres, by their place on the wall)
    are, and the largest distance in metres, at the middle of cells, to the shape `declared`.

    UsageError for points that are not a complete grid from edge to edge.
    """
    us, vs = (sorted({key[axis] for key in points}) for axis in (0, 1))
    if len(us) < 2 or len(vs) < 2 or us[0] > _EDGE or vs[0] > _EDGE \
            or us[-1] < 1 - _EDGE or vs[-1] < 1 - _EDGE:  # fmt: skip
        raise UsageError("survey_fit: mesh needs points on all four edges of the wall", _HINT)
    missing = [(u, v) for v in reversed(vs) for u in us if (u, v) not in points]
    if missing:
        u, v = missing[0]
        beside = next(labels[key] for key in points if key[1] == v)
        above = next(labels[key] for key in points if key[0] == u)
        raise UsageError(
            f"survey_fit: mesh needs a complete grid; {len(missing)} of {len(us) * len(vs)} points "
            f"are missing, the first in the row of {beside!r} and the column of {above!r}", _HINT,
        )  # fmt: skip
    placed = on_canvas(wall.at, wall.pixels, wall.turned, wall.mirrored)
    made, coarse = [], 0.0
    for bottom, top in pairwise(vs):
        for left, right in pairwise(us):
            around = ((left, bottom), (right, bottom), (right, top), (left, top))
            corners = [points[key] for key in around]
            places = [placed(*key) for key in around]
            made += [
                Triangle((corners[0], corners[i], corners[i + 1]),
                         (places[0], places[i], places[i + 1]))
                for i in (1, 2)
            ]  # fmt: skip
            shape = declared((left + right) / 2, (bottom + top) / 2)
            if shape is not None:
                coarse = max(coarse, ((corners[0] + corners[2]) * 0.5 - shape).length())
    return tuple(made), coarse
