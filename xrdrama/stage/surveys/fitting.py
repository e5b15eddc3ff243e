"""Finds the rotation and translation that bring points nearest to others.

Kabsch (1976, 1978), with the sign of the determinant as Umeyama (1991) has it: the singular value
decomposition of the cross-covariance. (n, 3) arrays, metres.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.spatial import Pose, Vec3, from_axes

Doubles = NDArray[np.float64]

LEAST_POINTS = 3
_LINE = 0.01
"""Points are in a line if they are this much narrower than long."""
SURE = 0.005
"""A point that is nearer than this to the fitted wall, in metres, is not an outlier: LED cabinets
are mounted to some millimetres, and total stations measure to 1 or 2."""
_AWAY = 5.0
"""An outlier is this many times as far away as the other points, whose noise is taken as 1 mm or
more."""
_NOISE = 0.001
_MOST_TRIED = 24
"""Points with the largest residuals that may be an outlier in one round."""
SHARE = 0.25
"""Most of the points that may be outliers."""


class Fit(msgspec.Struct, frozen=True):
    """The best rigid motion, and the distances that remain (metres)."""

    rotation: Doubles
    shift: Doubles
    off: Doubles
    mirrored: bool
    """True if a reflection fits far better: the points are mirrored."""

    @property
    def pose(self) -> Pose:
        """The motion: it maps declared points to the measured ones."""
        x, y, z = self.shift.tolist()
        right, forward, up = (Vec3(*column) for column in self.rotation.T.tolist())
        return Pose(Vec3(x, y, z), from_axes(right, forward, up))

    def rms(self, used: NDArray[np.bool_]) -> float:
        """The root mean square distance of some points, metres."""
        return float(np.sqrt(np.mean(self.off[used] ** 2)))


class Outliers(msgspec.Struct, frozen=True):
    """Points that the others contradict; or points of which one is wrong, without saying which."""

    found: tuple[int, ...] = ()
    ambiguous: tuple[int, ...] = ()


def best_fit(declared: Doubles, measured: Doubles, used: NDArray[np.bool_]) -> Fit:
    """The rigid motion of `declared` to `measured` with the least squares over the points in
    `used`; `off` is the distance of every point."""
    a, b = declared[used], measured[used]
    middle, other = a.mean(0), b.mean(0)
    u, sizes, vt = np.linalg.svd((a - middle).T @ (b - other))
    sign = 1.0 if np.linalg.det(vt.T @ u.T) > 0 else -1.0
    rotation = vt.T @ np.diag((1.0, 1.0, sign)) @ u.T
    shift = other - rotation @ middle
    off = np.linalg.norm(declared @ rotation.T + shift - measured, axis=1)
    # Both squared errors follow from the singular values; in one plane they are equal.
    total = float(np.sum((a - middle) ** 2) + np.sum((b - other) ** 2))
    proper = max(0.0, total - 2 * float(sizes[0] + sizes[1] + sign * sizes[2])) / len(a)
    reflected = max(0.0, total - 2 * float(sizes[0] + sizes[1] + abs(sizes[2]))) / len(a)
    mirrored = sign < 0 and proper > SURE**2 and reflected * 9 < proper
    return Fit(rotation, shift, off, mirrored)


def find_outliers(declared: Doubles, measured: Doubles) -> Outliers:
    """Points without which the others fit far better, found one after the other."""
    used = np.ones(len(declared), bool)
    found: list[int] = []
    while used.sum() > LEAST_POINTS and len(found) + 1 <= SHARE * len(declared):
        fit = best_fit(declared, measured, used)
        if fit.off[used].max() < SURE / 4:
            break
        candidates = sorted(np.flatnonzero(used).tolist(), key=lambda i: -fit.off[i])
        without = []
        for index in candidates[:_MOST_TRIED]:
            rest = used.copy()
            rest[index] = False
            if not spans_a_plane(declared[rest]):
                continue
            one = best_fit(declared, measured, rest)
            without.append((one.rms(rest), index, float(one.off[index])))
        without.sort()
        clear = [(rms, index) for rms, index, off in without
                 if off > SURE and off > _AWAY * max(rms, _NOISE)]  # fmt: skip
        if not clear:
            break
        least = max(clear[0][0], _NOISE)
        alike = tuple(sorted(index for rms, index in clear if rms < 2 * least))
        if len(alike) > 1:
            return Outliers(tuple(found), alike)
        found.append(clear[0][1])
        used[found[-1]] = False
    return Outliers(tuple(sorted(found)))


def spans_a_plane(points: Doubles) -> bool:
    """False for fewer than three points and for points in a line."""
    if len(points) < LEAST_POINTS:
        return False
    sizes = np.linalg.svd(points - points.mean(0), compute_uv=False)
    return bool(sizes[1] > _LINE * sizes[0] > 0)


def spread(points: Doubles) -> float:
    """The root mean square distance from the middle, metres."""
    return float(np.sqrt(np.mean(np.sum((points - points.mean(0)) ** 2, axis=1))))
