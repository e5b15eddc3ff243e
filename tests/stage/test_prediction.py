"""The prediction ladder, to the nanosecond; what is doubted, what is ignored, what is eased."""

from __future__ import annotations

from itertools import pairwise
from math import isclose, radians, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.spatial import UP, Pose, Quat, Vec3
from xrdrama.stage.model import Ladder
from xrdrama.stage.prediction import (
    BASELINE,
    KEPT,
    LIVE,
    RETURN,
    SHORTEST,
    State,
    Track,
    observe,
    predict,
)
from xrdrama.timing import NS

law = settings(deadline=None, max_examples=150)
MS = 1_000_000
PERIOD = NS // 60
SAFE = Pose(Vec3(0.0, -5.0, 1.0), Quat.from_angles(tilt=10.0))
LADDER = Ladder()


def still(*, x: float = 0.0, pan: float = 0.0) -> Pose:
    return Pose(Vec3(x, 0.0, 1.6), Quat.from_angles(pan=pan))


def followed(
    samples: list[tuple[int, Pose]], track: Track | None = None, *, latency: int = 0,
    ladder: Ladder = LADDER,
) -> Track:  # fmt: skip
    track = track or Track()
    for at, pose in samples:
        track = observe(track, at, pose, ladder, SAFE, latency=latency)
    return track


def steady(begin: int, count: int, pose: Pose | None = None) -> list[tuple[int, Pose]]:
    return [(begin + n * PERIOD, pose or still()) for n in range(count)]


def gap(a: Pose, b: Pose) -> float:
    """How far apart two poses are: metres, and a radian counts as one."""
    return (a.position - b.position).length() + a.rotation.angle_to(b.rotation)


# -- the rungs ----------------------------------------------------------------------------------


def test_before_the_first_sample_the_safe_pose_is_shown() -> None:
    assert predict(Track(), 5 * NS, LADDER, SAFE) == (SAFE, "none")


@pytest.mark.parametrize("latency", [0, 40 * MS])
def test_a_tracker_that_comes_late_is_eased_to(latency: int) -> None:
    """No frame is farther from the one before than the ease, and the camera's speed, allow."""
    track, shown, way = Track(), SAFE, gap(SAFE, still())
    for step in range(200):
        at = step * PERIOD
        if at >= NS:
            track = followed([(at - latency, still())], track, latency=latency)
        pose, _ = predict(track, at, LADDER, SAFE, latency=latency)
        assert gap(pose, shown) < way * 1.6 * PERIOD / RETURN
        shown = pose
    assert gap(shown, still()) < 1e-9


def test_a_tracker_that_was_there_before_the_show_is_shown_from_its_first_frame() -> None:
    track = followed(steady(-6 * PERIOD, 6))
    pose, state = predict(track, 0, LADDER, SAFE)
    assert (gap(pose, still()) < 1e-9, state) == (True, "live")


@pytest.mark.parametrize("latency", [0, 8 * MS, 250 * MS])
@pytest.mark.parametrize(
    ("silence", "state"),
    [
        (0, "live"),
        (LIVE, "live"),
        (LIVE + 1, "predicted"),
        (100 * MS, "predicted"),
        (100 * MS + 1, "held"),
        (NS, "held"),
        (NS + 1, "easing"),
        (3 * NS - 1, "easing"),
        (3 * NS, "safe"),
        (3600 * NS, "safe"),
    ],
)
def test_the_rungs_to_the_nanosecond(silence: int, state: State, latency: int) -> None:
    """Silence counts from arrival, so a tracker that is always late is not taken for lost."""
    track = followed(steady(-latency, 60), latency=latency)
    last = track.samples[-1][0]
    pose, found = predict(track, last + latency + silence, LADDER, SAFE, latency=latency)
    assert found == state
    if state == "safe":
        assert pose == SAFE
    elif state != "easing":
        assert gap(pose, still()) < 1e-9


