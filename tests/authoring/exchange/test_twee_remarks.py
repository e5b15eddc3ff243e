"""Twee: what is kept in comments, the order of storylets, and what is listed as not coming back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authoring.exchange.test_twee_identity import essence
from xrdrama.authoring.exchange.twee import not_carried_over, read, write
from xrdrama.authoring.exchange.twee.remarks import triggers_in, window_in
from xrdrama.errors import UsageError
from xrdrama.story import load_story

HEAD = """\
xrdrama: 1
id: night
title: Night
language: en
start: gate
scene: pier
vars:
  nerve: {type: int, min: 0, max: 3, init: 1}
cast:
  mo: {name: Mo}
"""
SOUNDS = """\
beats:
  gate:
    script: |
      MO: Listen.  #l0001
    next: sounds
  horn:
    storylet: sounds
    script: |
      MO: A horn.  #l0002
    next: gate
  gulls:
    storylet: sounds
    when: nerve >= 1
    once: true
    script: |
      MO: Gulls.  #l0003
    next: gate
  bell:
    storylet: sounds
    when: nerve >= 2
    script: |
      MO: A bell.  #l0004
    ending: {id: bell, title: A bell}
"""
CHOICE = """\
beats:
  gate:
    script: |
      MO: {nerve, plural, one {# step} other {# steps}}.  #l0001
      {once}
        MO: Once.  #l0002
    choice:
      window: {opens: 2s, closes: 8s, grace: 500ms, shows: 1s, hides: 250ms, show: bar}
      options:
        go: {text: Go, to: out, on: [voice: "50%/ now|it's time", gesture: fist, button]}
        stay: {text: Stay, to: out, on: [performer: mo.done]}
      else: out
  out:
    ending: {id: out, title: Out}
hidden:
  - {id: tv, on: {marker: tv}, during: [gate], to: aside}
"""
ASIDE = """\
  aside:
    script: |
      MO: Aside.  #l0009
    return: true
"""
HIDDEN = CHOICE.replace("hidden:", ASIDE + "hidden:")


def tries(choose: str, body: str = SOUNDS) -> str:
    """What the passage of the group has, for a way to choose."""
    text = write(load_story(f"{HEAD}storylets:\n  sounds: {{choose: {choose}}}\n{body}"))
    return text.partition(":: sounds\n")[2].strip()


BELL, GULLS, HORN = (f'<<goto "{name}">>' for name in ("bell", "gulls", "horn"))


def test_the_most_specific_storylet_is_tried_first() -> None:
    assert tries("best") == "\n".join([
        f'<<if $nerve gte 1 and not hasVisited("gulls")>>{GULLS}'.replace("$nerve gte 1",
                                                                         "($nerve gte 1)"),
        f"<<elseif $nerve gte 2>>{BELL}", f"<<else>>{HORN}", "<</if>>",
    ])  # fmt: skip


def test_each_storylet_can_be_entered_when_the_least_played_is_chosen() -> None:
    asked = tries("least_seen")
    places = [asked.index(one) for one in (GULLS, BELL, HORN)]
    assert places == sorted(places)
    assert f'<<elseif not hasVisited("horn")>>{HORN}' in asked and f"<<else>>{HORN}" in asked


def test_only_the_first_of_a_group_is_entered_where_the_story_says_so() -> None:
    """The control: `first` is the order of the file, and the rest is never entered, as here."""
    assert tries("first") == HORN
    text = f"{HEAD}storylets:\n  sounds: {{choose: first}}\n{SOUNDS}"
    assert any("never entered, as here: gulls, bell" in one.what
               for one in not_carried_over(load_story(text)))  # fmt: skip


@pytest.mark.parametrize("choose", ["sequence", "cycle", "once", "shuffle", "random", "best"])
def test_every_way_to_choose_enters_all_and_says_what_is_approximated(choose: str) -> None:
    asked = tries(choose)
    assert all(one in asked for one in (BELL, GULLS, HORN))
    listed = not_carried_over(
        load_story(f"{HEAD}storylets:\n  sounds: {{choose: {choose}}}\n{SOUNDS}")
    )
    named = [one.what for one in listed if "approximated" in one.what]
    assert bool(named) == (choose != "best")


def test_a_group_comes_back_as_one_beat_with_paths() -> None:
    text = write(load_story(f"{HEAD}storylets:\n  sounds: {{choose: best}}\n{SOUNDS}"))
    back = load_story(read(text, "night").text)
    assert [way.to for way in back.beats["sounds"].exits] == ["gulls", "bell", "horn"]
    assert set(back.beats) == {"gate", "sounds", "horn", "gulls", "bell"}


def test_the_else_of_a_group_keeps_its_effects() -> None:
    body = SOUNDS.replace(
        "horn:\n    storylet: sounds", "horn:\n    storylet: sounds\n    when: nerve == 0"
    )
    head = f"{HEAD}storylets:\n  sounds: {{choose: best, else: {{to: gate, set: {{nerve: 2}}}}}}\n"
    assert '<<else>><<set $nerve to 2>><<goto "gate">>' in write(load_story(head + body))


def test_triggers_and_windows_come_back() -> None:
    body = CHOICE.partition("hidden:")[0].partition("      {once}\n        MO: Once.  #l0002\n")
    plain = body[0].replace("{nerve, plural, one {# step} other {# steps}}", "One") + body[2]
    story = load_story(HEAD + plain)
    text = write(story)
    assert "/% window: opens=2s closes=8s grace=500ms shows=1s hides=250ms show=bar %/" in text
    assert "%/ now" not in text  # would end the comment
    back = load_story(read(text, "night").text)
    assert essence(back) == essence(story)
    without = load_story(read(text.replace("grace=500ms ", ""), "night").text)
    assert essence(without) != essence(story)


def test_what_does_not_come_back_is_listed() -> None:
    listed = " ".join(one.what for one in not_carried_over(load_story(HEAD + HIDDEN)))
    for what in ("1 hidden plot", "1 once alternative", "3 triggers", "of its window",
                 "line l0001: its forms come back as lines with conditions"):  # fmt: skip
        assert what.replace("3 triggers", "4 triggers") in listed


@given(st.text(max_size=60))
def test_any_comment_is_read_or_left(value: str) -> None:
    assert triggers_in(value) is None or value.startswith("[")
    assert window_in(value) is None or "=" in value


EDITED = (
    '["voice: x"]', '["gaze: x"]', "[1]", '["gesture: no"]', '["voice: "]',
    '["button", "performer: mo"]', """["voice: 'a|b"]""", "grace=9s",
)  # fmt: skip


@pytest.mark.parametrize("value", EDITED)
def test_a_comment_that_was_edited_gives_a_story_or_a_message(value: str) -> None:
    text = write(load_story(HEAD + HIDDEN))
    head, _, after = text.partition("/% on go: ")
    edited = f"{head}/% on go: {value} %/{after.partition('%/')[2]}"
    try:
        load_story(read(edited, "night").text)
    except UsageError as error:
        assert error.remedy
