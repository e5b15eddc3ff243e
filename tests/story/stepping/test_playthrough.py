"""Playing a story, case by case: windows, grace, ties, hidden plots, the director, dead ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.story.stories import described, state
from xrdrama.story import (
    Due,
    Forced,
    Found,
    Held,
    Picked,
    Playthrough,
    Story,
    begin,
    load_story,
    next_due,
    step,
)
from xrdrama.story.reading import BREATH, SHORTEST_LINE, reading_time
from xrdrama.story.stepping.happenings import ChoiceOpened, Declined, Ended, StoryEvent, Taken
from xrdrama.timing import NS

MS = NS // 1000
LINE = SHORTEST_LINE + BREATH


def story_with(beats: str, *, head: str = "") -> Story:
    """A story of block YAML beats, in a set called s, with Lan in its cast."""
    return load_story(
        f"xrdrama: 1\nid: tried\nscene: s\ncast: {{lan: {{name: Lan}}}}\n{head}\nbeats:\n{beats}",
        "tried.branch.yaml",
    )


def play(story: Story, *events: StoryEvent) -> tuple[Playthrough, list[tuple[str, str, int]]]:
    """The playthrough after the events, and all that happened, in milliseconds."""
    p, happenings = begin(story)
    for event in events:
        p, more = step(p, event)
        happenings += more
    return p, [(what, which, at // MS) for what, which, at in map(described, happenings)]


def only(what: str, happened: list[tuple[str, str, int]]) -> list[tuple[str, int]]:
    return [(which, at) for kind, which, at in happened if kind == what]


# -- the script ---------------------------------------------------------------------------------


def test_a_script_takes_its_time() -> None:
    story = story_with(
        """
  a:
    script: |
      EXT. LANE
      LAN: One. #l1aa
      @lamp_on
      @lamp_off at=+500ms
      LAN: Two. #l2aa
      @wait 2s
      @sound bell
    next: b
  b: {ending: end}
"""
    )
    line = LINE // MS
    _, happened = play(story, Due(60 * NS))
    assert happened == [
        ("BeatEntered", "a", 0),
        ("Directed", "EXT. LANE", 0),
        ("Spoken", "l1aa", 0),
        ("CueCalled", "lamp_on", line),
        ("Spoken", "l2aa", line),
        ("CueCalled", "lamp_off", line + 500),
        ("SoundCalled", "bell", 2 * line + 2000),
        ("Taken", "a - b next", 2 * line + 2000),
        ("BeatEntered", "b", 2 * line + 2000),
        ("Ended", "end", 2 * line + 2000),
    ]


@pytest.mark.parametrize("way", ["ending: e", "next: b", "return: true"])
def test_a_cue_behind_the_last_line_still_comes(way: str) -> None:
    """`at=` behind the last line: the beat is not over before."""
    story = story_with(
        f"""
  a:
    script: |
      LAN: Good night. #l1aa
      @fade_out at=+2s over=3s
      @sound bell at=+1s
    {way}
  b: {{ending: end}}
"""
    )
    _, happened = play(story, Due(60 * NS))
    end = (LINE + 2 * NS) // MS
    assert only("CueCalled", happened) == [("fade_out", end)]
    assert only("SoundCalled", happened) == [("bell", end - 1000)]
    assert happened[-1][2] == end


def test_the_least_time_of_a_beat_is_kept_and_no_more() -> None:
    text = "\n  a: {{dur: {{min: {}}}, script: '@wait 3s', ending: e}}"
    for least, end in (("5s", 5000), ("2s", 3000)):
        _, happened = play(story_with(text.format(least)), Due(9 * NS))
        assert only("Ended", happened) == [("e", end)]


def test_items_under_a_condition_that_is_false_take_no_time() -> None:
    story = story_with(
        """
  a:
    script: |
      {if seen(b)} LAN: Never. #l1aa
      {if seen(b)} @wait 2s
      {if seen(b)} @lamp_on at=+2s
      {if not seen(b)} @lamp_off
    ending: e
  b: {ending: f}
