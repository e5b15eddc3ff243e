"""Two tracked cameras in one show: each has a view, a pose and a tracking state of its own; frozen
outer pictures and test patterns are in the frame."""

from __future__ import annotations

import pytest

from tests.show.small import MS, loaded, played, refusals
from xrdrama.content import produce
from xrdrama.show import Production
from xrdrama.show.take import RULES, changed_since
from xrdrama.spatial import Pose, Vec3
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import OuterFrozen, PatternShown
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame

TWO = """\
cameras:
  a: {focal_mm: 40, sensor_mm: [36, 20.25], subject: "7"}
  b: {focal_mm: 80, sensor_mm: [36, 20.25], subject: "8", priority: 1, overscan: 1.5}
"""
A, B = Pose(Vec3(0.3, -1.5, 1.7)), Pose(Vec3(-0.4, -1.0, 1.5))


@pytest.fixture(scope="module")
def production() -> Production:
    made = loaded()
    name = made.roles["stage"]
    lines = made.texts[name].splitlines()
    text = "\n".join(TWO.rstrip() if line.startswith("camera:") else line for line in lines)
    made.texts[name] = text + "\n"
    return produce(made)


def samples(subject: str, pose: Pose, begin: int, end: int) -> list[tuple[int, AnyEvent]]:
    step = NS // 60
    return [(at, TrackingSample("freed", subject, at, pose)) for at in range(begin, end, step)]


def both(until_a: int, until_b: int) -> list[tuple[int, AnyEvent]]:
    log = [*samples("7", A, 0, until_a), *samples("8", B, 0, until_b)]
    return sorted(log, key=lambda one: one[0])


def test_each_camera_has_a_view_from_its_own_pose(production: Production) -> None:
    _, frames = played(both(2 * NS, 2 * NS), 2, production)
    first, second, *outer = frames[-1].views
    assert [(v.id, v.target, v.camera) for v in (first, second)] == [
        ("inner", "inner", "a"), ("inner.b", "inner", "b"),
    ]  # fmt: skip
    assert first.pose.position == A.position and second.pose.position == B.position
    assert (first.overscan, second.overscan) == (1.25, 1.5)
    assert first.projection.right == pytest.approx(18 / 40 * 1.25)
    assert second.projection.right == pytest.approx(18 / 80 * 1.5)
    assert {view.camera for view in outer} == {""}
    assert [(c.id, c.subject, c.state) for c in frames[-1].cameras] == [
        ("a", "7", "live"), ("b", "8", "live"),
    ]  # fmt: skip


def test_a_silent_camera_does_not_change_the_other(production: Production) -> None:
    _, frames = played(both(5 * NS, NS), 3, production)
    _, alone = played(samples("7", A, 0, 5 * NS), 3, production)
    assert [f.tracked for f in frames] == [f.tracked for f in alone]
    states = [f.others[0].state for f in frames]
    assert list(dict.fromkeys(states[1:])) == ["live", "predicted", "held", "easing"]
    alarms = {alarm.text for alarm in frames[-1].alarms}
    assert alarms == {"camera b: the tracker is lost: easing to the safe pose"}


def test_an_unexpected_subject_names_the_cameras_that_are_missing(production: Production) -> None:
    log = [*samples("7", A, 0, 2 * NS), *samples("9", B, 0, 2 * NS)]
    _, frames = played(sorted(log, key=lambda one: one[0]), 1, production)
    (alarm,) = frames[-1].alarms
    assert (alarm.code, alarm.text) == (
        "tracking_subject", "receiving subject 9; the stage expects subject 8",
    )  # fmt: skip


def frozen(frames: list[Frame]) -> list[int | None]:
    return list(dict.fromkeys(frame.frozen_at for frame in frames))


def test_freezing_outer_pictures_keeps_the_first_moment(production: Production) -> None:
    on, off = (OuterFrozen("director", each) for each in (True, False))
    log: list[tuple[int, AnyEvent]] = [(NS, on), (NS + 300 * MS, on), (2 * NS, off)]
    _, frames = played(log, 3, production)
    assert frozen(frames) == [None, NS]
    assert frames[-1].frozen_at is None


def test_a_pattern_is_shown_on_one_wall_or_all(production: Production) -> None:
    log: list[tuple[int, AnyEvent]] = [
        (NS, PatternShown("director", "grid", "front")),
        (2 * NS, PatternShown("director", "ramp", "")),
        (3 * NS, PatternShown("director", "off", "")),
        (3 * NS, PatternShown("director", "grid", "frnt")),
    ]
    _, frames = played(log, 4, production)
    shown = [frame.patterns for frame in frames]
    assert [shown[index] for index in (0, 75, 125, 175)] == [
        {}, {"front": "grid"}, {"front": "ramp"}, {},
    ]  # fmt: skip
    assert refusals(frames) == ["unknown_wall"]
    (refused,) = [one for frame in frames for one in frame.refused]
    assert "did you mean 'front'?" in refused.text


def test_older_takes_are_refused_with_what_changed() -> None:
    assert "a view, a lens and a tracking state for each camera" in changed_since("4")
    assert "list the looks" in changed_since("3") and "list the looks" not in changed_since("4")
    assert changed_since(RULES) == ""
