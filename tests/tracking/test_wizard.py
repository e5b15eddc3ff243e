"""The wizard finds every map of axes from scripted packets, and says when it cannot."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tracking.test_axes import MAPS
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tools.tracking.wizard import Event, asked
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.axes import SAME, Axes

RATE = 20
Move = dict[str, float]
OPERATOR: list[Move] = [
    {"pan": -20.0}, {"tilt": 18.0}, {"roll": 15.0}, {"x": 0.5}, {"y": 0.4}, {"z": 0.3},
]  # fmt: skip
"""What an operator does who follows the questions, in our axes."""


def packets(axes: Axes, moves: list[Move], subject: str = "1") -> Iterator[TrackingSample]:
    """A tracker of these axes that is at rest for 1.5 s before each move, and moves for a second;
    each sample is a little off."""
    now = {"x": 0.3, "y": -2.0, "z": 1.6, "pan": 175.0, "tilt": -3.0, "roll": 1.0}
    at = 0
    for move in [*moves, {}]:
        for number in range(RATE * 5 // 2):
            share = max(0.0, min(1.0, (number - 1.5 * RATE) / RATE))
            v = {key: value + share * move.get(key, 0.0) for key, value in now.items()}
            v["x"] += 0.001 * (number % 3)
            turn = Quat.from_angles(pan=v["pan"], tilt=v["tilt"], roll=v["roll"])
            sample = TrackingSample("t", subject, at, Pose(Vec3(v["x"], v["y"], v["z"]), turn))
            yield axes.inverse().apply(sample)
            at += NS // RATE
        now = {key: value + move.get(key, 0.0) for key, value in now.items()}


def result(events: Iterator[Event]) -> tuple[dict[str, object], list[str]]:
    said: list[str] = []
    return asked(events, "1", said.append, 5.0), said


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(MAPS))
def test_every_map_is_found(written: tuple[str, ...]) -> None:
    found, _ = result(packets(Axes.of(written), OPERATOR))
    assert found["complete"]
    axes = found["axes"]
    assert isinstance(axes, dict) and tuple(axes.values()) == written
    assert (found["lines"] == "") == (written == SAME)


def test_the_lines_are_those_of_a_stage_file() -> None:
    found, said = result(packets(Axes.of(("-y", "x", "z", "-pan", "tilt", "roll")), OPERATOR))
    assert found["lines"] == "tracking:\n  axes: {x: -y, y: x, pan: -pan}\n"
    assert said[0].startswith("1 of 6: turn the camera about 20 degrees to the right")
    assert any("write pan: -pan" in text for text in said)
    assert any("tilt: the tracker's tilt changed by +18.00 degrees: as expected" in t for t in said)


def test_a_movement_of_two_axes_is_asked_for_again() -> None:
    moves: list[Move] = [{"pan": -20.0, "tilt": 15.0}, {"pan": -20.0}, *OPERATOR[1:]]
    found, said = result(packets(Axes(), moves))
    assert found["complete"] and found["lines"] == ""
    assert any(text.startswith("unclear: several values changed") for text in said)


def test_an_axis_that_moved_before_is_asked_for_again() -> None:
    found, said = result(packets(Axes(), [OPERATOR[0], {"pan": 20.0}, *OPERATOR[1:]]))
    assert found["complete"]
    assert any("pan changed, which already moved for pan" in text for text in said)


def test_a_head_that_cannot_move_is_skipped() -> None:
    def events() -> Iterator[Event]:
        yield from packets(Axes.of(("x", "y", "z", "-pan", "tilt", "roll")), OPERATOR[:2])
        yield from ["s\n"] * 4
        yield None

    found, said = result(events())
    assert found["complete"] and found["lines"] == "tracking:\n  axes: {pan: -pan}\n"
    assert said[-1] == "z: skipped"


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([None] * 60, "no movement was found within 5 s"),
        (["q\n"], "stopped by the operator"),
        (list(packets(Axes(), OPERATOR, subject="2")), "the packets ended"),
        (list(packets(Axes(), [])), "the packets ended"),
    ],
)
def test_what_is_missing_is_said(events: list[Event], reason: str) -> None:
    found, _ = result(iter(events))
    assert not found["complete"] and reason in str(found["reason"])
