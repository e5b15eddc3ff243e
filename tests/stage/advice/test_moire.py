"""The moire predictor against a simulation by other code: an image of LEDs is drawn, blurred with a
disc, and sampled by photosites; what folds back below half a cycle per photosite is measured."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from numpy.typing import NDArray

from xrdrama.stage.advice import moire
from xrdrama.stage.advice.moire import Optics, at, blur, contrast, period, risk

Doubles = NDArray[np.float64]
SITES, FINE, EDGE = 40, 9, 10
"""Photosites across the picture, samples in each, and photosites that are left out at each edge."""
VISIBLE = 0.02


def leds(s: float, roll: float, size: float, phase: tuple[float, float]) -> Doubles:
    """Round LEDs with a period of s photosites, drawn on the fine grid."""
    steps = (np.arange(SITES * FINE) + 0.5) / FINE
    x, y = np.meshgrid(steps, steps)
    c, n = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    u = (c * x + n * y) / s + phase[0]
    v = (c * y - n * x) / s + phase[1]
    distance = np.hypot(u - np.round(u), v - np.round(v)) * s
    # Round, with the area of a square of this side; an edge one sample wide.
    return np.clip((size * s / np.sqrt(np.pi) - distance) * FINE + 0.5, 0.0, 1.0)


def blurred(picture: Doubles, c: float) -> Doubles:
    """The picture, convolved with a disc of c photosites."""
    if c * FINE < 1.0:
        return picture
    half = SITES * FINE // 2
    x = np.arange(SITES * FINE) - half
    disc = np.clip(c * FINE / 2 - np.hypot(*np.meshgrid(x, x)) + 0.5, 0.0, 1.0)
    spectrum = np.fft.rfft2(np.fft.ifftshift(disc / disc.sum()))
    return np.fft.irfft2(np.fft.rfft2(picture) * spectrum, picture.shape)


def aliased(s: float, c: float, roll: float, size: float, phase: tuple[float, float]) -> float:
    """The RMS over the mean of what a photosite grid adds to the picture below its limit."""
    picture = blurred(leds(s, roll, size, phase), c)
    count = SITES * FINE
    box = np.zeros(count)
    box[: FINE // 2 + 1] = box[-(FINE // 2) :] = 1.0 / FINE
    spectrum = np.fft.fft(box)
    gathered = np.fft.ifft2(np.fft.fft2(picture) * spectrum[:, None] * spectrum[None, :]).real
    cycles = np.abs(np.fft.fftfreq(count, 1.0 / FINE))
    low = (cycles[:, None] <= 0.5) & (cycles[None, :] <= 0.5)
    ideal = np.fft.ifft2(np.fft.fft2(gathered) * low).real
    centre = slice(FINE // 2, None, FINE)
    false = (gathered - ideal)[centre, centre][EDGE:-EDGE, EDGE:-EDGE]
    return float(np.sqrt(np.mean(false**2)) / picture.mean())


def shots(seed: int, count: int) -> list[tuple[float, float, float, float, tuple[float, float]]]:
    """Random lenses, walls, distances and focus: s, c, roll, size of the LED, phase."""
    random, found = Random(seed), []
    while len(found) < count:
        pitch = random.choice([1.5, 1.9, 2.3, 2.6, 2.8, 3.9]) / 1000
        focal = random.choice([18, 24, 32, 40, 50, 75, 100]) / 1000
        photosite = random.choice([4.6, 5.9, 6.4, 8.25]) / 1e6
        wall = random.uniform(2.0, 9.0)
        focus = wall * random.choice([1.0, random.uniform(0.3, 1.3)])
        optics = Optics(focal, random.choice([1.4, 2.0, 2.8, 4.0, 5.6, 8.0]), focus, photosite)
        s, c = period(pitch, wall, optics), blur(wall, optics)
        if 0.8 <= s <= 7.0 and c <= 9.0:
            phase = (random.random(), random.random())
            found.append((s, c, random.uniform(-6, 6), random.uniform(0.28, 0.45), phase))
    return found


def auc(risks: list[float], truths: list[bool]) -> float:
    """The share of pairs of a visible and an invisible pattern that the risk orders rightly."""
    yes = [r for r, t in zip(risks, truths, strict=True) if t]
    no = [r for r, t in zip(risks, truths, strict=True) if not t]
    assert len(yes) > 20 and len(no) > 20, (len(yes), len(no))
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))


@pytest.fixture(scope="module")
def measured() -> tuple[list[tuple[float, float, float]], list[float]]:
    taken = shots(2026, 150)
    return [(s, c, roll) for s, c, roll, _, _ in taken], [aliased(*shot) for shot in taken]


def test_the_risk_orders_rendered_shots(
    measured: tuple[list[tuple[float, float, float]], list[float]],
) -> None:
    given, found = measured
    truths = [value > VISIBLE for value in found]
    predicted = [risk(contrast(s, c)) for s, c, _ in given]  # the roll is not known beforehand
    assert auc(predicted, truths) >= 0.95
    # The negative controls: the period alone, and a shuffled order, do not reach that.
    assert auc([-s for s, _, _ in given], truths) < 0.9
    assert auc([predicted[i * 7 % 150] for i in range(150)], truths) < 0.7


def test_no_shot_with_a_fine_grid_in_focus_is_missed(
    measured: tuple[list[tuple[float, float, float]], list[float]],
) -> None:
    given, _ = measured
    fine = [(s, c) for s, c, _ in given if s < 2.0 and c < s / 2.0]
    assert len(fine) > 5
    assert all(moire.word(risk(contrast(s, c))) != "low" for s, c in fine)


def test_predicted_contrast_is_that_of_the_simulation_for_known_leds() -> None:
    for s, c in ((1.37, 0.0), (1.8, 0.6), (2.6, 0.0), (3.4, 1.5)):
        phases = [(0.1, 0.3), (0.4, 0.9), (0.7, 0.2)]
        found = np.mean([aliased(s, c, 3.0, 0.35, phase) for phase in phases])
        assert contrast(s, c, roll=3.0) == pytest.approx(found, rel=0.25, abs=0.004), (s, c)


def test_numbers_of_the_field_notes() -> None:
    """2.6 mm, 40 mm, 8.25 um: s is 3.15 at 4 m and 1.58 at 8 m; f/2.8, wall at 4 m: c is 10.6 in
    focus at 2.5 m, 2.5 at 3.5 m and 0.92 at 3.8 m."""
    optics = Optics(0.040, 2.8, 2.5, 8.25e-6)
    assert period(0.0026, 4.0, optics) == pytest.approx(3.15, abs=0.005)
    assert period(0.0026, 8.0, optics) == pytest.approx(1.58, abs=0.005)
    for focus, c in ((2.5, 10.6), (3.5, 2.5), (3.8, 0.92)):
        assert blur(4.0, Optics(0.040, 2.8, focus, 8.25e-6)) == pytest.approx(c, abs=0.06)
    near = at(0.0026, 4.0, optics)
    far = at(0.0026, 4.0, Optics(0.040, 2.8, 3.8, 8.25e-6))
    assert near.word == "low" and far.word != "low" and far.risk > near.risk


@pytest.mark.parametrize("s", [1.2, 2.5, 4.0])
def test_blur_of_the_first_zero_removes_what_is_left_of_it(s: float) -> None:
    assert contrast(s, 1.22 * s) < 0.25 * contrast(s, 0.0)
    assert contrast(s, 6 * s) < 0.05 * contrast(s, 0.0)
    assert 0.0 <= risk(contrast(s, 0.0)) <= 1.0


def test_a_wall_seen_at_an_angle_is_finer() -> None:
    assert contrast(2.6, 0.8, grazing=40) > contrast(2.6, 0.8)
    assert contrast(12.0, 0.0) < contrast(1.5, 0.0)


def test_a_map_has_a_row_for_each_lens_and_focus() -> None:
    optics = Optics(0.040, 2.8, 2.5, 8.25e-6)
    lenses = moire.lens_map(0.0026, optics, [0.024, 0.040], [2.0, 4.0, 8.0])
    assert len(lenses.risk) == 2 and all(len(row) == 3 for row in lenses.risk)
    focus = moire.focus_map(0.0026, optics, [1.0, 4.0], [4.0])
    assert focus.risk[0][0] < focus.risk[1][0]
