"""The numbers of a frame, the footprint of a frustum and the map of moire, on walls that can be
computed by hand."""

from __future__ import annotations

from math import hypot, inf

import pytest

from xrdrama.content.places import find
from xrdrama.content.stages import load_stage_file
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, load_stage
from xrdrama.stage.advice.footprint import RAYS, footprint, section
from xrdrama.stage.advice.shot import Shot, risk_map, shot_of, wall_ahead
from xrdrama.stage.advice.slip import focal_px, move_slip, wall_slip
from xrdrama.stage.advice.surfaces import Axes, hit, surfaces_of
from xrdrama.stage.advice.tree import Walls

FLAT = """
xrdrama: 1
id: one_wall
canvas: [3840, 1920]
eye_point: [0, -1, 1.5]
walls:
  main: {shape: flat, width: 9.984, height: 4.992, centre: [0, 3, 2.496], pixels: [3840, 1920]}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [1920, 1080], aperture: 2.8}
"""
AT = Pose(Vec3(0.0, -1.0, 2.496))
"""4 m in front of the middle of the wall."""


@pytest.fixture(scope="module")
def stage() -> Stage:
    return load_stage(FLAT)


def of(stage: Stage, seen: Pose, shown: Pose, focus: float | None = None) -> Shot:
    walls, camera = Walls.of(surfaces_of(stage)), stage.camera
    return shot_of(walls, camera, seen, shown, wall_ahead(walls, camera, seen), focus)


def test_numbers_of_a_camera_at_rest(stage: Stage) -> None:
    shot = of(stage, AT, AT)
    assert shot.distance_m == pytest.approx(4.0) and shot.focal_mm == pytest.approx(40.0)
    assert shot.seen.share == pytest.approx(1.0) and shot.overscan_needed == pytest.approx(1.0)
    assert shot.slip_px == shot.slip_wall_px == pytest.approx(0.0)
    assert shot.moire_focus is None, "the focus of the lens is not known"


def test_slip_of_a_sideways_move_is_that_of_the_formula(stage: Stage) -> None:
    shot = of(stage, AT, Pose(AT.position - Vec3(0.1, 0.0, 0.0)))
    wall = stage.walls[0]
    assert shot.slip_px == pytest.approx(move_slip(focal_px(stage.camera), 0.1, 4.0))
    assert shot.slip_wall_px == pytest.approx(wall_slip(0.1, 4.0, wall.pitch))
    assert shot.overscan_needed > 1.05


def test_focus_on_the_actor_lowers_the_risk_of_moire(stage: Stage) -> None:
    shot = of(stage, AT, AT, focus=2.0)
    assert shot.moire_focus is not None and shot.moire_wall is not None
    assert shot.moire_focus.risk < 0.5 * shot.moire_wall.risk
    assert of(stage, AT, AT, focus=inf).moire_focus is not None


def test_a_camera_that_sees_no_wall_has_no_numbers_of_one(stage: Stage) -> None:
    away = Pose(AT.position, Quat.from_angles(pan=180.0))
    shot = of(stage, away, away)
    assert shot.distance_m is shot.slip_px is shot.slip_wall_px is shot.moire_wall is None
    assert shot.grazing is None and shot.seen.is_off
    cells = risk_map(Walls.of(surfaces_of(stage)), stage.camera, away, None, (3, 2))
    assert cells == ((None, None, None), (None, None, None))


def test_footprint_is_the_frame_on_the_wall(stage: Stage) -> None:
    (line,) = footprint(Walls.of(surfaces_of(stage)), AT, stage.camera.lens.edges)
    assert line[0] == line[-1], "it is closed"
    xs, ys, zs = zip(*line, strict=True)
    assert set(ys) == {3.0} and max(xs) == pytest.approx(4.0 * 18 / 40)
    assert max(zs) - min(zs) == pytest.approx(4.0 * 20.25 / 40)


def test_footprint_ends_where_the_wall_ends(stage: Stage) -> None:
    turned = Pose(AT.position, Quat.from_angles(pan=40.0))
    (line,) = footprint(Walls.of(surfaces_of(stage)), turned, stage.camera.lens.edges)
    assert line[0] != line[-1]
    assert all(abs(x) <= 4.992 + 1e-6 for x, _, _ in line)


def test_section_of_a_frustum_is_at_its_distance(stage: Stage) -> None:
    corners = section(AT, stage.camera.lens.edges, 2.0)
    assert {round(y, 9) for _, y, _ in corners} == {1.0}
    assert hypot(corners[0][0], corners[0][2] - 2.496) == pytest.approx(hypot(0.9, 0.50625))


def test_risk_is_mapped_over_the_frame_from_the_top(stage: Stage) -> None:
    low = Pose(Vec3(0.0, -1.0, 4.4))
    cells = risk_map(Walls.of(surfaces_of(stage)), stage.camera, low, None, (4, 6))
    assert cells[0] == (None,) * 4, "above the wall"
    assert all(risk is not None and 0.0 <= risk <= 1.0 for risk in cells[-1])


def test_a_wall_of_many_pieces_has_as_fine_a_footprint() -> None:
    arc = (
        "main: {shape: arc, radius: 6, angle: 120, height: 4.992, segments: 1000, "
        "centre: [0, -1, 0], pixels: [3000, 1920]}"
    )
    flat = next(line for line in FLAT.splitlines() if "shape: flat" in line).strip()
    stage = load_stage(FLAT.replace(flat, arc))
    walls = Walls.of(surfaces_of(stage))
    assert len(walls.surfaces) == 1000
    (line,) = footprint(walls, AT, stage.camera.lens.edges)
    assert len(line) == RAYS + 1 and line[0] == line[-1]


def test_the_tree_finds_what_a_look_at_every_piece_finds() -> None:
    stage = load_stage_file(find("stage", "two_canvases"))
    surfaces = surfaces_of(stage)
    walls = Walls.of(surfaces)
    found = 0
    for pan in range(-180, 180, 7):
        for tilt in (-60.0, -4.0, 4.0, 12.0, 20.0, 70.0):
            axes = Axes.of(Pose(Vec3(0.1, -0.3, 1.4), Quat.from_angles(pan=float(pan), tilt=tilt)))
            met = hit(surfaces, axes.eye, axes.forward)
            assert walls.hit(axes.eye, axes.forward) == met
            found += met is not None
    assert found > 50
