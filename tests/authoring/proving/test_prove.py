"""What is proved: each kind of finding with a story that has it, and numbers computed by hand."""

from __future__ import annotations

import pytest

from xrdrama.authoring.proving import Proof, find_witness, prove, search, witness_to
from xrdrama.authoring.proving.caps import UNBOUNDED, visit_caps
from xrdrama.story import Story, load_story
from xrdrama.story.reading import BREATH, SHORTEST_LINE
from xrdrama.story.stepping.rehearsal import Rehearsal
from xrdrama.timing import NS

HEAD = """\
xrdrama: 1
id: night
scene: lane
cast: {lan: {name: Lan}}
vars:
  nerve: {type: int, min: 0, max: 5}
  luck: {type: int, min: 1, max: 6, init: 1}
beats:
"""
LINE = (SHORTEST_LINE + BREATH) / NS


def story(beats: str, after: str = "") -> Story:
    return load_story(HEAD + beats + after, "night.branch.yaml")


def proved(beats: str, after: str = "", *, states: int = 50_000) -> Proof:
    return prove(story(beats, after), states=states)


def endings(proof: Proof) -> dict[str, bool | None]:
    return {ending.id: ending.reachable for ending in proof.endings}


BRAVE = """\
  a: {choice: {options: {go: {to: b, set: {nerve: nerve + 1}}, stay: {to: b}}}}
  b: {choice: {options: {go: {to: c, set: {nerve: nerve + 1}}, stay: {to: c}}}}
  c:
    choice:
      options:
        dare: {text: I dare, to: won, if: nerve >= LEVEL}
        home: {to: lost}
  won: {ending: won}
  lost: {ending: lost}
"""


def test_an_ending_behind_a_value_that_is_never_reached() -> None:
    found = proved(BRAVE.replace("LEVEL", "3"))
    assert found.complete and not found.is_clean
    assert endings(found) == {"won": False, "lost": True}
    assert found.never_offered == ("c.dare",)
    assert found.never_reached == ("won",)
    assert [(c.condition, c.line, c.always) for c in found.conditions] == [
        ("nerve >= 3", 14, False)
    ]


def test_the_same_ending_one_step_nearer_has_a_shortest_witness() -> None:
    found = proved(BRAVE.replace("LEVEL", "2"))
    assert found.is_clean
    assert endings(found) == {"won": True, "lost": True}
    won = found.endings[0]
    assert won.witness == ("go", "go", "dare")
    assert won.paths == 1 and found.endings[1].paths == 4
    assert found.dominators == {"won": ["a", "b", "c", "won"], "lost": ["a", "b", "c", "lost"]}
    played = Rehearsal(story(BRAVE.replace("LEVEL", "2")))
    for act in won.witness:
        played.pick(act)
    assert played.playthrough.ending == "won"


def test_an_incomplete_search_claims_nothing_that_it_has_not_seen() -> None:
    found = proved(BRAVE.replace("LEVEL", "3"), states=3)
    assert not found.complete and not found.is_clean
    assert "more than 3 states" in found.limits[0]
    assert endings(found) == {"won": None, "lost": None}
    assert found.never_offered == found.never_reached == () == found.conditions
    assert {"won", "lost"} <= set(found.not_met)
    assert find_witness(story(BRAVE.replace("LEVEL", "3")), "won", states=3) == (None, False)
    assert find_witness(story(BRAVE.replace("LEVEL", "3")), "won") == (None, True)


