"""`compare`: what changed between two versions of a story, by ids and not by lines of the file."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authoring.mapping.large_stories import large_story
from xrdrama.authoring.comparing import Change, compare, words
from xrdrama.authoring.comparing.matching import MOST, common
from xrdrama.story import draft_story, load_story
from xrdrama.story.strings import parse_strings

STORY = """\
xrdrama: 1
id: night
title: A night
scene: lane
vars: {nerve: {type: int, min: 0, max: 3, init: 1}}
cast: {lan: {name: Lan}, shen: {name: Shen}}
beats:
  door:
    script: |
      EXT. LANE - NIGHT
      @wait 1s
      LAN: Will you stay?  #laaaaa
      SHEN: It is late.  #lbbbbb
      LAN: It is cold.  #lccccc
    choice:
      window: {lasts: 3s}
      options:
        stay: {text: I remember you, to: warm, if: nerve >= 1, set: {nerve: 2}}
        leave: {text: Let her go, to: cold}
      else: cold
  warm:
    script: |
      LAN: Come in.  #lddddd
      LAN: Sit down.  #leeeee
    next: end
  cold:
    next: end
  end: {ending: end}
hidden:
  - {id: print, on: {marker: print}, to: found}
"""
STORY = STORY.replace("  end: {ending: end}\n", "  end: {ending: end}\n  found: {return: true}\n")


def changes(*edits: tuple[str, str], tables: str = "") -> list[Change]:
    """The changes after these replacements in the text."""
    text = STORY
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    old, new = load_story(STORY, "night"), load_story(text, "night")
    if not tables:
        return compare(old, new)
    one, other = (parse_strings(tables, "night.zh.csv", "zh", s)[0] for s in (old, new))
    return compare(old, new, {"zh": one}, {"zh": other})


def short(found: list[Change]) -> list[tuple[str, ...]]:
    return [(c.kind, c.what, c.name, c.beat, c.facet, c.before, c.after) for c in found]


def test_a_story_equals_itself_and_one_with_other_spacing() -> None:
    assert changes() == []
    assert changes(("    next: end\n  cold:", "    next: end\n\n  # a comment\n  cold:")) == []


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("Will you stay?", "Won't you stay?",
         ("changed", "line", "laaaaa", "door", "text", "Will you stay?", "Won't you stay?")),
        ("SHEN: It is late.", "LAN: It is late.",
         ("changed", "line", "lbbbbb", "door", "speaker", "shen", "lan")),
        ("Let her go,", "Let go,",
         ("changed", "option", "leave", "door", "text", "Let her go", "Let go")),
        ("to: cold}", "to: warm}", ("changed", "option", "leave", "door", "to", "cold", "warm")),
        ("nerve >= 1", "nerve >= 2",
         ("changed", "option", "stay", "door", "if", "nerve >= 1", "nerve >= 2")),
        ("nerve: 2", "nerve: 3",
         ("changed", "option", "stay", "door", "set", "nerve: 2", "nerve: 3")),
        ("lasts: 3s", "lasts: 4s",
         ("changed", "beat", "door", "door", "window", "lasts 3s, grace 1s, show ring",
          "lasts 4s, grace 1s, show ring")),
        ("else: cold", "else: warm", ("changed", "beat", "door", "door", "else", "cold", "warm")),
        ("max: 3", "max: 5", ("changed", "variable", "nerve", "", "type",
                               "a whole number (0 to 3)", "a whole number (0 to 5)")),
        ("name: Lan}", "name: Lan Shen}",
         ("changed", "cast", "lan", "", "name", "Lan", "Lan Shen")),
        ("title: A night", "title: The night",
         ("changed", "story", "night", "", "title", "A night", "The night")),
        ("      @wait 1s\n", "", ("removed", "script", "", "door", "", "@wait 1s", "")),
        ("marker: print", "marker: door_god",
         ("changed", "hidden plot", "print", "", "on", "marker: print", "marker: door_god")),
        ("      LAN: Sit down.  #leeeee\n", "",
         ("removed", "line", "leeeee", "warm", "", "lan: Sit down.", "")),
        ("      SHEN: It is late.  #lbbbbb\n",
         "      SHEN: It is late.  #lbbbbb\n      LAN: Leave.  #lfffff\n",
         ("added", "line", "lfffff", "door", "", "", "lan: Leave.")),
    ],
)  # fmt: skip
def test_one_edit_is_one_change(before: str, after: str, change: tuple[str, ...]) -> None:
    assert short(changes((before, after))) == [change]


def test_a_renamed_beat_is_recognised_by_its_lines_and_its_targets_are_no_changes() -> None:
    found = changes(("  warm:", "  hearth:"), ("to: warm", "to: hearth"))
    assert short(found) == [("renamed", "beat", "hearth", "hearth", "", "warm", "hearth")]
    # The control: with other lines it is another beat.
    lines = (("#lddddd", "#lgggg2"), ("#leeeee", "#lgggg3"))
    found = changes(("  warm:", "  hearth:"), ("to: warm", "to: hearth"), *lines)
    assert ("added", "beat", "hearth") in [one[:3] for one in short(found)]
    assert ("removed", "beat", "warm") in [one[:3] for one in short(found)]


def test_a_line_in_another_beat_or_order_has_moved() -> None:
    late = "      SHEN: It is late.  #lbbbbb\n"
    found = changes(
        (late, ""), ("      LAN: Sit down.  #leeeee\n", f"      LAN: Sit down.  #leeeee\n{late}")
    )
    assert short(found) == [("moved", "line", "lbbbbb", "warm", "beat", "door", "warm")]
    cold = "      LAN: It is cold.  #lccccc\n"
    assert short(changes((late + cold, cold + late))) == [
        ("moved", "line", "lbbbbb", "door", "order", "", "")
    ]


def test_a_translation_becomes_stale_when_its_source_changes() -> None:
    tables = (
        "id,order,source,text\nlaaaaa,1,Will you stay?,你留下吗？\nlbbbbb,2,It was late.,晚了\n"
    )
    found = changes(
        ("Will you stay?", "Won't you stay?"), ("It is late.", "It is so late."), tables=tables
    )
    stale = [change for change in found if change.kind == "stale"]
    assert [(c.what, c.name, c.before, c.after) for c in stale] == [
        ("translation zh", "laaaaa", "Will you stay?", "Won't you stay?")
    ], "the other was stale before"


def test_texts_are_compared_word_by_word() -> None:
    assert words("You were four.", "You were five years.") == [
        ("same", "You were "), ("removed", "four"), ("added", "five years"), ("same", "."),
    ]  # fmt: skip
    assert words("晚安，阿岚", "早安，阿岚") == [
        ("removed", "晚"), ("added", "早"), ("same", "安，阿岚"),
    ]  # fmt: skip


@given(
    st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12)
)
def test_what_is_common_is_common_and_in_order(one: list[str], other: list[str]) -> None:
    pairs = common(one, other)
    assert all(one[a] == other[b] for a, b in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert common(one, one) == [(n, n) for n in range(len(one))]


@given(st.text(max_size=60), st.text(max_size=60))
def test_word_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = words(before, after)
    assert "".join(text for kind, text in pieces if kind != "added") == before
    assert "".join(text for kind, text in pieces if kind != "removed") == after


def test_very_long_texts_are_replaced_as_a_whole() -> None:
    one, other = "a b " * MOST, "c d " * MOST
    assert len(words(one, other)) <= 3


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 40), st.integers(0, 50), st.integers(0, 50))
def test_any_two_stories_can_be_compared(size: int, one: int, other: int) -> None:
    old, new = (load_story(large_story(size, seed), "large") for seed in (one, other))
    assert (compare(old, new) == []) == (one == other or old.order == new.order)
    assert compare(old, old) == []


def test_a_beat_that_only_moved_in_the_file_has_not_changed() -> None:
    text = large_story(30)
    head, _, rest = text.partition("beats:\n")
    beats: list[str] = []
    for line in rest.splitlines(keepends=True):
        if line.startswith("  ") and not line.startswith("   "):
            beats.append(line)
        else:
            beats[-1] += line
    shuffled = beats[1:]
    random.Random(3).shuffle(shuffled)
    start = beats[0].partition(":")[0].strip()
    body = f"{head}start: {start}\nbeats:\n"
    assert (
        compare(
            load_story(body + "".join(beats)), load_story(body + "".join([beats[0], *shuffled]))
        )
        == []
    )


FAIR = """\
xrdrama: 1
id: fair
scene: s
start: gate
vars:
  coins: {type: int, min: 0, max: 9, init: 3}
  rich: {type: computed, from: coins >= 5}
