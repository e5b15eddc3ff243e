"""Pixels of a wall from its panels or its pitch, and what does not fit."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from xrdrama.authoring.canonical import canonical_text
from xrdrama.errors import Problem
from xrdrama.stage import Stage, parse_stage
from xrdrama.stage.form import STAGE, stage_schema

HEAD = """\
xrdrama: 1
id: box
canvas: [8000, 4000]
walls:
  wall: {%s}
camera: {focal_mm: 35, sensor_mm: [36, 20.25]}
eye_point: [0, -1, 1.5]
"""
FLAT = "shape: flat, width: 4, height: 2.5, centre: [0, 3, 1.5]"
CEILING = "shape: flat, width: 4, height: 2.5, centre: [0, 0, 5], tilt: 90"
# 32 columns of 0.409 m.
ARC = "shape: arc, radius: 5, angle: 150, height: 2.5, segments: 32, centre: [0, 0, 0]"
PANEL = "panel: {size: [0.5, 0.5], pixels: [192, 192]}"


def read(wall: str) -> tuple[Stage | None, list[Problem]]:
    return parse_stage(HEAD % wall, "box.stage.yaml")


@pytest.mark.parametrize(
    ("wall", "pixels"),
    [
        (f"{FLAT}, {PANEL}", (1536, 960)),
        (f"{CEILING}, {PANEL}", (1536, 960)),
        (f"{FLAT}, pitch: 2.5", (1600, 1000)),
        (f"{CEILING}, pitch: 2.5", (1600, 1000)),
        (f"{ARC}, panel: {{size: [0.409, 0.5], pixels: [48, 58]}}", (1536, 290)),
        (f"{ARC.replace('2.5', '2.556')}, pitch: 8.52", (1536, 300)),
        (f"{FLAT}, {PANEL}, pixels: [1536, 960]", (1536, 960)),
        (f"{FLAT}, {PANEL}, pitch: 2.6", (1536, 960)),
        (f"{FLAT}, pixels: [1536, 960], pitch: 2.6", (1536, 960)),
        (f"{FLAT}, pixels: [1536, 960]", (1536, 960)),
    ],
)
def test_pixels_come_from_panels_or_pitch(wall: str, pixels: tuple[int, int]) -> None:
    stage, problems = read(wall)
    assert stage is not None and problems == []
    assert stage.wall("wall").pixels == pixels
    jsonschema.validate(yaml.safe_load(HEAD % wall), stage_schema())


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        (f"{FLAT}, {PANEL}, pixels: [1920, 960]", ["pixels and panel", "1920", "4 m", "1536"]),
        (f"{FLAT}, {PANEL}, pixels: [1536, 1080]", ["pixels and panel", "1080", "2.5 m", "960"]),
        (f"{FLAT}, pixels: [1920, 1200], pitch: 2.6", ["pixels and pitch", "1920", "1538"]),
        (f"{FLAT}, {PANEL}, pitch: 3.9", ["panel and pitch", "2.604 mm", "3.9 mm"]),
        (
            f"{ARC}, pitch: 4, pixels: [1536, 540]",
            ["pixels and pitch", "1536", "3271.58"],
        ),
    ],
)
def test_contradiction_is_an_error_with_both_numbers(wall: str, words: list[str]) -> None:
    stage, problems = read(wall)
    assert stage is None
    assert [p.code for p in problems] == ["W016"]
    assert all(word in problems[0].message for word in words), problems[0].message
    assert problems[0].line == 5


@pytest.mark.parametrize(
    ("wall", "words"),
    [
        (FLAT.replace("width: 4", "width: 4.2") + f", {PANEL}", ["8.4", "width: 4 or 4.5"]),
        (FLAT.replace("2.5", "2.3") + f", {PANEL}", ["4.6", "height: 2 or 2.5"]),
        (f"{FLAT}, {PANEL}, pixels: [1540, 960]", ["1540", "8.021", "write 1536"]),
        (f"{ARC}, pixels: [1500, 550]", ["46.88", "1472 or 1504", "segments: 30"]),
        (f"{ARC}, panel: {{size: [0.5, 0.5], pixels: [58, 58]}}", ["0.8179", "angle: 183.4"]),
        (f"{FLAT}, pitch: 2.6", ["1538.46", "using 1538 pixels across"]),
    ],
)
def test_part_of_a_panel_column_or_pixel_is_reported(wall: str, words: list[str]) -> None:
    stage, problems = read(wall)
    assert stage is not None
    assert problems and {(p.code, p.severity) for p in problems} == {("W017", "warning")}
    said = f"{problems[0].message} {problems[0].hint}"
    assert all(word in said for word in words), said


def test_hints_of_parts_of_panels_work() -> None:
    for wall in (
        f"{FLAT.replace('width: 4', 'width: 4.5')}, {PANEL}",
        f"{ARC}, pixels: [1504, 550]",
        f"{ARC.replace('150', '183.4')}, panel: {{size: [0.5, 0.5], pixels: [58, 58]}}",
    ):
        assert read(wall)[1] == [], wall


def test_wall_without_pixels_panel_and_pitch_is_an_error() -> None:
    stage, problems = read(FLAT)
    assert stage is None and [p.code for p in problems] == ["W015"]


@pytest.mark.parametrize("key", ["pixels: [0, 1]", "panel: 3", "pitch: 0.0026", "pitch: x"])
def test_unreadable_pixels_are_reported_once(key: str) -> None:
    stage, problems = read(f"{FLAT}, {key}")
    assert stage is None and {p.code[0] for p in problems} == {"F"}, problems


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("pitch: 0.0026", "in metres, write 2.6"),
        ("panel: {size: [500, 500], pixels: [192, 192]}", "in millimetres, write 0.5"),
        ("panel: {size: [5, 5], pixels: [192, 192]}", ""),
    ],
)
def test_panels_in_another_unit_are_reported(key: str, hint: str) -> None:
    _, problems = read(f"{FLAT}, {key}")
    assert any(p.hint.endswith(hint) and p.code in ("F005", "Q001") for p in problems), problems


def test_too_many_pixels_are_an_error() -> None:
    stage, problems = read(FLAT + ", pitch: 0.1")
    assert stage is None and "W016" in {p.code for p in problems}


def test_fmt_puts_panel_and_pitch_behind_pixels() -> None:
    text = """\
walls:
  wall:
    pitch: 2.6
    width: 4
    panel:
      pixels: [192, 192]
      size: [0.5, 0.5]
    shape: flat
    pixels: [1536, 960]
"""
    keys = [line.split(":")[0].strip() for line in canonical_text(text, "x", STAGE).splitlines()]
    assert keys[2:] == ["shape", "pixels", "panel", "size", "pixels", "pitch", "width"]
