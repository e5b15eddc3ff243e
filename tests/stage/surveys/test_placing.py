"""Walls at the place of their survey, and what is wrong with a survey."""

from __future__ import annotations

import pytest

from tests.stage.surveys.survey_files import (
    ARC,
    FLAT,
    TRUTH,
    csv_of,
    gridded,
    named,
    noisy,
    on_wall,
    stage_of,
    wall_of,
)
from xrdrama.errors import Problem
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage.facets import Facet, Triangle

PIXELS = "across,down,x,y,z"


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, problems
    return problems[0]


@pytest.mark.parametrize("wall", [FLAT, ARC, FLAT + ", turned: 90", ARC + ", mirrored: true"])
def test_the_wall_is_where_its_corners_are(wall: str) -> None:
    stage, problems = stage_of(wall, csv_of(named(wall, TRUTH.apply)))
    assert not problems and stage is not None
    was, now = wall_of(wall), stage.walls[0]
    for before, after in zip(was.facets, now.facets, strict=True):
        assert isinstance(after, Facet) and after.places == before.places
        for a, b in zip(before.corners, after.corners, strict=True):
            assert (TRUTH.apply(a) - b).length() < 1e-7
    survey = now.survey
    assert survey is not None and survey.max_mm < 1e-3 and len(survey.residuals) == 4
    assert survey.turned_deg == pytest.approx(0.537, abs=0.01)


def test_panels_and_pixels_are_counted_from_the_upper_left() -> None:
    corner = TRUTH.apply(Vec3(-2.0 + 1.5, 4.0, 2.2 - 0.5))
    rows = "0,0,{}\n8,0,{}\n0,4,{}\n3,1,{}\n"
    at = [TRUTH.apply(Vec3(x, 4.0, z)) for x, z in ((-2, 2.2), (2, 2.2), (-2, 0.2))] + [corner]
    values = [f"{p.x:.9f},{p.y:.9f},{p.z:.9f}" for p in at]
    for head, each in (("column,row,x,y,z\n", 1), (PIXELS + "\n", 64)):
        text = rows if each == 1 else "0,0,{}\n512,0,{}\n0,256,{}\n192,64,{}\n"
        stage, problems = stage_of(FLAT, head + text.format(*values))
        assert not problems and stage is not None and stage.walls[0].survey is not None
        assert stage.walls[0].survey.max_mm < 1e-3


def test_residuals_of_noise_are_those_of_the_noise() -> None:
    stage, problems = stage_of(ARC, csv_of(gridded(ARC, noisy(1.0), 8, 4), PIXELS))
    assert not problems and stage is not None
    survey = stage.walls[0].survey
    assert survey is not None and len(survey.residuals) == 45
    assert 1.2 < survey.median_mm < 1.9, "of three axes with 1 mm each: 1.54 mm"
    assert survey.max_mm < 5.0
    assert (on_wall(stage, 0.5, 0.5) - TRUTH.apply(_middle(ARC))).length() < 0.0007


def _middle(wall: str) -> Vec3:
    stage, _ = stage_of(wall, survey=False)
    return on_wall(stage, 0.5, 0.5)


def test_an_outlier_is_named_and_left_out() -> None:
    points = gridded(FLAT, noisy(0.7), 2, 2)
    points["256,256"] = points["256,256"] + Vec3(0.0, 0.045, 0.0)
    stage, problems = stage_of(FLAT, csv_of(points, PIXELS))
    problem = only(problems)
    assert (problem.code, problem.severity, problem.line) == ("W064", "warning", 6)
    assert "across 256, down 256 (line 9) is 45." in problem.message
    assert stage is not None and stage.walls[0].survey is not None
    left_out = [each for each in stage.walls[0].survey.residuals if each.left_out]
    assert [each.line for each in left_out] == [9] and stage.walls[0].survey.max_mm < 5.0
    assert (on_wall(stage, 0.5, 0.5) - TRUTH.apply(_middle(FLAT))).length() < 0.0015


def test_points_that_do_not_say_which_one_is_wrong_are_all_named() -> None:
    points = named(FLAT, TRUTH.apply)
    points["upper_left"] = points["upper_left"] + Vec3(0.0, 0.08, 0.0)
    problem = only(stage_of(FLAT, csv_of(points))[1])
    assert problem.code == "W064" and "do not say which" in problem.message
    assert "lower_left or lower_right or upper_right or upper_left" in problem.message


def test_another_shape_is_a_warning() -> None:
    def bulged(at: Vec3) -> Vec3:
        return TRUTH.apply(at + Vec3(0.0, 0.02 * at.x * at.x, 0.0))

    points = csv_of(gridded(FLAT, bulged, 4, 2), PIXELS)
    problem = only(stage_of(FLAT, points)[1])
    assert problem.code == "W065" and "up to 4" in problem.message and "mesh" in problem.hint


@pytest.mark.parametrize(("wall", "scale", "hint"), [
    (FLAT, 1000.0, "x_mm,y_mm,z_mm"), (ARC, 1000.0, "x_mm,y_mm,z_mm"),
    (FLAT, 0.001, "metres"), (FLAT, 3.28084, "correct the size"),
])  # fmt: skip
def test_a_wrong_unit_is_refused(wall: str, scale: float, hint: str) -> None:
    stage, problems = stage_of(wall, csv_of(named(wall, TRUTH.apply), scale=scale))
    problem = only(problems)
    assert stage is None and problem.code == "W063" and hint in problem.hint