@pytest.mark.parametrize("name", ["predict", "hold", "ease"])
def test_each_rung_is_the_stages_own(name: str) -> None:
    times = {"predict": 70 * MS, "hold": 300 * MS, "ease": 500 * MS}
    ladder = Ladder(**times)
    track = followed(steady(0, 30), ladder=ladder)
    last = track.samples[-1][0]
    ends = {"predict": 70 * MS, "hold": 300 * MS, "ease": 800 * MS}[name]
    before = predict(track, last + ends - 1, ladder, SAFE)[1]
    after = predict(track, last + ends + 1, ladder, SAFE)[1]
    assert before != after


def test_a_ladder_without_an_ease_goes_straight_to_safe() -> None:
    ladder = Ladder(predict=0, hold=0, ease=0)
    track = followed(steady(0, 3), ladder=ladder)
    last = track.samples[-1][0]
    assert predict(track, last, ladder, SAFE)[1] == "live"
    assert predict(track, last + 1, ladder, SAFE) == (SAFE, "safe")


# -- prediction ---------------------------------------------------------------------------------

speeds = st.builds(Vec3, *[st.floats(-3.0, 3.0)] * 3)


@law
@given(
    speeds, st.floats(-120.0, 120.0), st.sampled_from((24, 25, 30, 50, 60, 120, 240)),
    st.integers(2, 40), st.integers(0, 100 * MS), st.integers(0, 40 * MS),
)  # fmt: skip
def test_a_constant_speed_is_predicted_exactly(
    speed: Vec3, turn: float, rate: int, count: int, ahead: int, latency: int
) -> None:
    def truth(at: int) -> Pose:
        t = at / NS
        return Pose(speed * t, Quat.about(UP, radians(turn) * t))

    times = [round(n * NS / rate) - latency for n in range(count)]
    track = followed([(at, truth(at)) for at in times], latency=latency)
    last = times[-1]
    pose, state = predict(track, last + ahead + latency, LADDER, SAFE, latency=latency)
    assert state in ("live", "predicted")
    if last - track.samples[0][0] >= SHORTEST:
        assert gap(pose, truth(last + ahead + latency)) < 1e-6
    else:
        assert pose == truth(last)


def test_without_prediction_it_would_be_off() -> None:
    """The control: at 1 m/s the newest sample alone is 80 mm behind after 80 ms."""
    moving = [(n * PERIOD, still(x=n / 60)) for n in range(30)]
    track = followed(moving)
    last = moving[-1][0]
    pose, _ = predict(track, last + 80 * MS, LADDER, SAFE)
    assert isclose(pose.position.x, 29 / 60 + 0.08, abs_tol=1e-6)
    assert pose.position.x - track.samples[-1][1].position.x > 0.079


def test_a_jitter_of_arrival_is_averaged() -> None:
    """2 ms of jitter at 1 m/s, predicted 50 ms on: a few mm off; by the last pair alone, more."""
    samples = [(n * PERIOD + round(2 * MS * sin(n * 2.1)), still(x=n / 60)) for n in range(120)]
    worst = by_pair = 0.0
    track = Track()
    for number, (at, pose) in enumerate(samples):
        track = observe(track, at, pose, LADDER, SAFE)
        if number < 10:
            continue
        truth = (at + 50 * MS) / NS
        worst = max(worst, abs(predict(track, at + 50 * MS, LADDER, SAFE)[0].position.x - truth))
        before, x = samples[number - 1]
        speed = (pose.position.x - x.position.x) / ((at - before) / NS)
        by_pair = max(by_pair, abs(pose.position.x + speed * 0.05 - truth))
    assert worst < 0.006 < by_pair


@pytest.mark.parametrize("spacing", [1, 20_000, 5 * MS])
def test_burst_of_packets_does_not_move_the_camera_far(spacing: int) -> None:
    """16 mm between two packets of a dolly at 1 m/s, which a stalled network delivers together."""
    burst = [(n * spacing, still(x=n * 0.016)) for n in range(4)]
    track = followed(burst)
    last = burst[-1][0]
    pose, _ = predict(track, last + 80 * MS, LADDER, SAFE)
    assert abs(pose.position.x - 0.048) < 0.001


def test_the_baseline_and_what_is_kept_are_bounded() -> None:
    track = followed([(n * MS, still(x=n / 1000)) for n in range(5000)])
    assert len(track.samples) <= KEPT
    track = followed(steady(0, 600))
    last = track.samples[-1][0]
    in_baseline = [at for at, _ in track.samples if last - at <= BASELINE]
    assert len(in_baseline) >= len(track.samples) - 1


