"""Stage files: what is read, and every mistake at its place."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.content import read_stage
from xrdrama.errors import AuthoringError
from xrdrama.spatial import Quat, Vec3
from xrdrama.stage import Stance, load_stage, parse_stage
from xrdrama.stage.form import stage_schema
from xrdrama.timing import NS

REPOSITORY = Path(__file__).resolve().parents[2]

BOX = """\
xrdrama: 1
id: box
title: A box
canvas: [2000, 1000]
walls:
  front:
    shape: flat
    pixels: [1000, 500]
    centre: [0, 4, 2]
    width: 6
    height: 3
  round:
    shape: arc
    pixels: [900, 400]
    at: [1000, 0]
    centre: [0, 0, 0]
    radius: 5
    angle: 90
    height: 3
    segments: 9
camera:
  focal_mm: 40
  sensor_mm: [36, 20.25]
  shift: [0.01, -0.02]
  tracker_offset: {position: [0, 0.05, -0.1], pan: 90}
  entrance_pupil_mm: 60
  picture: [1280, 720]
eye_point: [0, -1, 1.6]
safe: {position: [0, -2, 1.7], tilt: 3}
tracking: {protocol: freed, subject: "7", port: 6301, address: 0.0.0.0, latency: 12ms}
ladder: {predict: 80ms, hold: 900ms, ease: 3s, jump: 0.7}
inner: {overscan: 1.25, feather: 0.05, pixels: [1280, 720]}
outer: {density: 50, every: 2}
near: 0.05
far: 800
"""


def test_a_whole_file_is_read() -> None:
    stage, problems = parse_stage(BOX, "box.stage.yaml")
    assert stage is not None and not problems
    assert (stage.id, stage.title, stage.canvas) == ("box", "A box", (2000, 1000))
    assert [wall.id for wall in stage.walls] == ["front", "round"]
    assert [len(wall.facets) for wall in stage.walls] == [1, 9]
    assert stage.wall("round").at == (1000, 0)
    assert stage.wall("front").brightness == 1500.0
    camera = stage.camera
    assert camera.lens.focal == pytest.approx(0.04)
    assert camera.lens.sensor == pytest.approx((0.036, 0.02025))
    assert camera.lens.shift == (0.01, -0.02)
    assert camera.entrance_pupil == pytest.approx(0.06)
    assert camera.picture == (1280, 720)
    assert camera.tracker_offset.position == Vec3(0.0, 0.05, -0.1)
    assert camera.tracker_offset.rotation == Quat.from_angles(pan=90.0)
    assert stage.safe.rotation == Quat.from_angles(tilt=3.0)
    assert (stage.tracking.subject, stage.tracking.port) == ("7", 6301)
    assert stage.tracking.latency == 12_000_000
    assert (stage.ladder.predict, stage.ladder.hold) == (80_000_000, 900_000_000)
    assert (stage.ladder.ease, stage.ladder.jump) == (3 * NS, 0.7)
    assert (stage.inner.feather, stage.outer.density, stage.outer.every) == (0.05, 50.0, 2)
    assert (stage.near, stage.far) == (0.05, 800.0)
    with pytest.raises(KeyError):
        stage.wall("back")


def test_defaults() -> None:
    text = "\n".join(
        line for line in BOX.splitlines()
        if not line.startswith(("title", "safe", "tracking", "ladder", "inner", "outer", "near",
                                "far"))
    )  # fmt: skip
    stage = load_stage(text)
    assert stage.title == "box"
    assert stage.safe.position == stage.eye_point and stage.safe.rotation == Quat()
    assert (stage.tracking.protocol, stage.tracking.port) == ("freed", 40_000)
    assert stage.inner.overscan == pytest.approx(1.2)
    assert stage.stand_in is None


def test_a_stand_in_is_read() -> None:
    stage = load_stage(BOX + "stand_in: {model: actors/a.glb, at: [1, 2, 0], pan: 30}\n")
    assert stage.stand_in is not None
    assert (stage.stand_in.model, stage.stand_in.at.x, stage.stand_in.pan) == (
        "actors/a.glb", 1.0, 30.0
    )  # fmt: skip


def test_a_stand_in_acts_with_params() -> None:
    text = "{model: a.glb, holds: {arm: -60}, acts: {girl: {nod: 8, arm: 60}, taper: {turn: 30}}}"
    stage = load_stage(f"{BOX}stand_in: {text}\n")
    assert stage.stand_in is not None
    assert stage.stand_in.holds == Stance(arm=-60.0)
    assert stage.stand_in.acts == {"girl": Stance(nod=8.0, arm=60.0), "taper": Stance(turn=30.0)}
    # The negative control: nobody turns their head right round.
    _, problems = parse_stage(f"{BOX}stand_in: {{model: a.glb, holds: {{head: 200}}}}\n")
    assert [problem.code for problem in problems] == ["F005"]


def test_the_camera_parks_where_its_lens_is_safe() -> None:
    stage = load_stage(BOX)
    back = stage.camera.perspective_centre(stage.parked)
    assert (back.position - stage.safe.position).length() < 1e-12
    assert back.rotation.angle_to(stage.safe.rotation) < 1e-12
    assert (stage.parked.position - stage.safe.position).length() > 0.05  # the control


NATURAL = [
    (1920, 1080),
    (1280, 720),
    (1366, 768),
    (1998, 1080),
    (2048, 858),
    (4448, 3096),
    (1279, 719),
]


@pytest.mark.parametrize("pixels", NATURAL)
@pytest.mark.parametrize("asked", [1.0, 1.1, 1.15, 1.2, 1.33, 2.0])
def test_overscan_is_never_lowered_and_keeps_the_cameras_grid(
    pixels: tuple[int, int], asked: float
) -> None:
    text = BOX.replace("overscan: 1.25", f"overscan: {asked}").replace(
        "feather: 0.05, pixels: [1280, 720]", f"feather: 0.05, pixels: {list(pixels)}"
    )
    stage, problems = parse_stage(text)
    assert stage is not None and "W007" not in {problem.code for problem in problems}
    assert stage.inner.overscan == asked and stage.inner.pixels == pixels
    for side, drawn, grown in zip(pixels, stage.inner.drawn, stage.inner.grown, strict=True):
        assert drawn % 2 == side % 2  # as many on both sides
        assert asked - 1e-12 <= grown < asked + 2 / side + 1e-9
        assert drawn == pytest.approx(side * grown)


# One change to BOX, the code, the line where it must be found, and a word of the message.
MISTAKES = [
    ("id: box", "id: Box", "F003", 2, "Box"),
    ("xrdrama: 1", "xrdrama: 2", "F005", 1, "2"),
    ("canvas: [2000, 1000]", "canvas: [2000.5, 1000]", "F004", 4, "2000.5"),
    ("canvas: [2000, 1000]", "canvas: [2000]", "F009", 4, "list of 2"),
    ("canvas: [2000, 1000]", "canvas: 2000", "F009", 4, "list of 2"),
    ("canvas: [2000, 1000]", "canvas: [1800, 1000]", "W003", 12, "1900, 400"),
    ("canvas: [2000, 1000]", "canvas: [2000, 300]", "W003", 6, "1000, 500"),
    ("    at: [1000, 0]", "    at: [999, 0]", "W004", 12, "'front' and 'round'"),
    ("    at: [1000, 0]", "    at: [-1, 0]", "F005", 15, "-1"),
    ("eye_point: [0, -1, 1.6]", "eye_point: [0, 4.5, 1.6]", "W005", 6, "behind wall 'front'"),
    ("    centre: [0, 4, 2]", "    centre: [0, 4, 2]\n    pan: 180", "W005", 6, "behind wall"),
    ("near: 0.05", "near: 5", "W002", 34, "near"),
    ("hold: 900ms", "hold: 50ms", "W006", 31, "ladder"),
    ("  focal_mm: 40\n", "", "F015", 22, "focal_mm"),
    ("    shape: arc", "    shape: ball", "F0", 13, "ball"),
    ("    radius: 5\n", "", "F015", 12, "radius"),
    ("    segments: 9", "    segments: 0", "F005", 20, "0"),
    ("    radius: 5", "    radius: 5\n    width: 5", "F014", 18, "width"),
    ("far: 800", "far: 800\nfloor: 3", "F014", 36, "floor"),
    ("latency: 12ms", "latency: 12", "F007", 30, "12"),
]


@pytest.mark.parametrize(("old", "new", "code", "line", "word"), MISTAKES)
def test_error_has_its_position(old: str, new: str, code: str, line: int, word: str) -> None:
    assert BOX.count(old) == 1 or "near" in old
    far = BOX.replace("far: 800", "far: 4") if code == "W002" else BOX
    stage, problems = parse_stage(far.replace(old, new), "box.stage.yaml")
    assert stage is None
    found = [p for p in problems if p.code.startswith(code) and word in p.message]
    assert found, problems
    assert found[0].file == "box.stage.yaml"
    assert found[0].line == line, found
    with pytest.raises(AuthoringError, match=code):
        load_stage(far.replace(old, new), "box.stage.yaml")


def test_all_problems_are_reported_at_once() -> None:
    text = BOX.replace("at: [1000, 0]", "at: [500, 0]").replace("far: 800", "far: 0.04")
    text = text.replace("canvas: [2000, 1000]", "canvas: [1200, 1000]")
    stage, problems = parse_stage(text.replace("far: 0.04", "far: 1\nnear: 2"), "x")
    assert stage is None
    assert {p.code for p in problems} >= {"W003", "W004"}


def test_a_stage_needs_a_wall() -> None:
    head, _, rest = BOX.partition("walls:\n")
    text = head + "walls: {}\n" + rest[rest.index("camera:") :]
    stage, problems = parse_stage(text)
    assert stage is None and [p.code for p in problems] == ["W001"]


def test_walls_that_touch_on_the_canvas_do_not_overlap() -> None:
    assert load_stage(BOX.replace("at: [1000, 0]", "at: [1000, 500]"))
    assert load_stage(BOX.replace("at: [1000, 0]", "at: [0, 500]"))


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_a_stage_or_problems(text: str) -> None:
    stage, problems = parse_stage(text)
    assert stage is None and problems


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(BOX) - 1), st.text(max_size=6), st.integers(0, 6))
def test_mutated_file_gives_a_stage_or_problems(at: int, put: str, cut: int) -> None:
    stage, problems = parse_stage(BOX[:at] + put + BOX[at + cut :])
    assert (stage is not None) or problems


def test_the_schema_takes_what_is_read() -> None:
    schema = stage_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(BOX), schema)
    for path in sorted((REPOSITORY / "examples" / "stages").glob("*.stage.yaml")):
        jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), schema)
    bent = yaml.safe_load(BOX)
    bent["canvas"] = [2000.5, 1000]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(bent, schema)


def test_the_stages_of_the_repository_are_good() -> None:
    paths = sorted((REPOSITORY / "examples" / "stages").glob("*.stage.yaml"))
    assert paths
    for path in paths:
        _, problems = read_stage(path)
        assert not problems, problems
