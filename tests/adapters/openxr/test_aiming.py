"""Boards in the viewer's space, and rays that meet them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.interaction.aiming import (
    Board,
    Card,
    card_at,
    heading,
    in_front,
    meets,
    recentred,
)
from xrdrama.spatial import FORWARD, UP, Pose, Quat, Vec3, look_at

EYES = Vec3(0.3, -0.2, 1.6)
shares = st.floats(0.01, 0.99)
pans = st.floats(-180.0, 180.0)
CARDS = (Card("left", 0.1, 0.2, 0.4, 0.8), Card("right", 0.6, 0.2, 0.9, 0.8))


def board(pan: float) -> Board:
    head = Pose(EYES, Quat.from_angles(pan=pan))
    return Board(in_front(head, distance=1.8, below=0.4), 1.9, 1.1)


def place_on(found: Board, u: float, v: float) -> Vec3:
    return found.pose.apply(Vec3((u - 0.5) * found.width, 0.0, (v - 0.5) * found.height))


@given(pans, shares, shares, st.floats(-1.0, 1.0), st.floats(0.5, 2.0))
def test_a_ray_meets_what_it_is_aimed_at(
    pan: float, u: float, v: float, aside: float, height: float
) -> None:
    """From wherever a hand is, before the board."""
    found = board(pan)
    hand = EYES + Vec3(aside * 0.5, 0.0, height - 1.6)
    ray = Pose(hand, look_at(hand, place_on(found, u, v)))
    assert meets(ray, found) == pytest.approx((u, v), abs=1e-6)


@given(pans, shares, shares)
def test_a_ray_from_behind_or_away_meets_nothing(pan: float, u: float, v: float) -> None:
    found = board(pan)
    target = place_on(found, u, v)
    away = Pose(EYES, look_at(EYES, EYES + EYES - target))
    assert meets(away, found) is None
    behind = target + found.pose.rotation.rotate(FORWARD)
    assert meets(Pose(behind, look_at(behind, target)), found) is None


def test_a_ray_past_the_edge_meets_nothing() -> None:
    found = board(20.0)
    for u, v in ((-0.05, 0.5), (1.05, 0.5), (0.5, -0.05), (0.5, 1.05)):
        assert meets(Pose(EYES, look_at(EYES, place_on(found, u, v))), found) is None


def test_a_hand_within_the_board_meets_nothing() -> None:
    found = board(0.0)
    at = place_on(found, 0.5, 0.5) - found.pose.rotation.rotate(FORWARD) * 0.02
    assert meets(Pose(at, found.pose.rotation), found) is None


@given(pans, st.floats(-60.0, 60.0), st.floats(-30.0, 30.0))
def test_a_board_stands_upright_before_the_eyes(pan: float, tilt: float, roll: float) -> None:
    head = Pose(EYES, Quat.from_angles(pan=pan, tilt=tilt, roll=roll))
    place = in_front(head, distance=1.8, below=0.4)
    assert (place.position - EYES).length() == pytest.approx((1.8**2 + 0.4**2) ** 0.5)
    assert place.position.z == pytest.approx(1.2)
    assert heading(place.rotation) == pytest.approx(pan, abs=1e-4)
    assert abs(place.rotation.angles()[2]) < 1e-4  # not askew, however the head is held


@pytest.mark.parametrize("tilt", [-89.0, 89.0])
@pytest.mark.parametrize("pan", [0.0, 75.0, -160.0])
def test_the_heading_survives_a_look_at_the_feet_and_at_the_sky(pan: float, tilt: float) -> None:
    assert heading(Quat.from_angles(pan=pan, tilt=tilt)) == pytest.approx(pan, abs=1e-3)


@given(pans, st.floats(-3.0, 3.0), st.floats(-3.0, 3.0))
def test_recentred_a_head_looks_ahead_over_the_origin(pan: float, x: float, y: float) -> None:
    head = Pose(Vec3(x, y, 1.55), Quat.from_angles(pan=pan, tilt=-12.0))
    now = recentred(head) * head
    assert (now.position - Vec3(0.0, 0.0, 1.55)).length() < 1e-9  # the floor stays where it is
    assert heading(now.rotation) == pytest.approx(0.0, abs=1e-6)
    assert now.rotation.angles()[1] == pytest.approx(-12.0)
    assert (recentred(head).rotation.rotate(UP) - UP).length() < 1e-9


def test_cards_are_met_where_they_are() -> None:
    assert card_at(CARDS, (0.2, 0.5)) == "left"
    assert card_at(CARDS, (0.6, 0.2)) == "right"
    assert card_at(CARDS, (0.5, 0.5)) == ""
    assert card_at(CARDS, None) == ""
    assert card_at((), (0.5, 0.5)) == ""
