"""ST maps of a lens, and the lens of an ST map, as arrays."""

from __future__ import annotations

from math import ceil
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import UsageError
from xrdrama.stage.lenses import Distortion, Optics
from xrdrama.stage.lenses.arrays import distorted, undistorted
from xrdrama.stage.lenses.formats.writing import FoundLens, FoundPoint

Way = Literal["redistort", "undistort"]
Doubles = NDArray[np.float64]
Map = NDArray[np.float32]

OUTSIDE: Final = -1.0
_MOST_SAMPLES: Final = 20_000
_WORST_PX: Final = 5.0
_GOOD_PX: Final = 0.1


def grown(size: tuple[int, int], overscan: float) -> tuple[int, int]:
    """Pixels of the rectilinear picture of an overscan: whole, and the same on both sides."""
    across, down = (n + 2 * ceil(n * (overscan - 1.0) / 2 - 1e-9) for n in size)
    return across, down


def st_map(
    optics: Optics, sensor_mm: tuple[float, float], size: tuple[int, int], overscan: float, way: Way
) -> Map:
    """(height, width, 2) values, top row first, of a lens at one setting.

    `size` is that of the camera's picture; the rectilinear one is `grown(size, overscan)`.
    """
    across, down = grown(size, overscan)
    scale = (across / size[0], down / size[1])
    large = (sensor_mm[0] * scale[0], sensor_mm[1] * scale[1])
    offset = np.array(optics.projection_offset)
    if way == "redistort":
        at = _middles(size, sensor_mm) - offset
        found = _coordinates(undistorted(optics.distortion, at) + offset, large)
    else:
        at = _middles((across, down), large) - offset
        found = _coordinates(distorted(optics.distortion, at) + offset, sensor_mm)
    found[~np.isfinite(found)] = OUTSIDE
    return found.astype(np.float32)


def _middles(size: tuple[int, int], mm: tuple[float, float]) -> Doubles:
    """The middle of each pixel in millimetres from that of the picture, x right, y down."""
    x = ((np.arange(size[0]) + 0.5) / size[0] - 0.5) * mm[0]
    y = ((np.arange(size[1]) + 0.5) / size[1] - 0.5) * mm[1]
    return np.stack(np.meshgrid(x, y), -1)


def _coordinates(points: Doubles, mm: tuple[float, float]) -> Doubles:
    """Millimetres as shares of a picture: from the left, and from the bottom."""
    result: Doubles = np.stack((points[..., 0] / mm[0] + 0.5, 0.5 - points[..., 1] / mm[1]), -1)
    return result


class _Fit(msgspec.Struct, frozen=True):
    scale: float
    k: tuple[float, float, float]
    p: tuple[float, float]
    rms: float
    worst: float


