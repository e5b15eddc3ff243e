"""Lazy follow: what is read rests, comes after without haste, and never jumps."""

from __future__ import annotations

from itertools import pairwise
from math import degrees, hypot

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.interaction.anchor import (
    AWAY,
    FARTHEST,
    FREE,
    LAG,
    NEAR,
    START,
    STEEPEST,
    UPWARD,
    Anchor,
    anchored,
    follow,
    off,
)
from xrdrama.spatial import FORWARD, UP, Pose, Quat, Vec3

EYES = Vec3(0.0, 0.0, 1.6)
SLACK = 1e-6
pans = st.floats(-400.0, 400.0)
tilts = st.floats(-89.0, 89.0)
rolls = st.floats(-40.0, 40.0)
places = st.builds(Vec3, st.floats(-3, 3), st.floats(-3, 3), st.floats(0.5, 2.2))
heads = st.builds(
    lambda at, pan, tilt, roll: Pose(at, Quat.from_angles(pan=pan, tilt=tilt, roll=roll)),
    places, pans, tilts, rolls,
)  # fmt: skip
steps = st.floats(0.001, 0.3)


def turned(pan: float, tilt: float = 0.0) -> Pose:
    return Pose(EYES, Quat.from_angles(pan=pan, tilt=tilt))


def watched(anchor: Anchor, head: Pose, seconds: float, rate: int) -> list[Anchor]:
    """The anchor at so many frames a second under a head that rests."""
    found = [anchor]
    for _ in range(round(seconds * rate)):
        found.append(follow(found[-1], head, 1.0 / rate))
    return found


def apart(one: Anchor, other: Anchor) -> float:
    """Degrees between two anchors as an eye at their middle sees them; metres count as degrees."""
    turn = degrees(one.pose.rotation.angle_to(other.pose.rotation))
    return hypot(turn, degrees((one.at - other.at).length() / AWAY))


def test_it_rests_while_the_gaze_is_near() -> None:
    anchor = anchored(turned(0.0))
    for head in (turned(FREE - 0.1), turned(0.0, (FREE - 0.1) / UPWARD), turned(-9.0, 15.0)):
        assert follow(anchor, head, 10.0) == anchor
    aside = Pose(EYES + Vec3(0.3, 0.2, -0.2), turned(5.0).rotation)
    assert follow(anchor, aside, 10.0) == anchor


def test_to_look_at_the_words_does_not_send_them_away() -> None:
    """They stand 16 degrees below the middle of a sheet, and heads turn farther than that."""
    anchor = anchored(turned(0.0))
    assert follow(anchor, turned(0.0, -20.0), 5.0) == anchor


@pytest.mark.parametrize("head", [turned(FREE + 0.1), turned(0.0, 27.0), turned(-120.0, 40.0)])
def test_it_comes_after_a_gaze_that_went_away_and_stops_near_it(head: Pose) -> None:
    ways = [off(anchor, head) for anchor in watched(anchored(turned(0.0)), head, 3.0, 72)]
    # Nearer with every frame until it is there, and then at rest: nothing swings.
    assert all(later < sooner or later <= NEAR + SLACK for sooner, later in pairwise(ways))
    assert ways[-1] == pytest.approx(NEAR)
    assert len(set(ways[-20:])) == 1


@given(heads, st.lists(st.tuples(heads, steps), max_size=12))
def test_it_is_never_left_behind(first: Pose, moves: list[tuple[Pose, float]]) -> None:
    anchor = anchored(first)
    for head, seconds in moves:
        anchor = follow(anchor, head, seconds)
        assert off(anchor, head) <= FARTHEST + SLACK


@given(st.floats(-FARTHEST, FARTHEST), st.floats(-30.0, 30.0), steps, pans)
def test_it_never_goes_past_the_gaze(pan: float, tilt: float, seconds: float, to: float) -> None:
    """No overshoot: what is left of the way points as the way did."""
    head = turned(to)
    anchor = Anchor(EYES, to + pan, tilt)
    for _ in range(40):
        anchor = follow(anchor, head, seconds)
        left = (anchor.pan - to + 180.0) % 360.0 - 180.0
        assert left * pan >= -SLACK and abs(left) <= abs(pan) + SLACK
        assert anchor.tilt * tilt >= -SLACK and abs(anchor.tilt) <= abs(tilt) + SLACK


