"""The codes of printed markers, and what a story's markers open."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.story import load_story
from xrdrama.story.markers import (
    LEAST_DISTANCE,
    alike,
    distance,
    marker_code,
    rotations,
    rows_of,
    title_of,
    uses_of,
)

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
STORY = """\
xrdrama: 1
id: kites
scene: lantern_street
cast: {mo: {name: Mo}}
markers:
  red_kite: {title: The red kite, once: viewer}
beats:
  roof:
    script: |
      MO: Look up.  #laaaaaa
    hidden:
      - {id: plot, on: {marker: red_kite}, to: found}
    choice:
      options:
        wait: {text: Wait, to: end, on: [{marker: owl}, button]}
        leave: {text: Leave, to: end}
  found:
    script: |
      MO: There it is.  #laaaaab
    return: true
  end: {ending: home}
"""


def test_codes_stay_the_same() -> None:
    """Sheets that were printed stay valid: never change these numbers."""
    assert marker_code("one_lantern_too_many", "door_god") == 0x7A41_9B1_96
    assert marker_code("the_lost_key", "cat") == marker_code("the_lost_key", "cat")


@given(NAMES, NAMES)
@settings(max_examples=60)
def test_a_code_tells_its_four_rotations_apart(story: str, marker: str) -> None:
    code = marker_code(story, marker)
    assert code < 1 << 36
    turned = rotations(code)
    assert turned[0] == code and rotations(turned[3])[1] == code
    assert all((code ^ other).bit_count() >= 12 for other in turned[1:])
    assert all(distance(code, other) == 0 for other in turned)


def test_a_turn_is_clockwise() -> None:
    corner = 1 << 35  # top left
    assert rows_of(rotations(corner)[1])[0] == "000001"  # top right


def test_another_story_has_another_code_for_the_same_name() -> None:
    assert distance(marker_code("kites", "owl"), marker_code("night", "owl")) >= LEAST_DISTANCE


def test_names_whose_codes_are_alike_are_reported() -> None:
    assert alike("night", ["drum_tiger", "key_fan", "fan"]) == [("drum_tiger", "key_fan", 4)]


def test_uses_name_hidden_plots_and_options() -> None:
    story = load_story(STORY)
    uses = uses_of(story)
    assert list(uses) == ["owl", "red_kite"]
    assert uses["owl"][0][:4] == ("option", "wait", "end", ("roof",))
    assert uses["red_kite"][0][:4] == ("hidden plot", "plot", "found", ("roof",))


def test_titles_are_the_authors_or_made_of_the_name() -> None:
    story = load_story(STORY)
    assert title_of(story, "red_kite") == "The red kite"
    assert title_of(story, "moon_gate") == "Moon gate"
    assert story.markers["red_kite"].once == "viewer"


@pytest.mark.parametrize("wrong", ["once: always", "titel: X", "title: 3, size: 4"])
def test_wrong_entries_are_refused(wrong: str) -> None:
    from xrdrama.errors import AuthoringError

    text = STORY.replace("title: The red kite, once: viewer", wrong)
    with pytest.raises(AuthoringError):
        load_story(text)
