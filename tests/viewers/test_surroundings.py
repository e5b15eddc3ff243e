"""Where a wearer's eyes and panels are, by what the show file says about its viewers."""

from __future__ import annotations

import pytest

from xrdrama.show.production import ViewerRule
from xrdrama.spatial import IDENTITY, Pose, Vec3
from xrdrama.viewers.boards import BOARD_AWAY, SHEET, WIDTH, board_before, on_sheet
from xrdrama.viewers.headset import blend_words
from xrdrama.viewers.surroundings import lift, scaled

HEAD = Pose(Vec3(0.3, 0.2, 1.15), IDENTITY)
WHOLE = (0.0, 0.0, float(SHEET[0]), float(SHEET[1]))


def test_a_standing_viewer_sees_from_where_they_are_and_a_seated_one_from_the_eye_height() -> None:
    assert lift(ViewerRule(), HEAD) == 0.0
    assert lift(ViewerRule(posture="seated", eye_height=1.6), HEAD) == pytest.approx(0.45)
    assert lift(ViewerRule(raised=-0.2), HEAD) == pytest.approx(-0.2)
    seated = ViewerRule(posture="seated", eye_height=1.6, raised=0.1)
    assert lift(seated, HEAD) == pytest.approx(0.55)


def test_cards_are_as_far_and_as_high_as_the_show_says() -> None:
    usual = board_before(HEAD, WHOLE).position - HEAD.position
    near = board_before(HEAD, WHOLE, away=0.7, raised=0.3).position - HEAD.position
    assert usual.y == pytest.approx(BOARD_AWAY) and near.y == pytest.approx(0.7)
    assert near.z - usual.z == pytest.approx(0.3)


def test_larger_captions_are_larger_about_the_same_middle() -> None:
    middle = on_sheet(SHEET[0] / 2, SHEET[1] / 2, 1.4)
    assert middle.length() == 0.0
    assert on_sheet(SHEET[0], 0.0, 1.4).x == pytest.approx(1.4 * WIDTH / 2)


def test_smaller_pictures_have_whole_pixels() -> None:
    assert scaled((321, 240), 0.5) == (160, 120)
    assert scaled((1, 1), 0.5) == (1, 1) and scaled((320, 240), 1.0) == (320, 240)


def test_a_refused_blend_is_named() -> None:
    assert "additive" in blend_words("additive", "additive")
    assert "this headset offers none" in blend_words("alpha", "opaque")
