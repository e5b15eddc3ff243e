"""A take as its film camera takes it: slip in the rendered picture against the formula, and what
`render` says about the effects that it simulates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PIL import Image

from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.cli import run
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show.filming import AS_SEEN, Filming
from xrdrama.spatial import Pose, Vec3
from xrdrama.stage.advice.slip import focal_px, move_slip
from xrdrama.stage.delays import Delay, DelayLine
from xrdrama.stage.effects import EFFECTS, Effects
from xrdrama.timing import NS
from xrdrama.tools.takes.effects import Filmed
from xrdrama.tools.takes.instead import Instead, Opened, open_instead
from xrdrama.tools.takes.stills import of_all
from xrdrama.tracking import TrackingSample

FLAT = """
xrdrama: 1
id: flat
canvas: [1600, 640]
eye_point: [0, 0, 1.5]
walls: {main: {shape: flat, width: 10, height: 4, centre: [0, 4, 2], pixels: [1600, 640]}}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [640, 360], subject: "1"}
inner: {overscan: 1.6, feather: 0, pixels: [640, 360]}
outer: {density: 10, every: 60}
"""
SPEED, LAST = 0.5, 22
"""Metres per second to the right; the frame that is filmed."""


def moved(sample: TrackingSample, first: bool) -> TrackingSample:
    """A sample of a steady move. The first one is there from the start: nothing is eased to."""
    at = 0 if first else sample.at
    pose = Pose(Vec3(SPEED * at / NS, 0.0, 1.5))
    return replace(sample, at=at, pose=pose, angles=None)


@pytest.fixture(scope="module")
def opened(take: Path, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The take on a flat wall, with a steady move of the camera."""
    file = tmp_path_factory.mktemp("stage") / "flat.stage.yaml"
    file.write_text(FLAT, "utf-8")
    made = open_instead(take, Instead(stage=str(file)))
    seen: set[str] = set()
    entries = []
    for entry in made.take.entries:
        event = entry.event
        if isinstance(event, TrackingSample):
            event = moved(event, event.subject not in seen)
            seen.add(event.subject)
        entries.append(replace(entry, event=event))
    return replace(made, take=replace(made.take, entries=tuple(entries)))


@pytest.fixture(scope="module")
def pictures(opened: Opened) -> Iterator[StagePictures]:
    made = stage_pictures(opened.loaded, opened.production, quality="draft")
    yield made
    made.close()


def cross(opened: Opened, pictures: StagePictures, filming: Filming) -> float:
    """Where the camera sees the cross in the middle of its inner frustum, which is a mark at
    infinity; pixels to the right of the middle of its picture."""
    filmed = Filmed(opened, filming)
    for number, played, _ in opened.frames():
        frame = replace(played, patterns={"main": "cameras"}, captions=(), choice=None)
        if number < LAST:
            filmed.draw_outer(pictures, frame)
        else:
            filmed.present(pictures, frame)
            break
    found = pictures.newest("lens").astype(float).min(axis=2)[90:250, 60:580]
    _, columns = np.nonzero(found > 200.0)
    assert len(columns) > 40
    return float(columns.mean()) + 60.5 - 320.0


@pytest.mark.parametrize("frames", [0, 1, 3, 6, 11])
def test_slip_of_a_rendered_take_equals_the_formula(
    opened: Opened, pictures: StagePictures, frames: int
) -> None:
    """0.5 m/s, 4 m from the wall: 3.7 pixels a frame, to the side that the camera comes from."""
    stage = opened.production.stage
    assert stage is not None
    late = Filming(Effects(slip=True), latency=Delay(frames=frames))
    expected = -move_slip(focal_px(stage.camera), SPEED * frames / 24, 4.0)
    found = cross(opened, pictures, late)
    assert abs(found - expected) < 1.0
    if frames:
        assert abs(found + expected) > 1.0, "the control: with the wrong sign it is not the formula"
    else:
        assert abs(found) < 0.3


