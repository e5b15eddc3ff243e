"""Convert OpenXR's axes and angles (x right, y up, -z forward) to ours and back."""

from __future__ import annotations

from math import isfinite, radians, tan

import msgspec

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.wire.frame import Projection

NEAR, FAR = 0.05, 300.0
WIDEST = radians(85.0)
"""The largest angle from the axis, radians; the tangent grows without limit towards 90."""
NARROWEST = radians(1.0)
REACH = 1e4
"""Metres from the origin beyond which a pose of the runtime is treated as an error."""

Numbers = tuple[float, ...]


class Fov(msgspec.Struct, frozen=True):
    """What one eye sees: angles in radians from its axis, right and up positive."""

    left: float
    right: float
    up: float
    down: float


USUAL = Fov(-radians(45.0), radians(45.0), radians(45.0), -radians(45.0))


def from_xr(position: Numbers, orientation: Numbers) -> Pose | None:
    """Our pose of a position (x, y, z) and a quaternion (x, y, z, w); None if they are invalid."""
    if not all(map(isfinite, (*position, *orientation))):
        return None
    if max(map(abs, position)) > REACH:
        return None
    x, y, z = position
    qx, qy, qz, qw = orientation
    length = (qx * qx + qy * qy + qz * qz + qw * qw) ** 0.5
    if not 0.5 < length < 2.0:
        return None
    n = 1.0 / length
    return Pose(Vec3(x, -z, y), Quat(qw * n, qx * n, -qz * n, qy * n))


def to_xr(pose: Pose) -> tuple[Numbers, Numbers]:
    """Position (x, y, z) and quaternion (x, y, z, w) of our pose, in OpenXR's axes."""
    at, turn = pose.position, pose.rotation
    return (at.x, at.z, -at.y), (turn.x, turn.z, -turn.y, turn.w)


def bounded(fov: Fov) -> tuple[Fov, bool]:
    """The field of view, limited to what can be drawn; and whether it was unchanged."""
    angles = (fov.left, fov.right, fov.up, fov.down)
    if not all(map(isfinite, angles)):
        return USUAL, False
    left, right, up, down = (max(-WIDEST, min(WIDEST, angle)) for angle in angles)
    if right - left < NARROWEST or up - down < NARROWEST:
        return USUAL, False
    found = Fov(left, right, up, down)
    return found, found == fov


def projection(fov: Fov) -> Projection:
    """The projection of a field of view that is `bounded`."""
    return Projection(tan(fov.left), tan(fov.right), tan(fov.down), tan(fov.up), NEAR, FAR)
