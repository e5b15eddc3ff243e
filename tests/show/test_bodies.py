"""Bodies of performers: stops, releases and reports of a robot, and what a story makes of them."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.show.small import MS, OPENS, STORY, Log, played, small, ways
from xrdrama.show.state.bodies import MOST_BODIES, SILENCE
from xrdrama.timing import NS
from xrdrama.wire.commands import Command, Panic, Released, Role, Stopped, may_send
from xrdrama.wire.events import BodyState, Reported
from xrdrama.wire.frame import Frame, Latched

PERFORMER = small(story=STORY.replace("marker: gate]", "performer: k1.done]"))
SOON = OPENS + 300 * MS


def report(state: BodyState, *, again: bool = False, why: str = "") -> Reported:
    return Reported("k1", "k1", state, again, why)


def frames(log: Log, seconds: float = 4.0) -> list[Frame]:
    return played(log, seconds, PERFORMER)[1]


def row(frame: Frame, performer: str = "k1") -> Latched:
    return next(row for row in frame.latches if row.performer == performer)


def alarms(frame: Frame) -> list[str]:
    return [alarm.code for alarm in frame.alarms if alarm.code.startswith("performer_")]


def test_done_of_a_body_picks_the_option_with_its_trigger() -> None:
    found = frames([(SOON, report("done"))])
    assert ways(found)[0] == ("first", "stay", "performer")
    assert next(pick for frame in found for pick in frame.picks).said == "k1.done"


@pytest.mark.parametrize(
    "other",
    [
        report("done", again=True),
        report("ready"),
        report("fell"),
        Reported("k2", "k2", "done"),
    ],
)
def test_repeated_and_other_reports_pick_nothing(other: Reported) -> None:
    assert ways(frames([(SOON, other)])) == []


def test_report_before_the_window_opens_picks_nothing() -> None:
    assert ways(frames([(100 * MS, report("done"))])) == []


def test_stops_and_releases_are_counted() -> None:
    log: Log = [
        (NS // 2, report("stopped")),
        (NS, Stopped("console", "k1")),
        (NS, Stopped("console", "k1")),
        (2 * NS, Released("console", "k1")),
    ]
    last = frames(log)[-1]
    assert row(last) == Latched("k1", 2, 1, "stopped", NS // 2)


def test_panic_stops_every_body_and_its_end_releases_none() -> None:
    log: Log = [
        (NS // 2, report("ready")),
        (NS, Panic("console", True)),
        (2 * NS, Panic("console", False)),
    ]
    found = frames(log)
    assert row(found[-1], "").stops == 1
    assert all(row.releases == 0 for frame in found for row in frame.latches)


def test_release_under_panic_is_refused() -> None:
    log: Log = [
        (NS // 2, report("stopped")),
        (NS, Panic("console", True)),
        (2 * NS, Released("console", "k1")),
    ]
    found = frames(log)
    assert [one.code for frame in found for one in frame.refused] == ["panic_on"]
    assert row(found[-1]).releases == 0


def test_release_of_an_unknown_body_is_refused_with_a_suggestion() -> None:
    found = frames([(NS // 2, report("stopped")), (NS, Released("console", "k2"))])
    (refused,) = [one for frame in found for one in frame.refused]
    assert refused.code == "unknown_performer" and "k1" in refused.text


@pytest.mark.parametrize("name", ["", "k7"])
def test_stop_of_an_unknown_name_stops_every_body(name: str) -> None:
    last = frames([(NS // 2, report("ready")), (NS, Stopped("console", name))])[-1]
    assert row(last, "").stops == 1 and row(last).stops == 0


def test_every_role_may_stop_and_only_a_director_may_release() -> None:
    for role in get_args(Role):
        assert may_send(role, Stopped("a", "k1"))
        assert may_send(role, Released("a", "k1")) == (role == "director")
    assert isinstance(Stopped("a", "k1"), Command)


def test_fallen_hot_lost_and_stopped_bodies_are_alarms() -> None:
    for state in ("fell", "hot", "lost", "stopped"):
        last = frames([(NS, report(state, why="a test"))])[-1]  # type: ignore[arg-type]
        assert alarms(last) == [f"performer_{state}"]
        assert "a test" in last.alarms[-1].text
    assert alarms(frames([(NS, report("ready"))])[-1]) == []


def test_body_whose_process_is_silent_is_an_alarm() -> None:
    silent = frames([(NS, report("ready"))], 8.0)
    first = next(frame for frame in silent if alarms(frame))
    assert alarms(first) == ["performer_silent"]
    assert SILENCE < first.time.shows_at - NS <= SILENCE + 100 * MS
    alive: Log = [(n * NS, report("ready", again=n > 1)) for n in range(1, 8)]
    assert not any(alarms(frame) for frame in frames(alive, 8.0))


def test_flood_of_new_names_keeps_a_bounded_number_of_bodies() -> None:
    log: Log = [(NS + n, Reported("x", f"k{n}", "ready")) for n in range(3 * MOST_BODIES)]
    assert len(frames([(NS // 2, Stopped("a", "")), *log])[-1].latches) == MOST_BODIES
