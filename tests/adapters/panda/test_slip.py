"""Slip in the rendered picture: what a camera films of a wall that is N frames late, measured in
the through-the-lens picture, against the formula (simulated)."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan, inf, radians, tan

import numpy as np
import pytest
from panda3d.core import CardMaker, LVecBase4f, NodePath

from xrdrama.adapters.panda.graphics import Graphics, Target, open_graphics
from xrdrama.adapters.panda.lens.stage_view import ThroughTheLens
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.show.camera import view_at
from xrdrama.show.production import outer_views
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, load_stage
from xrdrama.stage.advice.overscan import pan_overscan
from xrdrama.stage.advice.slip import content_slip, focal_px, move_slip
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.stage.prediction import Track

STAGE = """
xrdrama: 1
id: slip
canvas: [1600, 640]
eye_point: [0, 0, 1.5]
walls: {main: {shape: flat, width: 10, height: 4, centre: [0, 4, 2], pixels: [1600, 640]}}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [640, 360]}
inner: {overscan: 1.6, feather: 0, pixels: [640, 360]}
outer: {density: 20}
"""
FPS = 24
SPEED, TURN = 0.5, 12.0
"""Metres and degrees per second."""


class Marks:
    """A set of one bright card, `distance` metres in front of the origin; all else is black."""

    tone = None

    def __init__(self, distance: float, size: float) -> None:
        size *= distance
        self.root = NodePath("marks")
        card = CardMaker("mark")
        card.set_frame(-size, size, -size, size)
        path = self.root.attach_new_node(card.generate())
        path.set_pos(0.0, distance, 1.5)
        path.set_light_off()
        path.set_color(1.0, 1.0, 1.0, 1.0)

    def add_view(self, target: Target) -> SetView:
        target.buffer.set_clear_color_active(True)
        target.buffer.set_clear_color(LVecBase4f(0.0, 0.0, 0.0, 1.0))
        return SetView(self.root, target, (0.0, 1.0, 0.0, 1.0))


class Filmed:
    """The stage with a mark: draws what the camera films at one pose while the walls show what was
    drawn for another."""

    def __init__(
        self, graphics: Graphics, stage: Stage, distance: float, size: float = 0.02
    ) -> None:
        self.graphics, self.stage = graphics, stage
        self.wall = LedWall(graphics, stage, Marks(distance, size))
        self.lens = ThroughTheLens(graphics, stage, self.wall.canvas)
        self.outer = outer_views(stage)
        self.marks: dict[tuple[Pose, Pose], tuple[float, float]] = {}

    def draw(self, shown: Pose, seen: Pose, *, inner: bool = True) -> np.ndarray:
        camera = self.stage.camera
        track = Track(((0, camera.tracker(shown)),))
        view, _ = view_at(self.stage, camera, track, 0)
        self.wall.place((view, *self.outer))
        self.wall.show(inner=inner, outer=False)
        self.lens.place(seen)
        self.graphics.render()
        return self.graphics.picture(self.lens.picture).astype(float).sum(axis=2)

    def mark(self, shown: Pose, seen: Pose) -> tuple[float, float]:
        """The centre of the bright mark, pixels from the left and the top."""
        if (shown, seen) in self.marks:
            return self.marks[shown, seen]
        light = self.draw(shown, seen)
        light[light < 0.35 * light.max()] = 0.0
        light[250:] = 0.0  # the floor reflects the mark
        rows, columns = np.mgrid[: light.shape[0], : light.shape[1]]
        return float((light * columns).sum() / light.sum()), float(
            (light * rows).sum() / light.sum()
        )


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def stage() -> Stage:
    return load_stage(STAGE, "slip.stage.yaml")


@pytest.fixture(scope="module", params=[20.0, 4.0])
def filmed(
    request: pytest.FixtureRequest, graphics: Graphics, stage: Stage
) -> tuple[Filmed, float]:
    return Filmed(graphics, stage, request.param), request.param


@pytest.fixture(scope="module")
def bare(graphics: Graphics) -> Filmed:
    text = STAGE.replace("overscan: 1.6", "overscan: 1")
    return Filmed(graphics, load_stage(text, "bare.stage.yaml"), 30.0, size=1.0)


FRAMES = [0, 1, 3, 6, 11]


@pytest.mark.parametrize("frames", FRAMES)
def test_slip_of_a_move_equals_the_formula(filmed: tuple[Filmed, float], frames: int) -> None:
    """0.5 m/s sideways: a mark 20 m away slips, one at the wall's distance does not."""
    scene, distance = filmed
    moved = SPEED * frames / FPS
    seen = Pose(Vec3(0.0, 0.0, 1.5))
    shown = Pose(Vec3(-moved, 0.0, 1.5))
    right, late = scene.mark(seen, seen), scene.mark(shown, seen)
    expected = -move_slip(focal_px(scene.stage.camera), moved, 4.0, distance)
    assert abs(late[0] - right[0] - expected) < 1.0 and abs(late[1] - right[1]) < 0.5
    if frames == 0:
        assert late == right
    exact = content_slip(surfaces_of(scene.stage), scene.stage.camera, shown, seen, distance)
    assert exact is not None and abs(late[0] - right[0] - exact[0]) < 1.0


def test_the_measurement_can_fail(filmed: tuple[Filmed, float]) -> None:
    """The negative control: for a mark far behind the wall, no slip is not the measured one."""
    scene, distance = filmed
    seen, shown = Pose(Vec3(0.0, 0.0, 1.5)), Pose(Vec3(-SPEED * 3 / FPS, 0.0, 1.5))
    slip = abs(scene.mark(shown, seen)[0] - scene.mark(seen, seen)[0])
    assert (slip > 3.0) == (distance > 4.0), slip
    assert move_slip(711.1, SPEED * 3 / FPS, 4.0, inf) == pytest.approx(11.1, abs=0.1)


def test_a_nodal_pan_leaves_the_mark_in_its_place(filmed: tuple[Filmed, float]) -> None:
    scene, _ = filmed
    seen = Pose(Vec3(0.0, 0.0, 1.5))
    shown = Pose(Vec3(0.0, 0.0, 1.5), Quat.from_angles(pan=TURN * 11 / FPS))
    late, right = scene.mark(shown, seen), scene.mark(seen, seen)
    assert abs(late[0] - right[0]) < 0.5 and abs(late[1] - right[1]) < 0.5


@pytest.mark.parametrize("frames", [1, 3, 6, 11])
def test_the_edge_of_the_inner_frustum_lags_behind_a_pan_by_the_formula(
    bare: Filmed, frames: int
) -> None:
    """Without overscan a late inner frustum leaves a strip of the frame empty: its width is what
    the overscan must add on that side."""
    turned = radians(TURN * frames / FPS)
    seen = Pose(Vec3(0.0, 0.0, 1.5))
    shown = Pose(Vec3(0.0, 0.0, 1.5), Quat.from_angles(pan=-TURN * frames / FPS))
    row = bare.draw(shown, seen)[120]
    empty = int(np.argmax(row > 0.5 * row.max()))
    focal, half = focal_px(bare.stage.camera), atan(0.45)
    assert abs(empty - focal * (tan(half) - tan(half - turned))) < 1.0
    lens = bare.stage.camera.lens
    assert pan_overscan(lens, turned) == pytest.approx(tan(half + turned) / tan(half))