"""
    )
    _, happened = play(story, Due(0))
    assert [h[:2] for h in happened] == [
        ("BeatEntered", "a"), ("CueCalled", "lamp_off"), ("Ended", "e")
    ]  # fmt: skip


def test_a_thousand_items_without_time_are_no_circle() -> None:
    rows = "\n".join(f"      Action {n}." for n in range(1500))
    _, happened = play(story_with(f"\n  a:\n    script: |\n{rows}\n    ending: e"), Due(0))
    assert len(only("Directed", happened)) == 1500
    assert happened[-1][:2] == ("Ended", "e")


def test_delayed_cues_of_one_moment_come_in_the_order_of_the_file_then_script_then_choice() -> None:
    story = story_with(
        """
  a:
    script: |
      @third at=+1s
      @first at=+500ms
      @fourth at=+1s
      @wait 500ms
      @second
      @wait 500ms
      @fifth
    choice:
      window: {opens: 1s}
      options: {x: {to: a}}
"""
    )
    _, happened = play(story, Due(NS))
    assert only("CueCalled", happened) == [
        ("first", 500), ("second", 500), ("third", 1000), ("fourth", 1000), ("fifth", 1000),
    ]  # fmt: skip
    assert happened[-1] == ("ChoiceOpened", "x", 1000)


def test_the_first_exit_whose_condition_holds_is_taken() -> None:
    story = story_with(
        """
  a:
    next: [{to: b, if: n > 1}, {to: c, if: n > 0, set: {n: n + 1}}, d]
  b: {ending: b}
  c: {next: a}
  d: {ending: d}
""",
        head="vars: {n: {type: int, min: 0, max: 3, init: 1}}",
    )
    p, happened = play(story, Due(0))
    assert [which for which, _ in only("Taken", happened)] == [
        "a - c next", "c - a next", "a - b next"
    ]  # fmt: skip
    assert p.ending == "b" and p.value("n") == 2


# -- choices ------------------------------------------------------------------------------------

TIMED = """
  ask:
    script: "@wait 1s"
    choice:
      id: first
      window: {opens: 2s, closes: 5s, grace: 1s}
      options:
        yes_please: {to: yes_end}
        no_thanks: {to: no_end, if: seen(no_end)}
      else: silence
  yes_end: {ending: yes_end}
  no_end: {ending: no_end}
  silence: {ending: silence}
