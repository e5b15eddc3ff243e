"""A live face on a performer: it drives what the cues leave free, by its share."""

from __future__ import annotations

from math import degrees, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.performer.bodies import figure
from xrdrama.performer import SHAPES, Act, Expression, Performing, Repertoire, evaluate
from xrdrama.performer.evaluating import values_at, way_of
from xrdrama.performer.live import FURTHEST, levels_of, live_channels, live_shapes
from xrdrama.performer.model import Temper
from xrdrama.performer.parse import parse_gestures
from xrdrama.timing import NS
from xrdrama.tracking.faces import ARKIT

STILL = Temper(sway=0.0, depth=0.0)
TEXT = """
xrdrama: 1
id: test
gestures:
  nod:
    channels: {head_tilt: {0.5s: -20, 1s: -20, 2s: rest}}
    shapes: {jawOpen: {0.5s: 0.4, 1s: 0.4, 2s: rest}}
moods:
  warm: {shapes: {mouthSmile: 0.3}}
"""


def repertoire() -> Repertoire:
    found, problems = parse_gestures(TEXT, "test.gestures.yaml")
    assert found is not None, problems
    return found


def live(turn: tuple[float, float, float] = (0.0, 0.0, 0.0), **shapes: float) -> tuple[int, ...]:
    return levels_of([round(255 * shapes.get(name, 0.0)) for name in SHAPES], turn)


def values(performing: Performing, at: float) -> tuple[dict[str, float], dict[str, float]]:
    performer, now = figure(repertoire(), STILL), round(at * NS)
    return values_at(performing, performer, now, way_of(performing, performer, now))


def test_events_and_frames_have_one_order() -> None:
    assert SHAPES == ARKIT


@given(st.tuples(*[st.floats(-FURTHEST, FURTHEST)] * 3))
def test_the_head_is_carried_in_steps_of_less_than_a_degree(turn: tuple[float, ...]) -> None:
    found = live_channels(levels_of([0] * 52, turn))
    for name, angle in zip(("head_pan", "head_tilt", "head_roll"), turn, strict=True):
        assert abs(degrees(found[name] - angle)) < 0.5


def test_levels_fit_a_frame_whatever_the_turn() -> None:
    assert levels_of([0] * 52, (9.0, -9.0, 0.0))[52:] == (254, 0, 127)


def test_a_smile_is_on_the_performer_by_its_share() -> None:
    smile = live(mouthSmileLeft=0.8, mouthSmileRight=0.8)
    for share, expected in ((1.0, 0.8), (0.5, 0.4), (0.0, 0.0)):
        pose = evaluate(Performing("lan", live=smile, live_share=share), figure(temper=STILL), 0)
        assert pose.shapes.get("mouthSmileLeft", 0.0) == pytest.approx(expected, abs=0.003)


def test_a_live_face_is_over_the_mood_and_under_gestures() -> None:
    performing = Performing(
        "lan",
        acts=(Act("nod", 0),),
        expression=Expression("warm"),
        live=live((radians(30), radians(10), 0.0), jawOpen=0.9, mouthSmileLeft=0.8),
        live_share=1.0,
    )
    channels, shapes = values(performing, 0.75)
    assert shapes["mouthSmileLeft"] == pytest.approx(0.8, abs=0.003)
    assert shapes.get("mouthSmileRight", 0.0) == 0.0, "the live face does not smile on the right"
    assert shapes["jawOpen"] == pytest.approx(0.4, abs=0.003), "the cue has the jaw"
    assert degrees(channels["head_tilt"]) == pytest.approx(-20, abs=0.1), "the cue has the tilt"
    assert degrees(channels["head_pan"]) == pytest.approx(30, abs=0.5), "the pan is free"
    after, shapes = values(performing, 5.0)
    assert degrees(after["head_tilt"]) == pytest.approx(10, abs=0.5)
    assert shapes["jawOpen"] == pytest.approx(0.9, abs=0.003)


def test_eyes_follow_the_shapes_by_which_they_look() -> None:
    left = live_channels(live(eyeLookOutLeft=1.0, eyeLookInRight=1.0))
    down = live_channels(live(eyeLookDownLeft=0.5, eyeLookDownRight=0.5))
    assert degrees(left["eyes_pan"]) == pytest.approx(30, abs=0.2), "to the own left"
    assert degrees(down["eyes_tilt"]) == pytest.approx(-15, abs=0.2)


def test_values_of_another_length_change_nothing() -> None:
    odd = Performing("lan", live=(255, 255), live_share=1.0)
    assert values(odd, 1.0) == values(Performing("lan"), 1.0)
    assert live_shapes(()) == {}
