"""How a wall was placed with its survey, and how far the measured points are from it."""

from __future__ import annotations

import msgspec


class Residual(msgspec.Struct, frozen=True):
    """How far a surveyed point is from the wall that was fitted to the survey, millimetres."""

    point: str
    line: int
    mm: float
    left_out: bool = False
    """True for an outlier, which the fit does not use."""


class Survey(msgspec.Struct, frozen=True):
    """The survey that a wall was placed with."""

    file: str
    fit: str
    """`rigid`: the declared shape at the best position; `mesh`: a mesh through the points."""
    residuals: tuple[Residual, ...]
    """Of each point, against the declared shape at its best position."""
    moved_m: float
    """From the declared middle of the wall to the fitted one."""
    turned_deg: float
    """From the declared rotation to the fitted one."""

    @property
    def used(self) -> tuple[float, ...]:
        """The residuals of the points that were fitted, millimetres."""
        return tuple(each.mm for each in self.residuals if not each.left_out)

    @property
    def median_mm(self) -> float:
        """The median residual of the points that were fitted."""
        order = sorted(self.used)
        middle = len(order) // 2
        both = (
            order[middle] + order[-1 - middle]
            if len(order) % 2
            else order[middle - 1] + order[middle]
        )
        return round(both / 2, 3)

    @property
    def max_mm(self) -> float:
        """The largest residual of the points that were fitted."""
        return max(self.used)
