"""Values through blocks, detours, storylets, computed variables and parallel hidden plots."""

from __future__ import annotations

from xrdrama.authoring.check_loops import check_loops
from xrdrama.authoring.check_values import check_values
from xrdrama.authoring.reachable import Reachable, reachable
from xrdrama.story import load_story

TOP = """\
xrdrama: 1
id: night
scene: lane
vars:
  coins: {type: int, min: 0, max: 9}
  rich: {type: computed, from: coins >= 5}
cast: {lan: {name: Lan}}
"""


def of(text: str) -> Reachable:
    return reachable(load_story(TOP + text, "night.branch.yaml"))


def codes(text: str) -> list[str]:
    return [problem.code for problem in check_values(of(text))]


def test_effects_of_a_script_and_computed_variables() -> None:
    text = """\
beats:
  door:
    script: |
      @set coins = 3
      {if rich} LAN: Rich.  #laaaaa
      {if coins == 3} LAN: Three.  #laaaab
    ending: done
"""
    assert of(text).states["door"]["coins"] == {0, 3}
    assert codes(text) == ["G011"]  # 3 coins are not rich


def test_values_shown_in_a_line_are_read() -> None:
    text = """\
beats:
  door:
    script: |
      LAN: You have {coins} coins.  #laaaaa
    ending: done
"""
    assert codes(text) == ["S119"]  # rich


def test_values_of_a_detour_come_back() -> None:
    text = """\
beats:
  door:
    choice:
      options:
        ask: {text: Ask her, detour: aside, to: late, once: true, if: coins == 0}
        leave: {text: Leave her, to: late}
  aside:
    script: |
      @set coins = coins + 6
      LAN: Six more.  #laaaaa
    return: true
  late:
    script: |
      {if rich} LAN: Rich.  #laaaab
    ending: done
"""
    found = of(text)
    assert {6} <= (found.states["late"]["coins"] or set())
    assert 0 in (found.states["late"]["coins"] or set())
    assert check_values(found) == []
    assert check_loops(found) == ([], set())


def test_beats_of_a_storylet_group_are_entered_when_they_can_be() -> None:
    text = """\
storylets:
  market: {choose: best, else: late}
beats:
  door:
    next: market
  fish:
    storylet: market
    when: coins >= 2
    next: late
  bread:
    storylet: market
    once: true
    next: {to: market, set: {coins: coins + 1}}
  late:
    script: |
      {if rich} LAN: Rich.  #laaaab
    ending: done
"""
    found = of(text)
    assert found.beats == {"door", "bread", "fish", "late"}
    assert found.states["fish"]["coins"] == {2, 3, 4, 5, 6, 7, 8, 9}
    assert found.ways["door"] == ["bread", "late"]
    assert check_values(found) == []  # when: was true where the beat begins, and is not reported


def test_variables_that_a_parallel_plot_sets_are_unknown() -> None:
    text = """\
beats:
  door:
    script: |
      {if coins == 7} LAN: Seven.  #laaaaa
      {if rich} LAN: Rich.  #laaaab
    ending: done
  aside:
    script: |
      @set coins = 7
      LAN: Hush.  #laaaac
    return: true
hidden:
  - {id: print, on: {marker: m}, to: aside, parallel: true}
"""
    assert of(text).states["door"]["coins"] is None
    assert codes(text) == []


MARKET = """\
storylets:
  market: {{choose: best, else: {{to: road, if: coins < 2}}}}
beats:
  gate:
    script: |
      LAN: No coins.  #laaaaa
    choice:
      options:
        enter: {{text: Enter, to: market}}
        pay: {{text: Pay, to: market, set: {{coins: coins + 1}}}}
  fish: {{storylet: market, when: {fish}, next: road}}
  hooks: {{storylet: market, when: coins <= 1, next: road}}
  road: {{ending: road}}
"""


def found_in(text: str) -> list[tuple[str, int, str]]:
    """Code, line and message of the conditions that are never or always true."""
    found = check_values(of(text))
    return [(p.code, p.line, p.message) for p in found if p.code in ("G011", "G012")]


def test_a_storylet_whose_when_is_never_true_is_reported_with_its_values() -> None:
    always = ("G012", 9, "this condition is always true in play: coins can only be 0 or 1 here")
    assert found_in(MARKET.format(fish="coins >= 2")) == [
        (
            "G011", 18, "this condition is never true in play: coins can only be 0 or 1 here, so"
            " beat 'fish' is never entered",
        ),
        always,
    ]  # fmt: skip
    # The controls: one that can be true, and one that is always true but makes its beat specific.
    assert found_in(MARKET.format(fish="coins >= 1")) == [always]
    assert found_in(MARKET.format(fish="coins < 5")) == [always]


def test_a_group_that_cannot_be_entered_is_not_reported_again() -> None:
    text = MARKET.format(fish="coins >= 4").replace("to: market", "to: road")
    assert found_in(text) == []


def test_alternatives_of_a_group_and_blocks_are_reported() -> None:
    text = """\
beats:
  door:
    script: |
      @set coins = 3
      {if coins >= 7}
        LAN: Rich.  #laaaaa
      {elif coins == 4}
        LAN: Four.  #laaaab
      {else}
        LAN: Poor.  #laaaac
      @group cycle
      => LAN: Fresh.  #laaaad
      => {if coins == 9} LAN: Best.  #laaaae
      {once if coins > 5} LAN: I know.  #laaaaf
    ending: done
"""
    assert [(code, line) for code, line, _ in found_in(text)] == [
        ("G011", 12), ("G011", 14), ("G011", 20), ("G011", 21),
    ]  # fmt: skip
