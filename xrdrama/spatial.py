"""Positions, rotations, poses. This module defines the axes; adapters convert at their boundary.

Right-handed, Z up, Y forward, X right, metres: the frame of OpenTrackIO and of Panda3D.
A camera with the identity rotation looks along +Y.

Rotations are intrinsic Z-X-Y = pan, tilt, roll (OpenTrackIO 1.0.1, "transforms"):
pan is positive to the left (about +Z), tilt positive up (about +X), roll positive
clockwise seen from behind (about +Y). FreeD's pan has the other sign; its codec converts.
"""

from __future__ import annotations

from math import asin, atan2, cos, degrees, hypot, isfinite, radians, sin, sqrt
from typing import Annotated

import msgspec

# The values that a message may have: finite, and no larger than any stage or set.
Coordinate = Annotated[float, msgspec.Meta(ge=-1e6, le=1e6)]
Component = Annotated[float, msgspec.Meta(ge=-1.1, le=1.1)]


class Vec3(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A position or direction in metres."""

    x: Coordinate = 0.0
    y: Coordinate = 0.0
    z: Coordinate = 0.0

    def __add__(self, other: Vec3) -> Vec3:
        return Vec3(self.x + other.x, self.y + other.y, self.z + other.z)

    def __sub__(self, other: Vec3) -> Vec3:
        return Vec3(self.x - other.x, self.y - other.y, self.z - other.z)

    def __mul__(self, factor: float) -> Vec3:
        return Vec3(self.x * factor, self.y * factor, self.z * factor)

    __rmul__ = __mul__

    def __neg__(self) -> Vec3:
        return Vec3(-self.x, -self.y, -self.z)

    def dot(self, other: Vec3) -> float:
        """The scalar product."""
        return self.x * other.x + self.y * other.y + self.z * other.z

    def cross(self, other: Vec3) -> Vec3:
        """The vector product."""
        return Vec3(
            self.y * other.z - self.z * other.y,
            self.z * other.x - self.x * other.z,
            self.x * other.y - self.y * other.x,
        )

    def length(self) -> float:
        """The Euclidean length."""
        return sqrt(self.x * self.x + self.y * self.y + self.z * self.z)

    def unit(self) -> Vec3:
        """The same direction with length 1. ZeroDivisionError for the zero vector."""
        return self * (1.0 / self.length())

    def lerp(self, other: Vec3, fraction: float) -> Vec3:
        """The point at `fraction` (0 to 1) of the line to `other`."""
        return self + (other - self) * fraction

    def is_finite(self) -> bool:
        """True when no component is NaN or infinite."""
        return isfinite(self.x) and isfinite(self.y) and isfinite(self.z)


ORIGIN = Vec3()
RIGHT = Vec3(1.0, 0.0, 0.0)
FORWARD = Vec3(0.0, 1.0, 0.0)
UP = Vec3(0.0, 0.0, 1.0)


class Quat(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A rotation as a unit quaternion, scalar first; `a * b` turns by b, then by a."""

    w: Component = 1.0
    x: Component = 0.0
    y: Component = 0.0
    z: Component = 0.0

    @classmethod
    def about(cls, axis: Vec3, angle: float) -> Quat:
        """The rotation by `angle` radians about a unit `axis`, right hand rule."""
        s = sin(angle * 0.5)
        return cls(cos(angle * 0.5), axis.x * s, axis.y * s, axis.z * s)

    @classmethod
    def from_angles(cls, *, pan: float = 0.0, tilt: float = 0.0, roll: float = 0.0) -> Quat:
        """The rotation by pan, tilt and roll in degrees (intrinsic Z-X-Y)."""
        p, t, r = radians(pan) * 0.5, radians(tilt) * 0.5, radians(roll) * 0.5
        cp, sp, ct, st, cr, sr = cos(p), sin(p), cos(t), sin(t), cos(r), sin(r)
        # Rz(pan) * Rx(tilt) * Ry(roll), multiplied out.
        return cls(
            cp * ct * cr - sp * st * sr,
            cp * st * cr - sp * ct * sr,
            cp * ct * sr + sp * st * cr,
            sp * ct * cr + cp * st * sr,
        )

    def angles(self) -> tuple[float, float, float]:
        """Pan, tilt and roll in degrees, pan and roll within +-180, tilt within +-90.

        At tilt +-90, where pan and roll merge, roll is 0.
        """
        w, x, y, z = self.w, self.x, self.y, self.z
        sin_tilt = max(-1.0, min(1.0, 2.0 * (y * z + w * x)))
        if abs(sin_tilt) > 1.0 - 1e-12:
            pan = atan2(2.0 * w * z, w * w - z * z)
            return degrees(pan), degrees(asin(sin_tilt)), 0.0
        pan = atan2(2.0 * (w * z - x * y), 1.0 - 2.0 * (x * x + z * z))
        roll = atan2(2.0 * (w * y - x * z), 1.0 - 2.0 * (x * x + y * y))
        return degrees(pan), degrees(asin(sin_tilt)), degrees(roll)

    def __mul__(self, other: Quat) -> Quat:
        a, b = self, other
        return Quat(
            a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,
            a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,
            a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,
            a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w,
        )

    def conjugate(self) -> Quat:
        """The inverse of a unit quaternion."""
        return Quat(self.w, -self.x, -self.y, -self.z)

    def rotate(self, v: Vec3) -> Vec3:
        """The vector `v`, rotated."""
        # v + 2w(q x v) + 2 q x (q x v), without building a matrix.
        tx = 2.0 * (self.y * v.z - self.z * v.y)
        ty = 2.0 * (self.z * v.x - self.x * v.z)
        tz = 2.0 * (self.x * v.y - self.y * v.x)
        return Vec3(
            v.x + self.w * tx + self.y * tz - self.z * ty,
            v.y + self.w * ty + self.z * tx - self.x * tz,
            v.z + self.w * tz + self.x * ty - self.y * tx,
        )

    def unit(self) -> Quat:
        """The same rotation with norm 1. ZeroDivisionError for the zero quaternion."""
        w, x, y, z = self.w, self.x, self.y, self.z
        n = 1.0 / sqrt(w * w + x * x + y * y + z * z)
        return Quat(w * n, x * n, y * n, z * n)

    def norm(self) -> float:
        """The Euclidean length, 1 for a rotation."""
        w, x, y, z = self.w, self.x, self.y, self.z
        return sqrt(w * w + x * x + y * y + z * z)

    def dot(self, other: Quat) -> float:
        """The cosine of half the angle between two rotations."""
        return self.w * other.w + self.x * other.x + self.y * other.y + self.z * other.z

    def angle_to(self, other: Quat) -> float:
        """The angle in radians, 0 to pi, of the turn between two rotations."""
        d = self.conjugate() * other
        return 2.0 * atan2(hypot(d.x, d.y, d.z), abs(d.w))

    def slerp(self, other: Quat, fraction: float) -> Quat:
        """The rotation at `fraction` of the shorter arc to `other`; a fraction above 1
        extrapolates."""
        w, x, y, z = self.w, self.x, self.y, self.z
        ow, ox, oy, oz = other.w, other.x, other.y, other.z
        cos_half = w * ow + x * ox + y * oy + z * oz
        sign = 1.0 if cos_half >= 0.0 else -1.0
        # From the sine of the angle: acos loses half its digits near 1. These are the last three
        # numbers of self.conjugate() * other.
        sine = hypot(
            w * ox - x * ow - y * oz + z * oy,
            w * oy + x * oz - y * ow - z * ox,
            w * oz - x * oy + y * ox - z * ow,
        )
        half = atan2(sine, min(1.0, abs(cos_half)))
        if half < 1e-9:
            a, b = 1.0 - fraction, fraction * sign
        else:
            whole = sin(half)
            a = sin((1.0 - fraction) * half) / whole
            b = sin(fraction * half) / whole * sign
        return Quat(a * w + b * ow, a * x + b * ox, a * y + b * oy, a * z + b * oz).unit()

    def __neg__(self) -> Quat:
        return Quat(-self.w, -self.x, -self.y, -self.z)


IDENTITY = Quat()


class Pose(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A position and a rotation; maps coordinates of its own frame to its parent's frame."""

    position: Vec3 = ORIGIN
    rotation: Quat = IDENTITY

    def __mul__(self, other: Pose) -> Pose:
        """The pose `other` (given in this frame) in this frame's parent."""
        return Pose(
            self.position + self.rotation.rotate(other.position), self.rotation * other.rotation
        )

    def inverse(self) -> Pose:
        """The pose that maps coordinates of the parent's frame to this frame."""
        back = self.rotation.conjugate()
        return Pose(-back.rotate(self.position), back)

    def apply(self, point: Vec3) -> Vec3:
        """The coordinates in the parent's frame of a point given in this frame."""
        return self.position + self.rotation.rotate(point)

    def lerp(self, other: Pose, fraction: float) -> Pose:
        """The pose at `fraction` between this one and `other`; the rotation takes the shorter
        arc."""
        return Pose(
            self.position.lerp(other.position, fraction),
            self.rotation.slerp(other.rotation, fraction),
        )

    def rounded(self) -> Pose:
        """The pose, rounded to nine decimals as in a `Frame`, so that it is equal on every
        machine."""
        p, q = self.position, self.rotation
        return Pose(
            Vec3(round(p.x, 9) + 0.0, round(p.y, 9) + 0.0, round(p.z, 9) + 0.0),
            Quat(
                round(q.w, 9) + 0.0, round(q.x, 9) + 0.0,
                round(q.y, 9) + 0.0, round(q.z, 9) + 0.0,
            ),
        )  # fmt: skip


def settle(value: float) -> float:
    """The value, rounded to nine decimals, without negative zero: equal values have equal bytes."""
    return round(value, 9) + 0.0


def look_at(eye: Vec3, target: Vec3, up: Vec3 = UP) -> Quat:
    """The rotation of a camera at `eye` whose +Y points at `target`, its +Z nearest to `up`.

    ZeroDivisionError if both points are equal. If it looks along `up`, its +X is nearest to +X.
    """
    forward = (target - eye).unit()
    side = forward.cross(up)
    if side.length() <= 1e-9:
        across = RIGHT if abs(forward.x) < 0.9 else FORWARD
        side = across - forward * forward.dot(across)
    right = side.unit()
    return from_axes(right, forward, right.cross(forward))


def from_axes(right: Vec3, forward: Vec3, up: Vec3) -> Quat:
    """The rotation from X, Y, Z to three orthonormal axes (Shepperd's method)."""
    m00, m10, m20 = right.x, right.y, right.z
    m01, m11, m21 = forward.x, forward.y, forward.z
    m02, m12, m22 = up.x, up.y, up.z
    trace = m00 + m11 + m22
    if trace > 0.0:
        s = 2.0 * sqrt(trace + 1.0)
        return Quat(0.25 * s, (m21 - m12) / s, (m02 - m20) / s, (m10 - m01) / s).unit()
    if m00 >= m11 and m00 >= m22:
        s = 2.0 * sqrt(1.0 + m00 - m11 - m22)
        return Quat((m21 - m12) / s, 0.25 * s, (m01 + m10) / s, (m02 + m20) / s).unit()
    if m11 >= m22:
        s = 2.0 * sqrt(1.0 + m11 - m00 - m22)
        return Quat((m02 - m20) / s, (m01 + m10) / s, 0.25 * s, (m12 + m21) / s).unit()
    s = 2.0 * sqrt(1.0 + m22 - m00 - m11)
    return Quat((m10 - m01) / s, (m02 + m20) / s, (m12 + m21) / s, 0.25 * s).unit()
