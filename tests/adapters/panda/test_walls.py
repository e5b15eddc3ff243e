"""The wall test: where every pixel comes from, with an eye that must fail it; and the sign gate."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from panda3d.core import CardMaker, LVecBase4f, NodePath

from xrdrama import content
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.proof import verify
from xrdrama.adapters.panda.proof.verify import MEDIAN_PX, P99_PX, verify_wall
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.shading import shader
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, inner_frustum, load_stage
from xrdrama.tracking import TrackingSample, freed
from xrdrama.wire.frame import Projection

REFERENCE = """
xrdrama: 1
id: reference
canvas: [2560, 1600]
eye_point: [0.3, -2, 1.6]
walls:
  arc: {shape: arc, radius: 5, angle: 150, height: 3.4, segments: 30, centre: [0, 0, 0], pixels: [2560, 664]}
  flat: {shape: flat, width: 4, height: 3, centre: [-2.6, 4.2, 1.5], pan: 20, pixels: [1280, 936], at: [0, 664]}
  ceiling: {shape: flat, width: 5, height: 5, centre: [0, 1.5, 4.2], tilt: 90, pixels: [936, 936], at: [1280, 664]}
camera: {focal_mm: 38, sensor_mm: [36, 20.25], picture: [1280, 720]}
"""  # noqa: E501


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def stage() -> Stage:
    return load_stage(REFERENCE, "reference.stage.yaml")


@pytest.mark.parametrize("wall", ["arc", "flat", "ceiling"])
def test_every_pixel_comes_from_where_it_should(
    graphics: Graphics, stage: Stage, wall: str
) -> None:
    proof = verify_wall(graphics, stage, wall)
    assert proof.position_px.p99 < P99_PX
    assert proof.position_px.median < MEDIAN_PX
    # The negative control: an eye 1 mm wrong fails the gate ten times over, as the formula says.
    wrong = proof.wrong_eye_1mm_px
    assert wrong.p99 > 10 * P99_PX
    assert wrong.median == pytest.approx(wrong.expected, rel=0.10)
    assert proof.projective_max_255 <= 1
    assert proof.covered > 0.3
    assert proof.passed


def test_a_coarse_wall_is_measured_for_its_geometry(graphics: Graphics, stage: Stage) -> None:
    coarse = load_stage(REFERENCE.replace("[2560, 664]}", "[640, 166]}"), "coarse.stage.yaml")
    proof = verify_wall(graphics, coarse, "arc")
    assert proof.passed and proof.canvas_scale > 1


def test_a_wall_surveyed_wrong_fails(
    graphics: Graphics, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A negative control of the gate itself: the pictures are taken for a wall 5 mm off."""
    true = verify._outer_views

    def shifted(stage: Stage, wall: object) -> list[object]:
        views = true(stage, wall)  # type: ignore[arg-type]
        moved = []
        for view in views:
            at = view.pose.position + Vec3(0.005, 0.0, 0.0)
            moved.append(msgspec.structs.replace(view, pose=Pose(at, view.pose.rotation)))
        return moved  # type: ignore[return-value]

    monkeypatch.setattr(verify, "_outer_views", shifted)
    proof = verify_wall(graphics, stage, "flat")
    assert not proof.passed
    assert proof.position_px.median > 100 * MEDIAN_PX


def _spot(graphics: Graphics, stage: Stage, pose: Pose, point: Vec3) -> tuple[float, float]:
    """Where a small bright card at `point` is in the camera's picture: its centre, pixels."""
    width, height = 640, 360
    target = graphics.target("spot", width, height, "rgba8")
    root = NodePath("spot")
    card = CardMaker("card")
    card.set_frame(-0.03, 0.03, -0.03, 0.03)
    path = root.attach_new_node(card.generate())
    path.set_pos(point.x, point.y, point.z)
    path.set_two_sided(True)
    path.set_shader(shader("range.vert", "range.frag"))
    path.set_shader_input("range_rule", LVecBase4f(0.0))
    target.buffer.set_clear_color_active(True)
    target.buffer.set_clear_color(LVecBase4f(0.0))
    f = inner_frustum(pose, stage.camera.lens, near=0.1, far=100.0)
    SetView(root, target, (0.0, 1.0, 0.0, 1.0)).place(
        f.pose, Projection(f.left, f.right, f.bottom, f.top, f.near, f.far)
    )
    graphics.render()
    lit = graphics.picture(target).sum(axis=2) > 30
    graphics.engine.remove_window(target.buffer)
    assert lit.any(), "the spot is not in the picture"
    rows, columns = np.nonzero(lit)
    return float(columns.mean() + 0.5), float(rows.mean() + 0.5)


