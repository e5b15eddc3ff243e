"""Exported screenplays: a person can follow conditions, groups and paths by their notes."""

from __future__ import annotations

import pytest

from tests.authoring.exchange.natives import native
from tests.authoring.exchange.plays import said
from xrdrama.authoring.exchange import fdx, fountain
from xrdrama.story import load_story
from xrdrama.story.model import Line

STORY = """\
xrdrama: 1
id: night
title: Night
language: en
start: gate
scene: pier
vars:
  nerve: {type: int, min: 0, max: 3, init: 1}
  coins: {type: int, min: 0, max: 9, init: 3}
cast:
  mo: {name: Mo}
storylets:
  sounds: {choose: best, else: {to: gate, if: nerve >= 3}}
beats:
  gate:
    script: |
      {if nerve >= 1} MO: Walk on.  #l0001
      {if nerve >= 2}
        MO: In you go.  #l0002
      {elif coins == 0}
        MO: No fare, no ride.  #l0003
      {else}
        @wait 2s
        {if coins > 3} @snow_begins
      @group cycle
      => MO: One.  #l0004
      => {once if coins > 1} MO: Two.  #l0005
      {once}
        MO: Only now.  #l0006
      MO: You have {coins, plural, =0 {no coins} one {# coin} other {# coins}}.  #l0007
    choice:
      window: {lasts: 6s}
      options:
        log: {text: Read the old logbook, detour: book, once: true}
        pay: {text: "Pay {coins}", to: sounds, if: coins > 0, set: {coins: coins - 1}}
        map: {text: Look at the map, detour: book, to: out, fallback: true}
      else: out
    hidden:
      - {id: secret, to: book, on: [marker: tv], if: nerve > 1}
  book:
    script: |
      MO: Wet pages.  #l0008
    return: true
  horn:
    storylet: sounds
    script: |
      MO: A horn.  #l0009
    next:
      - {to: out, if: nerve == 0}
      - to: gate
  gulls:
    storylet: sounds
    when: nerve >= 1
    once: true
    script: |
      MO: Gulls.  #l0010
    next: out
  out:
    script: |
      MO: Out.  #l0011
    ending: {id: out, title: Out}
"""
NOTES = [
    "if nerve >= 1", "@Walk on.", "end if",
    "if nerve >= 2", "@In you go.", "else if coins == 0", "@No fare, no ride.", "else",
    "wait: 2 s", "cue: snow_begins, if coins > 3", "end if",
    "one of these, in turn, again and again:", "alternative 1", "@One.",
    "alternative 2, if coins > 1, once", "@Two.", "end of the alternatives",
    "if not played yet", "@Only now.", "end if",
    "as written: You have {coins, plural, =0 {no coins} one {# coin} other {# coins}}.",
    "@You have [coins] coins.",
]  # fmt: skip
SOUNDS = "sounds, one of horn, gulls (the most specific; if none can be, gate)"
PATHS = [
    "Choice: Read the old logbook -> book, then this choice again (once)",
    f"Choice: Pay [coins] -> {SOUNDS} (if coins > 0; set coins = coins - 1)",
    "Choice: Look at the map -> book, then out (only when no other is offered)",
    "Else -> out",
    "Hidden plot: secret -> book (if nerve > 1)",
    "Return to where the detour began",
    "Storylet of sounds",
    "Then -> out (if nerve == 0)",
    "Then -> gate",
    "Storylet of sounds (if nerve >= 1; once)",
    "Then -> out",
    "Ending: out",
]


def notes_and_lines(text: str) -> list[str]:
    """The notes of the first beat of a Fountain file, and its lines with a mark."""
    blocks = text.partition("# gate\n\n")[2].partition("\n\n= ")[0].split("\n\n")
    return [one.strip("[]") if one[0] == "[" else f"@{one.partition(chr(10))[2]}" for one in blocks]


def test_a_person_reads_the_conditions_of_a_fountain_file() -> None:
    text = fountain.write(load_story(STORY))
    assert notes_and_lines(text) == NOTES
    assert [line[2:] for line in text.splitlines() if line.startswith("= ")] == PATHS


def test_a_final_draft_file_has_the_same_notes() -> None:
    text = fdx.write(load_story(STORY)).replace("&gt;", ">")
    for note in NOTES:
        assert f"[[{note}]]" in text if note[0] != "@" else f"<Text>{note[1:]}</Text>" in text
    for path in PATHS:
        assert f"<Text>= {path}</Text>" in text


@pytest.mark.parametrize("kind", [fountain, fdx])
def test_only_notes_are_lost_again(kind: object) -> None:
    story = load_story(STORY)
    back = kind.read(kind.write(story), "night")  # type: ignore[attr-defined]
    again = load_story(back.text)
    assert list(again.beats) == list(story.beats)
    kept = [text.replace("[coins] coins", "{}") for _, text in said(again)]
    assert kept == [text if "{" not in text else "You have {}." for _, text in said(story)]
    assert {one.what.partition(":")[0] for one in back.not_carried_over} <= {"note", "synopsis"}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("kind", [fountain, fdx])
def test_every_line_of_any_story_comes_back(kind: object, seed: int) -> None:
    story = load_story(native(seed))
    back = load_story(kind.read(kind.write(story), "tale").text)  # type: ignore[attr-defined]
    spoken = [item.text for beat in story.order for item in beat.script if isinstance(item, Line)]
    plain = [text for text in spoken if "{" not in text and "[[" not in text]
    heard = [text for _, text in said(back)]
    assert [text for text in heard if text in set(plain)] == plain
    assert list(back.beats) == list(story.beats)


def test_a_line_that_is_lost_is_seen() -> None:
    """The control: without its last speech, the file has other lines."""
    text = fountain.write(load_story(STORY)).replace("@MO\nOut.\n", "")
    assert said(load_story(fountain.read(text, "night").text)) != said(load_story(STORY))
