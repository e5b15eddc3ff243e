"""Gestures, moods, gaze and idling: pure, continuous, within the body's limits."""

from itertools import pairwise
from math import atan2, cos, degrees, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.performer.bodies import bone_at, figure, skeleton
from xrdrama.performer import (
    Act,
    Expression,
    Gaze,
    Performing,
    Root,
    channels_at,
    evaluate,
    fitted,
)
from xrdrama.performer.acting import NEVER, REST, is_over, kept, kept_until
from xrdrama.performer.idling import blink
from xrdrama.performer.model import Repertoire, Temper
from xrdrama.performer.parse import parse_gestures
from xrdrama.spatial import Vec3
from xrdrama.timing import NS

TEXT = """
xrdrama: 1
id: test
gestures:
  wave:
    channels:
      right_arm_raise: {0.5s: 70, 1s: 70, 1.5s: rest}
      right_elbow: {0.5s: 100, 0.8s: 60, 1.5s: rest}
      head_pan: {0.5s: 20, 1.5s: rest}
  lift:
    channels: {right_arm_raise: {0.6s: 90}}
    shapes: {mouthSmileLeft: {0.3s: 1}}
moods:
  warm: {shapes: {mouthSmile: 0.5}, channels: {head_roll: 4}}
"""


def _repertoire() -> Repertoire:
    repertoire, problems = parse_gestures(TEXT, "test.gestures.yaml")
    assert repertoire is not None, problems
    return repertoire


def _value(act: Act, channel: str, at: float) -> float:
    performer = figure(_repertoire(), Temper(sway=0.0, depth=0.0))
    found = channels_at(Performing("lan", acts=(act,)), performer, round(at * NS))
    return degrees(found[channel])


def test_a_gesture_reaches_its_keys_and_lets_go() -> None:
    wave = Act("wave", 0)
    assert _value(wave, "right_arm_raise", 0.75) == pytest.approx(70.0)
    assert _value(wave, "right_elbow", 0.8) == pytest.approx(60.0)
    idle = _value(Act("none", 0), "right_arm_raise", 3.0)
    assert _value(wave, "right_arm_raise", 1.6) == pytest.approx(idle)


def test_a_cue_can_take_another_time_and_the_other_hand() -> None:
    assert _value(Act("wave", 0, over=3 * NS), "right_elbow", 1.6) == pytest.approx(60.0)
    left = Act("wave", 0, side="left")
    assert _value(left, "left_arm_raise", 0.75) == pytest.approx(70.0)
    plain, mirrored = (_value(act, "head_pan", 0.5) for act in (Act("wave", 0), left))
    idle = _value(Act("none", 0), "head_pan", 0.5)
    assert mirrored == pytest.approx(-20.0) and plain == pytest.approx(20.0), idle


def test_a_held_gesture_stays_until_rest() -> None:
    performer = figure(_repertoire())
    acts = (Act("lift", 0), Act(REST, 2 * NS))
    held = channels_at(Performing("lan", acts=acts), performer, 2 * NS)["right_arm_raise"]
    let_go = channels_at(Performing("lan", acts=acts), performer, 3 * NS)["right_arm_raise"]
    assert degrees(held) == pytest.approx(90.0) and degrees(let_go) < 15.0


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("wave", "lift", REST)), st.integers(0, 40),
                  st.sampled_from(("", "left", "right"))),
        max_size=6,
    )
)  # fmt: skip
def test_no_value_ever_jumps_whatever_follows_what(made: list[tuple[str, int, str]]) -> None:
    performer = figure(_repertoire())
    acts = tuple(
        Act(name, at * NS // 10, side=side)  # type: ignore[arg-type]
        for name, at, side in sorted(made, key=lambda one: one[1])
    )
    step = NS // 100
    before = None
    for now in range(0, 5 * NS, step):
        begun = tuple(act for act in acts if act.began <= now)
        values = channels_at(Performing("lan", acts=begun), performer, now)
        if before is not None:
            fastest = max(abs(values[name] - before[name]) for name in values)
            assert degrees(fastest) < 12.0
        before = values


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("wave", "lift", REST)), st.integers(0, 40)), max_size=6))
def test_acts_that_are_left_out_change_nothing(made: list[tuple[str, int]]) -> None:
    performer = figure(_repertoire())
    gestures = performer.repertoire.gestures
    acts = tuple(Act(name, at * NS // 10) for name, at in sorted(made, key=lambda one: one[1]))
    now = 45 * NS // 10
    short = kept(acts, gestures, now)
    assert len(short) <= len(acts)
    for later in (now, now + NS // 4, now + 2 * NS):
        whole = channels_at(Performing("lan", acts=acts), performer, later)
        assert whole == pytest.approx(channels_at(Performing("lan", acts=short), performer, later))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(("wave", "lift", REST)), st.integers(0, 40),
                          st.integers(0, 30)), max_size=6))  # fmt: skip
