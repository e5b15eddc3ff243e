"""Blocks of a script: conditions with indented lines, alternatives, once, effects, detours."""

from __future__ import annotations

import pytest

from tests.story.language.playing import found, heard_from, story
from xrdrama.story.model import Group, Jump, Line
from xrdrama.story.stepping.rehearsal import Rehearsal


def looping(script: str) -> str:
    """A beat with a script, to which its only option leads back."""
    indented = "\n".join("      " + row for row in script.splitlines())
    return f"""\
beats:
  a:
    script: |
{indented}
    choice:
      options:
        again: {{text: Again, to: a}}
        rich: {{text: Rich, to: a, set: {{coins: 9}}}}
        end: {{text: End, to: b}}
  b: {{ending: done}}
"""


def heard(script: str, picks: str = "", seed: int = 0) -> list[list[str]]:
    player = Rehearsal(story(looping(script)), seed=seed)
    rounds = [heard_from(player)]
    for pick in picks.split():
        player.pick(pick)
        rounds.append([text for text in heard_from(player) if text[:2] != "->"])
    return rounds


BLOCK = """\
{if rich}
  LAN: Rich.
  LAN: Very.
{elif coins == 3}
  LAN: Three.
{else}
  LAN: Some.
LAN: After."""


def test_a_block_plays_the_lines_below_the_first_condition_that_is_true() -> None:
    assert heard(BLOCK, "rich") == [["Three.", "After."], ["Rich.", "Very.", "After."]]


def test_a_script_with_a_block_is_one_list_of_items() -> None:
    script = story(looping(BLOCK)).beats["a"].script
    group = script[0]
    assert isinstance(group, Group) and group.choose == "first" and group.end == 8
    assert [one.start for one in group.alternatives] == [1, 4, 6]
    kinds = [type(item) for item in script[1:]]
    assert kinds == [Line, Line, Jump, Line, Jump, Line, Jump, Line]
    assert [item.to for item in script if isinstance(item, Jump)] == [8, 8, 8]


def test_blocks_can_be_nested_and_hold_actions_and_cues() -> None:
    script = """\
{if coins >= 1}
  Snow begins.
  {if met}
    LAN: Met.
  {else}
    LAN: Not met.
  LAN: Inside."""
    assert heard(script) == [["Not met.", "Inside."]]


ALTERNATIVES = """\
=> LAN: One.
=> LAN: Two.
   LAN: And more.
=> LAN: Three."""
FOUR = "again again again"


@pytest.mark.parametrize(("how", "expected"), [
    ("first", ["One.", "One.", "One.", "One."]),
    ("least_seen", ["One.", "Two.", "Three.", "One."]),
    ("cycle", ["One.", "Two.", "Three.", "One."]),
    ("sequence", ["One.", "Two.", "Three.", "Three."]),
    ("once", ["One.", "Two.", "Three.", ""]),
])  # fmt: skip
def test_a_group_plays_one_alternative_each_time(how: str, expected: list[str]) -> None:
    rounds = heard(f"@group {how}\n{ALTERNATIVES}", FOUR)
    assert ["".join(one[:1]) for one in rounds] == expected
    assert all(one[1:] == (["And more."] if one[:1] == ["Two."] else []) for one in rounds)


@pytest.mark.parametrize("how", ["random", "shuffle"])
def test_random_choices_depend_on_the_seed_and_repeat_nothing_too_early(how: str) -> None:
    script = f"@group {how}\n{ALTERNATIVES}"
    played = {tuple(r[0] for r in heard(script, "again again", seed)) for seed in range(40)}
    assert len(played) == 6  # every order of three
    assert heard(script, FOUR, 7) == heard(script, FOUR, 7)


def test_the_best_alternative_is_the_most_specific_one_that_is_available() -> None:
    script = """\
@group best
=> LAN: Always.
=> {if rich} LAN: Rich.
=> {if rich and not met} LAN: Rich and not met."""
    assert heard(script, "rich") == [["Always."], ["Rich and not met."]]


def test_what_is_once_is_played_once() -> None:
    script = """\
{once} LAN: First.
{once if rich} LAN: First when rich.
{once}
  LAN: A block.
{else}
  LAN: No more."""
    expected = [
        ["First.", "A block."],
        ["No more."],
        ["First when rich.", "No more."],
        ["No more."],
    ]
    assert heard(script, "again rich again") == expected


