"""The Brown-Conrady distortion of OpenLensIO 1.0.1, in millimetres on the sensor.

Points are relative to the centre of projection: x to the right, y down. The function (section 4.1,
equations 16 and 17) is

    R(r) = (1 + k1 r^2 + k3 r^4 + k5 r^6) / (1 + k2 r^2 + k4 r^4 + k6 r^6)
    x -> x R + 2 p1 x y + p2 (r^2 + 2 x^2)
    y -> y R + 2 p2 x y + p1 (r^2 + 2 y^2)

Odd coefficients are in the numerator, even ones in the denominator: not OpenCV's order. With the
model `D-U` it maps distorted to undistorted points, with `U-D` undistorted to distorted ones. The
other direction is its inverse, by iteration: it is accurate to `RESIDUAL_MM`, or an error.
"""

from __future__ import annotations

from functools import lru_cache
from math import hypot, inf
from typing import Final, Literal

import msgspec

from xrdrama.errors import LocalProtocolError
from xrdrama.stage.lenses.polynomials import Polynomial, derivative, first_root, product, value

Model = Literal["D-U", "U-D"]
Point = tuple[float, float]
Six = tuple[float, float, float, float, float, float]

SEARCHED_MM: Final = 1000.0
"""A model that is monotonic up to this radius counts as monotonic everywhere."""
RESIDUAL_MM: Final = 1e-9
"""The inverse maps back to its argument within this distance: about 1e-7 pixels."""
_STEPS: Final = 60


class OutsideDomain(LocalProtocolError):  # noqa: N818 - the name says what is wrong
    """A point at which a distortion is not invertible; `radius` is that of the limit, mm."""

    def __init__(self, point: Point, limit: Limit) -> None:
        self.radius = limit.radius
        super().__init__(
            f"the distortion has no inverse at {point[0]:.3f}, {point[1]:.3f} mm: {limit.reason} "
            f"at a radius of {limit.radius:.3f} mm"
        )


class Limit(msgspec.Struct, frozen=True):
    """The radius up to which a radial function is monotonic, mm, and what happens there.

    `image` is the value of r R(r) at the limit; all three are in the plane of the function.
    """

    radius: float = inf
    image: float = inf
    reason: str = ""


class Distortion(msgspec.Struct, frozen=True):
    """A distortion of one setting of a lens; coefficients in powers of 1/mm, `centre` in mm.

    `centre` is the offset of the centre of distortion from the centre of projection (OpenLensIO's
    delta C), x to the right, y down.
    """

    model: Model = "D-U"
    radial: Six = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    tangential: Point = (0.0, 0.0)
    centre: Point = (0.0, 0.0)

    @property
    def is_none(self) -> bool:
        """True when no point is moved."""
        return not any(self.radial) and not any(self.tangential)

    @property
    def limit(self) -> Limit:
        """How far the radial part of the function is monotonic, in its own plane."""
        return limit_of(self.radial)

    def undistorted(self, x: float, y: float) -> Point:
        """The point of the rectilinear picture that is seen at (x, y) of the sensor, mm.

        OutsideDomain for a point outside the domain of the model.
        """
        return self._function(x, y) if self.model == "D-U" else self._inverse(x, y)

    def distorted(self, x: float, y: float) -> Point:
        """Where on the sensor a point of the rectilinear picture is seen: inverse of
        `undistorted`."""
        return self._function(x, y) if self.model == "U-D" else self._inverse(x, y)

    def _function(self, x: float, y: float) -> Point:
        cx, cy = self.centre
        x, y = x - cx, y - cy
        limit = self.limit
        if hypot(x, y) >= limit.radius:
            raise OutsideDomain((x, y), limit)
        fx, fy = brown_conrady(self.radial, self.tangential, x, y)
        return fx + cx, fy + cy

    def _inverse(self, x: float, y: float) -> Point:
        cx, cy = self.centre
        rx, ry = inverse(self.radial, self.tangential, x - cx, y - cy)
        return rx + cx, ry + cy


def brown_conrady(radial: Six, tangential: Point, x: float, y: float) -> Point:
    """The function itself (equation 16), about the centre of distortion; mm.

    ZeroDivisionError where the denominator of R is zero: see `limit_of`.
    """
    s = x * x + y * y
    k1, k2, k3, k4, k5, k6 = radial
    p1, p2 = tangential
    ratio = (1.0 + s * (k1 + s * (k3 + s * k5))) / (1.0 + s * (k2 + s * (k4 + s * k6)))
    return (
        x * ratio + 2.0 * p1 * x * y + p2 * (s + 2.0 * x * x),
        y * ratio + 2.0 * p2 * x * y + p1 * (s + 2.0 * y * y),
    )