def lens_of(
    values: NDArray[np.floating], way: Way, sensor_mm: tuple[float, float], focal_mm: float,
    overscan: tuple[float, float],
) -> FoundLens:  # fmt: skip
    """The Brown-Conrady lens that fits an ST map best: k1, k3, k5, p1, p2 and the centre.

    `focal_mm` is the focal length of the rectilinear picture, `overscan` how much larger it is than
    the camera's, across and down. The largest error is in the notes; UsageError if the map is not
    that of such a lens (more than 5 pixels off), or covers nothing.
    """
    size = (values.shape[1], values.shape[0])
    large = (sensor_mm[0] * overscan[0], sensor_mm[1] * overscan[1])
    own, other = (sensor_mm, large) if way == "redistort" else (large, sensor_mm)
    at = _middles(size, own).reshape(-1, 2)
    st = values.reshape(-1, 2).astype(np.float64)
    there = np.stack(((st[:, 0] - 0.5) * other[0], (0.5 - st[:, 1]) * other[1]), -1)
    # Beyond the camera's picture a map may be cut off or extrapolated.
    used = np.isfinite(st).all(1) & (st > 0.0).all(1) & (st < 1.0).all(1)
    at, there = at[used], there[used]
    if len(at) < 100:
        raise UsageError("the map has hardly any values from 0 to 1", "is it an ST map?")
    step = max(1, len(at) // _MOST_SAMPLES)
    at, there = at[::step], there[::step]
    centre, fit = _centred(at, there, size[0] / own[0])
    if fit.worst > _WORST_PX:
        raise UsageError(
            f"the map differs by up to {fit.worst:.1f} pixels from every Brown-Conrady lens",
            "check --map, --overscan and --sensor; other lens models are not supported",
        )
    notes = [f"the map differs from this lens by {fit.rms:.4f} px RMS, at most {fit.worst:.4f} px"]
    if fit.worst > _GOOD_PX:
        notes.append("that is more than 0.1 px: the map is not that of a Brown-Conrady lens")
    k1, k3, k5 = fit.k
    p1, p2 = fit.p
    # The rectilinear picture may be scaled: the lens then has another focal length.
    focal, a = focal_mm / fit.scale, 1.0
    if way == "undistort":
        focal, a = focal_mm * fit.scale, fit.scale
    point = FoundPoint(
        focal,
        projection_offset_mm=(float(centre[0]), float(centre[1])),
        radial=(k1 / a**2, 0.0, k3 / a**4, 0.0, k5 / a**6, 0.0),
        tangential=(p1 / a, p2 / a),
    )
    return FoundLens(
        sensor_mm, (point,), "D-U" if way == "redistort" else "U-D", notes=tuple(notes)
    )


def _centred(at: Doubles, there: Doubles, px_per_mm: float) -> tuple[Doubles, _Fit]:
    """The centre that leaves the least error, by Gauss-Newton, and the fit about it."""
    centre = np.zeros(2)
    fit, error = _fit(at, there, centre, px_per_mm)
    for _ in range(12):
        step = 1e-4
        slopes = []
        for axis in np.eye(2):
            _, moved = _fit(at, there, centre + axis * step, px_per_mm)
            slopes.append((moved - error) / step)
        slope = np.stack(slopes, -1)
        change, *_ = np.linalg.lstsq(slope, -error, rcond=None)
        better, other = _fit(at, there, centre + change, px_per_mm)
        if not better.rms < fit.rms * (1.0 - 1e-9):
            break
        centre, fit, error = centre + change, better, other
    # A centre that is off by less than a pixel shows would only be noise of the map.
    return np.where(np.abs(centre) * px_per_mm < 1e-3, 0.0, centre), fit


def _fit(at: Doubles, there: Doubles, centre: Doubles, px_per_mm: float) -> tuple[_Fit, Doubles]:
    """Scale, k1, k3, k5, p1, p2 about a centre, by least squares, and the errors in mm."""
    x, y = (at - centre).T
    s = x * x + y * y
    unit = float(s.max()) or 1.0
    one, two, three = s / unit, (s / unit) ** 2, (s / unit) ** 3
    root = unit**0.5
    rows_x = np.stack((x, x * one, x * two, x * three, 2 * x * y / root, (s + 2 * x * x) / root), 1)
    rows_y = np.stack((y, y * one, y * two, y * three, (s + 2 * y * y) / root, 2 * x * y / root), 1)
    wanted = (there - centre).T
    rows = np.concatenate((rows_x, rows_y))
    found, *_ = np.linalg.lstsq(rows, np.concatenate(tuple(wanted)), rcond=None)
    error: Doubles = rows @ found - np.concatenate(tuple(wanted))
    half = len(error) // 2
    off = np.hypot(error[:half], error[half:]) * px_per_mm
    a, k1, k3, k5, p1, p2 = (float(value) for value in found)
    return _Fit(
        a,
        (k1 / a / unit, k3 / a / unit**2, k5 / a / unit**3),
        (p1 / a / root, p2 / a / root),
        float(np.sqrt(np.mean(off**2))),
        float(off.max()),
    ), error


def optics_of(point: FoundPoint, found: FoundLens) -> Optics:
    """The optics of a lens that `lens_of` found."""
    distortion = Distortion(found.model, point.radial, point.tangential)
    return Optics(
        point.focal_mm, projection_offset=point.projection_offset_mm, distortion=distortion
    )
