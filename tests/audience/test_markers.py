"""Which finds of printed markers are accepted from viewers."""

from __future__ import annotations

from xrdrama.audience.markers import AGAIN, MOST_SEATS, OPENS_NOTHING, Finds, unknown
from xrdrama.story import Story, load_story

STORY = """\
xrdrama: 1
id: kites
scene: lantern_street
cast: {mo: {name: Mo}}
markers:
  red_kite: {once: viewer}
beats:
  roof:
    script: |
      MO: Look up.  #laaaaaa
    hidden:
      - {id: one, on: {marker: red_kite}, to: found}
      - {id: two, on: {marker: owl}, to: found}
    next: end
  found:
    script: |
      MO: There it is.  #laaaaab
    return: true
  end: {ending: home}
"""


def story() -> Story:
    return load_story(STORY)


def test_a_marker_that_may_open_something_is_accepted() -> None:
    assert Finds().refusal(story(), 1, "owl", ["owl", "red_kite"]) is None


def test_markers_of_other_stories_and_closed_ones_are_refused() -> None:
    assert Finds().refusal(story(), 1, "door_god", ["owl"]) == unknown("door_god")
    assert "'door_god'" in unknown("door_god").text
    assert Finds().refusal(story(), 1, "red_kite", ["owl"]) == OPENS_NOTHING


def test_a_viewer_uses_a_marker_once_where_the_author_says_so() -> None:
    finds = Finds()
    for marker in ("owl", "red_kite"):
        finds.opened(story(), 1, marker)
    may_open = ["owl", "red_kite"]
    assert finds.refusal(story(), 1, "red_kite", may_open) == AGAIN
    assert finds.refusal(story(), 1, "owl", may_open) is None
    assert finds.refusal(story(), 2, "red_kite", may_open) is None


def test_seats_that_found_nothing_for_longest_are_forgotten() -> None:
    finds = Finds()
    for seat in range(MOST_SEATS + 1):
        finds.opened(story(), seat, "red_kite")
    assert finds.refusal(story(), 0, "red_kite", ["red_kite"]) is None
    assert finds.refusal(story(), 1, "red_kite", ["red_kite"]) == AGAIN