cast: {lan: {name: Lan}}
storylets:
  market: {choose: best, else: road}
beats:
  gate:
    script: |
      {if rich}
        LAN: Rich!  #l4k2pr
      @set coins = coins - 1
      @detour hooks
    choice:
      options:
        ask: {text: Why?, detour: hooks}
        enter: {text: Enter, to: market}
        leave: {text: Leave, to: road, fallback: true}
  fish: {storylet: market, when: coins >= 2, next: market}
  bread: {storylet: market, next: road}
  hooks: {return: true}
  road: {ending: road}
"""


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("when: coins >= 2", "when: coins >= 3", {("beat", "fish", "when")}),
        ("choose: best", "choose: random", {("storylets", "market", "choose")}),
        ("from: coins >= 5", "from: coins >= 6", {("variable", "rich", "from")}),
        ("{if rich}", "{if coins >= 4}", {("script", "", "")}),
        ("coins - 1", "coins - 2", {("script", "", "")}),
        ("@detour hooks", "@detour bread", {("script", "", "")}),
        ("detour: hooks}", "detour: bread}", {("option", "ask", "detour")}),
        (", fallback: true", "", {("option", "leave", "fallback")}),
    ],
)
def test_changes_of_the_newer_parts_of_the_language(
    before: str, after: str, found: set[tuple[str, str, str]]
) -> None:
    assert before in FAIR
    old = load_story(FAIR, "fair")
    new = draft_story(FAIR.replace(before, after), "fair")[0]
    assert new
    assert {(c.what, c.name, c.facet) for c in compare(old, new)} == found


def test_a_changed_condition_of_a_block_is_shown_as_it_is_written() -> None:
    text = (
        "xrdrama: 1\nid: a\nscene: s\nvars: {nerve: {type: int, min: 0, max: 3}}\n"
        "cast: {mo: {name: Mo}}\nbeats:\n  b:\n    script: |\n      {if nerve >= 1}\n"
        "        MO: Yes.  #l0001\n        @wait 1s\n      {else}\n        MO: No.  #l0002\n"
        "    ending: e\n"
    )
    old = load_story(text, "a")
    new = load_story(text.replace("{if nerve >= 1}", "{if nerve >= 2}").replace("1s", "2s"), "a")
    found = {
        (one.kind, one.before or one.after) for one in compare(old, new) if one.what == "script"
    }
    assert found == {
        ("removed", "{if nerve >= 1}"), ("added", "{if nerve >= 2}"),
        ("removed", "  @wait 1s"), ("added", "  @wait 2s"),
    }  # fmt: skip
