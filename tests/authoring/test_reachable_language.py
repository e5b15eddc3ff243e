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
