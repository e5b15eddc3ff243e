"""The pieces of an LED wall: rectangles and triangles, each with its place on the canvas.

A piece is flat, and positions on the canvas are linear in positions on it. `corners` are in metres
and counter-clockwise for the audience, so the normal points to the audience; `places` are the same
corners on the processor canvas, in pixels from its upper left.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin

import msgspec

from xrdrama.spatial import Pose, Vec3

Place2 = tuple[float, float]
"""A position on the canvas: pixels to the right and down."""


class Facet(msgspec.Struct, frozen=True):
    """A flat rectangle of LEDs: three corners as the audience sees them (metres), and its canvas
    area.

    `canvas` is left, top, width, height in pixels of the processor canvas, y down. On the canvas
    the picture is mirrored (left and right exchanged), then turned clockwise by 0, 90, 180 or 270
    degrees.
    """

    lower_left: Vec3
    lower_right: Vec3
    upper_left: Vec3
    canvas: tuple[float, float, float, float]
    turned: int = 0
    mirrored: bool = False

    @property
    def upper_right(self) -> Vec3:
        """The fourth corner."""
        return self.lower_right + (self.upper_left - self.lower_left)

    @property
    def corners(self) -> tuple[Vec3, Vec3, Vec3, Vec3]:
        """Lower left, lower right, upper right, upper left."""
        return self.lower_left, self.lower_right, self.upper_right, self.upper_left

    @property
    def places(self) -> tuple[Place2, ...]:
        """The corners on the canvas, in the order of `corners`."""
        left, top, width, height = self.canvas
        right, bottom = left + width, top + height
        around = ((left, bottom), (right, bottom), (right, top), (left, top))
        order = (1, 0, 3, 2) if self.mirrored else (0, 1, 2, 3)
        return tuple(around[(i - self.turned // 90) % 4] for i in order)

    @property
    def centre(self) -> Vec3:
        """The middle."""
        return (self.lower_right + self.upper_left) * 0.5

    @property
    def normal(self) -> Vec3:
        """The unit vector that points from the wall to the audience."""
        right = self.lower_right - self.lower_left
        return right.cross(self.upper_left - self.lower_left).unit()

    @property
    def area(self) -> float:
        """Square metres."""
        width, height = self.lower_right - self.lower_left, self.upper_left - self.lower_left
        return width.length() * height.length()

    @property
    def canvas_area(self) -> float:
        """Square pixels."""
        return self.canvas[2] * self.canvas[3]

    def sees(self, eye: Vec3) -> bool:
        """True when `eye` is in front of the facet."""
        return (eye - self.lower_left).dot(self.normal) > 1e-6

    def moved(self, by: Pose) -> Facet:
        """The facet moved in the stage."""
        a, b, c = (by.apply(p) for p in (self.lower_left, self.lower_right, self.upper_left))
        return Facet(a, b, c, self.canvas, self.turned, self.mirrored)

    def placed(self, left: float, top: float, scale: float) -> Facet:
        """The facet on a canvas whose origin is at `left`, `top` and that is `scale` times
        finer."""
        x, y, width, height = self.canvas
        canvas = ((x - left) * scale, (y - top) * scale, width * scale, height * scale)
        return msgspec.structs.replace(self, canvas=canvas)


class Triangle(msgspec.Struct, frozen=True):
    """A triangle of LEDs: corners in metres, counter-clockwise for the audience, and their places
    on the canvas."""

    corners: tuple[Vec3, Vec3, Vec3]
    places: tuple[Place2, ...]

    @property
    def canvas(self) -> tuple[float, float, float, float]:
        """Left, top, width and height of its box on the canvas."""
        xs, ys = zip(*self.places, strict=True)
        return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)

    @property
    def centre(self) -> Vec3:
        """The mean of the corners."""
        a, b, c = self.corners
        return (a + b + c) * (1.0 / 3.0)

    @property
    def _across(self) -> Vec3:
        a, b, c = self.corners
        return (b - a).cross(c - a)

    @property
    def normal(self) -> Vec3:
        """The unit vector that points from the wall to the audience."""
        return self._across.unit()

    @property
    def area(self) -> float:
        """Square metres."""
        return self._across.length() / 2

    @property
    def canvas_area(self) -> float:
        """Square pixels."""
        return abs(self.winding) / 2

    @property
    def winding(self) -> float:
        """Twice the area on the canvas; negative where the picture is mirrored."""
        (ax, ay), (bx, by), (cx, cy) = self.places
        return -((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))

    def sees(self, eye: Vec3) -> bool:
        """True when `eye` is in front of the triangle."""
        return (eye - self.corners[0]).dot(self.normal) > 1e-6

    def moved(self, by: Pose) -> Triangle:
        """The triangle moved in the stage."""
        a, b, c = (by.apply(corner) for corner in self.corners)
        return Triangle((a, b, c), self.places)

    def placed(self, left: float, top: float, scale: float) -> Triangle:
        """The triangle on a canvas whose origin is at `left`, `top` and that is `scale` times
        finer."""
        places = tuple(((x - left) * scale, (y - top) * scale) for x, y in self.places)
        return msgspec.structs.replace(self, places=places)


Piece = Facet | Triangle


def flat_facets(
    pose: Pose,
    width: float,
    height: float,
    *,
    at: tuple[int, int],
    pixels: tuple[int, int],
    turned: int = 0,
    mirrored: bool = False,
) -> tuple[Facet, ...]:
    """One rectangle, centred on `pose`, that faces the pose's -Y (the audience); metres."""
    x, z = width / 2, height / 2
    across, down = pixels[::-1] if turned % 180 else pixels
    return (
        Facet(
            pose.apply(Vec3(-x, 0.0, -z)),
            pose.apply(Vec3(x, 0.0, -z)),
            pose.apply(Vec3(-x, 0.0, z)),
            (float(at[0]), float(at[1]), float(across), float(down)),
            turned,
            mirrored,
        ),
    )


