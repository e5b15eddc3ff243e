"""Playing without waiting: from question to question, each asked while it can be answered."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.errors import UsageError
from xrdrama.story import Story, load_story
from xrdrama.story.stepping.happenings import (
    BeatEntered,
    CueCalled,
    Declined,
    Ended,
    Happening,
    Spoken,
    Taken,
)
from xrdrama.story.stepping.rehearsal import ELSE, Rehearsal

HEAD = """\
xrdrama: 1
id: night
scene: lane
vars: {n: {type: int, min: 0, max: 9}}
cast: {lan: {name: Lan}}
beats:
"""


def story(beats: str, after: str = "") -> Story:
    return load_story(HEAD + beats + after)


TALE = story(
    """\
  a:
    script: |
      LAN: One.
      @wait 1s
    choice:
      window: {lasts: 4s, grace: 1s}
      options: {left: {to: b}, right: {to: c, set: {n: "random(1, 9)"}}}
      else: c
  b:
    script: |
      LAN: Two.
    choice: {options: {back: {to: a}, on: {to: c, if: n < 9}}}
  c:
    script: |
      @dark at=+30s
      LAN: Three.
    ending: {id: dark, title: Dark}
  found:
    script: |
      LAN: Found.
    return: true
""",
    "hidden:\n  - {id: print, on: {marker: god}, to: found, during: [a, b]}\n",
)


def transcript(happenings: list[Happening]) -> list[str]:
    words = []
    for happening in happenings:
        match happening:
            case BeatEntered(beat):
                words.append(beat.id)
            case Spoken(line):
                words.append(line.text)
            case CueCalled(cue):
                words.append("@" + cue.name)
            case Taken(option=option, by=by):
                words.append(f"{option}/{by}")
            case Ended(ending):
                words.append(f"-- {ending}")
            case Declined(_, reason):
                words.append(f"!! {reason}")
    return words


def test_time_jumps_to_the_question() -> None:
    walk = Rehearsal(TALE)
    assert transcript(walk.happenings) == ["a", "One."]
    assert [option.id for option in walk.options()] == ["left", "right"]
    assert walk.can_wait()
    assert walk.offered() == "left, right"
    assert not walk.ended


def test_a_pick_leads_to_the_next_question_and_to_the_ending() -> None:
    walk = Rehearsal(TALE)
    assert transcript(walk.pick("left")) == ["left/button", "b", "Two."]
    assert not walk.can_wait()
    assert transcript(walk.pick("on")) == ["on/button", "c", "Three.", "@dark", "-- dark"]
    assert walk.ended
    assert walk.options() == ()
    assert walk.offered() == "nothing"


def test_silence_takes_the_else_when_the_window_and_its_grace_are_over() -> None:
    walk = Rehearsal(TALE)
    asked = walk.now
    happened = walk.pick(ELSE)
    taken = next(one for one in happened if isinstance(one, Taken))
    assert (taken.option, taken.by) == ("else", "timeout")
    assert taken.at == asked + 5_000_000_000
    assert walk.ended


@pytest.mark.parametrize("option", ["up", "", "1", "left ", "LEFT"])
def test_what_is_not_offered_is_refused_and_changes_nothing(option: str) -> None:
    walk = Rehearsal(TALE)
    before = walk.playthrough
    with pytest.raises(UsageError, match="is not offered: pick one of left, right"):
        walk.pick(option)
    assert walk.playthrough == before


def test_else_is_refused_where_there_is_none() -> None:
    walk = Rehearsal(TALE)
    walk.pick("left")
    with pytest.raises(
        UsageError,
        match="this choice has no time limit, so else cannot be picked: pick one of back, on",
    ):
        walk.pick(ELSE)
    walk.pick("on")
    with pytest.raises(UsageError, match="no choice is open here: remove this pick"):
        walk.pick(ELSE)
    with pytest.raises(UsageError, match="cannot be picked: no choice is open: remove this pick"):
        walk.pick("on")


def test_a_marker_opens_the_plot_and_the_question_comes_again() -> None:
    walk = Rehearsal(TALE)
    assert transcript(walk.find("marker", "god")) == [
        "print/marker",
        "found",
        "Found.",
        "/return",
        "a",
    ]
    assert [option.id for option in walk.options()] == ["left", "right"]
    assert walk.can_wait()
    assert transcript(walk.find("marker", "god")) == ["!! no hidden plot can be opened here now"]
    assert transcript(walk.find("marker", "cat")) == ["!! no hidden plot can be opened here now"]


def test_a_beat_and_values_to_begin_with() -> None:
    walk = Rehearsal(TALE, start="b", values={"n": 9})
    assert [option.id for option in walk.options()] == ["back"]


def test_the_seed_decides_the_dice_and_nothing_else() -> None:
    def roll(seed: int) -> object:
        walk = Rehearsal(TALE, seed=seed)
        walk.pick("right")
        return walk.playthrough.value("n")

    assert [roll(seed) for seed in range(20)] == [roll(seed) for seed in range(20)]
    assert len({roll(seed) for seed in range(50)}) > 5


@pytest.mark.parametrize(
    "window",
    [
        "{opens: 1s, closes: 3s}",  # closes in the middle of the script
        "{opens: 500ms, lasts: 1s, grace: 0s}",
        "{opens: 0s, lasts: 1ms}",
        "{closes: 1s}",  # closes before the script has ended: open for the grace alone
    ],
)
def test_a_question_is_asked_even_when_it_closes_over_the_script(window: str) -> None:
    beat = f"""\
  a:
    script: |
      @late at=+90s
      LAN: A line that takes its time, and more of it.
      LAN: Another line that takes its time, and more of it.
    choice: {{window: {window}, options: {{go: {{to: b}}}}, else: c}}
  b: {{ending: went}}
  c: {{ending: stayed}}
"""
    walk = Rehearsal(story(beat))
    assert walk.offered() == "go"
    assert walk.can_wait()
    walk.pick("go")
    assert walk.playthrough.ending == "went"
    walk = Rehearsal(story(beat))
    walk.pick(ELSE)
    assert walk.playthrough.ending == "stayed"


def test_a_story_that_stands_still_offers_nothing_and_has_not_ended() -> None:
    walk = Rehearsal(story("  a: {choice: {options: {go: {to: a, if: n > 0}}}}\n"))
    assert walk.options() == ()
    assert not walk.ended
    assert not walk.can_wait()


def test_a_story_that_goes_round_for_ever_is_refused_and_does_not_hang() -> None:
    beats = "  a:\n    script: |\n      LAN: For ever.\n    next: a\n  b: {ending: e}\n"
    with pytest.raises(UsageError, match="loops at beat 'a' without a choice"):
        Rehearsal(story(beats))


@given(st.integers(), st.lists(st.integers(0, 3), max_size=12))
def test_every_walk_is_a_walk_again(seed: int, answers: list[int]) -> None:
    def walked() -> list[str]:
        walk = Rehearsal(TALE, seed=seed)
        words = transcript(walk.happenings)
        for answer in answers:
            offered = [option.id for option in walk.options()]
            if not offered:
                assert walk.ended
                break
            if answer == 3:
                words += transcript(walk.find("marker", "god"))
            elif answer == 2 and walk.can_wait():
                words += transcript(walk.pick(ELSE))
            else:
                words += transcript(walk.pick(offered[answer % len(offered)]))
        return words

    assert walked() == walked()