def test_acts_become_fewer_only_when_kept_until_says_so(made: list[tuple[str, int, int]]) -> None:
    gestures = figure(_repertoire()).repertoire.gestures
    acts = tuple(Act(name, at * NS // 10, over * NS // 7)
                 for name, at, over in sorted(made, key=lambda one: one[1]))  # fmt: skip
    now = 4 * NS
    left = kept(acts, gestures, now)
    for _ in range(40):
        until = kept_until(left, gestures, now)
        # Up to 3 ns late where an act is stretched.
        last = max(now, until - 4) if until < NEVER else now + 100 * NS
        assert until > now and kept(left, gestures, last) == left
        if until == NEVER:
            break
        left, now = kept(left, gestures, until), until
        assert left == kept(acts, gestures, now)
    else:
        raise AssertionError("acts change for ever")


def test_moods_fade_into_each_other() -> None:
    performer = figure(_repertoire())
    smiles = [
        evaluate(
            Performing("lan", expression=Expression("warm", 0, NS, "")), performer, at
        ).shapes.get("mouthSmileLeft", 0.0)
        for at in (0, NS // 2, NS)
    ]
    assert smiles == pytest.approx([0.0, 0.25, 0.5])


@pytest.mark.parametrize("pan", [-50.0, 0.0, 35.0])
def test_eyes_and_head_together_meet_what_is_looked_at(pan: float) -> None:
    performer = figure(temper=Temper(sway=0.0, depth=0.0, glance=0.0))
    target = Vec3(-3.0 * sin(radians(pan)), 3.0 * cos(radians(pan)), performer.body.height)
    looking = Performing("lan", root=Root(), gaze=Gaze(target, 0))
    got = channels_at(looking, performer, 3 * NS)
    total = sum(got[f"{part}_pan"] for part in ("spine", "head", "eyes"))
    assert degrees(total) == pytest.approx(pan, abs=6.0), "idling moves the head a little"


def test_what_is_behind_is_not_looked_at() -> None:
    performer = figure()
    behind = Performing("lan", gaze=Gaze(Vec3(0.0, -3.0, 1.5), 0))
    ahead = Performing("lan", gaze=Gaze(None, 0))
    for channel in ("head_pan", "spine_pan"):
        seen, rest = (channels_at(one, performer, 2 * NS)[channel] for one in (behind, ahead))
        assert seen == pytest.approx(rest)


def test_blinks_are_rare_complete_and_different_for_each_seed() -> None:
    times = [frame / 240 for frame in range(240 * 60)]
    closed = {seed: [blink(Temper(seed=seed), at) for at in times] for seed in (1, 2)}
    for lids in closed.values():
        count = sum(a < 0.5 <= b for a, b in pairwise(lids))
        assert 10 <= count <= 30 and max(lids) > 0.98
        assert sum(lid > 0.5 for lid in lids) / len(lids) < 0.08
    assert closed[1] != closed[2]


def test_arms_hang_at_rest_and_point_where_channels_say() -> None:
    text = TEXT.replace("{0.6s: 90}", "{0.01s: 90}")
    repertoire, _ = parse_gestures(text, "test.gestures.yaml")
    assert repertoire is not None
    performer = figure(repertoire, Temper(sway=0.0, depth=0.0))
    bones = dict(skeleton().bones)
    chain = ("spine", "chest", "upperChest")
    still = evaluate(Performing("lan"), performer, 0)
    hand = bone_at(still, "rightHand", bones, (*chain, "rightShoulder", "rightUpperArm",
                                               "rightLowerArm"))  # fmt: skip
    assert hand.z < 1.05, "hanging arms end at the hips"
    raised = evaluate(Performing("lan", acts=(Act("lift", 0),)), performer, NS)
    arm = bone_at(raised, "rightLowerArm", bones, (*chain, "rightShoulder", "rightUpperArm"))
    shoulder = bone_at(raised, "rightUpperArm", bones, (*chain, "rightShoulder"))
    way = arm - shoulder
    assert degrees(atan2(way.z, way.x)) == pytest.approx(0.0, abs=4.0), "level, to the right"


def test_a_quick_gesture_is_slowed_and_one_that_is_too_wide_is_limited() -> None:
    text = (
        "xrdrama: 1\nid: t\ngestures:\n  snap:\n    channels: {head_pan: {0.05s: 110, 1s: rest}}\n"
    )
    repertoire, problems = parse_gestures(text, "t.gestures.yaml")
    assert repertoire is not None, problems
    body = figure().body
    fit, remarks = fitted(repertoire, body)
    assert {"limited", "times"} <= {word for one in remarks for word in one.text.split()}
    keys, limit = fit.gestures["snap"].channels["head_pan"], body.limits["head_pan"]
    assert keys[0].value == pytest.approx(limit.most)
    step, worst = NS // 1000, 0.0
    performer = figure(fit, Temper(sway=0.0, depth=0.0))
    act = Performing("lan", acts=(Act("snap", 0),))
    values = [channels_at(act, performer, at)["head_pan"] for at in range(0, NS, step)]
    worst = max(abs(b - a) for a, b in pairwise(values)) * 1000
    assert worst <= limit.speed * 1.05
    unfit = figure(repertoire, Temper(sway=0.0, depth=0.0))
    values = [channels_at(act, unfit, at)["head_pan"] for at in range(0, NS, step)]
    assert max(abs(b - a) for a, b in pairwise(values)) * 1000 > limit.speed


def test_an_act_is_over_only_if_it_holds_nothing() -> None:
    gestures = _repertoire().gestures
    assert is_over(Act("wave", 0), gestures, 2 * NS)
    assert not is_over(Act("lift", 0), gestures, 60 * NS)
    assert is_over(Act("unknown", 0), gestures, 0)
