"""The rule from landmarks to poses: its laws, its table, and that it can be wrong."""

from __future__ import annotations

from math import cos, dist, pi, radians, sin

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xrdrama.adapters.gesture.poses import (
    CURL,
    KNUCKLES,
    LANDMARKS,
    REACH,
    STRAIGHT,
    Point,
    centre_of,
    in_pixels,
    is_straight,
    palm_length,
    pose_of,
)

Points = tuple[Point, ...]

TABLE = {
    (True, True, True, True): "open_palm",
    (False, False, False, False): "fist",
    (True, False, False, False): "point",
    (True, True, False, False): "victory",
}


def hand(straight: tuple[bool, ...], *, bend: float = 8.0, curl: float = 100.0) -> Points:
    """A drawn hand in pixels, fingers up; `bend` and `curl` in degrees at each joint."""
    points: list[Point] = [(0.0, 0.0), (25.0, -30.0), (45.0, -55.0), (60.0, -75.0), (70.0, -90.0)]
    for number, stretched in enumerate(straight):
        x, y, way = 24.0 - 18.0 * number, -90.0 + 4.0 * number * number / 3.0, 90.0 - 4.0 * number
        points.append((x, y))
        # Fully curled, the first bone comes towards the lens and looks short.
        bones = (40.0, 24.0, 20.0) if stretched or curl < 75.0 else (16.0, 20.0, 18.0)
        turn = bend if stretched else curl if x > 0.0 else -curl
        for bone in bones:
            x, y = x + bone * cos(radians(way)), y - bone * sin(radians(way))
            points.append((x, y))
            way += turn
    return tuple(points)


def is_clear(points: Points) -> bool:
    """True when no finger is so near to a threshold that rounding could decide."""
    for knuckle in KNUCKLES:
        a, b, c, tip = (points[knuckle + i] for i in range(4))
        u, v = (a[0] - b[0], a[1] - b[1]), (c[0] - b[0], c[1] - b[1])
        size = dist(a, b) * dist(b, c)
        if size < 1e-3:
            return False
        cosine = (u[0] * v[0] + u[1] * v[1]) / size
        if abs(cosine - cos(radians(STRAIGHT))) < 1e-6:
            return False
        reach = dist(tip, points[0])
        for limit in (REACH * dist(b, points[0]), CURL * dist(a, points[0]), dist(b, points[0])):
            if abs(reach - limit) < 1e-6 * max(1.0, limit):
                return False
    return palm_length(points) > 1e-3


coordinates = st.floats(-2000.0, 2000.0, allow_nan=False).map(lambda x: round(x, 2))
any_points = st.lists(
    st.tuples(coordinates, coordinates), min_size=LANDMARKS, max_size=LANDMARKS
).map(tuple)
fingers = st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans())
drawn = st.builds(hand, fingers, bend=st.floats(0.0, 30.0), curl=st.floats(90.0, 120.0))
hands = st.one_of(drawn, any_points)


@given(fingers, st.floats(0.0, 30.0), st.floats(90.0, 120.0))
def test_the_four_fingers_decide(
    straight: tuple[bool, bool, bool, bool], bend: float, curl: float
) -> None:
    assert pose_of(hand(straight, bend=bend, curl=curl)) == TABLE.get(straight, "other")


@given(drawn, st.lists(st.tuples(coordinates, coordinates), min_size=4, max_size=4))
def test_the_thumb_does_not(points: Points, thumb: list[Point]) -> None:
    assert pose_of((points[0], *thumb, *points[5:])) == pose_of(points)


@given(hands, coordinates, coordinates)
def test_moving_the_hand_changes_nothing(points: Points, x: float, y: float) -> None:
    assume(is_clear(points))
    assert pose_of([(a + x, b + y) for a, b in points]) == pose_of(points)


@given(hands, st.floats(0.05, 20.0))
def test_scaling_the_hand_changes_nothing(points: Points, factor: float) -> None:
    assume(is_clear(points))
    assert pose_of([(a * factor, b * factor) for a, b in points]) == pose_of(points)


@given(hands, st.floats(-pi, pi))
def test_turning_the_hand_changes_nothing(points: Points, angle: float) -> None:
    assume(is_clear(points))
    c, s = cos(angle), sin(angle)
    assert pose_of([(a * c - b * s, a * s + b * c) for a, b in points]) == pose_of(points)


@given(hands)
def test_a_left_hand_is_a_mirrored_right_one(points: Points) -> None:
    assert pose_of([(-a, b) for a, b in points]) == pose_of(points)


wild = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.tuples(wild, wild), min_size=LANDMARKS, max_size=LANDMARKS))
def test_extreme_numbers_have_a_pose_and_no_error(points: list[Point]) -> None:
    assert pose_of(points) in {*TABLE.values(), "other"}


@given(any_points, st.integers(0, LANDMARKS - 1), st.sampled_from(["nan", "inf", "-inf"]))
def test_what_is_not_finite_shows_nothing(points: Points, place: int, bad: str) -> None:
    broken = [*points[:place], (float(bad), 0.0), *points[place + 1 :]]
    assert pose_of(broken) == "other"


def test_hand_without_size_has_no_pose() -> None:
    assert pose_of([(3.0, 4.0)] * LANDMARKS) == "other"


@pytest.mark.parametrize("count", [0, 20, 22])
def test_a_hand_has_21_landmarks(count: int) -> None:
    with pytest.raises(ValueError, match="21 landmarks"):
        pose_of([(0.0, 0.0)] * count)


@given(fingers, st.floats(45.0, 60.0), st.integers(0, 3))
def test_a_half_closed_finger_is_neither(
    straight: tuple[bool, bool, bool, bool], curl: float, which: int
) -> None:
    """So a hand that is opening or closing picks nothing on its way."""
    drawn_so = list(hand(straight))
    half = hand((False,) * 4, curl=curl)
    start = KNUCKLES[which]
    drawn_so[start : start + 4] = half[start : start + 4]
    assert is_straight(drawn_so, start) is None
    assert pose_of(drawn_so) == "other"


def test_shuffled_landmarks_break_the_rule() -> None:
    """Negative control: the rule reads fingers, not any heap of 21 points."""
    for straight, pose in TABLE.items():
        points = hand(straight)
        # Wrist for tips: each finger hangs together no more.
        shuffled = [points[(i * 8 + 3) % LANDMARKS] for i in range(LANDMARKS)]
        assert pose_of(points) == pose
        assert pose_of(shuffled) != pose


def test_a_stretched_picture_would_change_the_angles() -> None:
    """Why landmarks are scaled to pixels first: the same finger, in shares of a wide picture."""
    points = list(hand((True, True, True, True)))
    # An index finger at 125 degrees, lying on its side: not straight.
    points[5:9] = [(30.0, -90.0), (80.0, -90.0), (100.0, -118.0), (118.0, -140.0)]
    shares = [(x / 480.0, y / 1920.0) for x, y in points]
    assert pose_of(in_pixels(shares, width=480, height=1920)) == pose_of(points) == "other"
    assert pose_of(shares) == "open_palm"


@given(drawn, coordinates, coordinates, st.floats(0.1, 10.0))
def test_centre_and_size_go_with_the_hand(
    points: Points, x: float, y: float, factor: float
) -> None:
    moved = [(a * factor + x, b * factor + y) for a, b in points]
    cx, cy = centre_of(points)
    assert centre_of(moved) == pytest.approx((cx * factor + x, cy * factor + y), abs=1e-6)
    assert palm_length(moved) == pytest.approx(palm_length(points) * factor, rel=1e-6)
