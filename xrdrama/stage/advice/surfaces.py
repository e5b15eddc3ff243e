"""The walls of a stage as convex polygons, and its cameras: the one place that reads the model.

Everything in this package works on `Surface`s, so a wall of another shape needs no change there.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, degrees, hypot

import msgspec

from xrdrama.spatial import FORWARD, RIGHT, UP, Pose, Vec3
from xrdrama.stage.advice.clipping import Point
from xrdrama.stage.model import Camera, Stage

UPRIGHT = 0.7
"""A surface whose normal rises or falls more than this (sine) is a ceiling or a floor."""


class Surface(msgspec.Struct, frozen=True):
    """A convex, flat piece of a wall: corners in the stage (metres), unit normal to the audience.

    `pitch` is metres from LED to LED. `foot` has the ends of an upright piece on the floor,
    straight below its lower corners; None for ceilings and floors. `plinth` is the height of its
    lowest corner if there is a plinth below it, metres; else 0.
    """

    wall: str
    corners: tuple[Point, ...]
    normal: Point
    pitch: float
    foot: tuple[Point, Point] | None
    plinth: float = 0.0

    @property
    def front(self) -> tuple[Point, ...]:
        """The corners of the plinth's front; () without one."""
        if self.foot is None or self.plinth <= 0.0:
            return ()
        (ax, ay, _), (bx, by, _), top = *self.foot, self.plinth
        return (ax, ay, 0.0), (bx, by, 0.0), (bx, by, top), (ax, ay, top)


def surfaces_of(stage: Stage) -> tuple[Surface, ...]:
    """All pieces of all walls, in the order of the stage file."""
    made: list[Surface] = []
    for wall in stage.walls:
        for facet in wall.facets:
            corners = tuple(_point(corner) for corner in facet.corners)
            foot = _foot(corners, facet.normal)
            plinth = max(0.0, min(z for _, _, z in corners)) if wall.plinth and foot else 0.0
            made.append(Surface(wall.id, corners, _point(facet.normal), wall.pitch, foot, plinth))
    return tuple(made)


def cameras_of(stage: Stage) -> dict[str, Camera]:
    """The cameras of a stage by id, in the order of the stage file."""
    return {camera.id: camera for camera in stage.cameras}


def _point(vector: Vec3) -> Point:
    return vector.x, vector.y, vector.z


def _foot(corners: tuple[Point, ...], normal: Vec3) -> tuple[Point, Point] | None:
    """The two ends of an upright piece on the floor."""
    if abs(normal.z) > UPRIGHT:
        return None
    along = (-normal.y, normal.x)
    placed = [(along[0] * x + along[1] * y, (x, y, z)) for x, y, z in corners]
    low, high = min(placed)[0], max(placed)[0]
    ends: list[Point] = []
    for end in (low, high):
        here = [point for at, point in placed if abs(at - end) <= 1e-6 * (1.0 + abs(end))]
        x, y, _ = min(here, key=lambda point: point[2])
        ends.append((x, y, 0.0))
    return ends[0], ends[1]


class Axes(msgspec.Struct, frozen=True):
    """A camera's eye and unit axes in the stage: a rotation matrix, for many points at once."""

    eye: Point
    right: Point
    forward: Point
    up: Point

    @classmethod
    def of(cls, pose: Pose) -> Axes:
        """The axes of a pose."""
        turn = pose.rotation
        return cls(
            _point(pose.position),
            _point(turn.rotate(RIGHT)),
            _point(turn.rotate(FORWARD)),
            _point(turn.rotate(UP)),
        )

    def inside(self, point: Point) -> Point:
        """A point of the stage in the axes of the camera."""
        x, y, z = point[0] - self.eye[0], point[1] - self.eye[1], point[2] - self.eye[2]
        r, f, u = self.right, self.forward, self.up
        return (
            r[0] * x + r[1] * y + r[2] * z,
            f[0] * x + f[1] * y + f[2] * z,
            u[0] * x + u[1] * y + u[2] * z,
        )

    def ray(self, x: float, y: float) -> Point:
        """The direction in the stage of a point of the frame (tangents), not of unit length."""
        r, f, u = self.right, self.forward, self.up
        return (
            r[0] * x + f[0] + u[0] * y,
            r[1] * x + f[1] + u[1] * y,
            r[2] * x + f[2] + u[2] * y,
        )

    def faces(self, surface: Surface) -> bool:
        """True when the eye is in front of a surface."""
        return height_over(surface, self.eye) > 1e-6


def height_over(surface: Surface, point: Point) -> float:
    """The distance of a point in front of the plane of a surface, metres."""
    n, c = surface.normal, surface.corners[0]
    return n[0] * (point[0] - c[0]) + n[1] * (point[1] - c[1]) + n[2] * (point[2] - c[2])


def grazing_of(surface: Surface, ray: Point) -> float:
    """The angle between a ray and the plane of a surface, degrees; 90 = straight on."""
    sine = abs(sum(n * r for n, r in zip(surface.normal, ray, strict=True))) / hypot(*ray)
    return degrees(asin(min(1.0, sine)))


def hit(surfaces: Iterable[Surface], eye: Point, ray: Point) -> tuple[float, Surface] | None:
    """The nearest surface that a ray meets from its front, and how many lengths of the ray away."""
    best: tuple[float, Surface] | None = None
    for surface in surfaces:
        n = surface.normal
        fall = -(n[0] * ray[0] + n[1] * ray[1] + n[2] * ray[2])
        if fall <= 1e-12:
            continue
        way = height_over(surface, eye) / fall
        if way <= 0.0 or (best is not None and way >= best[0]):
            continue
        point = (eye[0] + ray[0] * way, eye[1] + ray[1] * way, eye[2] + ray[2] * way)
        if contains(surface, point):
            best = (way, surface)
    return best


def contains(surface: Surface, point: Point) -> bool:
    """True for a point of the surface's plane that is within its corners (1 micrometre over)."""
    n = surface.normal
    last = surface.corners[-1]
    for corner in surface.corners:
        ex, ey, ez = corner[0] - last[0], corner[1] - last[1], corner[2] - last[2]
        px, py, pz = point[0] - last[0], point[1] - last[1], point[2] - last[2]
        side = n[0] * (ey * pz - ez * py) + n[1] * (ez * px - ex * pz) + n[2] * (ex * py - ey * px)
        if side < -1e-6 * (1e-9 + hypot(ex, ey, ez)):
            return False
        last = corner
    return True
