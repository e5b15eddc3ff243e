"""The real MediaPipe on every baked clip, against what the clip truly shows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from xrdrama.adapters.gesture.landmarks import Landmarker
from xrdrama.adapters.gesture.poses import LANDMARKS, pose_of
from xrdrama.adapters.gesture.watching import Glimpse, Watch
from xrdrama.adapters.vision.sources import VideoFile
from xrdrama.timing import NS

pytestmark = pytest.mark.peer

CLIPS = Path(__file__).parents[2] / "examples" / "clips" / "hands"
HELD = {"open_palm": "open_palm", "fist": "fist", "point": "point", "victory": "victory"}
NAMES = (*HELD, "three", "wave", "empty", "demo_hand")
CHOOSING = frozenset(HELD)

SETTLING = NS // 5
"""A hand that has just come to rest has this long to be seen as held."""
AGREEMENT = 0.97
LONGEST_SLIP = 3
"""Frames in a row that something out of the vocabulary may look like a pose: too few for a vote."""


class Reading(NamedTuple):
    """A clip as it was seen, and as it is."""

    name: str
    seen: list[tuple[int, Glimpse]]
    truth: list[tuple[int, int, str]]


def read(name: str, *, mirrored: bool = False) -> Reading:
    described: dict[str, Any] = json.loads((CLIPS / f"{name}.json").read_text())
    with Landmarker() as landmarker:
        watch = Watch(landmarker)
        seen = [
            (at, watch.look(np.asarray(picture[:, ::-1] if mirrored else picture), at))
            for at, picture in VideoFile(CLIPS / f"{name}.webm").frames()
        ]
    truth = [
        (round(part["from"] * NS), round(part["until"] * NS), part["pose"])
        for part in described["truth"]
    ]
    return Reading(name, seen, truth)


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    return {name: read(name) for name in NAMES}


def agreement(reading: Reading, pose: str, *, as_pose: str | None = None) -> float:
    """The share of the frames that truly show `pose` and were seen as it (or as `as_pose`)."""
    judged = [
        glimpse.pose == (as_pose or pose)
        for at, glimpse in reading.seen
        for since, until, true in reading.truth
        if true == pose and since + (SETTLING if since else 0) <= at < until
    ]
    assert len(judged) >= 3, f"{reading.name} has no {pose} to judge"
    return sum(judged) / len(judged)


def longest_run(poses: Sequence[str]) -> int:
    """Frames in a row of one and the same pose that can choose."""
    runs = [len(list(run)) for pose, run in groupby(poses) if pose in CHOOSING]
    return max(runs, default=0)


@pytest.mark.parametrize("name", HELD)
def test_a_held_pose_is_seen_as_what_it_is(readings: dict[str, Reading], name: str) -> None:
    reading = readings[name]
    assert agreement(reading, HELD[name]) >= AGREEMENT
    assert agreement(reading, "none") == 1.0
    others = [glimpse.pose for _, glimpse in reading.seen if glimpse.pose != HELD[name]]
    # On its way in the hand is open; that must not do for a choice.
    assert longest_run(others) <= LONGEST_SLIP


def test_the_demo_hand_is_held_long_enough(readings: dict[str, Reading]) -> None:
    reading = readings["demo_hand"]
    assert agreement(reading, "open_palm") == 1.0
    assert longest_run([glimpse.pose for _, glimpse in reading.seen]) >= 1.8 * 30
    assert {glimpse.pose for _, glimpse in reading.seen} == {"none", "other", "open_palm"}


@pytest.mark.parametrize("name", ["three", "wave", "empty"])
def test_what_is_not_in_the_vocabulary_chooses_nothing(
    readings: dict[str, Reading], name: str
) -> None:
    assert longest_run([glimpse.pose for _, glimpse in readings[name].seen]) <= LONGEST_SLIP


def test_three_fingers_are_seen_and_are_something_else(readings: dict[str, Reading]) -> None:
    assert agreement(readings["three"], "other") >= AGREEMENT


def test_a_waving_hand_is_followed_but_not_held(readings: dict[str, Reading]) -> None:
    """At its fastest a hand is a blur in which MediaPipe loses it for a frame."""
    lost = agreement(readings["wave"], "other", as_pose="none")
    assert lost < 0.25
    assert lost + agreement(readings["wave"], "other") >= AGREEMENT


def test_an_empty_room_holds_no_hand(readings: dict[str, Reading]) -> None:
    assert {glimpse.pose for _, glimpse in readings["empty"].seen} == {"none"}


def test_a_mirrored_picture_shows_the_same(readings: dict[str, Reading]) -> None:
    """A left hand: cameras that flip their picture change nothing."""
    mirrored = read("point", mirrored=True)
    assert agreement(mirrored, "point") >= AGREEMENT
    x = [g.position[0] for _, g in readings["point"].seen if g.pose == "point"]
    flipped = [g.position[0] for _, g in mirrored.seen if g.pose == "point"]
    assert float(np.median(x)) == pytest.approx(1.0 - float(np.median(flipped)), abs=0.02)


def test_control_a_wrong_label_is_noticed(readings: dict[str, Reading]) -> None:
    """Negative control of the agreement: no clip passes for another one's pose."""
    for name, pose in HELD.items():
        for wrong in CHOOSING - {pose}:
            assert agreement(readings[name], pose, as_pose=wrong) == 0.0


def test_control_shuffled_landmarks_are_no_hand(readings: dict[str, Reading]) -> None:
    """Negative control of the rule: with its landmarks out of order no pose is found."""
    order = np.random.default_rng(5).permutation(LANDMARKS)
    for name, pose in HELD.items():
        hands = [g.hand for _, g in readings[name].seen if g.pose == pose and g.hand]
        right = [pose_of(hand.points) == pose for hand in hands]
        shuffled = [pose_of([hand.points[i] for i in order]) == pose for hand in hands]
        assert all(right)
        assert sum(shuffled) < 0.2 * len(shuffled)


def test_control_without_stillness_a_wave_would_choose(readings: dict[str, Reading]) -> None:
    """Negative control of the gate: the rule alone takes a waving hand for an open palm."""
    hands = [glimpse.hand for _, glimpse in readings["wave"].seen]
    alone = ["none" if hand is None else pose_of(hand.points) for hand in hands]
    assert longest_run(alone) > LONGEST_SLIP
