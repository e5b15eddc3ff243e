"""The flash pattern of a wall, as `stage latency` looks for it in a video."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.proof.test_range import TestRange
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.video.latency import _flashes
from xrdrama.stage import load_stage

STAGE = """
xrdrama: 1
id: flash
canvas: [32, 32]
eye_point: [0, 0, 1]
walls: {main: {shape: flat, width: 2, height: 2, centre: [0, 3, 1], pixels: [32, 32]}}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [32, 18]}
inner: {pixels: [32, 18]}
"""
FRAMES = 180


@pytest.fixture(scope="module")
def curve() -> Iterator[NDArray[np.float64]]:
    """The wall's brightness, frame by frame, as regions of one pixel."""
    graphics = open_graphics()
    wall = LedWall(graphics, load_stage(STAGE, "flash.stage.yaml"), TestRange(positions=False))
    found = []
    for number in range(1000, 1000 + FRAMES):
        wall.patterns.show({"main": "flash"}, number)
        with graphics.only(wall.canvas):
            graphics.render()
        found.append(graphics.picture(wall.canvas).mean())
    yield np.array(found)[:, None, None]
    graphics.close()


def test_the_wall_flashes_at_irregular_times(curve: NDArray[np.float64]) -> None:
    bright = curve[:, 0, 0] > 128
    starts = np.flatnonzero(np.diff(bright.astype(int)) == 1)
    assert 8 <= len(starts) <= 9 and np.count_nonzero(bright) in range(22, 30)
    assert len(set(np.diff(starts))) >= 4


@pytest.mark.parametrize("late", [0, 3, 11])
def test_the_latency_of_a_flashing_wall_can_be_measured(
    curve: NDArray[np.float64], late: int
) -> None:
    reference, wall = curve[30:], curve[30 - late : FRAMES - late]
    lag, agreement = _flashes(reference, wall)
    assert lag == pytest.approx(late, abs=0.5) and agreement > 0.9
