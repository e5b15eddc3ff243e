"""Rehearsals of everything that the language of stories can say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tools.playing.conftest import Play, playing
from xrdrama.cli import run

STORY = """\
xrdrama: 1
id: market
title: {text}
scene: lantern_street
vars:
  coins: {type: int, min: 0, max: 9, init: 2}
  rich: {type: computed, from: coins >= 5}
cast: {lan: {name: Lan}}
storylets:
  stalls: {choose: best, else: road}
beats:
  begin:
    script: |
      LAN: You have {coins, plural, =0 {no coins} one {# coin} other {# coins}}.  #laaaaa
      {if rich}
        LAN: Rich!  #lbbbbb
      {else}
        LAN: Poor.  #lccccc
      @group cycle
      => LAN: One.  #ldddda
      => LAN: Two.  #lddddb
      @set coins = coins - 1
      @detour hooks
      LAN: Back.  #leeeee
    choice:
      options:
        ask: {text: "Why {coins} hooks?", detour: hooks, once: true}
        go: {text: Go, to: stalls}
        leave: {text: Leave, to: road, fallback: true}
  hooks:
    script: |
      LAN: Hooks.  #lfffff
    return: true
  fish:
    storylet: stalls
    when: coins >= 1
    once: true
    script: |
      LAN: Fish.  #lggggg
    next: begin
  bread:
    storylet: stalls
    when: coins == 1 and rich
    script: |
      LAN: Bread.  #lhhhhh
    next: begin
  road:
    script: |
      LAN: The road.  #liiiii
    ending: {id: road, title: Road}
  side:
    script: |
      LAN: Beside.  #ljjjjj
      LAN: Still beside.  #lkkkkk
    return: true
hidden:
  - {id: print, on: {marker: god}, to: side, parallel: true}
""".replace("{text}", "The Market")


@pytest.fixture
def play(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Play:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "market.branch.yaml"
    path.write_text(STORY, "utf-8")
    return playing(path, capsys, monkeypatch)


def test_values_blocks_groups_and_detours_are_played(play: Play) -> None:
    status, out, err = play("ask|go|go")
    assert (status, err) == (0, "")
    assert [line for line in out.splitlines() if line[:2] != "  "] == [
        "Lan: You have 2 coins.", "Lan: Poor.", "Lan: One.", "Lan: Hooks.", "Lan: Back.",
        "Lan: Hooks.",
        "Lan: Fish.", "Lan: You have 1 coin.", "Lan: Poor.", "Lan: Two.", "Lan: Hooks.",
        "Lan: Back.",
        "Lan: The road.", "-- Road",
    ]  # fmt: skip
    assert "  1. Why 1 hooks?" in out


def test_option_is_picked_by_its_text_with_values(play: Play) -> None:
    assert "Lan: Hooks." in play("why 1 hooks?|quit")[1].split("Why 1 hooks?", 1)[1]


def test_reasons_name_storylets_fallbacks_and_computed_variables(play: Play) -> None:
    _, out, _ = play("why|ask|why|vars|beat|quit", "--set", "coins=1")
    said = [line[2:] for line in out.splitlines() if line.startswith("* ")]
    assert said[:4] == [
        "option leave: it is offered when no other option is",
        "storylet fish: coins >= 1 is false: coins is 0",
        "storylet bread: coins == 1 is false: coins is 0; rich is false: coins is 0, rich is false",
        "option ask: it can be picked once, and has been picked",
    ]
    assert "rich = false; true or false; computed: coins >= 5" in said
    assert "pick go -> stalls" in said


def test_storylet_that_was_entered_once_says_so(play: Play) -> None:
    _, out, _ = play("go|why fish|quit", "--set", "coins=5")
    assert "* storylet fish: it can be entered once, and has been" in out.splitlines()


def test_computed_variable_cannot_be_set(play: Play) -> None:
    status, _, err = play("go", "--set", "rich=true")
    assert status == 2 and "rich is computed from coins >= 5: set coins" in err


def test_hidden_plot_beside_the_main_path_is_played_while_time_passes(play: Play) -> None:
    _, out, _ = play("marker god|wait 1s|wait 5s|go|quit")
    after = out.split("Lan: Back.", 1)[1]
    assert after.index("Lan: Beside.") < after.index("Lan: Still beside.") < after.index("Fish")
    assert "(say nothing)" not in out  # the choice has no time limit, whatever is played beside it


@pytest.mark.parametrize("typed", ["ask|go|go", "marker god|ask|go|go", "marker god|wait 9s|go|go"])
def test_recorded_plan_passes(typed: str, play: Play) -> None:
    status, _, err = play(typed, "--record", "market.testplan")
    assert status == 0 and "run it with: xrdrama test market.testplan" in err
    assert run(["test", "market.testplan"]) == 0
    assert "line: LAN: You have 2 coins." in Path("market.testplan").read_text("utf-8")


def test_json_lines_show_texts_with_values(play: Play) -> None:
    _, out, _ = play("marker god|ask|quit", "--json")
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[1] == {"line": "laaaaa", "speaker": "Lan", "text": "You have 2 coins."}
    assert {"line": "ljjjjj", "speaker": "Lan", "text": "Beside."} in lines
    assert {"id": "ask", "text": "Why 1 hooks?"} in next(
        line["options"] for line in lines if "options" in line
    )
