"""Coverage against brute force: rays through a grid of points, with other arithmetic (numpy)."""

from __future__ import annotations

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Lens, Stage, load_stage
from xrdrama.stage.advice.clipping import Flat, area, clipped, minus, union_area
from xrdrama.stage.advice.coverage import coverage, grazing, overlap, wall_pixels
from xrdrama.stage.advice.outlook import Outlook
from xrdrama.stage.advice.surfaces import surfaces_of

STAGES = Path(__file__).resolve().parents[3] / "examples" / "stages"


@pytest.fixture(scope="module", params=["arc_volume", "flat_wall"])
def stage(request: pytest.FixtureRequest) -> Stage:
    return load_stage((STAGES / f"{request.param}.stage.yaml").read_text("utf-8"))


def matrix(q: Quat) -> NDArray[np.float64]:
    w, x, y, z = q.w, q.x, q.y, q.z
    return np.array([
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ])  # fmt: skip


def rays(pose: Pose, lens: Lens, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The eye, and directions through `count` x `count` points of the frame."""
    left, right, bottom, top = lens.edges
    steps = (np.arange(count) + 0.5) / count
    x, y = np.meshgrid(left + (right - left) * steps, bottom + (top - bottom) * steps)
    directions = np.stack([x, np.ones_like(x), y], axis=-1).reshape(-1, 3) @ matrix(pose.rotation).T
    return np.array(list(map(float, (pose.position.x, pose.position.y, pose.position.z)))), (
        directions
    )


def hits(stage: Stage, eye: NDArray[np.float64], d: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rays meet a wall from its front: each facet's own parametric equation is solved."""
    found = np.zeros(len(d), bool)
    for wall in stage.walls:
        for facet in wall.facets:
            o, u, v = (
                np.array([p.x, p.y, p.z])
                for p in (facet.lower_left, facet.lower_right, facet.upper_left)
            )
            u, v = u - o, v - o
            normal = np.cross(u, v)
            if (eye - o) @ normal <= 0:
                continue
            with np.errstate(divide="ignore", invalid="ignore"):
                way = ((o - eye) @ normal) / (d @ normal)
                at = eye + d * way[:, None] - o
            a, b = at @ u / (u @ u), at @ v / (v @ v)
            found |= (way > 0) & (a >= 0) & (a <= 1) & (b >= 0) & (b <= 1)
    return found


def on_floor(stage: Stage, eye: NDArray[np.float64], d: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which rays meet the floor before they pass over or below the lower edge of an upright facet
    that faces the eye: by direction and distance on the plan."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(d[:, 2] < 0, eye[2] / -d[:, 2], np.inf) * np.hypot(d[:, 0], d[:, 1])
    found = np.zeros(len(d), bool)
    for facet in (facet for wall in stage.walls for facet in wall.facets):
        normal = np.array([facet.normal.x, facet.normal.y, facet.normal.z])
        a, b = (np.array([p.x, p.y, p.z]) - eye for p in (facet.lower_left, facet.lower_right))
        if abs(normal[2]) > 0.7 or a @ normal >= 0:
            continue
        turned, turn = (
            np.angle((x + 1j * y) / complex(a[0], a[1])) for x, y in ((d[:, 0], d[:, 1]), b[:2])
        )
        aside = np.arctan2(d[:, 1], d[:, 0]) - np.arctan2(normal[1], normal[0])
        away = (a[:2] @ normal[:2]) / np.hypot(*normal[:2])
        with np.errstate(divide="ignore"):
            near = reach <= away / np.cos(aside)
        found |= near & (turned * turn >= 0) & (abs(turned) <= abs(turn))
    return found


def with_flat(width: float, height: float, centre: str) -> Stage:
    """The stage of a flat wall, of another size and elsewhere."""
    text = (STAGES / "flat_wall.stage.yaml").read_text("utf-8")
    old = "width: 4, height: 2.25, centre: [0, 3, 1.325]"
    assert old in text
    return load_stage(text.replace(old, f"width: {width}, height: {height}, centre: {centre}"))


def random_pose(random: Random) -> Pose:
    x, y, z = random.uniform(-2, 2), random.uniform(-4, 1), random.uniform(0.4, 2.5)
    turn = Quat.from_angles(
        pan=random.uniform(-110, 110), tilt=random.uniform(-25, 60), roll=random.uniform(-25, 25)
    )
    return Pose(Vec3(x, y, z), turn)


def test_area_equals_brute_force(stage: Stage) -> None:
    surfaces, lens, random = surfaces_of(stage), stage.camera.lens, Random(7)
    errors, shares = [], []
    for _ in range(20):
        pose = random_pose(random)
        cast = hits(stage, *rays(pose, lens, 110)).mean()
        seen = coverage(surfaces, pose, lens.edges)
        errors.append(abs(seen.share - cast))
        shares.append(cast)
        assert seen.share >= 0.0 and seen.share + seen.floor <= 1.0 + 1e-9
    assert max(errors) < 0.01 / 2, max(errors)
    assert sum(0.02 < share < 0.98 for share in shares) > 5  # the poses try something


@pytest.mark.parametrize("lift", [None, 0.0, 0.2, 2.5])
def test_area_of_the_floor_equals_brute_force(lift: float | None) -> None:
    """Of the arc, and of a flat wall whose lower edge is at some height."""
    stage = (
        load_stage((STAGES / "arc_volume.stage.yaml").read_text("utf-8"))
        if lift is None
        else with_flat(4, 2.25, f"[0, 3, {1.125 + lift}]")
    )
    surfaces, lens, random = surfaces_of(stage), stage.camera.lens, Random(11)
    errors, floors = [], []
    for _ in range(15):
        pose = random_pose(random)
        eye, d = rays(pose, lens, 110)
        cast = (on_floor(stage, eye, d) & ~hits(stage, eye, d)).mean()
        errors.append(abs(coverage(surfaces, pose, lens.edges).floor - cast))
        floors.append(cast)
    assert max(errors) < 0.01 / 2, max(errors)
    assert sum(floor > 0.02 for floor in floors) > 2  # the poses try something


def test_what_looks_through_below_a_raised_wall_is_off_at_the_bottom() -> None:
    stage = with_flat(6, 3.375, "[0, 4.8, 4.1875]")  # its lower edge is at 2.5 m
    surfaces, edges = surfaces_of(stage), stage.camera.lens.edges
    level = Pose(Vec3(0, 0, 1.6))
    seen = coverage(surfaces, level, edges)
    assert seen.share == pytest.approx(0.176, abs=0.001) and seen.floor == 0.0
    assert seen.off == pytest.approx(1.0 - seen.share) and seen.side == "bottom"
    assert Outlook.on(surfaces).side(level, edges) == "bottom"
    down = Pose(Vec3(0, 0, 1.6), Quat.from_angles(tilt=-40))  # all of it in front of the foot
    assert coverage(surfaces, down, (-0.3, 0.3, -0.2, 0.2)).floor == pytest.approx(1.0)
    assert Outlook.on(surfaces).side(down, (-0.3, 0.3, -0.2, 0.2)) == ""
    standing = surfaces_of(with_flat(6, 3.375, "[0, 4.8, 1.6875]"))  # the control
    assert coverage(standing, level, edges).off < 1e-9
    assert Outlook.on(standing).side(level, edges) == ""


def test_a_plinth_below_a_wall_is_not_off() -> None:
    """A wall of 6 m whose lower edge is at 0.6 m, seen from 0.3 m above the floor."""
    centre, edges = "[0, 4.8, 2.2875]", (-0.2, 0.2, -0.04, 0.12)
    bare = with_flat(6, 3.375, centre)
    plinth = surfaces_of(with_flat(6, 3.375, f"{centre}, plinth: true"))
    low, high = Pose(Vec3(0, 0, 0.3)), Pose(Vec3(0, 0, 1.6), Quat.from_angles(tilt=-14))
    for pose in (low, high):
        seen = coverage(plinth, pose, edges)
        assert seen.off < 1e-6 and seen.side == "" and 0.05 < seen.floor < 0.95
        assert Outlook.on(plinth).side(pose, edges) == ""
        control = coverage(surfaces_of(bare), pose, edges)
        assert control.off > 0.05 and control.share == pytest.approx(seen.share)
        assert Outlook.on(surfaces_of(bare)).side(pose, edges) != ""
    aside = Pose(Vec3(0, 0, 0.3), Quat.from_angles(pan=50))
    assert coverage(plinth, aside, edges).is_off and Outlook.on(plinth).side(aside, edges)


def test_a_plinth_ends_at_the_lowest_corner_of_its_wall() -> None:
    rolled, lying = (
        surfaces_of(with_flat(6, 3, f"[0, 4.8, 2.1], {turn}, plinth: true"))[0]
        for turn in ("roll: 5.739", "tilt: 90")
    )
    assert rolled.plinth == pytest.approx(0.308, abs=0.01) and len(rolled.front) == 4
    assert lying.plinth == 0.0 and lying.front == ()


def test_a_wall_seen_from_behind_covers_nothing() -> None:
    stage = load_stage((STAGES / "flat_wall.stage.yaml").read_text("utf-8"))
    behind = Pose(Vec3(0, 30, 1.5), Quat.from_angles(pan=180))
    assert coverage(surfaces_of(stage), behind, stage.camera.lens.edges).share == 0.0


def test_walls_in_front_of_each_other_are_counted_once() -> None:
    text = (STAGES / "flat_wall.stage.yaml").read_text("utf-8")
    twice = text.replace(
        "  wall: {", "  near: {shape: flat, width: 2, height: 1.125, centre: [0.3, 2, 1.4], "
        "pixels: [320, 180], at: [1280, 0]}\n  wall: {",
    ).replace("canvas: [1280, 720]", "canvas: [1600, 720]")  # fmt: skip
    stage = load_stage(twice)
    pose, lens = Pose(Vec3(0, -1.5, 1.4)), stage.camera.lens
    cast = hits(stage, *rays(pose, lens, 300)).mean()
    assert coverage(surfaces_of(stage), pose, lens.edges).share == pytest.approx(cast, abs=0.005)


def test_the_floor_in_front_of_a_wall_is_stage_and_beside_it_is_off(stage: Stage) -> None:
    if stage.id == "flat_wall":  # its lower edge is 0.2 m above the floor
        stage = with_flat(4, 2.25, "[0, 3, 1.125]")
    surfaces, edges = surfaces_of(stage), (-0.3, 0.3, -0.2, 0.2)
    ahead = coverage(surfaces, Pose(Vec3(0, 0, 1.5), Quat.from_angles(tilt=-25)), edges)
    assert ahead.floor > 0.3 and ahead.off < 1e-6 and ahead.side == ""
    away = coverage(surfaces, Pose(Vec3(0, 0, 1.5), Quat.from_angles(pan=170, tilt=-25)), edges)
    assert away.share == 0.0 and away.floor == 0.0 and away.is_off


@pytest.mark.parametrize(("pan", "tilt", "side"), [(20, 0, "left"), (-20, 0, "right"),
                                                   (0, 14, "top")])  # fmt: skip
def test_the_edge_that_leaves_first_is_named(pan: float, tilt: float, side: str) -> None:
    stage = load_stage((STAGES / "flat_wall.stage.yaml").read_text("utf-8"))
    lens = Lens(0.085, (0.036, 0.02025))
    pose = Pose(Vec3(0, -1, 1.4), Quat.from_angles(pan=pan, tilt=tilt))
    assert coverage(surfaces_of(stage), pose, lens.edges).side == side


def test_grazing_angles_of_a_flat_wall_are_those_of_trigonometry() -> None:
    stage = load_stage((STAGES / "flat_wall.stage.yaml").read_text("utf-8"))
    surfaces = surfaces_of(stage)
    straight = grazing(surfaces, Pose(Vec3(0, 0, 1.3)), (-1e-4, 1e-4, -1e-4, 1e-4))
    assert straight is not None and straight.mean == pytest.approx(90, abs=0.02)
    turned = Pose(Vec3(0, 0, 1.3), Quat.from_angles(pan=20))
    found = grazing(surfaces, turned, (-1e-4, 1e-4, -1e-4, 1e-4))
    assert found is not None and found.mean == pytest.approx(70, abs=0.02)
    assert found.worst < found.mean
    assert grazing(surfaces, Pose(Vec3(0, 9, 1)), (-0.1, 0.1, -0.1, 0.1)) is None


def test_overlap_is_whole_for_one_camera_twice_and_nothing_for_two_sides(stage: Stage) -> None:
    surfaces, edges = surfaces_of(stage), (-0.2, 0.2, -0.1, 0.1)
    ahead, left = Pose(Vec3(0, 0, 1.4)), Pose(Vec3(0, 0, 1.4), Quat.from_angles(pan=30))
    assert overlap(surfaces, (ahead, edges), (ahead, edges)) == pytest.approx(1.0)
    assert overlap(surfaces, (ahead, edges), (left, edges)) == 0.0


def test_overlap_equals_brute_force() -> None:
    stage = load_stage((STAGES / "arc_volume.stage.yaml").read_text("utf-8"))
    surfaces, lens = surfaces_of(stage), stage.camera.lens
    one = Pose(Vec3(-0.8, -1, 1.5), Quat.from_angles(pan=-5))
    other = Pose(Vec3(1.2, -0.5, 1.3), Quat.from_angles(pan=12, roll=4))
    eye, d = rays(one, lens, 60)
    hit = hits(stage, eye, d)
    # Where those rays meet the arc: the nearest of its facets' planes within the facet.
    inside = total = 0
    for ray in d[hit][::3]:
        ways = []
        for facet in stage.walls[0].facets:
            n = np.array([facet.normal.x, facet.normal.y, facet.normal.z])
            o = np.array([facet.lower_left.x, facet.lower_left.y, facet.lower_left.z])
            way = ((o - eye) @ n) / (ray @ n)
            at = eye + ray * way - o
            along = facet.lower_right - facet.lower_left
            u = np.array([along.x, along.y, along.z])
            if way > 0 and 0 <= at @ u / (u @ u) <= 1:
                ways.append(way)
        if not ways:
            continue
        point = eye + ray * min(ways)
        at = matrix(other.rotation).T @ (
            point - np.array([other.position.x, other.position.y, other.position.z])
        )
        left, right, bottom, top = lens.edges
        total += 1
        inside += left <= at[0] / at[1] <= right and bottom <= at[2] / at[1] <= top
    found = overlap(surfaces, (one, lens.edges), (other, lens.edges))
    assert found == pytest.approx(inside / total, abs=0.02) and 0.1 < found < 0.9


def test_wall_pixels_straight_on_are_those_of_the_formula() -> None:
    """40 mm on 36 mm, 4 m from a wall with a pitch of 2.6 mm: about 1385 pixels across."""
    text = (STAGES / "flat_wall.stage.yaml").read_text("utf-8")
    big = text.replace(
        "width: 4, height: 2.25, centre: [0, 3, 1.325], pixels: [1280, 720]",
        "width: 9.984, height: 5.616, centre: [0, 3, 1.5], pixels: [3840, 2160]",
    )
    stage = load_stage(big.replace("canvas: [1280, 720]", "canvas: [3840, 2160]"))
    lens = Lens(0.040, (0.036, 0.02025))
    found = wall_pixels(surfaces_of(stage), Pose(Vec3(0, -1, 1.5)), lens.edges)
    assert found is not None and found[0] == pytest.approx(0.036 / 0.040 * 4 / 0.0026, rel=1e-6)


TRIANGLE = st.tuples(*[st.floats(-1.0, 1.0, allow_nan=False) for _ in range(6)])


def triangle(numbers: tuple[float, ...]) -> list[Flat]:
    found = [(numbers[0], numbers[1]), (numbers[2], numbers[3]), (numbers[4], numbers[5])]
    return found if area(found) >= 0 else found[::-1]


@settings(max_examples=120, deadline=None)
@given(TRIANGLE, TRIANGLE)
def test_what_is_cut_off_and_what_is_left_make_the_whole(
    one: tuple[float, ...], other: tuple[float, ...]
) -> None:
    a, b = triangle(one), triangle(other)
    if area(a) < 1e-3 or area(b) < 1e-3:
        return
    rest = sum(area(piece) for piece in minus([a], b))
    assert -1e-9 <= rest <= area(a) + 1e-9
    assert union_area([a, b]) == pytest.approx(area(b) + rest, abs=1e-9)
    assert union_area([a, b]) == pytest.approx(union_area([b, a]), abs=1e-9)
    assert union_area([a, a]) == pytest.approx(area(a), abs=1e-9)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(*[st.floats(-5, 5)] * 3), min_size=3, max_size=3))
def test_clipped_corners_are_in_the_frame(corners: list[tuple[float, float, float]]) -> None:
    for x, y, z in clipped(corners, (-0.5, 0.4, -0.3, 0.2)):
        assert y >= -1e-9
        assert -0.5 * y - 1e-9 <= x <= 0.4 * y + 1e-9 and -0.3 * y - 1e-9 <= z <= 0.2 * y + 1e-9