def fourteen(plot_needs: int) -> Story:
    """Fourteen choices of three options, one of which is noticed; a plot for those who saw all."""
    flags = [f"f{n}" for n in range(14)]
    rows = [
        f"  b{n}: {{choice: {{options: {{look: {{to: b{n + 1}, set: {{f{n}: true}}}}, "
        f"walk: {{to: b{n + 1}}}, run: {{to: b{n + 1}}}}}}}}}"
        for n in range(14)
    ]
    needs = " and ".join(flags[:plot_needs] + (["f0 == false"] if plot_needs > 14 else []))
    return load_story(
        "xrdrama: 1\nid: fourteen\nscene: lane\ncast: {lan: {name: Lan}}\nvars:\n"
        + "".join(f"  {flag}: {{type: bool}}\n" for flag in flags)
        + "beats:\n"
        + "\n".join(rows)
        + "\n  b14:\n    choice:\n      window: {lasts: 2s}\n      options: {end: {to: end}}\n"
        "      else: end\n"
        f"    hidden: [{{id: print, on: {{marker: print}}, to: secret, if: {needs}, "
        "return: false}]\n"
        "  end: {ending: end}\n  secret: {ending: secret}\n",
        "fourteen.branch.yaml",
    )


def test_a_plot_behind_fourteen_one_in_three_choices_is_found() -> None:
    found = prove(fourteen(14))
    assert found.is_clean
    secret = found.endings[1]
    assert secret.witness == ("look",) * 14 + ("marker:print",)
    assert secret.paths == 1
    assert found.endings[0].paths == 2 * 3**14
    assert 32_000 < found.states < 70_000


def test_a_plot_that_contradicts_itself_is_proved_impossible() -> None:
    found = prove(fourteen(15))
    assert found.complete
    assert found.never_opened == ("print",)
    assert endings(found) == {"end": True, "secret": False}


def test_running_times_are_those_of_the_lines_and_windows() -> None:
    found = proved(
        """\
  a:
    script: |
      LAN: Yes. #l1aa
      @wait 2s
    choice:
      window: {lasts: 4s, grace: 1s}
      options: {go: {to: b}}
      else: c
  b: {script: "@wait 10s", ending: long}
  c: {dur: {min: 3s}, ending: short}
"""
    )
    long, short = found.endings
    assert long.seconds is not None and short.seconds is not None
    start = LINE + 2
    assert long.seconds.least == pytest.approx(start + 10)
    assert long.seconds.typical == pytest.approx(start + 2.5 + 10)
    assert long.seconds.most == pytest.approx(start + 5 + 10)
    # Silence is noticed when the window and its grace are over.
    assert short.seconds.least == short.seconds.most == pytest.approx(start + 5 + 3)


def test_the_author_s_own_duration_is_the_typical_one() -> None:
    untimed = "  a: {dur: {DUR}, choice: {options: {go: {to: b}}}}\n  b: {ending: e}\n"
    for dur, typical, most in (
        ("typical: 8s", 8, None),
        ("typical: 8s, max: 20s", 8, 20),
        ("min: 0s", 5, None),
    ):
        seconds = proved(untimed.replace("DUR", dur)).endings[0].seconds
        assert seconds is not None
        assert (seconds.typical, seconds.most) == (typical, most)


LOOP = """\
  a: {choice: {window: {lasts: 1s, grace: 0s}, options: OPTIONS, else: e}}
  b: {script: "@wait 1s", next: a}
  e: {ending: e}
"""


def test_a_loop_has_no_longest_path_unless_its_visits_are_bounded() -> None:
    free = proved(LOOP.replace("OPTIONS", "{again: {to: b}}")).endings[0]
    assert free.seconds is not None and free.seconds.most is None and free.paths is None
    assert free.why_unbounded == "a loop leads there"
    bounded = proved(LOOP.replace("OPTIONS", "{again: {to: b, if: visits(a) < 4}}")).endings[0]
    assert bounded.seconds is not None
    # Four visits: three times a pick at the end of its window and a second of b, then silence;
    # at the fourth nothing is offered, and the else follows at once.
    assert bounded.seconds.most == pytest.approx(3 * 2)
    assert bounded.paths == 4
    assert bounded.longest == ("again", "again", "again")


