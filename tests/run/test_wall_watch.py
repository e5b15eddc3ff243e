"""Cameras that leave the LED walls raise an alarm in the frames that a run sends."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.run.wall_watch import WallWatch
from xrdrama.show import Tick, advance, opening
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import load_stage
from xrdrama.timing import NS, FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame

STAGE = Path(__file__).resolve().parents[2] / "examples" / "stages" / "flat_wall.stage.yaml"


def alarms_of(degrees_per_second: float, seconds: float) -> list[tuple[float, str]]:
    """Time and text of each new alarm while the camera pans, the tracker at 60 Hz."""
    stage = load_stage(STAGE.read_text("utf-8").replace("focal_mm: 35", "focal_mm: 75"))
    production = content.produce(content.load_show("lantern_demo"))
    production = msgspec.structs.replace(production, stage=stage, outer_views=())
    show, watch, found, sent = opening(production), WallWatch(stage), [], 0
    for number in range(round(seconds * 24)):
        time = FrameTime.of(number, production.rate)
        entries = []
        while sent * NS // 60 <= time.shows_at:
            at = sent * NS // 60
            turn = Quat.from_angles(pan=5.0 + degrees_per_second * at / NS)
            sample = TrackingSample("t", "1", at, Pose(Vec3(0, -1, 1.4), turn))
            entries.append(Entry(sent, at, sample))
            sent += 1
        show, frame = advance(show, Tick(time, tuple(entries)))
        shown: Frame = watch.shown(frame, show)
        assert all(
            not alarm.code.startswith("off_wall") for alarm in frame.alarms
        )  # a replay has none
        for alarm in shown.alarms:
            if alarm.code.startswith("off_wall") and (not found or found[-1][1] != alarm.text):
                found.append((number / 24, alarm.text))
    return found


def test_a_pan_off_the_wall_is_announced_and_then_reported() -> None:
    found = alarms_of(-15.0, 2.0)
    assert found[0][1] == "the camera may see beyond the LED walls in 1 s at the right edge"
    assert found[-2][1] == "the camera will see beyond the LED walls in 0.25 s at the right edge"
    assert "sees beyond the LED walls at the right edge" in found[-1][1]
    assert 0.9 <= found[-1][0] - found[0][0] <= 1.2


def test_a_camera_that_stays_on_the_wall_raises_nothing() -> None:
    assert alarms_of(-0.5, 3.0) == []
