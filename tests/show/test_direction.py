"""The director's hand: confirm before a pick, undo, slate and roll."""

from __future__ import annotations

import pytest

from xrdrama import content
from xrdrama.scene.parse import parse_scene
from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.story import load_story
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.commands import (
    ConfirmMode,
    Decided,
    Forced,
    HeldStory,
    Panic,
    ParamSet,
    PickedByHand,
    Rolled,
    Slated,
    Undone,
)
from xrdrama.wire.events import AnyEvent, Entry, Pressed
from xrdrama.wire.frame import Frame

STORY = """\
xrdrama: 1
id: tale
title: Tale
language: en
start: ask
scene: lantern_street
vars:
  n: {type: int, min: 0, max: 9, init: 0}
beats:
  ask:
    script: |
      LAN: One.
      @lanterns_up
    choice:
      window: {lasts: 2s, grace: 500ms}
      options:
        left: {text: Left, to: after, set: {n: n + 1}, on: button}
        right: {text: Right, to: over, on: button}
      else: over
  after:
    script: |
      LAN: Two.
      @wait 20s
    ending: {id: went_left, title: Left}
  over:
    script: |
      @wait 20s
    ending: {id: went_right, title: Right}
cast:
  lan: {name: Lan}
"""
S = 1_000_000_000
BOSS = "director"


class Running:
    """A show that is ticked at 10 frames a second; `at(seconds, event)` says what comes when."""

    def __init__(self) -> None:
        scene, problems = parse_scene(
            content.read_text(content.find("scene", "lantern_street", None)), ""
        )
        assert scene is not None, problems
        story = load_story(STORY, "tale")
        self.production = Production(
            id="tale", rate=FrameRate(10, 1), story=story, scenes={"lantern_street": scene},
            stage=None, languages=("en",), strings={"en": story.texts()}, sounds={}, offers={},
            numbers=(), cancel=(),
        )  # fmt: skip
        self.show: Show = opening(self.production)
        self.number = 0
        self.coming: list[Entry] = []
        self.frames: list[Frame] = []

    def at(self, seconds: float, event: AnyEvent) -> Running:
        self.coming.append(Entry(len(self.coming) + 1, round(seconds * S), event))
        return self

    def to(self, seconds: float) -> Frame:
        while (time := FrameTime.of(self.number, self.production.rate)).shows_at <= seconds * S:
            now = tuple(entry for entry in self.coming if entry.at <= time.shows_at)
            self.coming = [entry for entry in self.coming if entry.at > time.shows_at]
            self.show, frame = advance(self.show, Tick(time, now))
            self.frames.append(frame)
            self.number += 1
        return self.frames[-1]

    def picks(self) -> list[tuple[str, str, str]]:
        return [(p.beat, p.to, p.trigger) for frame in self.frames for p in frame.picks]


@pytest.fixture
def run() -> Running:
    return Running()


def opens(run: Running) -> float:
    """Seconds at which the choice opens."""
    while run.to((run.number + 0.5) / 10).choice is None:
        assert run.number < 200
    return run.frames[-1].time.shows_at / S


def test_without_confirmation_a_pick_happens_at_once(run: Running) -> None:
    t = opens(run)
    frame = run.at(t + 0.2, Pressed("phone", "left")).to(t + 0.5)
    assert (frame.beat, frame.proposal, frame.held) == ("after", None, False)


def test_a_pick_waits_for_the_directors_word_and_no_window_closes(run: Running) -> None:
    run.at(0, ConfirmMode(BOSS, True))
    t = opens(run)
    frame = run.at(t + 0.2, Pressed("phone", "left")).to(t + 30)
    assert frame.proposal is not None and frame.proposal.option == "left"
    assert (frame.beat, frame.held, frame.confirming) == ("ask", True, True)
    frame = run.at(t + 31, Decided(BOSS, True)).to(t + 31.5)
    assert (frame.beat, frame.held, frame.proposal) == ("after", False, None)
    assert run.show.playthrough.value("n") == 1
    assert run.picks() == [("ask", "after", "button")]


def test_a_refused_pick_leaves_the_rest_of_the_window(run: Running) -> None:
    run.at(0, ConfirmMode(BOSS, True))
    t = opens(run)
    run.at(t + 0.5, Pressed("phone", "left")).at(t + 10.5, Decided(BOSS, False))
    assert run.to(t + 11.9).beat == "ask"
    assert run.to(t + 13.2).beat == "over"  # 2 s and 0.5 s of grace, less the 0.5 s before
    assert run.picks() == [("ask", "over", "timeout")]


def test_the_directors_own_pick_needs_no_confirmation(run: Running) -> None:
    run.at(0, ConfirmMode(BOSS, True))
    t = opens(run)
    assert run.at(t + 0.2, PickedByHand(BOSS, "left")).to(t + 0.5).beat == "after"


