"""Mounting of trackers in stage files: axes, profiles, smoothing, offsets to mount or sensor."""

from __future__ import annotations

import pytest

from xrdrama.spatial import Pose, Vec3
from xrdrama.stage import load_stage, parse_stage

STAGE = """\
xrdrama: 1
id: wall
canvas: [640, 360]
walls:
  wall: {{shape: flat, width: 4, height: 2.25, centre: [0, 3, 1.325], pixels: [640, 360]}}
camera:
  focal_mm: 35
  sensor_mm: [36, 20.25]
  tracker_offset: {{position: [0, 0.1, -0.2]}}
  {camera}
eye_point: [0, -1, 1.5]
tracking: {{protocol: freed{tracking}}}
"""


def parsed(camera: str = "", tracking: str = "") -> list[str]:
    _, problems = parse_stage(STAGE.format(camera=camera, tracking=tracking))
    return [problem.code for problem in problems]


def test_the_keys_of_a_tracker_are_read() -> None:
    text = STAGE.format(
        camera="", tracking=", profile: sony, axes: {x: -y, y: x, pan: -pan}, smooth: 40ms"
    )
    tracking = load_stage(text).tracking
    assert tracking.axes == ("-y", "x", "z", "-pan", "tilt", "roll")
    assert (tracking.profile, tracking.smooth) == ("sony", 40_000_000)


def test_an_offset_to_the_sensor_is_one_to_the_mount_and_the_flange_distance() -> None:
    camera = load_stage(
        STAGE.format(camera="offset_to: sensor\n  flange_mm: 52", tracking="")
    ).camera
    assert camera.tracker_offset == Pose(Vec3(0.0, 0.1 + 0.052, -0.2))
    assert load_stage(STAGE.format(camera="", tracking="")).camera.tracker_offset.position.y == 0.1


@pytest.mark.parametrize(
    ("camera", "tracking", "code"),
    [
        ("", ", axes: {x: y}", "W050"),
        ("", ", axes: {pan: -tilt}", "W050"),
        ("", ", axes: {x: pan}", "F008"),
        ("", ", smooth: 500ms", "W051"),
        ("offset_to: sensor", "", "W052"),
        ("flange_mm: 52", "", "W053"),
        ("offset_to: plate", "", "F008"),
    ],
)
def test_what_is_wrong_is_found(camera: str, tracking: str, code: str) -> None:
    assert parsed(camera, tracking) == [code]
