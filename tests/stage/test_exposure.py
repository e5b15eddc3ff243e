"""The exposure of a film camera: the circle of confusion, and the pictures that make it up."""

from __future__ import annotations

from math import hypot, inf, pi

import pytest

from xrdrama.stage.advice.moire import Optics, blur
from xrdrama.stage.exposure import (
    MOST,
    SPACING,
    confusion,
    focused_at,
    instants,
    pictures_needed,
    pupil_radius,
)


def test_circle_of_confusion_is_that_of_the_published_example() -> None:
    """40 mm, N 2.8, photosites of 8.25 um, wall at 4 m (notes of the field, 3.5)."""
    for focus, photosites in ((2.5, 10.6), (3.5, 2.5), (3.8, 0.92), (4.0, 0.0)):
        found = confusion(4.0, 0.040, 2.8, focus) / 8.25e-6
        assert found == pytest.approx(photosites, rel=0.05, abs=1e-9)
        assert blur(4.0, Optics(0.040, 2.8, focus, 8.25e-6)) == pytest.approx(found)


def test_circle_of_confusion_at_infinity_is_the_limit() -> None:
    assert confusion(4.0, 0.05, 2.0, inf) == pytest.approx(confusion(4.0, 0.05, 2.0, 1e7), rel=1e-5)
    assert confusion(4.0, 0.05, 2.0, 0.05) == inf and focused_at(0.01, 0.05) == 0.1


@pytest.mark.parametrize("focus", [2.0, inf])
def test_a_shifted_camera_blurs_by_the_circle_of_confusion(focus: float) -> None:
    """A point at 5 m, seen from both edges of the aperture through frames that agree in focus."""
    radius = pupil_radius(0.05, 2.0, focus)
    moved = 0.05 * 2.0 * radius * abs(1.0 / 5.0 - 1.0 / focus)
    assert moved == pytest.approx(confusion(5.0, 0.05, 2.0, focus))


@pytest.mark.parametrize("count", [8, 20, 48])
def test_the_pictures_fill_time_and_aperture_evenly(count: int) -> None:
    found = instants(count)
    assert [one.time for one in found] == sorted(one.time for one in found)
    assert sum(one.time for one in found) == pytest.approx(0.0, abs=1e-9)
    for along in ([one.right for one in found], [one.up for one in found]):
        assert sum(along) == pytest.approx(0.0, abs=1e-9)
        assert sum(at * at for at in along) / count == pytest.approx(0.25)
    assert len({(round(one.right, 9), round(one.up, 9)) for one in found}) == count
    early = [hypot(one.right, one.up) for one in found[: count // 2]]
    assert 0.5 < sum(early) / len(early) < 0.8, "each half of the time has the whole aperture"


def test_an_exposure_has_as_many_pictures_as_its_blur_needs() -> None:
    assert pictures_needed(0.0, 0.0) == pictures_needed(0.04, 0.0) == 1
    assert pictures_needed(30.0, 0.0) == 20
    disc = 2.0 * SPACING * (30 / pi) ** 0.5
    assert pictures_needed(0.0, disc) == 32
    assert pictures_needed(1e4, 1e4) == MOST