def test_set_changes_a_variable_within_its_range() -> None:
    script = """\
@set coins = coins - 2
{if coins == 0} @set met = true
LAN: {coins, plural, one {# coin} other {# coins}}, {met, select, true {met} other {quiet}}."""
    assert heard(script, "again") == [["1 coin, quiet."], ["0 coins, met."]]


DETOUR = """\
beats:
  a:
    script: |
      LAN: Before.
      @detour aside
      LAN: After.
    choice:
      options:
        ask: {text: Ask, detour: aside, once: true}
        ask_and_go: {text: Ask and go, detour: aside, to: b}
        wait: {text: Wait, to: a, fallback: true}
        secret: {text: Secret, to: a, if: rich}
  aside:
    script: |
      LAN: Aside.
      @set coins = coins + 1
    return: true
  b: {ending: done}
"""


def test_a_detour_returns_to_the_next_item_of_the_script() -> None:
    player = Rehearsal(story(DETOUR))
    assert heard_from(player) == ["Before.", "-> aside", "Aside.", "-> a", "After."]
    assert player.playthrough.value("coins") == 4


def test_an_option_with_a_detour_offers_the_choice_again_without_its_script() -> None:
    player = Rehearsal(story(DETOUR))
    assert [o.id for o in player.options()] == ["ask", "ask_and_go"]
    player.pick("ask")
    assert heard_from(player)[-3:] == ["-> aside", "Aside.", "-> a"]
    assert [o.id for o in player.options()] == ["ask_and_go", "secret"]  # computed again: rich
    player.pick("ask_and_go")
    assert heard_from(player) == ["-> aside", "Aside.", "-> b"]
    assert player.playthrough.ending == "done"


def test_a_fallback_is_offered_when_nothing_else_is() -> None:
    beats = """\
beats:
  a:
    script: "LAN: What now?"
    choice:
      options:
        look: {text: Look, to: a, once: true}
        leave: {text: Leave, to: b, fallback: true}
  b: {ending: done}
"""
    player = Rehearsal(story(beats))
    assert [o.id for o in player.options()] == ["look"]
    player.pick("look")
    assert [o.id for o in player.options()] == ["leave"]


@pytest.mark.parametrize(("script", "code", "message"), [
    ("{else}\n  LAN: Hi.", "S231", "belongs to no {if}"),
    ("{if met} LAN: Hi.\n{else} LAN: No.", "S231", "belongs to no {if}"),
    ("{if met}\n  LAN: Hi.\n{else}\n  LAN: A.\n{elif rich}\n  LAN: B.", "S231", "{elif}"),
    ("{if met}\nLAN: Hi.", "S230", "this block has no lines"),
    ("=>\nLAN: Hi.", "S230", "this alternative has no lines"),
    ("@group cycle\nLAN: Hi.", "S232", "no alternative follows"),
    ("@group often\n=> LAN: Hi.", "S232", "'often' is not a way"),
    ("@set coins + 1", "S234", "@set needs"),
    ("@set coins += 1", "S234", "@set needs"),
    ("@set rich = true", "S125", "'rich' is computed"),
    ("@set coin = 1", "S113", "there is no variable 'coin'"),
    ("@set coins = many", "S120", "there is no variable 'many'"),
    ("@detour nowhere", "S102", "there is no beat 'nowhere'"),
    ("@detour", "S235", "@detour needs"),
    ("LAN: You have {coin}.", "S124", "there is no variable 'coin' to show"),
    ("LAN: {mood, plural, other {#}}", "S124", "a plural counts a number"),
    ("LAN: {mood, select, clam {x} other {y}}", "S124", "mood is never 'clam'"),
])  # fmt: skip
def test_slips_are_located(script: str, code: str, message: str) -> None:
    problems = [p for p in found(looping(script)) if p[1] == code]
    assert problems, found(looping(script))
    assert message in problems[0][2]
    assert 4 <= problems[0][0] <= 4 + script.count("\n")


def test_deeply_nested_blocks_are_refused() -> None:
    rows = [" " * n + "{if met}" for n in range(12)] + [" " * 12 + "LAN: Deep."]
    assert "S233" in [code for _, code, _ in found(looping("\n".join(rows)))]


def test_loose_indentation_without_blocks_stays_allowed() -> None:
    assert heard("LAN: One.\n    LAN: Two.\n  LAN: Three.") == [["One.", "Two.", "Three."]]
