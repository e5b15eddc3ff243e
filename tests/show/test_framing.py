"""The frame of a moment: views through the tracked lens, captions, lights, alarms worst first."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.show.small import LINE, MS, OPENS, SHOW, loaded, played, small
from xrdrama.content import produce
from xrdrama.show.framing import lights_of
from xrdrama.show.state.hand import hand_of
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import ParamSet
from xrdrama.wire.events import AnyEvent, DeviceFound, DeviceLost
from xrdrama.wire.frame import Caption, Frame

PRODUCTION = small()
STAGE = PRODUCTION.stage
assert STAGE is not None
HERE = Pose(Vec3(0.3, -1.5, 1.7), Quat.from_angles(pan=8.0, tilt=-2.0))


def tracked(
    begin: int, end: int, pose: Pose = HERE, subject: str = "7"
) -> list[tuple[int, AnyEvent]]:
    step = NS // 60
    return [(at, TrackingSample("freed", subject, at, pose)) for at in range(begin, end, step)]


def at(frames: list[Frame], seconds: float) -> Frame:
    return frames[round(seconds * 50)]


def codes(frame: Frame) -> list[str]:
    return [alarm.code for alarm in frame.alarms]


# -- views ----------------------------------------------------------------------------------------


def test_the_inner_view_stands_in_the_entrance_pupil() -> None:
    _, frames = played(tracked(0, 2 * NS), 2, PRODUCTION)
    inner, *outer = at(frames, 1.5).views
    assert (inner.id, inner.target, inner.overscan) == ("inner", "inner", 1.25)
    assert STAGE is not None
    expected = STAGE.camera.perspective_centre(HERE)
    assert (inner.pose.position - expected.position).length() < 1e-6
    assert inner.pose.rotation.angle_to(expected.rotation) < 1e-6
    # 40 mm on 36 mm, and a quarter more for overscan.
    assert inner.projection.right == pytest.approx(18 / 40 * 1.25)
    assert inner.projection.left == -inner.projection.right
    assert inner.projection.top == pytest.approx(10.125 / 40 * 1.25)
    assert [view.target for view in outer] == ["front"]
    assert outer[0].pose.position == STAGE.eye_point


def test_the_outer_views_do_not_follow_the_camera() -> None:
    _, still = played(tracked(0, NS), 1, PRODUCTION)
    _, moved = played(tracked(0, NS, Pose(Vec3(1.0, -2.0, 1.0))), 1, PRODUCTION)
    assert still[-1].views[1:] == moved[-1].views[1:]
    assert still[-1].views[0] != moved[-1].views[0]


def test_a_camera_of_another_subject_is_nobodys_eye() -> None:
    _, frames = played(tracked(0, NS, subject="8"), 1, PRODUCTION)
    assert frames[-1].tracked is not None and frames[-1].tracked.state == "none"


@pytest.mark.parametrize("norm", [0.0, 0.5, 1.5])
def test_a_rotation_that_is_none_is_ignored(norm: float) -> None:
    broken = Pose(HERE.position, Quat(norm, 0.0, 0.0, 0.0))
    _, frames = played(tracked(0, NS, broken), 1, PRODUCTION)
    assert frames[-1].tracked is not None and frames[-1].tracked.state == "none"


def test_a_rotation_that_is_a_little_off_is_made_whole() -> None:
    r = HERE.rotation
    worn = Pose(HERE.position, Quat(r.w * 1.05, r.x * 1.05, r.y * 1.05, r.z * 1.05))
    _, frames = played(tracked(0, NS, worn), 1, PRODUCTION)
    assert frames[-1].views[0].pose.rotation.norm() == pytest.approx(1.0)
    assert frames[-1].tracked is not None and frames[-1].tracked.state == "live"


def test_a_tracker_that_stops_is_held_then_eased_to_the_safe_eye() -> None:
    """The whole ladder as a viewer meets it: state, alarm, and where the wall's eye is."""
    assert STAGE is not None
    stops = 2 * NS
    _, frames = played(tracked(0, stops), 7, PRODUCTION)
    seen = [
        (f.tracked.state if f.tracked else "", f.tracked.at if f.tracked else 0) for f in frames
    ]
    states = list(dict.fromkeys(state for state, _ in seen))
    assert states == ["none", "live", "predicted", "held", "easing", "safe"]
    alarms = [codes(f) for f in frames]
    assert alarms[0] == ["tracking_none"] and alarms[75] == []
    assert alarms[130] == ["tracking_held"] and alarms[250] == ["tracking_lost"] == alarms[-1]
    safe = STAGE.camera.perspective_centre(STAGE.parked)
    live = at(frames, 1.9).views[0].pose
    assert (at(frames, 2.9).views[0].pose.position - live.position).length() < 1e-6
    assert (frames[-1].views[0].pose.position - safe.position).length() < 1e-6
    steps = [
        (b.views[0].pose.position - a.views[0].pose.position).length()
        for a, b in pairwise(frames[60:])
    ]
    assert max(steps) < 0.03  # the wall never jumps