def test_half_a_frame_of_latency_slips_by_half_as_much(
    opened: Opened, pictures: StagePictures
) -> None:
    late = Filming(Effects(slip=True), latency=Delay(frames=5.5))
    expected = -move_slip(711.1, SPEED * 5.5 / 24, 4.0)
    assert abs(cross(opened, pictures, late) - expected) < 1.0


def test_walls_that_are_predicted_to_be_seen_are_in_time_without_slip(
    opened: Opened, pictures: StagePictures
) -> None:
    """The control: filmed at the frame's own time, the cross is 13 pixels beside the middle."""
    stage = opened.production.stage
    assert stage is not None
    line = DelayLine(
        render=Delay(frames=2), camera=Delay(frames=1.5), predict_to="seen", is_declared=True
    )
    seen = replace(opened.production, stage=replace(stage, delays=line))
    predicted = replace(opened, production=seen)
    assert abs(cross(predicted, pictures, AS_SEEN)) < 1.0
    assert abs(cross(predicted, pictures, Filming(Effects(slip=True)))) < 1.0


def test_without_effects_the_picture_is_that_of_an_output(
    opened: Opened, pictures: StagePictures
) -> None:
    """Byte for byte, also after every effect was simulated."""
    filming = Filming(Effects(*[True] * 5), 180.0, 1.4, 2.0, Delay(frames=3))
    (_, frame, _), film = next(opened.frames()), opened.film()
    pictures.present(frame, *film.at(frame))
    before = pictures.newest("lens")
    simulated = Filmed(opened, filming)
    simulated.begin(pictures)
    simulated.present(pictures, frame)
    assert not np.array_equal(pictures.newest("lens"), before)
    plain = Filmed(opened, AS_SEEN)
    plain.begin(pictures)
    plain.present(pictures, frame)
    assert np.array_equal(pictures.newest("lens"), before)


# -- the command ----------------------------------------------------------------------------------


def test_render_reports_the_effects_that_it_simulates(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--still", "20", "--size", "320x180", "--quality", "draft", "--json"]
    values = ["--effects", "all", "--latency", "3", "--aperture", "1.4", "--shutter", "270"]
    for name, more in (("plain", []), ("all", values)):
        folder = str(tmp_path / name)
        assert run(["render", str(take), *options, *more, "--out", folder]) == 0
    plain, found = map(json.loads, capsys.readouterr().out.splitlines())
    assert plain["simulated"] == {} and list(found["simulated"]) == list(EFFECTS)
    simulated: dict[str, Any] = found["simulated"]
    for name, words in {
        "motion_blur": "270 degrees", "depth_of_field": "f/1.4, in focus: the stand-in",
        "off_angle": "150, 160, 160", "shadow": "on the floor", "slip": "3 frames old",
    }.items():  # fmt: skip
        assert words in simulated[name] and "simulated" not in simulated[name]
    one, other = (Image.open(tmp_path / name / "still_000020.png") for name in ("plain", "all"))
    assert np.abs(np.asarray(one, float) - np.asarray(other, float)).mean() > 1.0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--effects", "motionblur"], "did you mean 'motion_blur'?"),
        (["--effects", "slip", "--stage", "flat_wall"], "does not say how late its walls are"),
        (["--effects", "depth_of_field"], "aperture of the camera 'wide' is unknown"),
        (["--shutter", "90"], "--shutter has no effect without motion_blur"),
        (["--latency", "soon"], "write 3 frames, or 125ms"),
    ],
)
def test_render_explains_what_an_effect_lacks(
    take: Path, tmp_path: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in ([], ["--still", "3"]):
        assert run(["render", str(take), "--out", str(tmp_path), *kind, *options]) == 2
        assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_effects_through_several_lenses_are_reported_for_each() -> None:
    blur = {"motion_blur": "180 degrees"}
    deep = {lens: {**blur, "depth_of_field": f"in focus: {lens}"} for lens in ("zoom", "prime")}
    assert of_all(deep) == {
        **blur, "depth_of_field": "zoom: in focus: zoom; prime: in focus: prime"
    }  # fmt: skip
    assert of_all({"24 mm": {}}) == of_all({}) == {}