@given(heads, heads, st.floats(0.05, 3.0), st.integers(2, 200))
def test_many_frames_or_few_come_to_the_same_place(
    first: Pose, head: Pose, seconds: float, frames: int
) -> None:
    few, many = anchored(first), anchored(first)
    few = follow(few, head, seconds)
    for _ in range(frames):
        many = follow(many, head, seconds / frames)
    assert apart(few, many) < 1e-5


def test_a_gaze_that_wanders_is_followed_alike_at_any_rate() -> None:
    """Back and forth over 70 degrees in 4 s; at 24, 72 and 120 frames a second."""
    ends = {}
    for rate in (24, 72, 120):
        anchor = anchored(turned(0.0))
        for frame in range(4 * rate):
            time = (frame + 1) / rate
            anchor = follow(anchor, turned(35.0 * (time if time < 2.0 else 4.0 - time)), 1 / rate)
        ends[rate] = anchor
    assert apart(ends[24], ends[120]) < 2.0
    assert apart(ends[72], ends[120]) < 0.5


@given(heads, st.lists(st.tuples(heads, steps), max_size=12))
def test_it_never_jumps(first: Pose, moves: list[tuple[Pose, float]]) -> None:
    """In no frame does it go farther than its easing and the head's own way in that frame."""
    anchor, before = anchored(first), first
    for head, seconds in moves:
        later = follow(anchor, head, seconds)
        went = off(anchored(before), head)
        gone = off(anchor, later.pose)
        assert gone <= went + FARTHEST / LAG * seconds + SLACK
        anchor, before = later, head


def test_it_starts_gently_and_is_never_faster_than_eyes_can_follow() -> None:
    rate = 500
    ways = [off(a, turned(80.0)) for a in watched(anchored(turned(62.0)), turned(80.0), 3.0, rate)]
    speeds = [(sooner - later) * rate for sooner, later in pairwise(ways)]
    assert speeds[0] < 1.0
    assert max(speeds) <= FARTHEST / LAG
    eases = [speed for speed in speeds if speed > NEAR / LAG]
    assert len(eases) > rate
    assert all(abs(b - a) * rate < FARTHEST / LAG / START for a, b in pairwise(eases))


@given(heads, st.lists(st.tuples(heads, steps), max_size=8))
def test_it_stands_upright_and_not_in_the_zenith(
    first: Pose, moves: list[tuple[Pose, float]]
) -> None:
    anchor = anchored(first)
    for head, seconds in moves:
        anchor = follow(anchor, head, seconds)
        right = anchor.pose.rotation.rotate(Vec3(1.0, 0.0, 0.0))
        assert abs(right.z) < 1e-6
        assert anchor.pose.rotation.rotate(FORWARD).dot(UP) < 1.0 - 1e-2
        assert abs(anchor.tilt) <= STEEPEST + SLACK


@given(heads, heads)
def test_unseen_anchor_moves_without_easing(first: Pose, head: Pose) -> None:
    anchor = anchored(first)
    assume(off(anchor, head) > FREE)
    assert off(follow(anchor, head, 0.01, seen=False), head) < SLACK
    near = Pose(first.position, first.rotation)
    assert follow(anchor, near, 0.01, seen=False) == anchor


def test_the_laws_find_a_spring_and_a_lock() -> None:
    """Their control: words that swing are distinguished from words that stick to the head."""
    head = turned(40.0)
    swings, speed, ways = 0.0, 0.0, []
    for _ in range(200):  # an underdamped spring
        speed += ((40.0 - swings) * 30.0 - speed * 2.0) / 72
        swings += speed / 72
        ways.append(off(Anchor(EYES, swings), head))
    assert any(later > sooner + 1.0 for sooner, later in pairwise(ways))
    locked = anchored(turned(FREE - 0.1))
    assert locked != anchored(turned(0.0))
