"""What prediction and smoothing cost, against closed forms."""

from __future__ import annotations

import random
from math import radians, sqrt

import pytest

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import load_stage
from xrdrama.stage.noise import prediction_noise, speed_of, wall_pixels
from xrdrama.timing import NS

MS = 1_000_000
STAGE = load_stage(
    """\
xrdrama: 1
id: wall
canvas: [2000, 1000]
walls:
  wall: {shape: flat, width: 4, height: 2, centre: [0, 3, 1], pixels: [2000, 1000]}
camera: {focal_mm: 35, sensor_mm: [36, 20.25]}
eye_point: [0, -1, 1.5]
"""
)


def samples(noise_mm: float, *, speed: float = 0.4, count: int = 240) -> list[tuple[int, Pose]]:
    chance = random.Random(3)
    return [
        (
            n * 10 * MS,
            Pose(
                Vec3(speed * n / 100, *(chance.gauss(0, noise_mm / 1000) for _ in range(2))),
                Quat.from_angles(pan=10.0 * n / 100),
            ),
        )
        for n in range(count)
    ]


def test_a_steady_move_is_predicted_without_noise() -> None:
    found = prediction_noise(samples(0.0), 80 * MS)
    assert found is not None and found.metres < 1e-9 and found.radians < 1e-9


def test_noise_is_what_the_formula_of_extrapolation_gives() -> None:
    """A line through samples at -100 ms and 0, at +80 ms: 1.8 a - 0.8 b, minus what arrives: the
    deviation is sqrt(1.8^2 + 0.8^2 + 1) times that of a sample, in each of two axes."""
    found = prediction_noise(samples(1.0, count=900), 80 * MS)
    assert found is not None
    expected = sqrt(1.8**2 + 0.8**2 + 1) * sqrt(2)
    assert found.metres * 1000 == pytest.approx(expected, rel=0.2)


def test_a_longer_lead_adds_more() -> None:
    short, long = (prediction_noise(samples(1.0), lead * MS) for lead in (20, 200))
    assert short is not None and long is not None and long.metres > 1.5 * short.metres


def test_too_few_samples_have_no_noise() -> None:
    assert prediction_noise([], 80 * MS) is None
    assert prediction_noise(samples(1.0, count=20), 80 * MS) is None


def test_the_speed_is_that_of_the_last_tenth_of_a_second() -> None:
    metres, turn = speed_of(samples(0.0))
    assert metres == pytest.approx(0.4) and turn == pytest.approx(radians(10.0))
    assert speed_of([]) == (0.0, 0.0)


def test_wall_pixels_of_a_shift_and_of_a_turn() -> None:
    """The wall has 2 mm pitch; the camera stands 4 m in front of its centre."""
    here = Pose(Vec3(0.0, -1.0, 1.0))
    assert wall_pixels(STAGE, here, 0.002, 0.0) == pytest.approx(1.0)
    assert wall_pixels(STAGE, here, 0.0, 0.001) == pytest.approx(2.0)
    assert NS == 1000 * MS
