"""Stages with several cameras: what each one has, and what is wrong between them."""

from __future__ import annotations

import pytest

from xrdrama.spatial import Quat
from xrdrama.stage import load_stage, parse_stage

TWO = """\
xrdrama: 1
id: two
canvas: [1000, 500]
walls:
  front: {shape: flat, pixels: [1000, 500], centre: [0, 4, 2], width: 6, height: 3}
cameras:
  main:
    focal_mm: 35
    sensor_mm: [36, 20.25]
  tele:
    focal_mm: 75
    sensor_mm: [36, 20.25]
    subject: "2"
    priority: 3
    overscan: 1.4
    feather: 0.01
    pixels: [640, 360]
    safe: {position: [1, -2, 1.5], pan: 12}
eye_point: [0, -1, 1.6]
inner: {overscan: 1.25, feather: 0.05, pixels: [1280, 720]}
"""


def test_each_camera_has_its_own_values_or_those_of_the_stage() -> None:
    stage, problems = parse_stage(TWO)
    assert stage is not None and not problems
    main, tele = stage.cameras
    assert stage.camera is main and stage.camera_named("tele") is tele
    assert (main.subject, tele.subject, main.priority, tele.priority) == ("1", "2", 0, 3)
    assert (main.inner.overscan, main.inner.feather, main.inner.pixels) == (1.25, 0.05, (1280, 720))
    assert (tele.inner.overscan, tele.inner.feather, tele.inner.pixels) == (1.4, 0.01, (640, 360))
    assert main.safe.position == stage.eye_point
    assert tele.safe.rotation == Quat.from_angles(pan=12.0)
    with pytest.raises(KeyError):
        stage.camera_named("wide")


def test_camera_is_the_short_form_of_one() -> None:
    head, _, rest = TWO.partition("cameras:")
    one = (
        f"{head}camera: {{focal_mm: 35, sensor_mm: [36, 20.25]}}\n{rest[rest.index('eye_point') :]}"
    )
    stage = load_stage(one)
    assert [camera.id for camera in stage.cameras] == ["main"]
    # Except for the order of the file, it is the same camera.
    assert stage.camera == load_stage(TWO).camera


def test_of_equal_priorities_the_first_camera_is_on_top() -> None:
    equal = load_stage(TWO.replace("priority: 3", "priority: 0"))
    assert [camera.id for camera in equal.by_priority()] == ["tele", "main"]
    assert [camera.id for camera in load_stage(TWO).by_priority()] == ["main", "tele"]


@pytest.mark.parametrize(
    ("old", "new", "code", "severity", "line", "said"),
    [
        ('    subject: "2"\n', "", "W034", "error", 10, "'main' and 'tele' have the same subject"),
        ('subject: "2"', 'subject: "1"', "W034", "error", 13, "same subject"),
        ("    priority: 3\n", "", "W035", "warning", 10, "'main' is shown"),
        ("pixels: [640, 360]", "pixels: [640, 480]", "W008", "warning", 17, "cameras.tele.pixels"),
        ("eye_point:", "camera: {focal_mm: 35, sensor_mm: [36, 20.25]}\neye_point:", "W033",
         "error", 19, "both"),
        ("priority: 3", "priorty: 3", "F014", "error", 14, "priorty"),
        ("focal_mm: 75", "focal_mm: 0.0075", "F005", "error", 11, "0.0075"),
    ],
)  # fmt: skip
def test_mistakes_have_a_place(
    old: str, new: str, code: str, severity: str, line: int, said: str
) -> None:
    assert TWO.count(old) == 1
    _, problems = parse_stage(TWO.replace(old, new), "two.stage.yaml")
    found = [p for p in problems if p.code == code]
    assert [(p.severity, p.line) for p in found] == [(severity, line)], problems
    assert said in found[0].message and found[0].hint


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("    focal_mm: 75\n", "    focal_mm: 0.0075\n", ["F005"]),
        ("    focal_mm: 75\n", "    lens: [a]\n", ["F001"]),
        ("    focal_mm: 75\n", "", ["F015"]),
    ],
)
def test_a_refused_focal_length_is_not_missing(old: str, new: str, codes: list[str]) -> None:
    stage, problems = parse_stage(TWO.replace(old, new), "two.stage.yaml")
    assert stage is None and [p.code for p in problems] == codes, problems
    single = "camera: {focal_mm: 0.035, sensor_mm: [36, 20.25]}\n"
    head, _, rest = TWO.partition("cameras:")
    _, problems = parse_stage(head + single + rest[rest.index("eye_point") :])
    assert [p.code for p in problems] == ["F005"], problems


def test_a_stage_needs_a_camera() -> None:
    head, _, rest = TWO.partition("cameras:")
    stage, problems = parse_stage(head + rest[rest.index("eye_point") :])
    assert stage is None and [p.code for p in problems] == ["F015"]
    assert "cameras:" in problems[0].hint


def test_a_stage_with_empty_cameras_is_refused() -> None:
    head, _, rest = TWO.partition("cameras:")
    stage, problems = parse_stage(f"{head}cameras: {{}}\n{rest[rest.index('eye_point') :]}")
    assert stage is None
    assert [problem.message for problem in problems] == ["cameras: is empty"]