def test_a_story_that_gets_stuck_says_where_and_how() -> None:
    found = proved(
        "  a: {choice: {options: {x: {to: b}, y: {to: b, set: {nerve: 2}}}}}\n"
        "  b: {choice: {options: {z: {to: e, if: nerve > 1}}}}\n  e: {ending: e}\n"
    )
    assert [(one.beat, one.witness) for one in found.stuck] == [("b", ("x",))]
    assert found.endless == ()  # where it stops is said once
    assert not found.is_clean


def test_the_beats_of_a_plot_beside_the_main_path_are_entered() -> None:
    text = (
        "  a: {script: '@wait 5s', choice: {window: {lasts: 3s}, options: {x: {to: e}}, else: e}}\n"
        "  tv: {script: '@wait 1s', next: off}\n  off: {script: '@wait 1s', return: true}\n"
        "  e: {ending: e}\n"
    )
    plot = "hidden:\n  - {id: p, on: {marker: tv}, to: tv, parallel: true}\n"
    found = proved(text + plot)
    assert found.never_reached == () and found.is_clean
    assert proved(text).never_reached == ("tv", "off")


def test_a_loop_from_which_no_ending_can_be_reached_is_found_by_values() -> None:
    text = (
        "  a: {choice: {options: {x: {to: b, set: {nerve: 1}}, y: {to: b}}}}\n"
        "  b: {script: '@wait 1s', next: [{to: e, if: nerve == BOUND}, c]}\n"
        "  c: {script: '@wait 1s', next: b}\n  e: {ending: e}\n"
    )
    found = proved(text.replace("BOUND", "1"))
    assert [(one.beat, one.witness) for one in found.endless] == [("b", ("y",))]
    assert found.stuck == () and not found.is_clean
    assert proved(text.replace("nerve == BOUND", "nerve <= 1")).endless == ()


DICE = """\
  a: {choice: {options: {roll: {to: b, set: {luck: "random(1, 6)"}}}}}
  b: {next: [{to: six, if: luck == 6}, {to: never, if: luck + nerve == 0}, other]}
  six: {ending: six}
  never: {ending: never}
  other: {ending: other}
"""


def test_every_random_number_is_followed_and_the_witness_has_a_seed() -> None:
    found = proved(DICE)
    assert endings(found) == {"six": True, "never": False, "other": True}
    six = found.endings[0]
    assert six.seed is not None
    played = Rehearsal(story(DICE), seed=six.seed)
    played.pick("roll")
    assert played.playthrough.ending == "six"


def test_a_random_number_with_too_many_values_is_named() -> None:
    wide = HEAD.replace("max: 6", "max: 900000")
    found = prove(
        load_story(
            wide + "  a: {choice: {options: {x: {to: b, set: {luck: 'random(1, 900000)'}}}}}\n"
            "  b: {next: [{to: e, if: luck == 7777}, f]}\n  e: {ending: e}\n  f: {ending: f}\n",
            "wide.branch.yaml",
        )
    )
    assert not found.complete
    assert any("more than 4,096 values" in limit for limit in found.limits)
    assert endings(found) == {"e": None, "f": True}


def test_visits_that_are_counted_too_far_are_named() -> None:
    found = proved(
        "  a: {script: '@wait 1s', next: [{to: e, if: visits(a) > 300}, {to: a}]}\n"
        "  e: {ending: e}\n"
    )
    assert not found.complete and found.endings[0].reachable is None
    assert found.limits == ("visits(a) is counted up to 255 only",)


def test_more_places_than_bits_for_them_get_more_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PLACE_BITS", (1, 2, 12))
    assert proved(BRAVE.replace("LEVEL", "2")).is_clean
    monkeypatch.setattr(search, "PLACE_BITS", (1, 2))
    found = proved(BRAVE.replace("LEVEL", "2"))
    assert not found.complete
    assert found.limits == ("hidden plots and detours interrupt each other too deeply",)


