"""Distortion of whole pictures: `xrdrama.stage.lenses.distortion` for numpy arrays.

With `stage.surveys` the only modules of the stage that import numpy; nothing of the stage imports
this one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from xrdrama.stage.lenses.distortion import RESIDUAL_MM, Distortion, Six

Doubles = NDArray[np.float64]
_STEPS = 40


def undistorted(distortion: Distortion, points: Doubles) -> Doubles:
    """`Distortion.undistorted` of (..., 2) points, mm; NaN where it is outside the domain."""
    return (
        _function(distortion, points) if distortion.model == "D-U" else _inverse(distortion, points)
    )


def distorted(distortion: Distortion, points: Doubles) -> Doubles:
    """`Distortion.distorted` of (..., 2) points, mm; NaN where it is outside the domain."""
    return (
        _function(distortion, points) if distortion.model == "U-D" else _inverse(distortion, points)
    )


def _function(distortion: Distortion, points: Doubles) -> Doubles:
    centre = np.array(distortion.centre)
    at = points - centre
    result: Doubles = _brown_conrady(distortion, at) + centre
    outside = np.hypot(at[..., 0], at[..., 1]) >= distortion.limit.radius
    result[outside] = np.nan
    return result


def _brown_conrady(distortion: Distortion, at: Doubles) -> Doubles:
    x, y = at[..., 0], at[..., 1]
    s = x * x + y * y
    n, d, _, _ = _fraction(distortion.radial, s)
    p1, p2 = distortion.tangential
    ratio = n / d
    result: Doubles = np.stack(
        (
            x * ratio + 2.0 * p1 * x * y + p2 * (s + 2.0 * x * x),
            y * ratio + 2.0 * p2 * x * y + p1 * (s + 2.0 * y * y),
        ),
        -1,
    )
    return result


def _fraction(radial: Six, s: Doubles) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """Numerator, denominator, and their derivatives, at s = r^2."""
    k1, k2, k3, k4, k5, k6 = radial
    return (
        1.0 + s * (k1 + s * (k3 + s * k5)),
        1.0 + s * (k2 + s * (k4 + s * k6)),
        k1 + s * (2.0 * k3 + s * 3.0 * k5),
        k2 + s * (2.0 * k4 + s * 3.0 * k6),
    )


def _inverse(distortion: Distortion, points: Doubles) -> Doubles:
    """Newton's method for all points at once, from a bracketed radial solution."""
    centre = np.array(distortion.centre)
    wanted = points - centre
    limit = distortion.limit
    reach = np.hypot(wanted[..., 0], wanted[..., 1])
    radius = _radii(distortion, reach)
    at = wanted * np.where(reach > 0.0, radius / np.where(reach > 0.0, reach, 1.0), 1.0)[..., None]
    p1, p2 = distortion.tangential
    with np.errstate(all="ignore"):
        for _ in range(_STEPS if p1 or p2 else 0):
            x, y = at[..., 0], at[..., 1]
            error = _brown_conrady(distortion, at) - wanted
            s = x * x + y * y
            n, d, dn, dd = _fraction(distortion.radial, s)
            ratio, slope = n / d, (dn * d - n * dd) / (d * d)
            a = ratio + 2.0 * x * x * slope + 2.0 * p1 * y + 6.0 * p2 * x
            b = ratio + 2.0 * y * y * slope + 2.0 * p2 * x + 6.0 * p1 * y
            c = 2.0 * x * y * slope + 2.0 * p1 * x + 2.0 * p2 * y
            area = a * b - c * c
            ex, ey = error[..., 0], error[..., 1]
            at = at - np.stack(((b * ex - c * ey) / area, (a * ey - c * ex) / area), -1)
            if np.nanmax(np.abs(error), initial=0.0) <= RESIDUAL_MM * 0.01:
                break
        off = np.hypot(*np.moveaxis(_brown_conrady(distortion, at) - wanted, -1, 0))
    inside = np.hypot(at[..., 0], at[..., 1]) < limit.radius
    result: Doubles = at + centre
    result[~((reach < limit.image) & inside & (off <= RESIDUAL_MM))] = np.nan
    return result


def _radii(distortion: Distortion, wanted: Doubles) -> Doubles:
    """The radii with r R(r) = wanted, where there are any: Newton within a shrinking bracket."""
    limit = distortion.limit
    low = np.zeros_like(wanted)
    high = np.full_like(wanted, min(limit.radius, 1000.0))
    radius = np.minimum(wanted, 0.999 * high)
    with np.errstate(all="ignore"):
        for _ in range(60):
            s = radius * radius
            n, d, dn, dd = _fraction(distortion.radial, s)
            error = radius * n / d - wanted
            if np.abs(np.where(wanted < limit.image, error, 0.0)).max(initial=0.0) <= 1e-12:
                break
            low, high = np.where(error < 0.0, radius, low), np.where(error < 0.0, high, radius)
            rate = n / d + 2.0 * s * (dn * d - n * dd) / (d * d)
            following: Any = radius - error / rate
            within = (following >= low) & (following <= high) & (rate > 0.0)
            radius = np.where(within, following, (low + high) / 2.0)
    return radius
