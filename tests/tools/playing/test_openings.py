"""A rehearsal that begins at a beat: in the state of the shortest path to it."""

from __future__ import annotations

from xrdrama.story import Story, load_story
from xrdrama.tools.playing.openings import opening_at
from xrdrama.tools.playing.session import Session

STORY = """\
xrdrama: 1
id: night
scene: lane
cast: {lan: {name: Lan}}
vars: {nerve: {type: int, min: 0, max: 3}, luck: {type: int, min: 1, max: 6, init: 1}}
beats:
  a: {choice: {options: {go: {to: b, set: {nerve: nerve + 2}}, roll: {to: b, set: {luck: "random(1, 6)"}}}}}
  b: {choice: {options: {dare: {to: c, if: nerve >= 2}, home: {to: d}, bet: {to: six, if: luck == 6}}}}
  c:
    script: |
      {if seen(b)} LAN: You dared. #l1aa
    choice: {options: {on: {to: d}}}
  d: {ending: d}
  six: {script: "@wait 1s", choice: {options: {on: {to: d}}}}
  lost: {choice: {options: {on: {to: d}}}}
"""  # noqa: E501


def story() -> Story:
    return load_story(STORY, "night.branch.yaml")


def test_a_beat_begins_in_the_state_of_the_shortest_path_to_it() -> None:
    session = Session(story(), opening_at(story(), "c", {}, 0))
    assert session.playthrough.beat == "c"
    assert session.playthrough.value("nerve") == 2
    assert session.playthrough.visits[:3] == (1, 1, 1)
    said = [type(one).__name__ for one in session.shown_first()]
    assert said[:2] == ["BeatEntered", "Spoken"]
    assert session.undo() is None


def test_a_path_of_another_seed_leaves_its_values() -> None:
    opening = opening_at(story(), "six", {}, 0)
    session = Session(story(), opening)
    assert session.playthrough.beat == "six" and session.playthrough.value("luck") == 6


def test_own_values_and_beats_without_a_path_begin_at_once() -> None:
    assert opening_at(story(), "c", {"nerve": 1}, 0).acts == ()
    lost = Session(story(), opening_at(story(), "lost", {}, 0))
    assert lost.playthrough.beat == "lost"
