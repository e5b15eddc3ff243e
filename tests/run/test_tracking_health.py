"""The health of a tracker in a run: alarms in frames, costs in reports."""

from __future__ import annotations

import msgspec
import pytest

from tests.show.small import played, small
from xrdrama.run.tracking_health import TrackingAlarms, vitals_of, with_costs
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS, FrameRate
from xrdrama.tracking.health import Health, Report

MS = 1_000_000
PRODUCTION = small()
GOOD = Health().report(0)
STAGE = PRODUCTION.stage
assert STAGE is not None


def test_packet_troubles_are_alarms_since_they_began() -> None:
    _, (frame, later, *_) = played([], 1, PRODUCTION)
    alarms = TrackingAlarms()
    assert alarms.added(frame, GOOD) is frame
    bad = msgspec.structs.replace(
        GOOD, recently_bad=2, bad_reasons={"FreeD checksum mismatch": 2}, recently_lost=1,
        drift_ppm=-2040.0,
    )  # fmt: skip
    codes = ["tracker_bad_packets", "tracker_lost_packets", "tracker_drift"]
    shown = alarms.added(frame, bad).alarms[:3]
    assert [alarm.code for alarm in shown] == codes
    assert "checksum mismatch" in shown[0].text and "about -2000 parts" in shown[2].text
    again = alarms.added(later, bad).alarms[:3]
    assert again == shown, "an alarm that lasts does not change"
    assert alarms.added(later, GOOD) is later
    assert alarms.added(later, bad).alarms[0].since == later.time.shows_at


def test_the_costs_of_prediction_and_smoothing_are_in_wall_pixels() -> None:
    assert STAGE is not None
    poses = tuple(
        (n * 10 * MS, Pose(Vec3(0.002 * n, -2.0, 1.6 + 0.001 * (n * n % 7)), Quat()))
        for n in range(200)
    )
    tracking = msgspec.structs.replace(STAGE.tracking, smooth=50 * MS)
    stage = msgspec.structs.replace(STAGE, tracking=tracking)
    found = with_costs(GOOD, poses, stage, stage.camera, FrameRate(24))
    assert found.lag_ms == 50.0
    wall = min(stage.walls, key=lambda one: one.centre.y)
    assert found.lag_px == pytest.approx(0.2 * 0.05 / wall.pitch, rel=0.05)
    assert found.noise_mm and found.noise_mm > 0.5 and found.noise_px and found.noise_px > 0
    plain = with_costs(GOOD, poses, STAGE, STAGE.camera, FrameRate(24))
    assert plain.lag_ms == 0.0 and plain.lag_px is None
    nothing = with_costs(GOOD, (), stage, stage.camera, None)
    assert nothing.noise_mm is None


def test_vitals_have_what_the_console_shows() -> None:
    assert vitals_of(None) == {}
    report = Report(5, 1, 0, 2, 0.1, 60.0, 0.001, 0.0, {}, lost=3, drift_ppm=12.345)
    vitals = vitals_of(report)
    assert (vitals["tracker_lost"], vitals["tracker_drift_ppm"]) == (3, 12.35)
    assert NS == 1000 * MS