def test_freed_pan_right_is_our_pan_to_the_right(graphics: Graphics, stage: Stage) -> None:
    """FreeD pan +10 and a pose of pan -10 land on the same pixel, within 0.1 px."""
    at = Vec3(0.2, -2.0, 1.5)
    packet = bytearray(freed.encode(TrackingSample("t", "1", 0, Pose(at), angles=(0.0, 3.0, 0.0))))
    packet[2:5] = (10 * 32768).to_bytes(3, "big", signed=True)  # FreeD's own sign: to the right
    packet[28] = freed.checksum(bytes(packet[:28]))
    tracked = freed.decode(bytes(packet)).pose
    ours = Pose(at, Quat.from_angles(pan=-10.0, tilt=3.0))
    point = Vec3(1.4, 4.0, 1.9)
    one, other = (_spot(graphics, stage, pose, point) for pose in (tracked, ours))
    assert one == pytest.approx(other, abs=0.1)
    # And it is where geometry says, on the left: the camera has turned past it to the right.
    x, y, _ = inner_frustum(ours, stage.camera.lens, near=0.1, far=100.0).project(point)
    assert one == pytest.approx((x * 640, (1 - y) * 360), abs=1.0)
    wrong = Pose(at, Quat.from_angles(pan=10.0, tilt=3.0))
    beside = Vec3(-0.4, 4.0, 1.9)  # seen by both, so that the control can compare
    assert _spot(graphics, stage, wrong, beside)[0] != pytest.approx(
        _spot(graphics, stage, Pose(at, Quat.from_angles(pan=0.0, tilt=3.0)), beside)[0], abs=50
    )


WAVE = """
xrdrama: 1
id: wave
canvas: [2000, 1400]
eye_point: [0.2, -2, 1.6]
walls:
  wave: {shape: mesh, file: surfaces/wave.obj, pixels: [1400, 600], centre: [0, 3, 0]}
  floor: {shape: flat, width: 6, height: 4, centre: [0, 0.2, 0], tilt: -90, pixels: [600, 400],
          at: [0, 600], turned: 90}
  hood: {shape: arc, radius: 3, angle: 80, height: 1.5, segments: 8, centre: [0, 0.6, 2.6],
         tilt: 35, roll: 8, pixels: [800, 300], at: [600, 700], mirrored: true, turned: 180}
camera: {focal_mm: 36, sensor_mm: [36, 20.25], picture: [640, 360]}
"""


@pytest.mark.parametrize("wall", ["wave", "floor", "hood"])
def test_every_pixel_of_meshes_floors_and_pitched_arcs_comes_from_where_it_should(
    graphics: Graphics, wall: str
) -> None:
    path = content.find("stage", "wave_wall")
    stage = load_stage(WAVE, "wave.stage.yaml", content.files_of(path))
    proof = verify_wall(graphics, stage, wall)
    assert proof.position_px.p99 < P99_PX and proof.position_px.median < MEDIAN_PX
    wrong = proof.wrong_eye_1mm_px
    assert wrong.p99 > 10 * P99_PX
    assert wrong.median == pytest.approx(wrong.expected, rel=0.10)
    assert proof.projective_max_255 <= 1
    assert proof.covered > 0.2
    assert proof.passed


@pytest.mark.parametrize("fit", ["rigid", "mesh"])
def test_every_pixel_of_a_surveyed_wall_comes_from_where_it_should(
    graphics: Graphics, fit: str
) -> None:
    path = content.find("stage", "surveyed_arc")
    text = path.read_text("utf-8").replace(
        "surveyed_arc.csv", f"surveyed_arc.csv\n    survey_fit: {fit}"
    )
    stage = load_stage(text, "surveyed_arc.stage.yaml", content.files_of(path))
    assert stage.walls[0].survey is not None and stage.walls[0].survey.fit == fit
    proof = verify_wall(graphics, stage, "arc")
    assert proof.passed and proof.covered > 0.9
    assert proof.position_px.p99 < P99_PX and proof.wrong_eye_1mm_px.p99 > 10 * P99_PX
