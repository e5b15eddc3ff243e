"""A lens at one setting of zoom and focus: what it sees, and the overscan that this needs.

Sensor coordinates are millimetres from the centre of the sensor, x to the right, y down, as in
OpenLensIO. Tangents are relative to the optical axis, x to the right, y up, as in a frustum.
"""

from __future__ import annotations

from functools import lru_cache
from math import hypot, inf
from typing import Final, Literal

import msgspec

from xrdrama.stage.lenses.distortion import Distortion, Point, jacobian, radius_for

_ALONG: Final = 12
"""Points on each edge of the frame. Half a pixel of margin covers what is between them."""
_GRID: Final = 16
MARGIN: Final = 1.0005


class Optics(msgspec.Struct, frozen=True):
    """Focal length (mm), focus (m; infinite for infinity), entrance pupil (metres in front of the
    mount), projection offset (OpenLensIO's delta P, mm) and distortion."""

    focal_mm: float
    focus_m: float = inf
    entrance_pupil: float = 0.0
    projection_offset: Point = (0.0, 0.0)
    distortion: Distortion = Distortion()

    def shift(self, sensor: Point) -> Point:
        """The shift of a rectilinear lens (right, up, in sensor widths) for the projection
        offset."""
        px, py = self.projection_offset
        return -px / sensor[0], py / sensor[0]

    def undistorted(self, x: float, y: float, form: Form = "projection") -> Point:
        """The undistorted point of (x, y) of the sensor, mm (equations 4 and 10).

        OutsideDomain for a point outside the domain of the distortion.
        """
        px, py = self.projection_offset
        u, v = self.distortion.undistorted(x - px, y - py)
        return (u + px, v + py) if form == "projection" else (u, v)

    def distorted(self, x: float, y: float, form: Form = "projection") -> Point:
        """Where on the sensor an undistorted point is seen (equations 5 and 11): inverse of
        `undistorted`."""
        px, py = self.projection_offset
        if form == "projection":
            x, y = x - px, y - py
        u, v = self.distortion.distorted(x, y)
        return u + px, v + py

    def sensor_to_tangent(self, x: float, y: float) -> Point:
        """The tangents (right, up) of the ray that is seen at (x, y) mm of the sensor.

        OutsideDomain for a point outside the domain of the distortion.
        """
        px, py = self.projection_offset
        u, v = self.distortion.undistorted(x - px, y - py)
        return u / self.focal_mm, -v / self.focal_mm

    def tangent_to_sensor(self, right: float, up: float) -> Point:
        """Where on the sensor (mm) a ray with these tangents is seen: inverse of
        `sensor_to_tangent`."""
        px, py = self.projection_offset
        x, y = self.distortion.distorted(right * self.focal_mm, -up * self.focal_mm)
        return x + px, y + py


Form = Literal["projection", "field_of_view"]
"""OpenLensIO's two forms of undistorted coordinates: about the centre of the sensor, or about that
of the projection (delta P from it)."""


class Fold(msgspec.Struct, frozen=True):
    """A place of the frame where the distortion is not invertible: radius from the centre of
    distortion, that of the farthest corner (mm), and what happens there."""

    radius: float
    corner: float
    reason: str


def edge_points(sensor: Point, along: int = _ALONG) -> list[Point]:
    """Points on the edges of a sensor, its corners included."""
    w, h = sensor[0] / 2, sensor[1] / 2
    shares = [2.0 * i / along - 1.0 for i in range(along + 1)]
    return [(w * s, y) for s in shares for y in (-h, h)] + [
        (x, h * s) for s in shares[1:-1] for x in (-w, w)
    ]


@lru_cache(maxsize=64)
def seen(optics: Optics, sensor: Point) -> tuple[float, float, float, float]:
    """Tangents of the left, right, bottom and top edge of what the lens sees: the smallest
    rectilinear frame that contains the distorted one. OutsideDomain if the model folds in it.
    """
    if optics.distortion.is_none:
        corners = edge_points(sensor, 1)
        points = [optics.sensor_to_tangent(x, y) for x, y in corners]
        grow = 0.0
    else:
        points = [optics.sensor_to_tangent(x, y) for x, y in edge_points(sensor)]
        grow = (MARGIN - 1.0) / 2
    xs, ys = [x for x, _ in points], [y for _, y in points]
    across, up = (max(xs) - min(xs)) * grow, (max(ys) - min(ys)) * grow
    return min(xs) - across, max(xs) + across, min(ys) - up, max(ys) + up


def needed_overscan(optics: Optics, sensor: Point, form: Form = "projection") -> float:
    """How much larger than the camera's own frame a rectilinear picture must be to cover what the
    lens sees: OpenLensIO's ideal overscan (A.1); 1 if the frame itself covers it. The frame is
    about the centre of the sensor, or, in the field-of-view form, about that of the projection.

    OutsideDomain if the model folds in the frame.
    """
    left, right, bottom, top = seen(optics, sensor)
    px, py = optics.projection_offset if form == "projection" else (0.0, 0.0)
    f, w, h = optics.focal_mm, sensor[0] / 2, sensor[1] / 2
    needed = max((right * f + px) / w, -(left * f + px) / w,
                 (top * f - py) / h, -(bottom * f - py) / h)  # fmt: skip
    return max(1.0, needed)


def fold_in(optics: Optics, sensor: Point, overscan: float = 1.0) -> Fold | None:
    """Where the distortion folds, or its denominator is zero, inside the frame times `overscan`.

    None if it is invertible there. The radial part is examined exactly, the tangential part on a
    grid.
    """
    d = optics.distortion
    if d.is_none:
        return None
    (px, py), (cx, cy), limit = optics.projection_offset, d.centre, d.limit
    w, h = sensor[0] / 2 * overscan, sensor[1] / 2 * overscan
    corner = max(hypot(x - px - cx, y - py - cy) for x in (-w, w) for y in (-h, h))
    # A D-U function has the sensor as its plane. A U-D one has the rectilinear picture: the sensor
    # reaches to the image of the limit, and an overscanned picture to the limit itself.
    reach = limit.radius if d.model == "D-U" or overscan > 1.0 else limit.image
    if corner >= min(reach, limit.image if d.model == "U-D" else reach):
        return Fold(limit.radius, corner, limit.reason)
    return _grid_fold(optics, w, h, corner) if any(d.tangential) else None


def _grid_fold(optics: Optics, w: float, h: float, corner: float) -> Fold | None:
    """A fold of the tangential part, on a grid in the plane of the function."""
    d = optics.distortion
    (px, py), (cx, cy) = optics.projection_offset, d.centre
    grown = 1.0
    if d.model == "U-D":  # the frame is in the image of the function: its corner says how far
        grown = max(1.0, radius_for(d.radial, d.limit, corner) / corner)
    folds = []
    for i in range(_GRID + 1):
        for j in range(_GRID + 1):
            x = ((2.0 * i / _GRID - 1.0) * w - px - cx) * grown
            y = ((2.0 * j / _GRID - 1.0) * h - py - cy) * grown
            if hypot(x, y) < d.limit.radius:
                a, b, c = jacobian(d.radial, d.tangential, x, y)
                if a <= 0.0 or b <= 0.0 or a * b - c * c <= 0.0:
                    folds.append(hypot(x, y))
    return Fold(min(folds), corner, "the model folds") if folds else None
