"""Plans and random play of stories with values in texts, storylets, line groups, detours and
plots beside the main path."""

from __future__ import annotations

import pytest

from xrdrama.authoring.check_plan import check_plan
from xrdrama.authoring.plans.coverage import unreached
from xrdrama.authoring.plans.random_play import RandomPlays, _Play
from xrdrama.authoring.plans.running import Failure, run_runs
from xrdrama.authoring.plans.writing import Played, plan_text
from xrdrama.story import load_story
from xrdrama.story.testplan import parse_plan

MARKET = load_story(
    """\
xrdrama: 1
id: market
scene: lane
start: gate
vars:
  coins: {type: int, min: 0, max: 9, init: 2}
  rich: {type: computed, from: coins >= 5}
cast: {lan: {name: Lan}}
storylets:
  stalls: {choose: least_seen, else: road}
beats:
  gate:
    script: |
      LAN: You have {coins, plural, =0 {no coins} one {# coin} other {# coins}}.
      => LAN: First.
      => {if coins > 3} LAN: Rich, are you?
      => {once} LAN: Only once.
    choice:
      options:
        go: {text: "Spend {coins} coins", to: stalls, if: coins > 0}
        ask: {text: Why?, detour: why, once: true}
        out: {text: Out, to: road, fallback: true}
  why:
    script: |
      LAN: Because.
    return: true
  fish:
    storylet: stalls
    when: coins >= 2
    script: |
      LAN: Fish!
      @set coins = coins - 1
    next: gate
  bread:
    storylet: stalls
    once: true
    script: |
      LAN: Bread.
      @set coins = coins - 1
    next: gate
  road:
    script: |
      LAN: Good night.
    ending: road
  print:
    script: |
      LAN: A print on the door.
      LAN: He faces in.
    return: true
hidden:
  - {id: door, on: {marker: god}, to: print, during: gate, parallel: true}
"""
)


def outcomes(plan: str) -> list[Failure | None]:
    runs, problems = parse_plan(plan)
    assert problems == []
    return run_runs(MARKET, runs)


def got(plan: str) -> str:
    found = outcomes(plan)[-1]
    assert found is not None
    return found.got


@pytest.mark.parametrize(
    "plan",
    [
        "line: LAN: You have 2 coins.\nline: Only once.\noption: Spend 2 coins\noption: Why?\n",
        "set: coins = 1\nline: You have 1 coin.\n",
        "set: coins = 5\nvar: rich = true\nset: coins = 4\nvar: rich = false\n",
        "next choice\nselect: Spend 2 coins\nline: Fish!\nline: You have 1 coin.\n",
        "next choice\nselect: ask\nline: Because.\noption:\nselect: 1\nline: Fish!\n",
        "next choice\noption [closed]: Out\n",
        "start: stalls\nline: Fish!\n",
        "line: You have 2 coins.\njump: stalls\nline: Fish!\n",
        "saliency: first\nline:\nline: First.\n",
        "saliency: best\nset: coins = 4\nline:\nline: Rich, are you?\n",
        "line: You have 2 coins.\nsaliency: first\nline: First.\n",
        "line:\nmarker: god\nline: A print on the door.\nline: He faces in.\nline: Only once.\n",
    ],
)  # fmt: skip
def test_plans_of_the_language(plan: str) -> None:
    runs, _ = parse_plan(plan)
    assert check_plan(MARKET, runs) == []
    assert outcomes(plan) == [None]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ("line: You have 3 coins.\n", "line: LAN: You have 2 coins."),
        ("line:\nline:\noption: Spend 3 coins\n", "option: Spend 2 coins"),
        ("set: rich = true\nline:\n",
         "the run cannot start: rich is computed: set the variables that it is computed from"),
        ("line:\nset: rich = true\n", "rich is computed"),
    ],
)  # fmt: skip
def test_what_is_read_is_what_is_compared(plan: str, said: str) -> None:
    assert got(plan) == said


def test_runs_that_continue_keep_what_was_played() -> None:
    first = "line:\nline: Only once.\nselect: ask\nline: Because.\n"
    second = "line:\nline: First.\n"
    assert outcomes(f"{first}---\ncontinue\n{second}") == [None, None]
    assert outcomes(f"{first}---\n{second}")[1] is not None
    again = "---\ncontinue\nset: coins = 4\nline:\nline: Rich, are you?\n"
    assert outcomes(f"{first}---\ncontinue\n{second}{again}") == [None] * 3


def test_a_line_with_values_is_checked_as_far_as_it_is_written() -> None:
    runs, _ = parse_plan("line: You had 3 coins.\noption: Spend 3 coin\nset: rich = 3\n")
    problems = check_plan(MARKET, runs)
    assert [(p.line, p.code) for p in problems] == [(1, "T002"), (2, "T002"), (3, "T002")]


def test_random_play_covers_storylets_detours_and_plots_beside() -> None:
    random = RandomPlays(MARKET, seed=1)
    assert [random.play(number) for number in range(200)] == [None] * 200
    coverage = random.counter.coverage()
    assert [one.name for one in unreached(MARKET, coverage)] == ["'LAN: Rich, are you?'"]
    assert coverage.storylets == {name: coverage.beats[name] for name in ("fish", "bread")}
    assert coverage.ways["gate/go"] == coverage.beats["fish"] + coverage.beats["bread"] + (
        coverage.beats["road"] - coverage.ways["gate/out"]
    )
    assert coverage.ways["gate/ask"] == coverage.beats["why"] > 0
    assert 0 < coverage.plots["door"] == coverage.ways["gate/door"] == coverage.beats["print"]


def test_the_plans_of_random_plays_come_true() -> None:
    random = RandomPlays(MARKET, seed=5)
    played = []
    for number in range(40):
        one = _Play(random, random.seed_of(number))
        assert one.play() == ""
        played.append(Played((*one.plan(), ("ending", "road")), seed=random.seed_of(number)))
    runs, problems = parse_plan(plan_text(played))
    assert problems == [] and check_plan(MARKET, runs) == []
    assert run_runs(MARKET, runs) == [None] * 40
