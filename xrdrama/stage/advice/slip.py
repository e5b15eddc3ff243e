"""Slip: how far the picture on the wall is from where it should be, because it is late.

Two things slip. The edge of the inner frustum lags behind a pan: overscan hides that. What is drawn
lags behind a translation, unless it is at the wall's own distance: overscan does not help there.
A nodal pan leaves what is drawn in its place, because the eye that it was drawn for has not moved.
"""

from __future__ import annotations

from math import inf, isinf, tan

from xrdrama.spatial import Pose
from xrdrama.stage.advice.clipping import Point
from xrdrama.stage.advice.surfaces import Axes, Surface, hit
from xrdrama.stage.model import Camera


def focal_px(camera: Camera) -> float:
    """The focal length in pixels of the camera's recorded picture."""
    return camera.picture[0] * camera.lens.focal / camera.lens.sensor[0]


def pan_slip(focal: float, turned: float) -> float:
    """How far the middle of the inner frustum lags behind a pan of `turned` radians, in the units
    of `focal` (pixels of the camera's picture)."""
    return focal * tan(turned)


def move_slip(focal: float, moved: float, wall: float, virtual: float = inf) -> float:
    """How far what is drawn lags behind a sideways move of `moved` metres, in the units of `focal`.

    `(focal / wall) * moved * (1 - wall / virtual)`: the wall and the virtual object are that many
    metres in front of the camera. It is 0 for an object at the wall and largest for a far one.
    """
    return focal / wall * moved * (1.0 - (0.0 if isinf(virtual) else wall / virtual))


def wall_slip(moved: float, wall: float, pitch: float, virtual: float = inf) -> float:
    """The same in pixels of a wall straight ahead; `pitch` is metres from LED to LED."""
    return moved / pitch * (1.0 - (0.0 if isinf(virtual) else wall / virtual))


def staging(focal: float, moved: float, wall: float, pixels: float) -> tuple[float, float]:
    """The nearest and farthest distance, metres, at which an object slips by at most `pixels`."""
    whole = move_slip(focal, moved, wall)
    if whole <= pixels:
        return 0.0 if whole == 0 else wall / (1.0 + pixels / whole), inf
    return wall / (1.0 + pixels / whole), wall / (1.0 - pixels / whole)


def content_slip(
    surfaces: tuple[Surface, ...], camera: Camera, shown: Pose, seen: Pose, virtual: float = inf
) -> tuple[float, float] | None:
    """How far the object in the middle of the frame is from its place: right and up, in pixels of
    the camera's picture; exact, for walls of any shape.

    `shown` is the pose of the entrance pupil that the picture on the wall was drawn for, `seen` the
    one it is seen from; the object is `virtual` metres away. None if no wall shows it.
    """
    axes = Axes.of(seen)
    left, right, bottom, top = camera.lens.edges
    middle = ((left + right) / 2, (bottom + top) / 2)
    ray = axes.ray(*middle)
    if isinf(virtual):
        towards: Point = ray
    else:
        eye, old = axes.eye, shown.position
        towards = (
            eye[0] + ray[0] * virtual - old.x,
            eye[1] + ray[1] * virtual - old.y,
            eye[2] + ray[2] * virtual - old.z,
        )
    origin = (shown.position.x, shown.position.y, shown.position.z)
    met = hit(surfaces, origin, towards)
    if met is None:
        return None
    way, _ = met
    lit = (
        origin[0] + towards[0] * way, origin[1] + towards[1] * way, origin[2] + towards[2] * way
    )  # fmt: skip
    x, y, z = axes.inside(lit)
    if y <= 0.0:
        return None
    focal = focal_px(camera)
    return (x / y - middle[0]) * focal, (z / y - middle[1]) * focal