def test_a_detour_without_end_is_named_and_proves_nothing() -> None:
    found = proved(
        "  a: {choice: {options: {ask: {detour: a}, end: {to: e}}}}\n  e: {ending: e}\n",
        states=2_000,
    )
    assert not found.complete
    assert endings(found) == {"e": True}


def test_the_way_to_a_beat_is_a_playthrough_that_has_just_entered_it() -> None:
    way = witness_to(story(BRAVE.replace("LEVEL", "2")), "won")
    assert way is not None
    assert way.acts == ("go", "go", "dare")
    assert way.playthrough.beat == "won" and way.playthrough.value("nerve") == 2
    assert way.playthrough.visits == (1, 1, 1, 1, 0)


def test_dominators_know_values_where_the_graph_of_beats_does_not() -> None:
    beats = (
        "  a: {choice: {options: {x: {to: b}, y: {to: c}}}}\n"
        "  b: {script: '@wait 1s', next: c}\n"
        "  c: {choice: {options: {in: {to: e, if: seen(b)}, out: {to: f}}}}\n"
        "  e: {ending: e}\n  f: {ending: f}\n"
    )
    assert proved(beats).dominators == {"e": ["a", "b", "c", "e"], "f": ["a", "c", "f"]}
    # Too few states to be sure: then only what the beats alone prove.
    assert proved(beats, states=6).dominators.get("f", ["a", "c", "f"]) == ["a", "c", "f"]


@pytest.mark.parametrize(
    ("text", "caps"),
    [
        ("seen(a)", {"a": 1}),
        ("visits(a) < 3 and seen(b)", {"a": 4, "b": 1}),
        ("2 <= visits(a)", {"a": 3}),
        ("visits(a) == nerve", {"a": UNBOUNDED}),
        ("visits(a) + 1 < 3", {"a": UNBOUNDED}),
        ("1 < visits(a) < 7", {"a": 8}),
        ("visits(a) > -3", {"a": 1}),
        ("visits(a) > 1000", {"a": UNBOUNDED}),
        ("nerve > 1", {}),
    ],
)
def test_visits_are_counted_as_far_as_a_condition_depends_on_them(
    text: str, caps: dict[str, int]
) -> None:
    assert visit_caps(text) == caps


# -- what the language adds ---------------------------------------------------------------------


def test_an_effect_in_a_script_opens_an_ending() -> None:
    beats = """\
  a:
    script: |
      {if nerve == 0}
        LAN: Breathe. #l1aa
        @set nerve = nerve + 2
      {else}
        LAN: Again. #l2aa
    choice: {options: {again: {to: a}, dare: {to: won, if: nerve >= LEVEL}}}
  won: {ending: won}
"""
    assert proved(beats.replace("LEVEL", "2")).is_clean
    assert endings(proved(beats.replace("LEVEL", "3"))) == {"won": False}


def test_a_detour_comes_back_and_a_question_is_asked_once() -> None:
    found = proved(
        """\
  a:
    script: |
      LAN: Well? #l1aa
    choice:
      options:
        ask: {text: Why thirteen, detour: hooks, once: true, set: {nerve: nerve + 1}}
        leave: {text: Leave, to: cold, fallback: true}
        stay: {text: Stay, to: warm, if: nerve > 0}
  hooks: {script: "@wait 2s", return: true}
  warm: {ending: warm}
  cold: {ending: cold}
"""
    )
    warm, cold = found.endings
    assert warm.witness == ("ask", "stay")
    # A fallback is offered only when nothing else is: here there always is something.
    assert cold.reachable is False
    assert found.never_offered == ("a.leave",)
    assert warm.seconds is not None and warm.seconds.least == pytest.approx(LINE + 2)
    assert found.dominators["warm"] == ["a", "hooks", "warm"]


