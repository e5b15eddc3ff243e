"""When the edges of a headset's pictures get dark, how fast, and how dark where."""

from __future__ import annotations

from math import atan2, degrees, radians, tan

import pytest

from xrdrama import content
from xrdrama.adapters.panda.edges import AWAY, CLEAR, DARKEST, EDGE, PIXELS, WIDTH, shade
from xrdrama.scene.parse import parse_scene
from xrdrama.viewers.vignette import EASES_S, FULL, eased, speeds_in, wanted


def speeds_of(name: str) -> tuple[str, ...]:
    path = content.find("scene", name)
    scene, problems = parse_scene(path.read_text("utf-8"), str(path))
    assert scene is not None, problems
    return speeds_in(scene)


def test_a_set_that_moves_past_needs_it_and_one_that_stands_still_does_not() -> None:
    road = speeds_of("ridge_road")
    assert road == ("speed",)
    assert wanted(road, {"speed": 13.0}) == 1.0
    assert wanted(road, {"speed": FULL / 2}) == pytest.approx(0.5)
    assert wanted(road, {"speed": 0.0}) == wanted(road, {}) == 0.0
    # The controls: a room, and a road on video, whose clock does not move a set.
    assert speeds_of("tea_room") == speeds_of("ridge_plate") == ()
    assert wanted((), {"speed": 13.0}) == 0.0


def test_it_comes_and_goes_evenly() -> None:
    share = 0.0
    for _ in range(5):
        share = eased(share, 1.0, EASES_S / 10)
    assert share == pytest.approx(0.5)
    assert eased(share, 1.0, 60.0) == 1.0
    assert eased(share, 0.0, 60.0) == 0.0
    assert eased(share, 1.0, -1.0) == share


def test_the_middle_is_clear_and_the_edges_are_dark() -> None:
    picture = shade(1.0)
    assert not picture[..., :3].any()
    metre = PIXELS / WIDTH
    middle = PIXELS // 2

    def alpha(angle: float) -> int:
        return int(picture[middle, middle + round(AWAY * tan(radians(angle)) * metre)][3])

    assert alpha(0.0) == alpha(CLEAR - 3.0) == 0
    assert alpha(EDGE + 3.0) == picture[0, 0][3] == round(255 * DARKEST)
    assert 0 < alpha((CLEAR + EDGE) / 2) < 255 * DARKEST
    assert degrees(atan2(WIDTH / 2, AWAY)) > 70.0  # beyond what headsets show
    assert shade(0.5).max() == pytest.approx(255 * DARKEST / 2, abs=1.0)