def test_a_decision_without_a_proposal_is_refused(run: Running) -> None:
    frame = run.at(0.1, Decided(BOSS, True)).at(0.1, Undone(BOSS)).to(0.1)
    assert [one.code for one in frame.refused] == ["nothing_to_decide", "nothing_to_undo"]
    assert [one.command for one in frame.refused] == ["decided", "undo"]
    assert [one.seq for one in frame.refused] == [1, 2]
    assert frame.beat == "ask"


def test_undo_restarts_the_beat_with_its_values_and_lights(run: Running) -> None:
    t = opens(run)
    run.at(t + 0.2, Pressed("phone", "left"))
    assert run.to(t + 1).undo == "ask"
    frame = run.at(t + 5, Undone(BOSS)).to(t + 5)
    assert (frame.beat, frame.undo) == ("ask", "")
    assert run.show.playthrough.value("n") == 0
    assert run.show.playthrough.visits[0] == 1
    assert [caption.texts["en"] for caption in run.to(t + 5.2).captions] == ["One."]
    again = opens(run)
    assert again - (t + 5) == pytest.approx(t, abs=0.11)
    run.at(again + 0.2, Pressed("phone", "right")).to(again + 1)
    assert run.picks()[1:] == [("after", "ask", "undo"), ("ask", "over", "button")]


def test_undo_of_a_force_and_after_an_ending(run: Running) -> None:
    run.at(0.1, Forced(BOSS, "over"))
    assert run.to(25).ending == "went_right"
    frame = run.at(26, Undone(BOSS)).to(26)
    assert (frame.beat, frame.ending) == ("ask", "")


def test_undo_keeps_what_the_director_holds(run: Running) -> None:
    t = opens(run)
    run.at(t + 0.1, ParamSet(BOSS, "fog", 0.25)).at(t + 0.2, Pressed("phone", "left")).to(t + 1)
    frame = run.at(t + 2, Undone(BOSS)).to(t + 2)
    assert (frame.beat, frame.params["fog"]) == ("ask", 0.25)
    assert frame.overridden == ("fog",)
    assert run.at(t + 2.1, ParamSet(BOSS, "fog", None)).to(t + 2.5).overridden == ()


def test_a_held_story_cannot_be_picked(run: Running) -> None:
    t = opens(run)
    run.at(t + 0.1, HeldStory(BOSS, True)).at(t + 0.2, Pressed("phone", "left"))
    assert run.to(t + 9).beat == "ask"


def test_slate_and_roll_stand_in_every_frame(run: Running) -> None:
    frame = run.at(0.1, Slated(BOSS, "12A take 3")).at(0.2, Rolled(BOSS, True)).to(3)
    assert (frame.slate, frame.rolling) == ("12A take 3", True)
    assert run.at(3.1, Rolled(BOSS, False)).to(3.2).rolling is False


def test_a_hold_is_not_let_go_past_a_pick_that_waits(run: Running) -> None:
    run.at(0.0, ConfirmMode(BOSS, True))
    at = opens(run)
    run.at(at + 0.5, Pressed("viewer", "left"))
    assert run.to(at + 1.0).proposal is not None
    run.at(at + 1.2, HeldStory(BOSS, False))
    frame = run.to(at + 5.0)
    assert frame.held and frame.proposal is not None and run.picks() == []
    assert [one.code for frame in run.frames for one in frame.refused] == ["decision_pending"]
    run.at(at + 5.2, Decided(BOSS, True))
    assert run.to(at + 6.0).beat == "after"


@pytest.mark.parametrize("event", [Undone(BOSS), Decided(BOSS, True), Decided(BOSS, False)])
def test_under_panic_the_story_waits_wherever_it_was_sent(run: Running, event: AnyEvent) -> None:
    at = opens(run)
    run.at(at + 0.2, Pressed(BOSS, "left")).at(at + 0.4, Forced(BOSS, "ask"))
    again = opens_again(run, at + 0.5)
    run.at(again + 0.1, ConfirmMode(BOSS, True)).at(again + 0.2, Pressed("viewer", "left"))
    run.at(again + 0.5, Panic(BOSS, True)).at(again + 1.0, event)
    frame = run.to(again + 10.0)
    assert frame.panic and frame.held
    run.at(again + 10.5, Panic(BOSS, False))
    after = run.to(again + 11.0)
    refused = [one.code for frame in run.frames for one in frame.refused]
    if isinstance(event, Undone):
        assert refused == []
    else:  # the pick waits for a decision that is made when the walls show the show again
        assert refused == ["panic_on"] and after.held and after.proposal is not None


def opens_again(run: Running, after: float) -> float:
    run.to(after)
    return opens(run)