def test_camera_that_stops_is_shown_at_rest() -> None:
    track = followed([(n * PERIOD, still(x=n / 60)) for n in range(30)])
    track = followed(steady(30 * PERIOD, 10, still(x=0.5)), track)
    last = track.samples[-1][0]
    assert gap(predict(track, last + 90 * MS, LADDER, SAFE)[0], still(x=0.5)) < 1e-9


# -- what is ignored ----------------------------------------------------------------------------


@law
@given(st.integers(0, 29))
def test_duplicates_and_old_samples_change_nothing(which: int) -> None:
    samples = [(n * PERIOD, still(x=n / 60)) for n in range(30)]
    track = followed(samples)
    assert followed([samples[which]], track) == track
    assert followed([(samples[which][0] - 3, still(x=9.0))], track) == track


def test_a_doubted_sample_again_does_not_confirm_itself() -> None:
    track = followed(steady(0, 30))
    leap = (30 * PERIOD, still(x=2.0))
    doubting = followed([leap] * 5, track)
    assert doubting.leaps == 0 and len(doubting.doubted) == 1
    older = (leap[0] - 5 * MS, still(x=2.0))
    assert followed([older], doubting) == doubting


# -- leaps --------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", [still(x=0.51), still(pan=31.0), still(x=-30.0, pan=180.0)])
def test_single_jump_is_not_accepted_at_once(to: Pose) -> None:
    track = followed(steady(0, 30))
    doubting = followed([(30 * PERIOD, to)], track)
    assert len(doubting.doubted) == 1 and doubting.leaps == 0
    assert gap(predict(doubting, 30 * PERIOD, LADDER, SAFE)[0], still()) < 1e-9
    after = followed(steady(31 * PERIOD, 1), doubting)
    assert after.doubted == () and after.leaps == 0
    assert gap(predict(after, 31 * PERIOD, LADDER, SAFE)[0], still()) < 1e-9


@pytest.mark.parametrize("to", [still(x=0.49), still(pan=29.0)])
def test_small_step_is_accepted_at_once(to: Pose) -> None:
    track = followed([*steady(0, 30), (30 * PERIOD, to)])
    assert track.doubted == () and track.samples[-1][1] == to


