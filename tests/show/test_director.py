"""The operator's hand on a running show: hold, force, override, panic; and what it may not do."""

from __future__ import annotations

import pytest

from tests.show.small import (
    MS,
    OPENS,
    SHOW,
    STORY,
    played,
    refusals,
    small,
    ways,
)
from xrdrama.timing import NS
from xrdrama.wire.commands import Forced, HeldStory, Panic, ParamSet
from xrdrama.wire.events import AnyEvent, MarkerSeen, Pressed

PRODUCTION = small()
ON, OFF = HeldStory("director", True), HeldStory("director", False)


# -- hold ---------------------------------------------------------------------------------------


def test_a_hold_freezes_the_story_and_says_so() -> None:
    _, frames = played([(500 * MS, ON)], 60, PRODUCTION, fps=5)
    assert {f.held for f in frames if f.time.shows_at > 500 * MS} == {True}
    assert {f.beat for f in frames} == {"first"}
    assert not any(f.choice for f in frames)  # the script never came to its end
    _, frames = played([(500 * MS, ON), (50 * NS, OFF)], 60, PRODUCTION, fps=5)
    opened = next(f.time.shows_at for f in frames if f.choice)
    assert opened == pytest.approx(OPENS + 50 * NS - 500 * MS, abs=NS // 5)


def test_holding_twice_is_holding_once() -> None:
    once = played([(NS, ON), (3 * NS, OFF)], 12, PRODUCTION)[0]
    twice = played([(NS, ON), (2 * NS, ON), (3 * NS, OFF), (3 * NS, OFF)], 12, PRODUCTION)[0]
    assert once.playthrough == twice.playthrough
    never = played([], 12, PRODUCTION)[0]
    assert played([(NS, OFF)], 12, PRODUCTION)[0].playthrough == never.playthrough != once


def test_a_beat_that_may_not_be_held_is_not() -> None:
    log = [(0, Forced("director", "quiet")), (100 * MS, ON)]
    _, frames = played(log, 3, PRODUCTION)
    assert refusals(frames) == ["hold_not_allowed"]
    assert not any(f.held for f in frames) and frames[-1].ending == "quiet"


def test_cues_run_on_in_a_hold() -> None:
    """design.md: hold freezes story time, what moves in the set runs on."""
    _, frames = played([(100 * MS, ON)], 5, PRODUCTION)
    assert frames[-1].params["glow"] == 1.5


# -- force --------------------------------------------------------------------------------------


def test_the_director_sends_the_story_anywhere() -> None:
    for beat in ("stayed", "gone", "first"):
        show, frames = played([(NS, Forced("director", beat))], 1.2, PRODUCTION)
        assert frames[-1].beat == beat and ways(frames) == [("first", "", "director")]
        assert show.playthrough.began == NS


def test_where_a_beat_may_be_left_to_is_the_authors_word() -> None:
    """`quiet` says force: [first]."""
    log = [(0, Forced("director", "quiet")), (NS, Forced("director", "gone"))]
    _, frames = played(log, 1.2, PRODUCTION)
    assert frames[-1].beat == "quiet" and refusals(frames) == ["force_not_allowed"]
    log[1] = (NS, Forced("director", "first"))
    _, frames = played(log, 1.2, PRODUCTION)
    assert frames[-1].beat == "first" and refusals(frames) == []


def test_an_unknown_beat_is_refused() -> None:
    show, frames = played([(NS, Forced("director", "nowhere"))], 3, PRODUCTION)
    assert refusals(frames) == ["unknown_beat"]
    assert show.playthrough == played([], 3, PRODUCTION)[0].playthrough


def test_force_leaves_an_ending() -> None:
    log = [(OPENS, Pressed("keys", "leave")), (4 * NS, Forced("director", "first"))]
    _, frames = played(log, 5, PRODUCTION)
    assert any(f.ending == "gone" for f in frames)
    assert frames[-1].ending == "" and frames[-1].beat == "first"


def test_force_out_of_a_hidden_plot_does_not_come_back() -> None:
    log = [
        (OPENS + NS, MarkerSeen("cam", "door_god", 0)),
        (OPENS + 2 * NS, Forced("director", "gone")),
    ]
    show, frames = played(log, 12, PRODUCTION)
    assert frames[-1].ending == "gone" and show.playthrough.interrupted == ()


# -- override and release -----------------------------------------------------------------------


def test_an_override_is_held_until_released() -> None:
    log = [(NS, ParamSet("director", "glow", 0.75)), (4 * NS, ParamSet("director", "glow", None))]
    _, frames = played(log, 5, PRODUCTION)
    glow = {round(f.time.shows_at / NS, 2): f.params["glow"] for f in frames}
    assert glow[0.98] == pytest.approx(2.0, abs=0.01)
    assert (glow[1.02], glow[2.5], glow[4.0], glow[4.02]) == (0.75, 0.75, 0.75, 1.5)


def test_an_override_outlives_a_change_of_scene() -> None:
    """Released by the director alone: not by going to another set and coming back."""
    log = [
        (0, ParamSet("director", "fog", 0.875)),
        (OPENS, Pressed("keys", "stay")),
        (OPENS + NS, ParamSet("director", "fog", 0.125)),
        (OPENS + 4 * NS, Forced("director", "first")),
    ]
    _, frames = played(log, 10, PRODUCTION)
    fog: dict[str, set[object]] = {}
    for frame in frames[1:]:
        fog.setdefault(frame.scene, set()).add(frame.params["fog"])
    assert fog == {"yard": {0.875}, "hall": {0.25, 0.125}}
    assert frames[-1].scene == "yard"


def test_a_set_that_is_entered_again_starts_at_rest() -> None:
    log = [
        (OPENS + NS, Pressed("keys", "stay")),
        (OPENS + 2 * NS, Forced("director", "gone")),
    ]
    _, frames = played(log, 8, PRODUCTION)
    yard = PRODUCTION.scenes["yard"].defaults()
    before, after = (f.params for f in (frames[130], frames[-1]))
    assert before["glow"] != yard["glow"] and after == yard


def test_a_set_that_was_interrupted_goes_on_as_it_was() -> None:
    log = [(OPENS, MarkerSeen("cam", "door_god", 0))]
    _, frames = played(log, 12, PRODUCTION)
    scenes = list(dict.fromkeys(f.scene for f in frames))
    assert scenes == ["yard", "hall"]
    back = frames[-1]
    assert back.scene == "yard" and back.params["season"] == "winter"
    assert back.params["glow"] == 1.5


# -- panic --------------------------------------------------------------------------------------


def test_panic_shows_the_set_at_rest_and_the_story_waits() -> None:
    log = [
        (NS // 2, ParamSet("director", "fog", 0.875)),
        (OPENS + NS, Panic("director", True)),
        (OPENS + NS, Panic("director", True)),
        (OPENS + 3 * NS, Panic("director", False)),
    ]
    _, frames = played(log, 20, PRODUCTION)
    calm = played([], 20, PRODUCTION)[1]
    safe = [f for f in frames if f.panic]
    assert len(safe) == 100 and all(f.held for f in safe)
    yard = PRODUCTION.scenes["yard"]
    rest = {**yard.defaults(), **yard.looks["safe"]}
    assert rest != yard.defaults()
    assert all((f.params, f.captions, f.choice) == (rest, (), None) for f in safe)
    before, after = (frames[safe[0].number - 1], frames[safe[-1].number + 1])
    assert before.choice is not None and after.choice is not None
    assert before.params["fog"] == after.params["fog"] == 0.875 != rest["fog"]
    assert before.params["glow"] != rest["glow"]
    assert before.choice.left == pytest.approx(after.choice.left, abs=0.01)
    assert ways(frames) == ways(calm)
    (late,), (due,) = ([f.number for f in found if f.picks] for found in (frames, calm))
    assert late - due == 100


def test_who_held_before_a_panic_still_holds_after_it() -> None:
    log = [
        (NS, HeldStory("director", True)),
        (2 * NS, Panic("director", True)),
        (3 * NS, Panic("director", False)),
    ]
    _, frames = played(log, 5, PRODUCTION)
    assert frames[-1].held and not frames[-1].panic
    log[1:] = [(2 * NS, Panic("director", False))]
    assert played(log, 5, PRODUCTION)[1][-1].held


def test_who_holds_under_panic_holds_after_it() -> None:
    log = [
        (NS, Panic("director", True)),
        (2 * NS, HeldStory("director", True)),
        (3 * NS, Panic("director", False)),
    ]
    _, frames = played(log, 5, PRODUCTION)
    assert frames[-1].held and not frames[-1].panic


@pytest.mark.parametrize("event", [HeldStory("director", False), Forced("director", "stayed")])
def test_nothing_plays_behind_the_safe_picture(event: AnyEvent) -> None:
    log = [(NS, Panic("director", True)), (2 * NS, event), (5 * NS, Panic("director", False))]
    _, frames = played(log, 8, PRODUCTION)
    covered = [f for f in frames if f.panic]
    assert all(f.held for f in covered)
    for frame in covered:  # what a beat says as it is entered is cut in the same frame
        begun = {s.id for s in frame.sounds if s.kind == "line"}
        assert begun <= {s.id for s in frame.sounds if s.kind == "stop"}
    assert not frames[-1].held and not frames[-1].panic
    assert covered[-1].beat == frames[covered[-1].number + 1].beat


def test_an_ending_needs_no_hold() -> None:
    log = [(OPENS, Pressed("keys", "leave")), (OPENS + 2 * NS, Panic("director", True))]
    _, frames = played(log, 8, PRODUCTION)
    assert frames[-1].panic and frames[-1].ending == "gone" and refusals(frames) == []


# -- hidden -------------------------------------------------------------------------------------


def test_a_hidden_plot_opens_once() -> None:
    log = [(OPENS + n * 3 * NS, MarkerSeen("cam", "door_god", 0)) for n in range(1, 3)]
    _, frames = played(log, 20, PRODUCTION)
    assert [way for way in ways(frames) if way[1] == "print"] == [("first", "print", "marker")]


def test_a_hidden_plot_under_a_condition() -> None:
    story = STORY.replace("to: secret}", 'to: secret, if: "asked > 0"}')
    marker = (OPENS + NS, MarkerSeen("cam", "door_god", 0))
    closed = played([marker], 3, small(SHOW, story))[1]
    assert "secret" not in {f.beat for f in closed}
    story = story.replace("init: 0", "init: 1")
    assert "secret" in {f.beat for f in played([marker], 3.5, small(SHOW, story))[1]}


def test_a_hidden_plot_that_does_not_return() -> None:
    story = STORY.replace("to: secret}", "to: gone, return: false}")
    marker = (OPENS + NS, MarkerSeen("cam", "door_god", 0))
    _, frames = played([marker], 20, small(SHOW, story))
    assert frames[-1].ending == "gone"
