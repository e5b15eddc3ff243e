"""A planned move has its departures from the walls, and the seconds to them."""

from __future__ import annotations

from math import sin
from pathlib import Path

import pytest

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, load_stage
from xrdrama.stage.advice.leaving import departures, timeline
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.timing import NS, FrameRate

STAGES = Path(__file__).resolve().parents[3] / "examples" / "stages"
RATE = FrameRate(24)
FPS = 24


@pytest.fixture(scope="module")
def wall() -> Stage:
    text = (STAGES / "flat_wall.stage.yaml").read_text("utf-8")
    return load_stage(text.replace("focal_mm: 35", "focal_mm: 85"))


def test_a_planned_move_has_its_departures_and_the_seconds_to_them(wall: Stage) -> None:
    def pose(at: int) -> Pose:
        return Pose(Vec3(0, -1, 1.4), Quat.from_angles(pan=-25 * sin(at / NS)))

    moments = timeline(surfaces_of(wall), wall.camera, pose, 6 * NS, RATE)
    found = departures(moments)
    assert [one.side for one in found] == ["right", "left"]
    first = round(found[0].at * FPS)
    assert moments[first].off_in == 0.0
    assert moments[0].off_in == pytest.approx(found[0].at)
    assert moments[first - 12].off_in == pytest.approx(0.5, abs=1e-6)
    assert moments[-1].off_in is None or moments[-1].seen.is_off
