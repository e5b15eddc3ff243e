"""The render budget: wall pixels that a shot shows, against the pixels that are drawn for it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.advice.coverage import wall_pixels
from xrdrama.stage.advice.overscan import quantile
from xrdrama.stage.advice.surfaces import Surface
from xrdrama.stage.model import Inner, Lens

ANTIALIASING = 1.25
"""Drawn pixels for each wall pixel across that look smooth; more than 1.5 is not seen."""


class Budget(msgspec.Struct, frozen=True):
    """Pixels across and down."""

    needed: tuple[int, int]
    """LEDs that fill the camera's frame, at most over the poses."""
    needed_median: tuple[int, int]
    useful: tuple[int, int]
    """`needed` times `ANTIALIASING`."""
    rendered: tuple[int, int]
    """The stage's `inner.pixels`: the camera's frame without overscan."""
    drawn: tuple[int, int]
    """With overscan."""
    ratio: float
    """Rendered over useful pixels, by area: above 1 is wasted, below 1 is soft."""
    text: str


def budget(
    surfaces: Sequence[Surface], lens: Lens, poses: Sequence[Pose], inner: Inner
) -> Budget | None:
    """The budget for poses of the entrance pupil; None if no wall is in any of the frames."""
    found = [wall_pixels(surfaces, pose, lens.edges) for pose in poses]
    seen = [one for one in found if one is not None]
    if not seen:
        return None
    across = [one[0] for one in seen]
    most, middle = max(across), quantile(across, 0.5)
    down = seen[0][1] / seen[0][0]
    useful = (round(most * ANTIALIASING), round(most * ANTIALIASING * down))
    ratio = inner.pixels[0] * inner.pixels[1] / (useful[0] * useful[1])
    return Budget(
        (round(most), round(most * down)),
        (round(middle), round(middle * down)),
        useful,
        inner.pixels,
        inner.drawn,
        ratio,
        _said(ratio, useful, inner),
    )


def _said(ratio: float, useful: tuple[int, int], inner: Inner) -> str:
    wide, high = inner.pixels
    better = f"write inner: pixels: [{useful[0]}, {round(useful[0] * high / wide)}]"
    if ratio > 1.5:
        return f"{wide} x {high} pixels are {ratio:.1f} times what the walls can show: {better}"
    if ratio < 0.6:
        return (
            f"{wide} x {high} pixels are fewer than the walls can show: for a sharper picture, "
            f"{better}"
        )
    return f"{wide} x {high} pixels suit the walls"