"""
timed = story_with(TIMED)


@given(st.integers(0, 7 * NS), st.none() | st.integers(0, 7 * NS))
def test_a_pick_counts_in_the_window_and_when_it_began_there_in_the_grace(
    at: int, began: int | None
) -> None:
    p, happenings = step(begin(timed)[0], Picked("yes_please", at, "voice", began))
    taken = [h for h in happenings if isinstance(h, Taken)]
    if at >= 6 * NS:
        assert (taken[0].to, taken[0].by, taken[0].at) == ("silence", "timeout", 6 * NS)
    elif at >= 2 * NS and (at if began is None else began) <= 5 * NS:
        assert taken == [Taken("ask", "first", "yes_please", "yes_end", "voice", at)]
    else:
        assert not taken and p.beat == "ask"
        assert happenings[-1] == Declined(
            Picked("yes_please", at, "voice", began),
            "no choice is open" if at < 2 * NS else "the window has closed",
            at,
        )


def test_silence_is_taken_exactly_when_the_grace_is_over() -> None:
    p, _ = step(begin(timed)[0], Due(5 * NS))
    assert (p.phase, p.closes_at, next_due(p)) == ("grace", 5 * NS, 6 * NS)
    assert [o.id for o in p.options()] == ["yes_please"]
    p, nothing = step(p, Due(6 * NS - 1))
    assert not nothing and p.beat == "ask"
    p, happenings = step(p, Due(6 * NS))
    assert described(happenings[0]) == ("Taken", "ask else silence timeout", 6 * NS)
    assert p.beat == "silence"


def test_what_is_not_offered_is_declined_and_says_why() -> None:
    p, _ = step(begin(timed)[0], Due(3 * NS))
    for option, reason in (
        ("no_thanks", "'no_thanks' is not offered at 'ask'"),
        ("nothing", "'nothing' is not offered at 'ask'"),
    ):
        after, (declined,) = step(p, Picked(option, 3 * NS))
        assert described(declined)[1] == reason
        assert state(after) == state(p)
    ended, _ = step(p, Picked("yes_please", 3 * NS))
    ended, _ = step(ended, Due(3 * NS))
    assert ended.ending == "yes_end" and next_due(ended) is None
    _, (declined,) = step(ended, Picked("yes_please", 4 * NS))
    assert described(declined)[1] == "the story has ended"
    assert ended.hidden() == () and ended.options() == ()


@pytest.mark.parametrize(
    ("window", "opened", "closes"),
    [
        ("{lasts: 4s}", 1000, 5000),
        ("{closes: 5s}", 1000, 5000),
        ("{closes: 500ms}", 1000, 1000),
        ("{opens: 300ms, lasts: 4s}", 300, 4300),
        ("{opens: 0s, closes: 5s}", 0, 5000),
        ("{opens: 3s}", 3000, None),
        ("{}", 1000, None),
    ],
)
def test_when_a_window_opens_and_closes(window: str, opened: int, closes: int | None) -> None:
    story = story_with(TIMED.replace("{opens: 2s, closes: 5s, grace: 1s}", window))
    p, happenings = begin(story)
    while p.phase == "waiting":
        p, happenings = step(p, Due(next_due(p) or 0))
    assert isinstance(happenings[-1], ChoiceOpened)
    assert described(happenings[-1])[1:] == ("yes_please", opened * MS)
    assert p.closes_at == (None if closes is None else closes * MS)


def test_an_open_choice_without_a_window_waits_for_ever() -> None:
    story = story_with("\n  a: {choice: {options: {x: {to: b}}}}\n  b: {ending: e}")
    p, _ = step(begin(story)[0], Due(1000 * NS))
    assert next_due(p) is None and [o.id for o in p.options()] == ["x"]
    p, happenings = step(p, Picked("x", 2000 * NS))
    assert p.beat == "b" and described(happenings[-1])[2] == 2000 * NS


def test_an_option_that_is_there_once_is_gone_afterwards() -> None:
    story = story_with(
        """
  hub:
    choice:
      options: {one: {to: hub, once: true}, two: {to: hub, once: true}}
      else: out
  out: {ending: out}
"""
    )
    p, happened = play(story, Picked("one", 0), Due(NS), Picked("two", 2 * NS), Due(3 * NS))
    assert only("ChoiceOpened", happened) == [("one two", 0), ("two", 0)]
    # Nothing is left to offer: the else is taken at once.
    assert happened[-2:] == [("BeatEntered", "out", 2000), ("Ended", "out", 2000)]
    assert p.ending == "out"


def test_picking_cuts_the_script_and_its_delayed_cues() -> None:
    story = story_with(
        """
  a:
    script: |
      @late at=+3s
      LAN: A long story. #l1aa
    choice: {window: {opens: 100ms}, options: {x: {to: b}}}
  b: {script: "@wait 9s", ending: e}
"""
    )
    p, happened = play(story, Picked("x", 200 * MS), Due(20 * NS))
    assert not only("CueCalled", happened) and p.ending == "e"


def test_effects_are_applied_in_order_and_clamped() -> None:
    story = story_with(
        """
  a:
    choice:
      options: {x: {to: a, set: {n: n + 2, f: n / 2, b: n == 3, w: "'up'", t: "'said'"}}}
