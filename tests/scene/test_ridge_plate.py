"""The driving plate of this repository: it loops without a jump, and is small."""

from __future__ import annotations

import numpy as np

from tests.scene.our_sets import ALL, SCENES
from xrdrama.adapters.video.files import stills
from xrdrama.adapters.video.plates import read_plate

CLIP = SCENES / "ridge_plate" / "assets" / "drive.mp4"


def test_driving_plate_loops_without_a_jump() -> None:
    facts = read_plate(CLIP, "")
    assert (facts.width, facts.height, facts.frames) == (2048, 1024, 120)
    assert facts.remarks == () and facts.transfer == "srgb"
    last = facts.frames - 1
    found = stills(CLIP, (0, 1, last - 1, last, 60))
    # Above the road, in blocks: near the car everything differs from frame to frame.
    grey = {
        number: picture[256:512].reshape(8, 32, 64, 32, 3).mean((1, 3, 4))
        for number, picture in found.items()
    }

    def step(one: int, other: int) -> float:
        return float(np.abs(grey[one] - grey[other]).mean())

    usual = max(step(0, 1), step(last - 1, last))
    assert step(last, 0) < 1.25 * usual
    assert step(last - 1, 0) > 1.25 * usual, "the control: a missing frame is seen"
    assert step(60, 0) > 2.0 * usual, "the control: a cut elsewhere is seen"


def test_sets_around_plates_are_small_and_not_among_those_of_models() -> None:
    assets = sum(path.stat().st_size for path in CLIP.parent.iterdir())
    assert assets < 1_500_000
    assert "ridge_plate" not in ALL and len(ALL) == 3