def test_a_show_without_a_stage_tracks_nothing() -> None:
    texts = loaded(SHOW.replace("stage: box\n", ""))
    del texts.roles["stage"]
    _, frames = played(tracked(0, NS), 1, produce(texts))
    assert frames[-1].tracked is None and frames[-1].views == () == frames[-1].alarms


# -- captions and choices -------------------------------------------------------------------------


def test_a_caption_stands_as_long_as_its_line() -> None:
    _, frames = played([], 3, PRODUCTION)
    captioned = [f.time.shows_at for f in frames if f.captions]
    assert captioned[0] == 0 and LINE - NS // 50 <= captioned[-1] < LINE
    assert frames[0].captions == (Caption("laaaaa", "lan", {"en": "Will you stay with us?"}),)


def test_a_choice_says_what_to_say_and_to_show() -> None:
    _, frames = played([], 3, PRODUCTION)
    closed, opened = at(frames, OPENS / NS - 0.1), at(frames, OPENS / NS + 0.1)
    assert closed.choice is None and opened.choice is not None
    stay, leave = opened.choice.options
    assert (stay.number, stay.say, stay.show) == (1, ("I remember you",), "open_palm")
    assert (leave.number, leave.say, leave.show) == (2, ("let her go",), "fist")
    assert stay.texts == {"en": "I remember you"}
    assert (opened.choice.id, opened.choice.show) == ("first", "ring")


def test_a_hand_is_shown_for_gestures_alone() -> None:
    choice = PRODUCTION.story.beats["first"].choice
    assert choice is not None
    assert [hand_of(option) for option in choice.options] == ["open_palm", "fist", ""]


# -- lights and alarms ----------------------------------------------------------------------------


def test_lights_follow_their_param() -> None:
    scene = PRODUCTION.scenes["yard"]
    _, frames = played([(NS, ParamSet("director", "glow", 0.0))], 2, PRODUCTION)
    moon, lamp = frames[-1].lights
    assert (moon.colour, lamp.colour) == (Vec3(1.0, 1.0, 1.0), Vec3(0.0, 0.0, 0.0))
    assert moon.direction is not None and lamp.direction is None
    assert lights_of(scene, {"glow": 1.5})[1].colour == Vec3(3.0, 3.0, 3.0)
    assert lights_of(scene, {})[1].colour == Vec3(2.0, 2.0, 2.0)


def test_a_lost_device_is_an_alarm_until_it_is_found() -> None:
    log: list[tuple[int, AnyEvent]] = [
        *tracked(0, 4 * NS),
        (NS, DeviceLost("mic", "it was unplugged")),
        (2 * NS, DeviceFound("mic")),
        (2 * NS, DeviceFound("never lost")),
    ]
    _, frames = played(log, 3, PRODUCTION)
    alarm = at(frames, 1.5).alarms[0]
    assert (alarm.code, alarm.text) == ("device_lost", "mic: it was unplugged")
    assert alarm.since == NS
    assert codes(at(frames, 0.9)) == codes(at(frames, 2.5)) == []


def test_packets_of_another_camera_are_an_alarm_until_the_right_one_comes() -> None:
    right = STAGE.tracking.subject if STAGE else ""
    log = [
        *tracked(0, NS, subject="2"),
        *tracked(NS, 2 * NS),
        *tracked(2 * NS, 4 * NS, subject="2"),
    ]
    _, frames = played(log, 6, PRODUCTION)
    reported = {
        alarm.text for frame in frames for alarm in frame.alarms if alarm.code == "tracking_subject"
    }
    assert reported == {f"receiving subject 2; the stage expects subject {right}"}
    assert codes(at(frames, 0.9)) == ["tracking_subject"]
    assert codes(at(frames, 1.9)) == []
    assert codes(at(frames, 3.9))[0] == "tracking_subject"
    assert "tracking_subject" not in codes(at(frames, 5.5))
    assert at(frames, 3.9).alarms[0].since == 2 * NS


def test_a_second_camera_on_the_same_port_is_no_alarm() -> None:
    log = [*tracked(0, 2 * NS), *tracked(0, 2 * NS, subject="9")]
    _, frames = played(sorted(log, key=lambda one: one[0]), 2, PRODUCTION)
    assert all(codes(frame) == [] for frame in frames[1:])


def test_a_jump_of_the_tracker_is_reported_while_it_is_rejected() -> None:
    far = Pose(Vec3(3.0, -1.5, 1.7))
    log = [*tracked(0, NS), *tracked(NS, NS + 30 * MS, far)]
    _, frames = played(log, 1.2, PRODUCTION, fps=100)
    leapt = [f for f in frames if "tracking_leap" in codes(f)]
    assert leapt and all(abs(f.views[0].pose.position.x - 0.3) < 0.2 for f in leapt)
