"""Fountain: what each of its forms becomes in a story, and what is said of the rest."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xrdrama.authoring.exchange.fountain import read, write
from xrdrama.errors import UsageError
from xrdrama.story import load_story

SCREENPLAY = """\
Title: _**The Ferry**_
Author: Nobody

FADE IN:

EXT. PIER - NIGHT #1#

Fog. The *last* boat.

BOATMAN (O.S.)
(coughs)
One seat.
Decide.
(beat)
Now.

= the choice

next: river

.THE RIVER

!WATER EVERYWHERE.

@McRae ^
You are in my seat. [[or: place]]

> CUT TO BLACK.

/* a scene
that was cut */

EXT. PIER - NIGHT

船夫
你好。

===
"""
BRANCH = """\
xrdrama: 1
id: ferry
title: 'The Ferry'
language: en
scene: pier
cast:
  boatman: {name: 'Boatman'}
  mcrae: {name: 'McRae'}
  船夫: {name: '船夫'}
beats:
  ext_pier_night:
    script: |
      EXT. PIER - NIGHT
      Fog. The last boat.
      BOATMAN (O.S., coughs): One seat. Decide.
      BOATMAN (beat): Now.
    next: the_river
  the_river:
    script: |
      THE RIVER
      WATER EVERYWHERE.
      MCRAE: You are in my seat.
    next: ext_pier_night_2
  ext_pier_night_2:
    script: |
      EXT. PIER - NIGHT
      船夫: 你好。
    ending: the_end
"""
LOST = [
    (1, "emphasis: the words are there, plain"),
    (2, "title page, author: Nobody"),
    (4, "transition: FADE IN:"),
    (6, "scene: pier is guessed: make that set, or write the name of yours"),
    (8, "emphasis: the words are there, plain"),
    (17, "synopsis: the choice"),
    (19, "a script cannot hold this line: next: river"),
    (25, "dual dialogue: the lines follow each other"),
    (26, "note: or: place"),
    (28, "transition: CUT TO BLACK."),
    (30, "omitted text: a scene that was cut"),
    (38, "page break"),
]


def without_ids(text: str) -> str:
    return "\n".join(line.partition("  #l")[0] for line in text.split("\n"))


def test_a_screenplay_becomes_a_story_with_one_path() -> None:
    imported = read(SCREENPLAY, "ferry")
    assert without_ids(imported.text) == BRANCH
    assert [(lost.line, lost.what) for lost in imported.not_carried_over] == LOST
    assert read(SCREENPLAY.replace("\n", "\r\n"), "ferry") == imported


def test_an_exported_story_is_a_screenplay_that_names_its_beats() -> None:
    story = load_story(
        BRANCH.replace("Fog.", "@snow_begins at=+1s\n      @wait 2s\n      Fog *3*.")
    )
    text = write(story)
    assert text.startswith(
        "Title: The Ferry\nScene: pier\n\n# ext_pier_night\n\nEXT. PIER - NIGHT\n"
    )
    assert "[[cue: snow_begins]]\n\n[[wait: 2 s]]\n\n!Fog \\*3\\*. The last boat." in text
    assert "@BOATMAN\n(O.S., coughs)\nOne seat. Decide.\n" in text
    assert "= Then -> the_river" in text and "= Ending: the_end" in text
    back = read(text, "ferry")
    assert without_ids(back.text) == BRANCH.replace("Fog.", "Fog *3*.").replace("McRae", "Mcrae")
    assert {lost.what.partition(":")[0] for lost in back.not_carried_over} == {"note", "synopsis"}


def test_an_exported_cue_says_whom_or_what_it_means_and_which_hand() -> None:
    cues = ("@lan.look at=boat", "@lan.walk to=pier", "@lan.mood warm", "@lan.wave hand=left")
    script = "\n      ".join([*cues, "Fog."])
    exported = write(load_story(BRANCH.replace("Fog.", script)))
    for cue in cues:
        assert f"[[cue: {cue.removeprefix('@')}]]" in exported


def test_a_beat_in_another_set_is_said() -> None:
    story = load_story(BRANCH.replace("  the_river:\n", "  the_river:\n    scene: river\n"))
    assert "# the_river\n\n[[scene: river]]\n" in write(story)


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("", "a", "nobody says anything"),
        ("EXT. PIER\n\nFog.\n", "a", "nobody says anything"),
        ("LAN\nYes.\n", "", "cannot be the id of a story"),
    ],
)
def test_what_is_no_screenplay_is_refused(text: str, name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        read(text, name)
    assert raised.value.remedy


MARKS = "# one|## two|[[|]]|/*|*/|@|!|.|(|~a|Title:|Scene: x|EXT. A|A ^|{x}|<<if>>|\t|a: b  #l1"
PIECES = st.one_of(
    st.sampled_from([*SCREENPLAY.splitlines(), *MARKS.split("|"), "| a"]), st.text(max_size=40)
)


@example("LAN\nCome.\n\n!INT. A\n")
@given(st.lists(PIECES, max_size=30).map("\n".join))
def test_any_text_becomes_a_story_that_parses_or_is_refused(text: str) -> None:
    try:
        found = read(text, "tale")
    except UsageError:
        return
    story = load_story(found.text, "tale.branch.yaml")
    again = read(write(story), "tale")
    assert list(load_story(again.text, "tale.branch.yaml").beats) == list(story.beats)
