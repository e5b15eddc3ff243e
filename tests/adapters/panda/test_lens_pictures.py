"""Distortion in the pictures: proved against the lens file, with controls, and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.lens.glass import grown
from xrdrama.adapters.panda.lens.stage_view import ThroughTheLens
from xrdrama.adapters.panda.proof.lenses import _LensBench, most_distorting, verify_lens
from xrdrama.adapters.panda.proof.test_range import TestRange
from xrdrama.adapters.panda.proof.verify import P99_PX, spread
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.content import load_stage_file
from xrdrama.show.camera import view_at
from xrdrama.show.production import outer_views
from xrdrama.stage import Stage
from xrdrama.stage.lenses import LensFile, Setting
from xrdrama.stage.prediction import Track

STAGES = Path(__file__).resolve().parents[3] / "examples" / "stages"
SIZE = (320, 180)


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def stage() -> Stage:
    return load_stage_file(STAGES / "zoom_volume.stage.yaml").with_pictures(SIZE)


def with_model(stage: Stage, model: str) -> Stage:
    """The stage with a lens whose coefficients are read the other way round."""
    lens = stage.camera.lens_file
    assert lens is not None
    points = tuple(
        msgspec.structs.replace(p, optics=msgspec.structs.replace(
            p.optics, projection_offset=(0.4, -0.3),
            distortion=msgspec.structs.replace(
                p.optics.distortion, model=model, tangential=(2e-5, -3e-5), centre=(0.1, 0.2)
            ),
        ))
        for p in lens.points
    )  # fmt: skip
    other = LensFile(lens.id, lens.title, lens.sensor_mm, points, lens.zoom, lens.focus, "U-D")
    return stage.with_camera(msgspec.structs.replace(stage.camera, lens_file=other))


def test_wall_seen_through_the_distorting_lens_is_proved(graphics: Graphics, stage: Stage) -> None:
    proof = verify_lens(graphics, stage, "wall")
    assert proof.passed, proof
    assert proof.zoom_mm == 24.0
    assert proof.position_px.p99 < P99_PX and proof.position_px.median < 0.001
    assert proof.grid_px.undistorted < 0.1 < proof.grid_px.distorted
    # The control: without distortion in the picture the gate is missed more than ten times over.
    assert proof.without_distortion_px.median > 10 * P99_PX
    expected = proof.without_distortion_expected
    assert proof.without_distortion_px.median == pytest.approx(expected, rel=0.1)


def test_proof_fails_where_the_overscan_is_too_small(graphics: Graphics, stage: Stage) -> None:
    small = msgspec.structs.replace(stage.inner, overscan=1.0)
    camera = msgspec.structs.replace(stage.camera, inner=small)
    proof = verify_lens(graphics, stage.with_camera(camera), "wall")
    assert not proof.passed and proof.covered < 0.999


def test_inverse_in_the_shader_agrees_with_the_lens_file(graphics: Graphics, stage: Stage) -> None:
    """A U-D lens with tangential terms and offsets: the shader iterates."""
    bent = with_model(stage, "U-D")
    assert bent.camera.lens_file is not None
    bench = _LensBench(graphics, bent, "wall", most_distorting(bent.camera.lens_file))
    try:
        subject = TestRange(positions=True)
        seen = bench.through(subject, bench.lens)
        assert spread(bench.errors(seen)).p99 < P99_PX
        # The control: a coefficient that is one percent off on one side.
        radial = (bench.lens.radial[0] * 1.01, *bench.lens.radial[1:])
        wrong = bench.through(subject, msgspec.structs.replace(bench.lens, radial=radial))
        assert spread(bench.errors(wrong)).p99 > P99_PX
    finally:
        bench.close()


def test_through_the_lens_picture_has_no_missing_edges(graphics: Graphics, stage: Stage) -> None:
    """The picture is drawn larger than the frame, so that the corners of a barrel are filled."""
    camera = stage.camera
    assert camera.lens_file is not None and grown(SIZE, camera)[0] >= 320 * 1.049
    wall = LedWall(graphics, stage, TestRange(positions=False))
    lens = ThroughTheLens(graphics, stage, wall.canvas)
    pictures = {}
    for zoom in (24.0, 70.0):
        optics = camera.lens_file.optics(Setting(zoom, 0.5))
        view, _ = view_at(stage, camera, Track(), 0, optics)
        wall.place((view, *outer_views(stage)))
        lens.place(view.pose, view.lens)
        graphics.render()
        pictures[zoom] = graphics.picture(lens.picture).astype(np.float64)
        # A straight picture of the same lens: its middle is the same, its corners are not.
        straight = msgspec.structs.replace(view.lens, radial=(0.0,) * 6)
        lens.place(view.pose, straight)
        graphics.render()
        plain = graphics.picture(lens.picture).astype(np.float64)
        middle = np.abs(pictures[zoom] - plain)[80:100, 150:170].mean()
        corner = np.abs(pictures[zoom] - plain)[:30, :40].mean()
        if zoom == 24.0:
            assert middle < 6.0 < corner
    assert np.abs(pictures[24.0] - pictures[70.0]).mean() > 10.0
    for target in (*lens.targets, wall.canvas, wall.inner, *wall.outers.values()):
        graphics.engine.remove_window(target.buffer)