def arc_facets(
    pose: Pose,
    *,
    radius: float,
    angle: float,
    height: float,
    segments: int,
    at: tuple[int, int],
    pixels: tuple[int, int],
    turned: int = 0,
    mirrored: bool = False,
) -> tuple[Facet, ...]:
    """Cabinet columns along an arc around `pose`; the middle of the arc is along the pose's +Y.

    `pose` is the lowest point of the axis, which is the pose's +Z; `angle` is the whole arc in
    degrees. The corners of the columns are on the circle, so each column is a chord.
    """
    columns = []
    for index in range(segments):
        # From the audience's left (positive pan) to its right.
        turns = [radians(angle) * (0.5 - (index + side) / segments) for side in (0, 1)]
        left, right = (Vec3(-sin(t) * radius, cos(t) * radius, 0.0) for t in turns)
        lower_left = pose.apply(left)
        columns.append(
            Facet(
                lower_left,
                pose.apply(right),
                lower_left + pose.rotation.rotate(Vec3(0.0, 0.0, height)),
                _column(index, segments, at, pixels, turned, mirrored),
                turned,
                mirrored,
            )
        )
    return tuple(columns)


def _column(
    index: int,
    segments: int,
    at: tuple[int, int],
    pixels: tuple[int, int],
    turned: int,
    mirrored: bool,
) -> tuple[float, float, float, float]:
    """The area of a column on the canvas; `index` counts from the audience's left."""
    # A column further right is further right, down, left or up on the canvas.
    backwards = (turned in (180, 270)) != mirrored
    step = segments - 1 - index if backwards else index
    first, each = pixels[0] * step / segments, pixels[0] / segments
    if turned % 180:
        return float(at[0]), at[1] + first, float(pixels[1]), each
    return at[0] + first, float(at[1]), each, float(pixels[1])


def on_canvas(
    at: tuple[int, int], pixels: tuple[int, int], turned: int = 0, mirrored: bool = False
) -> Callable[[float, float], Place2]:
    """The function from a position on a wall (u to the right, v up, both 0 to 1 over the wall) to
    its place on the canvas."""
    (facet,) = flat_facets(Pose(), 1.0, 1.0, at=at, pixels=pixels, turned=turned, mirrored=mirrored)
    (x0, y0), (x1, y1), _, (x2, y2) = facet.places
    return lambda u, v: (x0 + (x1 - x0) * u + (x2 - x0) * v, y0 + (y1 - y0) * u + (y2 - y0) * v)