MARKET = """\
storylets:
  market: {choose: least_seen, else: night}
beats:
  day: {script: "@wait 1s", next: market}
  fish: {storylet: market, once: true, script: "@wait 1s", next: market}
  bread: {storylet: market, when: coins >= 1, once: true, choice: {options: {buy: {to: market,
    set: {coins: coins - 1}}, steal: {to: market}}}}
  thief: {storylet: market, when: coins > 3, script: "@wait 1s", ending: caught}
  night: {next: [{to: poor, if: coins == 0}, rich]}
  poor: {ending: poor}
  rich: {ending: rich}
"""


def test_storylets_are_followed_through_their_group() -> None:
    text = HEAD.replace("beats:\n", "  coins: {type: int, min: 0, max: 5, init: 1}\n") + MARKET
    found = prove(load_story(text, "market.branch.yaml"))
    assert found.complete and found.stuck == ()
    assert endings(found) == {"caught": False, "poor": True, "rich": True}
    assert found.never_reached == ("thief",)
    assert [ending.witness for ending in found.endings] == [(), ("buy",), ("steal",)]
    assert found.dominators["poor"] == ["day", "bread", "fish", "night", "poor"]


def test_a_group_without_a_storylet_is_where_the_story_gets_stuck() -> None:
    text = HEAD.replace("beats:\n", "storylets: {market: {choose: first}}\nbeats:\n") + (
        "  a: {script: '@wait 1s', next: market}\n"
        "  b: {storylet: market, when: nerve > 0, ending: e}\n"
    )
    found = prove(load_story(text, "market.branch.yaml"))
    assert [(one.beat, one.witness) for one in found.stuck] == [("a", ())]
    assert found.never_reached == ("b",)


def test_alternatives_in_turn_are_followed_in_turn() -> None:
    beats = """\
  a:
    script: |
      @group CHOOSE
      => LAN: One. #l1aa
      => LAN: Two. #l2aa
         @set nerve = 2
      => LAN: Three. #l3aa
         @set nerve = 3
    choice: {options: {again: {to: a, once: true}, two: {to: two, if: nerve == 2},
      three: {to: three, if: nerve == 3}, end: {to: one}}}
  one: {ending: one}
  two: {ending: two}
  three: {ending: three}
"""
    in_turn = proved(beats.replace("CHOOSE", "cycle"))
    assert endings(in_turn) == {"one": True, "two": True, "three": False}
    assert in_turn.endings[1].witness == ("again", "two")
    drawn = proved(beats.replace("CHOOSE", "shuffle"))
    assert endings(drawn) == {"one": True, "two": True, "three": True}
    assert endings(proved(beats.replace("CHOOSE", "first"))) == {
        "one": True, "two": False, "three": False
    }  # fmt: skip


def test_a_plot_beside_the_main_path_changes_what_comes_after() -> None:
    found = proved(
        """\
  a:
    script: |
      LAN: Wait. #l1aa
    choice: {options: {go: {to: b, if: nerve == 0}, dare: {to: won, if: nerve > 0}}}
  b: {script: "@wait 9s", choice: {options: {dare: {to: won, if: nerve > 0}, end: {to: lost}}}}
  aside:
    script: |
      @wait 1s
      @set nerve = 1
    return: true
  won: {ending: won}
  lost: {ending: lost}
hidden: [{id: print, on: {marker: print}, during: [a], to: aside, parallel: true}]
"""
    )
    assert found.complete
    assert endings(found) == {"won": True, "lost": True}
    assert found.endings[0].witness[0] == "marker:print"


def test_a_computed_variable_is_what_it_is_computed_from() -> None:
    head = HEAD.replace(
        "beats:\n", "  brave: {type: computed, from: nerve >= 2 and seen(b)}\nbeats:\n"
    )
    beats = BRAVE.replace("nerve >= LEVEL", "brave")
    found = prove(load_story(head + beats, "computed.branch.yaml"))
    assert found.endings[0].witness == ("go", "go", "dare")
    never = prove(load_story(head.replace(">= 2", ">= 3") + beats, "computed.branch.yaml"))
    assert never.endings[0].reachable is False