""",
        head="vars: {n: {type: int, min: 0, max: 3}, f: {type: float, min: 0, max: 1}, "
        "b: {type: bool}, w: {type: enum, of: [down, up]}, t: {type: text}}",
    )
    p, _ = step(begin(story)[0], Picked("x", 0))
    assert p.values == (2, 1.0, False, "up", "said")
    p, _ = step(p, Picked("x", 0))
    assert p.values == (3, 1.0, True, "up", "said")
    assert [type(v) for v in p.values] == [int, float, bool, str, str]


# -- hidden plots -------------------------------------------------------------------------------

HIDDEN = """
  ask:
    script: |
      LAN: One. #l1aa
      @lamp_on at=+2s
      @wait 3s
      LAN: Two. #l2aa
    choice:
      window: {lasts: 4s, grace: 1s}
      options: {stay: {to: end}}
      else: end
    hidden:
      - {id: print, on: {marker: door_god}, to: aside, if: not knew, set: {knew: true}}
      - {id: gone, on: [{marker: lamp}, {voice: open up}], to: end, return: false}
  aside: {script: "@wait 2500ms", return: true}
  end: {script: "@wait 1s", ending: end}
"""
hidden = story_with(HIDDEN, head="vars: {knew: {type: bool}}")


@given(st.integers(0, 14 * NS), st.integers(0, 3 * NS))
def test_a_hidden_plot_delays_what_it_interrupts_by_its_length(found: int, held: int) -> None:
    def tail(p: Playthrough, now: int) -> list[tuple[str, str, int]]:
        _, happenings = step(p, Due(now + 60 * NS))
        return [(what, which, at - now) for what, which, at in map(described, happenings)]

    before, _ = step(begin(hidden)[0], Due(found))
    p, happenings = step(before, Found("marker", "door_god", found))
    if before.beat != "ask":
        assert described(happenings[-1])[:2] == (
            "Declined",
            "no hidden plot can be opened here now",
        )
        return
    assert described(happenings[0]) == ("Taken", "ask print aside marker", found)
    assert p.value("knew") is True and not p.options()
    p, _ = step(p, Held(True, found + NS))
    p, _ = step(p, Held(False, found + NS + held))
    back = found + 2500 * MS + held
    p, happenings = step(p, Due(back))
    assert ("BeatEntered", "ask again", back) in map(described, happenings)
    assert tail(p, back) == tail(before, found)
    assert [o.id for o in p.options()] == [o.id for o in before.options()]


def test_a_hidden_plot_opens_once_and_only_what_is_hidden_here() -> None:
    p, _ = begin(hidden)
    assert [plot.id for plot in p.hidden()] == ["print", "gone"]
    p, _ = step(p, Found("marker", "door_god", 0))
    p, _ = step(p, Due(3 * NS))
    assert p.beat == "ask" and [plot.id for plot in p.hidden()] == ["gone"]
    _, (declined,) = step(p, Found("marker", "door_god", 3 * NS))
    assert described(declined)[1] == "no hidden plot can be opened here now"
    p, _ = step(p, Found("voice", "open up", 3 * NS))
    assert p.beat == "end" and not p.interrupted


def test_plots_of_the_whole_story_open_during_the_beats_that_they_name() -> None:
    story = story_with(
        """
  a: {choice: {options: {x: {to: b}}}}
  b: {choice: {options: {x: {to: a}}}}
  aside: {return: true}
hidden:
  - {id: here, on: {marker: m}, during: b, to: aside}
  - {id: everywhere, on: {marker: w}, to: aside}
"""
    )
    p, _ = begin(story)
    assert [plot.id for plot in p.hidden()] == ["everywhere"]
    p, _ = step(p, Picked("x", 0))
    assert [plot.id for plot in p.hidden()] == ["here", "everywhere"]


def test_plots_may_open_within_plots() -> None:
    story = story_with(
        """
  a: {script: "@wait 10s", ending: e}
  aside: {script: "@wait 1s", return: true}
hidden:
  - {id: one, on: {marker: m}, to: aside}
  - {id: two, on: {marker: m}, to: aside}