RATES = (24, 25, 30, 50, 60, 100, 120, 240)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("doubt", [60 * MS, 150 * MS, 400 * MS])
def test_jump_that_lasts_is_eased_to(rate: int, doubt: int) -> None:
    ladder, period = Ladder(doubt=doubt), NS // rate
    track = followed([(n * period, still()) for n in range(rate)], ladder=ladder)
    at, count = rate * period, 0
    while track.leaps == 0:
        assert count * period <= doubt + period
        track = followed([(at + count * period, still(x=2.0))], track, ladder=ladder)
        count += 1
    came = at + (count - 1) * period
    assert came - at > doubt and track.doubted == ()
    assert gap(predict(track, came, ladder, SAFE)[0], still()) < 1e-9  # no jump
    track = followed(
        [(came + n * period, still(x=2.0)) for n in range(1, rate)], track, ladder=ladder
    )
    middle = predict(track, came + RETURN // 2, ladder, SAFE)[0]
    assert isclose(middle.position.x, 1.0, abs_tol=1e-6)
    assert gap(predict(track, came + RETURN, ladder, SAFE)[0], still(x=2.0)) < 1e-6


def worst_of_a_glitch(
    rate: int, spans: list[tuple[int, int, Vec3]], speed: Vec3, *, lost: int = 0,
) -> float:  # fmt: skip
    """Metres that the shown camera is off, at 5 ms steps, from a camera that moves steadily and
    whose tracker is off by a vector from one time to another. Every `lost`-th packet is lost."""
    period, track, worst = NS // rate, Track(), 0.0
    for n in range(2 * rate):
        at = -NS + n * period
        if lost and n % lost == 0:
            continue
        off = sum((way for begin, end, way in spans if begin <= at < end), start=Vec3())
        track = followed([(at, Pose(speed * (at / NS) + off))], track)
        for step in range(at, at + 2 * period, 5 * MS):
            if at > -NS // 2:
                shown, _ = predict(track, step, LADDER, SAFE)
                worst = max(worst, (shown.position - speed * (step / NS)).length())
    return worst


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("lasts", [1, 20, 60, 100, 149])
@pytest.mark.parametrize("speed", [Vec3(), Vec3(1.5, -0.5, 0.1)], ids=["standing", "moving"])
@pytest.mark.parametrize("lost", [0, 5])
def test_a_glitch_moves_the_wall_less_than_a_centimetre(
    rate: int, lasts: int, speed: Vec3, lost: int
) -> None:
    glitch = [(-1, lasts * MS, Vec3(3.0, 0.0, 0.0))]
    assert worst_of_a_glitch(rate, glitch, speed, lost=lost) < 0.01


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("apart", [0, 100])
def test_two_glitches_in_a_row_move_nothing(rate: int, apart: int) -> None:
    second = (60 + apart) * MS
    glitches = [(-1, 60 * MS, Vec3(3.0)), (second, second + 60 * MS, Vec3(-2.0, 1.0, 0.0))]
    assert worst_of_a_glitch(rate, glitches, Vec3(0.5, 0.0, 0.0)) < 0.01


def test_a_glitch_that_lasts_longer_is_followed() -> None:
    """The control of the tests above."""
    assert worst_of_a_glitch(60, [(-1, 400 * MS, Vec3(3.0))], Vec3()) > 0.5


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("begin", [-NS // 2, NS])
def test_a_glitch_at_the_start_is_never_shown(rate: int, begin: int) -> None:
    period, track, shown = NS // rate, Track(), []
    for n in range(2 * rate):
        at = begin + n * period
        track = followed([(at, still(x=3.0 if n == 0 else 0.0))], track)
        shown.append(predict(track, at, LADDER, SAFE)[0].position.x if at >= 0 else 0.0)
    assert max(shown) < 0.01 and track.leaps == 0


@pytest.mark.parametrize("silence", [120 * MS, 2 * NS, 10 * NS])
def test_a_glitch_when_a_silent_tracker_comes_back_is_never_shown(silence: int) -> None:
    track = followed(steady(0, 30))
    back = track.samples[-1][0] + silence
    track = followed(steady(back, 4, still(x=3.0)), track)
    track = followed(steady(back + 4 * PERIOD, 60), track)
    for step in range(200):
        shown, _ = predict(track, back + step * 5 * MS, LADDER, SAFE)
        assert shown.position.x < 0.01


def test_fast_turn_is_not_a_jump_when_packets_are_missing() -> None:
    """300 degrees a second, and 120 ms without a packet: 36 degrees, as expected."""
    times = [n * PERIOD for n in range(60) if not 30 <= n < 37]
    track = followed([(at, still(pan=300.0 * at / NS)) for at in times])
    assert track.doubted == () and track.leaps == 0


def test_samples_that_do_not_agree_are_never_accepted() -> None:
    track = followed(steady(0, 30))
    for number in range(600):
        wild = still(x=10.0 * (1 + number % 7), pan=40.0 * (number % 9))
        track = followed([((30 + number) * PERIOD, wild)], track)
    assert track.leaps == 0
    last = 629 * PERIOD
    assert predict(track, last, LADDER, SAFE) == (SAFE, "safe")
    # Once it makes sense again, the camera is eased back to it.
    track = followed(steady(630 * PERIOD, 60), track)
    assert gap(predict(track, 689 * PERIOD, LADDER, SAFE)[0], still()) < 1e-6


# -- returning ----------------------------------------------------------------------------------


@pytest.mark.parametrize("silence", [101 * MS, 500 * MS, 2 * NS, 10 * NS])
@pytest.mark.parametrize("latency", [0, 30 * MS])
def test_a_return_is_eased(silence: int, latency: int) -> None:
    track = followed([(n * PERIOD, still(x=n / 60)) for n in range(30)], latency=latency)
    back = track.samples[-1][0] + silence
    shown, _ = predict(track, back + latency, LADDER, SAFE, latency=latency)
    track = followed(steady(back, 120, still(x=3.0)), track, latency=latency)
    first, state = predict(track, back + latency, LADDER, SAFE, latency=latency)
    assert state == "live" and gap(first, shown) < 1e-9
    ends = back + latency + LADDER.doubt + RETURN
    done, _ = predict(track, ends, LADDER, SAFE, latency=latency)
    assert gap(done, still(x=3.0)) < 1e-6


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 12),  # packets that come
            st.integers(0, 1500 * MS),  # then so long a silence
            st.sampled_from((-1.0, 0.0, 0.0, 1.0)),  # and then the camera is there
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_wall_never_jumps(story: list[tuple[int, int, float]]) -> None:
    """A camera that stands, goes silent, is found elsewhere: from frame to frame a small step."""
    samples: list[tuple[int, Pose]] = []
    at = 0
    for count, silence, x in story:
        samples += steady(at, count, still(x=x))
        at = samples[-1][0] + max(PERIOD, silence)
    # Smoothstep is at most 1.5 times as steep as the straight way; two of them may add up.
    frame = 5 * MS
    most = 2 * 1.5 * max(gap(still(x=x), SAFE) for x in (-1.0, 0.0, 1.0)) * frame / RETURN
    assert most < 0.2  # a jump would be a metre
    track, now, last = Track(), samples[0][0], samples[0][1]
    for (taken, pose), (until, _) in zip(samples, [*samples[1:], (at + 4 * NS, SAFE)], strict=True):
        track = followed([(taken, pose)], track)
        while now < until:
            shown, _ = predict(track, now, LADDER, SAFE)
            assert gap(shown, last) <= most
            last = shown
            now += frame
    assert gap(last, SAFE) < 1e-9


@pytest.mark.parametrize("heard", [1, 2, 5, 20])
def test_a_tracker_that_comes_back_and_goes_again_leaves_no_jump(heard: int) -> None:
    track = followed(steady(0, 30))
    back = track.samples[-1][0] + 10 * NS
    track = followed(steady(back, heard, still(x=4.0)), track)
    poses = [predict(track, back + n * MS, LADDER, SAFE)[0] for n in range(5000)]
    steps = [gap(a, b) for a, b in pairwise(poses)]
    assert max(steps) < 0.04  # 10.5 m in half a second, eased, is 0.032 m a millisecond
    assert gap(poses[-1], SAFE) < 1e-9


@law
@given(st.integers(0, 5 * NS), st.integers(0, 5 * NS))
def test_the_pose_is_a_function_of_the_time_alone(first: int, then: int) -> None:
    track = followed([*steady(0, 30), *steady(3 * NS, 10, still(x=1.0))])
    one = predict(track, 3 * NS + first, LADDER, SAFE)
    predict(track, 3 * NS + then, LADDER, SAFE)
    assert predict(track, 3 * NS + first, LADDER, SAFE) == one
    again = followed([*steady(0, 30), *steady(3 * NS, 10, still(x=1.0))])
    assert again == track


def test_asked_for_a_time_before_the_return_it_shows_what_was_shown_then() -> None:
    track = followed(steady(0, 30))
    back = track.samples[-1][0] + 10 * NS
    track = followed([(back, still(x=4.0))], track)
    assert gap(predict(track, back - 20 * MS, LADDER, SAFE)[0], SAFE) < 1e-9


def test_the_pose_can_be_predicted_to_when_the_frame_is_seen() -> None:
    track, lookahead = Track(), 120_000_000
    for n in range(20):
        at = n * 16_666_667
        track = observe(track, at, Pose(Vec3(0.4 * at / NS)), Ladder(), Pose())
    now = 19 * 16_666_667 + 5_000_000
    shown, state = predict(track, now, Ladder(), Pose())
    seen, same = predict(track, now, Ladder(), Pose(), lookahead=lookahead)
    assert (state, same) == ("live", "live")
    assert shown.position.x == pytest.approx(0.4 * now / NS, abs=1e-6)
    assert seen.position.x == pytest.approx(0.4 * (now + lookahead) / NS, abs=1e-6)
    # A tracker that is silent is not predicted further and further: the pose is held.
    late = [
        predict(track, now + n * NS // 10, Ladder(), Pose(), lookahead=lookahead) for n in (3, 5)
    ]
    assert late[0] == late[1] and late[0][1] == "held"
