"""All everyday gestures on our three figures: from the cue to the joints, within the limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import atan2, hypot

import pytest
from msgspec.structs import replace

from tests.performer.our_performers import FIGURES, everyday, performer
from xrdrama.performer import (
    Act,
    Gesture,
    Limit,
    Performer,
    Performing,
    Repertoire,
    evaluate,
    fitted,
)
from xrdrama.performer.evaluating import values_at, way_of
from xrdrama.performer.idling import idle, resting
from xrdrama.spatial import Quat
from xrdrama.timing import NS

MOST_ERROR = 0.05
"""rad"""
STEP = NS // 200
BEGAN = NS // 2
SLACK = 1.001


def performing(gesture: str) -> Performing:
    return Performing("one", acts=(Act(gesture, BEGAN),))


def settled(gesture: Gesture) -> Iterator[tuple[int, str, float]]:
    """Times at which a curve is at a value: at each key, and long after the last one."""
    for name, keys in gesture.channels.items():
        for key in (*keys, replace(keys[-1], at=keys[-1].at + 3 * NS)):
            if key.value is not None:
                yield BEGAN + key.at, name, key.value


def bend(turn: Quat) -> float:
    """The angle of a turn without its twist about X."""
    twist = Quat(turn.w, turn.x, 0.0, 0.0)
    size = hypot(twist.w, twist.x)
    swing = turn * Quat(twist.w / size, -twist.x / size, 0.0, 0.0)
    return 2.0 * atan2(hypot(swing.x, swing.y, swing.z), abs(swing.w))


def joints(turns: Mapping[str, Quat]) -> dict[str, float]:
    """Channels that can be read off one joint."""
    found = {}
    for side in ("left", "right"):
        found[f"{side}_elbow"] = bend(turns[f"{side}LowerArm"])
        for channel, bone in (("index", "Index"), ("fingers", "Middle")):
            turn = turns.get(f"{side}{bone}Proximal", Quat())
            found[f"{side}_{channel}"] = 2.0 * atan2(hypot(turn.x, turn.y, turn.z), abs(turn.w))
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_every_gesture_arrives_at_its_keys(name: str) -> None:
    one = performer(name)
    worst, read = 0.0, 0
    for gesture in one.repertoire.gestures.values():
        act = performing(gesture.id)
        for at, channel, value in settled(gesture):
            values, _ = values_at(act, one, at, way_of(act, one, at))
            worst = max(worst, abs(values[channel] - value))
            seen = joints(evaluate(act, one, at).turns)
            if channel in seen:
                read += 1
                worst = max(worst, abs(seen[channel] - value))
    assert worst <= MOST_ERROR and read > 30


def test_keys_of_another_gesture_are_missed() -> None:
    one = performer("lan")
    errors = [
        abs(values_at(performing("bow"), one, at, way_of(performing("bow"), one, at))[0]
            .get(channel, 0.0) - value)
        for at, channel, value in settled(one.repertoire.gestures["wave"])
    ]  # fmt: skip
    assert max(errors) > 10 * MOST_ERROR


def used(one: Performer, limits: Mapping[str, Limit]) -> dict[str, tuple[float, str]]:
    """The largest shares of ranges, speeds and accelerations of all gestures, and where."""
    most: dict[str, tuple[float, str]] = {}
    for gesture in one.repertoire.gestures.values():
        act = performing(gesture.id)
        frames = [
            values_at(act, one, at, way_of(act, one, at))[0]
            for at in range(0, BEGAN + gesture.length + NS // 2, STEP)
        ]
        for channel in gesture.channels:
            limit, seconds = limits[channel], STEP / NS
            track = [frame.get(channel, 0.0) for frame in frames]
            speeds = [(b - a) / seconds for a, b in pairwise(track)]
            middle, half = (limit.least + limit.most) / 2, (limit.most - limit.least) / 2
            shares = {
                "range": max(abs(value - middle) for value in track) / half,
                "speed": max(map(abs, speeds)) / limit.speed,
                "acceleration": max(abs(b - a) for a, b in pairwise(speeds))
                / seconds / limit.acceleration,
            }  # fmt: skip
            for kind, share in shares.items():
                if share > most.get(kind, (0.0, ""))[0]:
                    most[kind] = share, f"{gesture.id} {channel}"
    return most


@pytest.mark.parametrize("name", FIGURES)
def test_no_gesture_exceeds_a_limit(name: str) -> None:
    one = performer(name)
    most = used(one, one.body.limits)
    assert all(share <= SLACK for share, _ in most.values()), most


def test_quicker_than_a_body_can_move_exceeds_its_limits() -> None:
    """The control: the gestures as they are written, on a body with half the speeds."""
    one = performer("lan")
    limits = {
        name: replace(limit, speed=0.5 * limit.speed, acceleration=0.5 * limit.acceleration)
        for name, limit in one.body.limits.items()
    }
    slow = replace(one, body=replace(one.body, limits=limits))
    written = replace(slow, repertoire=everyday())
    assert all(used(written, limits)[kind][0] > 1.2 for kind in ("speed", "acceleration"))
    fits, _ = fitted(everyday(), slow.body, resting(one.temper))
    fitting = replace(slow, repertoire=Repertoire(fits.gestures))
    assert all(share <= SLACK for share, _ in used(fitting, limits).values())


@pytest.mark.parametrize("name", FIGURES)
def test_idling_stays_in_the_range_that_gestures_start_from(name: str) -> None:
    temper = performer(name).temper
    ranges = resting(temper)
    far = 0.0
    for at in range(0, 600 * NS, 170_000_003):
        for channel, value in idle(temper, at)[0].items():
            least, most = ranges[channel]
            assert least - 1e-9 <= value <= most + 1e-9, channel
            far = max(far, abs(value - (least + most) / 2) / max(1e-9, (most - least) / 2))
    assert far > 0.9, "the ranges are not wider than needed"