"""
    )
    p, happened = play(
        story, Found("marker", "m", NS), Found("marker", "m", NS + 500 * MS), Due(60 * NS)
    )
    assert [which for which, _ in only("BeatEntered", happened)] == [
        "a", "aside", "aside", "aside again", "a again"
    ]  # fmt: skip
    assert only("Ended", happened) == [("e", 12_000)] and not p.interrupted


# -- the director -------------------------------------------------------------------------------


def test_the_director_forces_where_the_beat_allows_it() -> None:
    story = story_with(
        """
  a: {script: "@wait 9s", next: b, director: {force: [c]}}
  b: {ending: b}
  c: {script: "@wait 1s", ending: c}
"""
    )
    p, happened = play(
        story, Forced("b", NS), Forced("nowhere", NS), Held(True, NS), Forced("c", 5 * NS)
    )
    assert [which for which, _ in only("Declined", happened)] == [
        "'b' may not be forced from 'a'", "there is no beat 'nowhere'"
    ]  # fmt: skip
    assert p.beat == "c" and p.held_at is None
    p, _ = step(p, Due(9 * NS))
    assert p.ending == "c"
    p, _ = step(p, Forced("a", 10 * NS))
    assert p.beat == "a" and p.ending == "" and next_due(p) == 10 * NS


def test_the_director_holds_where_the_beat_allows_it() -> None:
    story = story_with(
        "\n  a: {script: '@wait 1s', next: b, director: {hold: false}}"
        "\n  b: {script: '@wait 1s', ending: b}"
    )
    p, happened = play(story, Held(True, 0), Held(False, 0))
    assert only("Declined", happened) == [("'a' may not be held", 0)] and p.held_at is None
    p, happened = play(story, Held(True, NS), Held(True, 2 * NS), Found("marker", "m", 2 * NS))
    assert p.held_at == NS and only("Declined", happened) == [("the story is held", 2000)]


def test_a_storys_director_may_also_force_out_of_a_hidden_plot() -> None:
    p, happened = play(hidden, Found("marker", "door_god", 0), Forced("end", NS), Due(9 * NS))
    assert p.ending == "end" and not p.interrupted
    assert ("aside - end director", 1000) in only("Taken", happened)


# -- where a story stands still -----------------------------------------------------------------


def test_a_circle_without_time_stands_still_and_the_director_gets_it_going() -> None:
    story = story_with("\n  a: {next: b}\n  b: {next: a}\n  c: {ending: c}")
    p, happened = play(story, Due(0))
    assert happened[-1][0] == "Declined" and "without time" in happened[-1][1]
    assert next_due(p) is None and not p.ending
    p, _ = step(p, Forced("c", NS))
    p, happenings = step(p, Due(NS))
    assert isinstance(happenings[-1], Ended)


def test_a_lost_return_stands_still() -> None:
    p, happened = play(story_with("\n  a: {return: true}"), Due(0))
    assert happened[-1][1] == "beat 'a' returns, but nothing was interrupted"
    assert next_due(p) is None


def test_a_choice_that_offers_nothing_and_has_no_else_waits_for_the_director() -> None:
    story = story_with("\n  a: {choice: {options: {x: {to: a, if: 'false'}}}}")
    p, happened = play(story, Due(9 * NS))
    assert happened[-1] == ("ChoiceOpened", "", 0)
    assert p.phase == "open" and not p.options() and next_due(p) is None


# -- the rest -----------------------------------------------------------------------------------


def test_a_playthrough_can_begin_elsewhere_with_other_values() -> None:
    p, happenings = begin(hidden, at=7 * NS, start="end", values={"knew": True})
    assert p.beat == "end" and p.value("knew") is True
    assert described(happenings[0]) == ("BeatEntered", "end", 7 * NS)


@pytest.mark.parametrize(
    ("text", "language", "seconds"),
    [("Hi.", "en", 1.2), ("x" * 60, "en", 4.0), ("十二盏灯。" * 3, "zh-Hans", 3.0),
     ("가" * 14, "ko", 2.0)],
)  # fmt: skip
def test_captions_stand_as_long_as_they_take_to_read(
    text: str, language: str, seconds: float
) -> None:
    assert reading_time(text, language) == round(seconds * NS)
