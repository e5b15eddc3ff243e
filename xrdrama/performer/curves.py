"""Minimum-jerk curves: the way people move a hand from one place to another.

Source: T. Flash and N. Hogan, "The coordination of arm movements" (1985): the polynomial
10 x^3 - 15 x^4 + 6 x^5 between two rests minimises the integral of squared jerk.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

PEAK_SPEED: Final = 1.875
"""Greatest speed of a move of length 1 in time 1, at its middle."""
PEAK_ACCELERATION: Final = 10.0 / sqrt(3.0)
"""Greatest acceleration of the same, about 5.77."""


def minimum_jerk(x: float) -> float:
    """The completed share of a move at the share `x` of its time: 0 before, 1 after."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    return x * x * x * (10.0 + x * (6.0 * x - 15.0))


def least_time(distance: float, speed: float, acceleration: float) -> float:
    """Seconds that a move needs so that it stays within a speed and an acceleration."""
    distance = abs(distance)
    return max(distance * PEAK_SPEED / speed, sqrt(distance * PEAK_ACCELERATION / acceleration))
