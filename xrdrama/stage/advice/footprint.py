"""Where the edge of a frustum meets the walls: the footprint of an inner frustum on the LEDs."""

from __future__ import annotations

from itertools import pairwise

from xrdrama.spatial import Pose
from xrdrama.stage.advice.clipping import Edges, Point
from xrdrama.stage.advice.surfaces import Axes
from xrdrama.stage.advice.tree import Walls

RAYS = 64
"""Rays around the edge."""


def footprint(walls: Walls, pose: Pose, edges: Edges) -> tuple[tuple[Point, ...], ...]:
    """Lines on the walls, in metres of the stage, along which a frustum with these edges
    (tangents) ends. Where its edge is beside the walls, there is no line."""
    lines: list[tuple[Point, ...]] = []
    line: list[Point] = []
    for point in _around(walls, pose, edges):
        if point is None:
            if len(line) > 1:
                lines.append(tuple(line))
            line = []
        else:
            line.append(point)
    if len(line) > 1:
        lines.append(tuple(line))
    return tuple(lines)


def _around(walls: Walls, pose: Pose, edges: Edges) -> list[Point | None]:
    """The points at which rays along the edge meet a wall, anticlockwise from the lower left."""
    left, right, bottom, top = edges
    corners = ((left, bottom), (right, bottom), (right, top), (left, top), (left, bottom))
    steps = RAYS // 4
    axes = Axes.of(pose)
    found = []
    for (x0, y0), (x1, y1) in pairwise(corners):
        for step in range(steps):
            share = step / steps
            found.append(_met(walls, axes, x0 + (x1 - x0) * share, y0 + (y1 - y0) * share))
    return [*found, found[0]]


def _met(walls: Walls, axes: Axes, x: float, y: float) -> Point | None:
    ray = axes.ray(x, y)
    met = walls.hit(axes.eye, ray)
    return along(axes.eye, ray, met[0]) if met else None


def along(eye: Point, ray: Point, way: float) -> Point:
    """The point that is `way` lengths of a ray from the eye."""
    return eye[0] + ray[0] * way, eye[1] + ray[1] * way, eye[2] + ray[2] * way


def section(pose: Pose, edges: Edges, distance: float) -> tuple[Point, ...]:
    """The four corners of a frustum's cross section `distance` metres from its eye."""
    left, right, bottom, top = edges
    axes = Axes.of(pose)
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    return tuple(along(axes.eye, axes.ray(x, y), distance) for x, y in corners)
