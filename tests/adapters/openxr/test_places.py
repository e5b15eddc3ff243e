"""Which place of a set a head looks at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from xrdrama.adapters.openxr.interaction.places import CONE, place_ahead
from xrdrama.spatial import IDENTITY, Pose, Quat, Vec3, look_at

HEAD = Pose(Vec3(0.0, -2.5, 1.6), IDENTITY)
FAR, NEAR = Vec3(0.5, 9.0, 2.7), Vec3(0.3, -1.5, 1.6)


def turned(pan: float) -> Pose:
    return Pose(HEAD.position, Quat.from_angles(pan=pan))


def test_the_place_that_a_head_is_turned_to() -> None:
    at = Pose(HEAD.position, look_at(HEAD.position, FAR))
    assert place_ahead(at, [("far", FAR), ("near", NEAR)]) == "far"
    assert place_ahead(at, []) == ""


def test_a_head_that_is_turned_away_looks_at_nothing() -> None:
    ahead = [("gate", Vec3(0.0, 20.0, 1.6))]
    assert place_ahead(turned(CONE - 0.5), ahead) == "gate"
    assert place_ahead(turned(CONE + 0.5), ahead) == ""
    assert place_ahead(turned(180.0), ahead) == ""


def test_what_is_near_is_as_large_as_it_is() -> None:
    assert place_ahead(turned(0.0), [("near", NEAR)]) == "near"  # 17 degrees aside, a metre away
    assert place_ahead(turned(40.0), [("near", NEAR)]) == ""
    assert place_ahead(HEAD, [("head", HEAD.position)]) == ""


def test_of_two_places_the_nearer_to_straight_ahead() -> None:
    two = [("left", Vec3(-0.5, 10.0, 1.6)), ("right", Vec3(0.4, 10.0, 1.6))]
    assert place_ahead(HEAD, two) == place_ahead(HEAD, two[::-1]) == "right"


@given(st.floats(-180.0, 180.0), st.floats(-80.0, 80.0))
def test_a_place_is_seen_from_wherever_a_head_is_turned_to_it(pan: float, tilt: float) -> None:
    turn = Quat.from_angles(pan=pan, tilt=tilt)
    at = HEAD.position + turn.rotate(Vec3(0.0, 3.0, 0.0))
    assert place_ahead(Pose(HEAD.position, turn), [("there", at)]) == "there"