def jacobian(radial: Six, tangential: Point, x: float, y: float) -> tuple[float, float, float]:
    """The derivatives of the function: dx/dx, dy/dy, and dx/dy, which equals dy/dx."""
    s = x * x + y * y
    upper, lower = fraction(radial)
    n, d = value(upper, s), value(lower, s)
    slope = (value(derivative(upper), s) * d - n * value(derivative(lower), s)) / (d * d)
    ratio = n / d
    p1, p2 = tangential
    return (
        ratio + 2.0 * x * x * slope + 2.0 * p1 * y + 6.0 * p2 * x,
        ratio + 2.0 * y * y * slope + 2.0 * p2 * x + 6.0 * p1 * y,
        2.0 * x * y * slope + 2.0 * p1 * x + 2.0 * p2 * y,
    )


def fraction(radial: Six) -> tuple[Polynomial, Polynomial]:
    """Numerator and denominator of R, as polynomials of r^2, lowest power first."""
    k1, k2, k3, k4, k5, k6 = radial
    return (1.0, k1, k3, k5), (1.0, k2, k4, k6)


@lru_cache(maxsize=4096)
def limit_of(radial: Six) -> Limit:
    """The smallest radius at which r R(r) stops increasing or its denominator is zero."""
    upper, lower = fraction(radial)
    most = SEARCHED_MM * SEARCHED_MM
    # d(r R)/dr = [(N + 2 s N') D - 2 s N D'] / D^2 with s = r^2
    rising = [value_at + 2.0 * power * value_at for power, value_at in enumerate(upper)]
    slope = product(tuple(rising), lower)
    other = product(upper, (0.0, *(2.0 * c for c in derivative(lower))))
    turns = first_root(_difference(slope, other), most)
    pole = first_root(lower, most, touching=True)
    if turns is None and pole is None:
        return Limit()
    if pole is not None and (turns is None or pole <= turns):
        return Limit(pole**0.5, inf, "the denominator is zero")
    radius = (turns or 0.0) ** 0.5
    image, _ = brown_conrady(radial, (0.0, 0.0), radius, 0.0)
    return Limit(radius, image, "the model folds")


def _difference(one: Polynomial, other: Polynomial) -> Polynomial:
    length = max(len(one), len(other))
    padded = [(*p, *(0.0,) * (length - len(p))) for p in (one, other)]
    return tuple(a - b for a, b in zip(*padded, strict=True))


def inverse(radial: Six, tangential: Point, x: float, y: float) -> Point:
    """The point that the function maps to (x, y), within `RESIDUAL_MM`; about the centre, mm.

    OutsideDomain if no such point is inside the limit, or the iteration does not converge.
    """
    limit = limit_of(radial)
    wanted = hypot(x, y)
    if wanted >= limit.image or wanted >= 10.0 * SEARCHED_MM:
        raise OutsideDomain((x, y), limit)
    if wanted == 0.0 and not any(tangential):
        return 0.0, 0.0
    radius = radius_for(radial, limit, wanted)
    u, v = (x / wanted * radius, y / wanted * radius) if wanted else (0.0, 0.0)
    if not any(tangential):
        return u, v
    for _ in range(_STEPS):
        fx, fy = brown_conrady(radial, tangential, u, v)
        ex, ey = fx - x, fy - y
        if hypot(ex, ey) <= RESIDUAL_MM * 0.01:
            break
        a, b, c = jacobian(radial, tangential, u, v)
        area = a * b - c * c
        if area <= 0.0:
            raise OutsideDomain((x, y), Limit(hypot(u, v), wanted, "the model folds"))
        u, v = u - (b * ex - c * ey) / area, v - (a * ey - c * ex) / area
        if hypot(u, v) >= limit.radius:
            raise OutsideDomain((x, y), limit)
    fx, fy = brown_conrady(radial, tangential, u, v)
    if hypot(fx - x, fy - y) > RESIDUAL_MM:
        raise OutsideDomain((x, y), Limit(hypot(u, v), wanted, "the iteration does not converge"))
    return u, v


def radius_for(radial: Six, limit: Limit, wanted: float) -> float:
    """The radius with r R(r) = wanted: Newton's method, kept inside a bracket that shrinks."""
    upper, lower = fraction(radial)
    low, high = 0.0, min(limit.radius, SEARCHED_MM)
    radius = min(wanted, 0.999 * high)
    for _ in range(_STEPS):
        s = radius * radius
        n, d = value(upper, s), value(lower, s)
        error = radius * n / d - wanted
        if abs(error) <= RESIDUAL_MM * 0.001:
            return radius
        low, high = (radius, high) if error < 0.0 else (low, radius)
        turn = (value(derivative(upper), s) * d - n * value(derivative(lower), s)) / (d * d)
        rate = n / d + 2.0 * s * turn
        following = radius - error / rate if rate > 0.0 else low
        radius = following if low < following < high else (low + high) / 2.0
    return radius
