"""`advance` is a function of what came in and of nothing else, not of how often it is asked."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.show.small import (
    ELSE,
    MS,
    OPENS,
    SHOW,
    Log,
    entries_of,
    frame_time,
    picks_of,
    played,
    said,
    shown,
    shows,
    small,
    spoken,
    ticks_at,
    ways,
)
from xrdrama.show import Show, Tick, advance, opening
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS, FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.wire.codec import MAX_STATE, encode
from xrdrama.wire.commands import Forced, HeldStory, Panic, ParamSet
from xrdrama.wire.events import (
    DeviceFound,
    DeviceLost,
    Entry,
    Gestured,
    Heard,
    Hearing,
    MarkerSeen,
    Presented,
    Pressed,
)
from xrdrama.wire.frame import Frame, frame_hash

PRODUCTION = small()
SECONDS = 12
law = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])

moments = st.integers(0, SECONDS * NS)
words = st.sampled_from(["I remember you", "let her go", "cancel", "one", "the weather is fine"])
positions = st.builds(Vec3, *[st.floats(-3, 3, allow_nan=False)] * 3)
poses = st.builds(Pose, positions, st.floats(-180, 180).map(lambda pan: Quat.from_angles(pan=pan)))
beats = st.sampled_from(["first", "stayed", "quiet", "secret", "gone", "nowhere"])
params = st.sampled_from(["glow", "fog", "season", "unknown"])
events = st.one_of(
    st.builds(TrackingSample, st.just("freed"), st.sampled_from(["7", "8"]), moments, poses),
    st.builds(Hearing, st.just("mic"), moments),
    st.builds(said, words, moments),
    st.builds(
        Gestured,
        st.just("cam"),
        st.sampled_from(["none", "open_palm", "fist", "victory"]),
        st.floats(0, 1),
        moments,
    ),
    st.builds(
        MarkerSeen, st.just("cam"), st.sampled_from(["door_god", "gate", "other"]), st.just(0)
    ),
    st.builds(Pressed, st.just("keys"), st.sampled_from(["stay", "leave", "enough", "other"])),
    st.builds(Forced, st.just("director"), beats),
    st.builds(HeldStory, st.just("director"), st.booleans()),
    st.builds(ParamSet, st.just("director"), params, st.none() | st.floats(-3, 3)),
    st.builds(Panic, st.just("director"), st.booleans()),
    st.builds(DeviceLost, st.sampled_from(["mic", "cam"]), st.just("it went away")),
    st.builds(DeviceFound, st.sampled_from(["mic", "cam"])),
    st.builds(Presented, st.just("headset"), st.just(3), st.just((Pose(),))),
)
logs = st.lists(st.tuples(moments, events), max_size=25)
times = st.lists(moments, min_size=1, max_size=40).map(sorted)


def lasting(frame: Frame) -> bytes:
    """A frame without what belongs to the stretch since the one before it, and its number."""
    at = frame_time(0, frame.time.shows_at)
    bare = msgspec.structs.replace(frame, time=at, picks=(), feedback=(), refused=(), sounds=())
    return frame_hash(bare)


def passing(frames: list[Frame]) -> tuple[Any, ...]:
    """What happened between frames, in order."""
    return tuple(
        [one for frame in frames for one in getattr(frame, name)]
        for name in ("picks", "feedback", "sounds", "refused")
    )


@law
@given(logs, times)
def test_the_same_log_gives_the_same_frames(log: Log, at: list[int]) -> None:
    ticks = ticks_at(at, log)
    first, again = (shown(ticks, small())[1] for _ in range(2))
    assert [frame_hash(frame) for frame in first] == [frame_hash(frame) for frame in again]
    assert [encode(frame) for frame in first] == [encode(frame) for frame in again]


@law
@given(logs, times, times)
def test_ticking_more_often_changes_nothing(log: Log, some: list[int], more: list[int]) -> None:
    """design.md: a tick carries a stretch of the log; frames are a function of the whole of it."""
    few = ticks_at(dict.fromkeys(some), log)
    many = ticks_at(sorted({*some, *more}), log)
    one, other = shown(few, PRODUCTION)[1], shown(many, PRODUCTION)[1]
    by_time = {frame.time.shows_at: frame for frame in other}
    for frame in one:
        assert lasting(by_time[frame.time.shows_at]) == lasting(frame)
    until = one[-1].time.shows_at
    assert passing([f for f in other if f.time.shows_at <= until]) == passing(one)


@pytest.mark.parametrize("fps", [24, 25, 60, 120])
def test_the_frame_rate_does_not_move_a_pick(fps: int) -> None:
    log = [*shows("open_palm", OPENS + 500 * MS, OPENS + 2 * NS), spoken("enough", 9 * NS)]
    show, frames = played(log, 6, PRODUCTION, fps=fps)
    assert ways(frames) == [("first", "stay", "gesture")]
    finest, _ = played(log, 6, PRODUCTION, fps=600)
    assert show.playthrough == finest.playthrough
    assert picks_of(frames) == picks_of(played(log, 6, PRODUCTION, fps=600)[1])


def kept(show: Show) -> str:
    """Everything in a show that could be changed in place."""
    stack, p = show.stack, show.playthrough
    maps = (stack.resting, stack.moving, stack.overrides, show.lost, show.away)
    return repr((maps, show.voice, show.hand, show.cameras, show.spoken, p.values, p.visits))


@law
@given(logs, times)
def test_what_goes_in_is_left_as_it_was(log: Log, at: list[int]) -> None:
    show = opening(PRODUCTION)
    for tick in ticks_at(at, log):
        before, entries = kept(show), repr(tick)
        after, _ = advance(show, tick)
        assert kept(show) == before and repr(tick) == entries
        assert (
            advance(show, tick)[0] == after
        )  # and a show can be continued twice from the same state
        show = after


@law
@given(st.lists(st.tuples(st.integers(-(2**62), 2**62 - 1), events), max_size=40), times)
def test_a_storm_of_anything_at_any_time_never_raises(log: Log, at: list[int]) -> None:
    entries = tuple(entries_of(log))
    show, frames = shown(
        [Tick(frame_time(n, t), entries if n == 0 else ()) for n, t in enumerate(at)], PRODUCTION
    )
    for frame in frames:
        assert len(encode(frame)) < MAX_STATE
        assert frame.beat in PRODUCTION.story.beats
    assert show.now >= at[-1]


def test_another_event_is_another_frame() -> None:
    """The control of the laws above: hashes are not equal because nothing is in them."""
    quiet = played([], 3, PRODUCTION)[1]
    for one in (
        ParamSet("director", "fog", 0.5),
        Pressed("keys", "stay"),
        HeldStory("director", True),
        Panic("director", True),
        DeviceLost("mic", "gone"),
        Hearing("mic", OPENS),
        TrackingSample("freed", "7", 2 * NS, Pose(Vec3(1.0, 0.0, 0.0))),
    ):
        frames = played([(OPENS + 100 * MS, one)], 3, PRODUCTION)[1]
        changed = [n for n, f in enumerate(frames) if frame_hash(f) != frame_hash(quiet[n])]
        assert changed and frames[changed[0]].time.shows_at >= OPENS + 100 * MS, one


def test_the_seed_is_the_only_chance() -> None:
    one, same, other = (
        played([], 8, small(SHOW.replace("seed: 3", f"seed: {seed}")))[0].playthrough.dice
        for seed in (3, 3, 4)
    )
    assert one == same != other


# -- exact times ----------------------------------------------------------------------------------


def test_silence_is_taken_at_its_nanosecond_however_late_the_frame() -> None:
    before, after = (shown(ticks_at([at], []), PRODUCTION) for at in (ELSE - 1, ELSE))
    assert (ways(before[1]), ways(after[1])) == ([], [("first", "else", "timeout")])
    late, frames = shown(ticks_at([0, ELSE + 700 * MS], []), PRODUCTION)
    assert ways(frames) == [("first", "else", "timeout")]
    assert late.playthrough.began == ELSE


def test_sounds_start_at_the_sample_of_their_moment() -> None:
    _, frames = played([(OPENS, Pressed("keys", "stay"))], 4, PRODUCTION, fps=7)
    sounds = {(s.kind, s.id): s for frame in frames for s in frame.sounds}
    assert sounds["ambience", "night"].loop and sounds["ambience", "night"].start_sample == 0
    assert sounds["line", "line/laaaaa"].start_sample == 0
    bell = sounds["effect", "bell"]
    assert (bell.start_sample, bell.gain_db) == (300 * 48, -6.0)
    assert "line/lbbbbb" not in {name for _, name in sounds}  # no recording of it


def test_a_line_that_is_cut_off_falls_silent_at_the_sample() -> None:
    at = 777 * MS
    _, frames = played([(at, Forced("director", "gone"))], 2, PRODUCTION)
    stops = [s for frame in frames for s in frame.sounds if s.kind == "stop"]
    assert [(s.id, s.start_sample) for s in stops] == [("line/laaaaa", 777 * 48)]
    spoken_to = [f.time.shows_at for f in frames if f.captions]
    assert max(spoken_to) < at


def test_an_event_out_of_order_counts_when_the_show_is_there() -> None:
    """A resumed take may bring what is older than the frame: it counts now, not in the past."""
    ticks = [
        Tick(frame_time(0, OPENS + NS), ()),
        Tick(frame_time(1, OPENS + 2 * NS), (Entry(0, 5, Pressed("keys", "leave")),)),
    ]
    _, frames = shown(ticks, PRODUCTION)
    assert ways(frames) == [("first", "leave", "button")]
    assert frames[1].ending == "gone"


# -- nothing grows ------------------------------------------------------------------------------


def test_what_peers_send_does_not_make_a_frame_too_large_for_the_wire() -> None:
    flood: list[Any] = [(n, DeviceLost(f"device{n}" + "x" * 40, "y" * 500)) for n in range(3000)]
    flood += [(n, Heard("mic", "z" * 500, (), n, n)) for n in range(3000)]
    show, frames = played(flood, 0.1, PRODUCTION)
    assert all(len(encode(frame)) < MAX_STATE for frame in frames)
    assert "device2999" in next(reversed(show.lost))  # the newest are kept
    assert max(len(frame.feedback) for frame in frames) == 100
    assert len(show.lost) == 64


def test_a_clock_that_runs_ahead_cannot_stop_the_show_from_hearing() -> None:
    """A sample from the year 2169 must not make every true one old."""
    ahead = TrackingSample("freed", "7", 2**62 - 1, Pose(Vec3(0.1, 0.0, 1.6)))
    true = [
        (at, TrackingSample("freed", "7", at, Pose(Vec3(0.2, 0.0, 1.6))))
        for at in range(200 * MS, 2 * NS, 16 * MS)
    ]
    _, frames = played([(100 * MS, ahead), *true], 2, PRODUCTION)
    tracked = frames[-2].tracked
    assert tracked is not None and tracked.state == "live"
    assert tracked.camera.position.x == pytest.approx(0.2, abs=0.01)


def test_a_hand_seen_in_the_future_does_not_fill_its_dwell() -> None:
    begin = OPENS + 200 * MS
    hand = [*shows("open_palm", begin, begin + 300 * MS)]
    hand.append((begin + 400 * MS, Gestured("cam", "open_palm", 0.9, 2**60)))
    _, frames = played(hand, 4, PRODUCTION)
    assert ways(frames) == []


def test_frames_are_numbered_by_the_tick() -> None:
    rate = PRODUCTION.rate
    ticks = [Tick(FrameTime.of(number, rate, start=24)) for number in range(3)]
    _, frames = shown(ticks, PRODUCTION)
    assert [frame.number for frame in frames] == [0, 1, 2]
    assert str(frames[2].time.timecode) == "00:00:01:02"
