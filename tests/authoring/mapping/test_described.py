"""What the page of a map contains: each beat in words, numbers of targets, and speed."""

from __future__ import annotations

import time

import msgspec

from tests.authoring.mapping.large_stories import large_story
from xrdrama.authoring.mapping.described import CLOSED_ABOVE, described
from xrdrama.authoring.mapping.mapped import mapped
from xrdrama.authoring.mapping.marks import Coverage, Marks, marks_of
from xrdrama.story import load_story

STORY = """
xrdrama: 1
id: night
scene: lane
vars: {nerve: {type: int, min: 0, max: 3, init: 0}}
cast: {lan: {name: Lan}}
beats:
  gate:
    script: |
      EXT. LANE - NIGHT
      @wait 1500ms
      @sound bell
      LAN (quietly): Well?  #l4k2pq
      {if nerve >= 1} LAN: Come.  #l4k2pr
    choice:
      options:
        knock: {text: Knock, to: hall, if: nerve >= 2, set: {nerve: nerve + 1}, on: {voice: knock}}
        wait: {text: Wait, to: hall, once: true}
  hall: {ending: hall}
"""


def test_a_beat_is_described_in_words() -> None:
    story = load_story(STORY, "night.branch.yaml")
    marks = marks_of(story, (), Coverage("night", 4, {"gate": 4}, {"gate/knock": 3}))
    value = msgspec.json.decode(msgspec.json.encode(described(story, mapped(story), marks, ("n",))))
    assert value["words"] == "2 beats, 1 ending, 4 plays" and value["notes"] == ["n"]
    gate = value["beats"][0]
    said = [(one["kind"], one["who"], one["text"], one["condition"]) for one in gate["script"]]
    assert said == [
        ("act", "", "EXT. LANE - NIGHT", ""),
        ("cue", "", "@wait 1.5 s", ""),
        ("cue", "", "@sound bell", ""),
        ("line", "Lan (quietly)", "Well?", ""),
        ("line", "Lan", "Come.", "nerve >= 1"),
    ]
    knock, wait = gate["rows"]
    assert knock["more"] == ["if nerve >= 2", "sets nerve = nerve + 1", "voice: knock"]
    assert (knock["to"], knock["sign"], knock["count"]) == (1, "diamond", 3)
    assert (wait["more"], wait["sign"], wait["count"]) == (["once"], "dot", 0)
    assert (gate["file"], gate["line"], gate["count"]) == ("night.branch.yaml", 8, 4)


def test_long_stories_begin_closed() -> None:
    for size in (CLOSED_ABOVE, CLOSED_ABOVE + 1):
        story = load_story(large_story(size), "large")
        assert described(story, mapped(story), Marks(), ())["opened"] == (size <= CLOSED_ABOVE)


def test_2000_beats_are_laid_out_in_the_time_of_a_few_loads() -> None:
    text = large_story(2000)
    begin = time.process_time()
    story = load_story(text, "large")
    loaded = time.process_time()
    described(story, mapped(story), Marks(), ())
    laid = time.process_time()
    assert laid - loaded < 5 * (loaded - begin), "measured: 1.7 times"


BLOCKS = """\
xrdrama: 1
id: night
scene: lane
vars: {nerve: {type: int, min: 0, max: 3}, rich: {type: bool}}
cast: {lan: {name: Lan}}
storylets: {night_sounds: {}}
beats:
  gate:
    script: |
      {if nerve >= 1}
        LAN: Come.  #l0001
        {if rich}
          @wait 1s
      {elif nerve == 0 and rich}
        LAN: Stay.  #l0002
      {else}
        LAN: Go.  #l0003
      {once}
        LAN: Once.  #l0004
      @group cycle
      => LAN: One.  #l0005
      => {if rich} LAN: Two.  #l0006
      => @group_cue
      LAN: End.  #l0007
    next: night_sounds
  horn:
    storylet: night_sounds
    script: |
      LAN: A horn.  #l0008
    ending: horn
  gulls:
    storylet: night_sounds
    script: |
      LAN: Gulls, and nothing else tonight.  #l0009
    next: gate
"""
AS_WRITTEN = [
    "{if nerve >= 1}", "  Come.", "  {if rich}", "    @wait 1 s", "{elif nerve == 0 and rich}",
    "  Stay.", "{else}", "  Go.", "{once}", "  Once.", "@group cycle", "=>", "  One.",
    "=> {if rich}", "  Two.", "=>", "  @group_cue", "End.",
]  # fmt: skip


def test_blocks_and_groups_are_shown_as_they_are_written() -> None:
    story = load_story(BLOCKS, "night.branch.yaml")
    value = described(story, mapped(story), marks_of(story, (), None), ())
    rows = [
        "  " * one["depth"] + one["text"] + (f" if {one['condition']}" if one["condition"] else "")
        for one in value["beats"][0]["script"]
    ]
    assert rows == AS_WRITTEN


def test_only_the_box_cuts_what_a_storylet_is() -> None:
    story = load_story(BLOCKS, "night.branch.yaml")
    gulls = described(story, mapped(story), marks_of(story, (), None), ())["beats"][2]
    assert gulls["full"] == "storylet of night_sounds, 1 line"
    assert gulls["note"].endswith("…")
