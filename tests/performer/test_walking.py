"""Walks: feet do not slide, do not go through the floor, and arrive."""

from math import cos, hypot, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.performer.bodies import bone_at, figure, skeleton
from xrdrama.performer import Performing, Root, Travel, evaluate
from xrdrama.performer.evaluating import measures, way_of
from xrdrama.performer.walking import Walked, time_of, walked
from xrdrama.spatial import Vec3

STEP = 10_000_000
coordinate = st.floats(-4.0, 4.0)
pans = st.floats(-pi, pi)
roots = st.builds(lambda x, y, pan: Root(Vec3(x, y, 0.0), pan), coordinate, coordinate, pans)


def _travel(start: Root, end: Root) -> Travel:
    _, step = measures(figure())
    return Travel(start, end, 0, time_of(start, end, 0.85, step))


def _slides(travel: Travel) -> tuple[float, float, float]:
    """Worst slide of a standing foot in a step, deepest toe, and worst jump of an ankle: metres."""
    performer, bones = figure(), dict(skeleton().bones)
    performing = Performing("lan", travel=travel)
    stood: dict[str, Vec3] = {}
    before: dict[str, Vec3] = {}
    slide = jump = 0.0
    lowest = 1.0
    for now in range(0, travel.lasts + 3 * STEP, STEP):
        pose, way = evaluate(performing, performer, now), way_of(performing, performer, now)
        for side, foot in (("left", way.left), ("right", way.right)):
            chain = (f"{side}UpperLeg", f"{side}LowerLeg")
            ankle = bone_at(pose, f"{side}Foot", bones, chain)
            toes = bone_at(pose, f"{side}Toes", bones, (*chain, f"{side}Foot"))
            lowest = min(lowest, toes.z - bones[f"{side}Toes"].z)
            jump = max(jump, (ankle - before.get(side, ankle)).length())
            before[side] = ankle
            if foot.step == 0.0:
                slide = max(slide, (ankle - stood.setdefault(side, ankle)).length())
            else:
                stood.pop(side, None)
    return slide, lowest, jump


@settings(max_examples=12, deadline=None)
@given(roots, roots)
def test_feet_stand_still_and_stay_above_the_floor(start: Root, end: Root) -> None:
    slide, lowest, jump = _slides(_travel(start, end))
    assert slide <= 0.01
    assert lowest >= -0.005
    assert jump <= 0.12


def test_a_root_that_leaves_its_feet_behind_is_found() -> None:
    travel = _travel(Root(), Root(Vec3(0.0, 3.0, 0.0)))
    performer = figure()
    way = walked(travel, *measures(performer), travel.lasts // 2)
    moved = Walked(Root(way.root.at + Vec3(0.0, 0.5, 0.0)), way.left, way.right)
    ahead = (moved.left.y + moved.right.y) / 2 - moved.root.at.y
    assert abs(ahead) > 0.2, "half a metre beside the feet is far outside a step"


@settings(max_examples=40, deadline=None)
@given(roots, roots)
def test_a_walk_begins_and_ends_with_both_feet_beside_the_root(start: Root, end: Root) -> None:
    travel = _travel(start, end)
    apart, step = measures(figure())
    for now, root in ((0, start), (travel.lasts, end), (travel.lasts + STEP, end)):
        way = walked(travel, apart, step, now)
        assert (way.root.at - root.at).length() < 1e-9
        for foot, sign in ((way.left, -1.0), (way.right, 1.0)):
            x = root.at.x + sign * apart * cos(root.pan)
            y = root.at.y + sign * apart * sin(root.pan)
            assert hypot(foot.x - x, foot.y - y) < 1e-9


def test_walking_time_follows_the_pace() -> None:
    far = Root(Vec3(0.0, 8.0, 0.0))
    slow, quick = time_of(Root(), far, 0.5, 0.4), time_of(Root(), far, 1.0, 0.4)
    assert slow == pytest.approx(2 * quick, rel=0.05)


def test_nobody_walks_where_the_end_is_the_start() -> None:
    assert time_of(Root(), Root(), 1.0, 0.4) == 0
    way = walked(Travel(Root(), Root(), 0, 0), 0.1, 0.4, 5)
    assert way.root == Root() and way.left.step == way.right.step == 0.0
