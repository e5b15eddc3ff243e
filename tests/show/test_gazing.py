"""Options that are picked by looking at a place of the set."""

from __future__ import annotations

from tests.show.small import MS, OPENS, STORY, played, small, ways
from xrdrama.timing import NS
from xrdrama.wire.events import Gazed

GAZING = STORY.replace("gesture: fist]", "gesture: fist, gaze: mark/2s]")


def look(place: str, at: int, *, began: int = 0) -> tuple[int, Gazed]:
    return at, Gazed("viewer.gaze", place, began, at)


def test_a_place_that_is_looked_at_picks_its_option() -> None:
    _, frames = played([look("mark", OPENS + 2 * NS)], 5, small(story=GAZING))
    assert ways(frames) == [("first", "leave", "gaze")]
    (pick,) = (pick for frame in frames for pick in frame.picks)
    assert (pick.said, pick.name) == ("mark", "viewer.gaze")


def test_frames_say_which_place_picks_an_option_and_for_how_long() -> None:
    _, frames = played([], 3, small(story=GAZING))
    options = next(frame.choice for frame in frames if frame.choice).options
    assert [(one.id, one.look, one.dwell) for one in options] == [
        ("stay", "", 0),
        ("leave", "mark", 2 * NS),
    ]


def test_another_place_or_a_closed_choice_picks_nothing_and_says_so() -> None:
    log = [look("mark", OPENS - 500 * MS), look("gate", OPENS + NS)]
    _, frames = played(log, 3, small(story=GAZING))
    assert ways(frames) == []
    verdicts = [(f.source, f.said, f.verdict) for frame in frames for f in frame.feedback]
    assert verdicts == [
        ("viewer.gaze", "mark", "nothing_open"),
        ("viewer.gaze", "gate", "nothing_open"),
    ]


def test_a_gaze_from_a_clock_that_is_ahead_counts_when_it_comes() -> None:
    event = Gazed("viewer.gaze", "mark", OPENS + 90 * NS, OPENS + 99 * NS)
    _, frames = played([(OPENS + NS, event)], 4, small(story=GAZING))
    (pick,) = (pick for frame in frames for pick in frame.picks)
    assert pick.option == "leave" and pick.latency == 0