def test_millimetres_that_are_declared_are_the_same_wall() -> None:
    text = csv_of(named(FLAT, TRUTH.apply), "name,x_mm,y_mm,z_mm", 1000.0)
    stage, problems = stage_of(FLAT, text)
    assert not problems and (on_wall(stage, 0, 0) - TRUTH.apply(Vec3(-2, 4, 0.2))).length() < 1e-6


def swapped(at: Vec3) -> Vec3:
    p = TRUTH.apply(at)
    return Vec3(p.y, p.x, p.z)


def other_sign(at: Vec3) -> Vec3:
    p = TRUTH.apply(at)
    return Vec3(-p.x, p.y, p.z)


@pytest.mark.parametrize("wall", [FLAT, ARC])
@pytest.mark.parametrize(("change", "axes"), [(swapped, "y, x, z"), (other_sign, "-x, y, z")])
def test_mirrored_points_are_refused_with_the_axes(wall: str, change, axes: str) -> None:  # type: ignore[no-untyped-def]
    for points in (csv_of(named(wall, change)), csv_of(gridded(wall, change, 4, 2), PIXELS)):
        stage, problems = stage_of(wall, points)
        problem = only(problems)
        assert stage is None and problem.code == "W062"
        assert "mirrored" in problem.message or "are not the stage's" in problem.message
        assert f"look like {axes}" in problem.hint


def test_axes_in_another_order_are_recognised() -> None:
    def turned(at: Vec3) -> Vec3:
        p = TRUTH.apply(at)
        return Vec3(p.z, p.x, p.y)

    problem = only(stage_of(ARC, csv_of(named(ARC, turned)))[1])
    assert problem.code == "W062" and "look like y, z, x" in problem.hint, problem


def test_a_wall_far_from_its_declared_pose_is_a_warning() -> None:
    far = Pose(Vec3(2.5, 0.0, 0.0), Quat.from_angles(pan=10.0))
    problem = only(stage_of(FLAT, csv_of(named(FLAT, far.apply)))[1])
    assert problem.code == "W066" and "turns it by 10.0 degrees" in problem.message


@pytest.mark.parametrize(("names", "message"), [
    ((), "has 0 points"), (("lower_left", "upper_right"), "has 2 points"),
    (("lower_left", "centre", "upper_right"), "in a line: lower_left, centre, upper_right"),
])  # fmt: skip
def test_points_that_leave_the_pose_open_are_refused(names: tuple[str, ...], message: str) -> None:
    stage, problems = stage_of(FLAT, csv_of(named(FLAT, TRUTH.apply, names)))
    problem = only(problems)
    assert stage is None and problem.code == "W061" and message in problem.message
    assert problem.file == "folder/wall.csv" and problem.line == max(1, len(names) + 1)


@pytest.mark.parametrize(("wall", "text", "message"), [
    (FLAT, "column,row,x,y,z\n9,0,1,2,3\n", "column 9 is outside wall 'main'"),
    (FLAT, "across,down,x,y,z\n0,257,1,2,3\n", "down 257 is outside wall 'main'"),
    (ARC, "column,row,x,y,z\n0,0,1,2,3\n", "no panel:"),
    (FLAT, csv_of(named(FLAT, lambda at: at + Vec3(5000.0, 0, 0))), "more than 1000 m"),
])  # fmt: skip
def test_points_that_are_not_on_the_wall_are_refused(wall: str, text: str, message: str) -> None:
    stage, problems = stage_of(wall, text)
    problem = only(problems)
    assert stage is None and problem.code == "W061" and message in problem.message, problem
    assert problem.file == "folder/wall.csv" and problem.hint


def test_a_mesh_goes_through_every_point() -> None:
    points = gridded(ARC, noisy(3.0), 8, 2)
    stage, problems = stage_of(ARC, csv_of(points, PIXELS), more=", survey_fit: mesh")
    assert not problems and stage is not None
    wall = stage.walls[0]
    assert len(wall.facets) == 32 and all(isinstance(piece, Triangle) for piece in wall.facets)
    for key, at in points.items():
        across, down = (float(part) for part in key.split(","))
        assert (on_wall(stage, across / 1024, 1 - down / 256) - at).length() < 1e-6
    assert wall.survey is not None and wall.survey.fit == "mesh" and wall.survey.max_mm > 3.0


def test_a_mesh_needs_a_whole_grid_and_should_be_fine_enough() -> None:
    points = gridded(ARC, TRUTH.apply, 4, 1)
    assert only(stage_of(ARC, csv_of(points, PIXELS), more=", survey_fit: mesh")[1]).code == "W068"
    del points["512,0"]
    problem = only(stage_of(ARC, csv_of(points, PIXELS), more=", survey_fit: mesh")[1])
    assert problem.code == "W067" and "1 of 10 points are missing" in problem.message
    inside = {key: at for key, at in points.items() if not key.startswith("0,")}
    problem = only(stage_of(ARC, csv_of(inside, PIXELS), more=", survey_fit: mesh")[1])
    assert problem.code == "W067" and "all four edges" in problem.message


def test_survey_fit_without_a_survey_is_refused() -> None:
    stage, problems = stage_of(FLAT + ", survey_fit: mesh", survey=False)
    assert stage is None and only(problems).code == "W061"
