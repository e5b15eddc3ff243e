"""Storylets, parallel hidden plots, the phases of a choice, viewers' time scale, included files."""

from __future__ import annotations

import math

import pytest

from tests.story.language.playing import HEAD, found, heard_from, story
from xrdrama.authoring.graph import check_graph, story_ways
from xrdrama.errors import UsageError
from xrdrama.story import Due, Found, Held, Picked, begin, next_due, step
from xrdrama.story.stepping.happenings import (
    ChoiceOpened,
    ChoiceShown,
    Declined,
    InParallel,
    ParallelEnded,
    Spoken,
    TimeScaled,
)
from xrdrama.story.stepping.rehearsal import Rehearsal

MARKET = """\
storylets:
  market: {else: road}
beats:
  town:
    script: "LAN: Where to?"
    choice:
      options:
        market: {text: Market, to: market, set: {coins: coins - 1}}
        stop: {text: Stop, to: road}
  fish: {storylet: market, once: true, script: "LAN: Fish.", next: town}
  silk: {storylet: market, when: coins >= 2 and not met, script: "LAN: Silk.", next: town}
  road: {ending: road}
"""


def test_a_path_to_a_group_enters_the_least_seen_storylet_that_is_available() -> None:
    player = Rehearsal(story(MARKET))
    heard_from(player)
    for expected in (["-> silk", "Silk."], ["-> fish", "Fish."]):
        player.pick("market")  # silk is more specific, then coins >= 2 is no longer true
        assert heard_from(player)[:2] == expected
    player.pick("market")
    assert heard_from(player) == ["-> road"] and player.ended


def test_a_group_without_an_available_beat_stops_and_check_says_so() -> None:
    text = MARKET.replace("  market: {else: road}", "  market: {choose: best}")
    player = Rehearsal(story(text))
    player.pick("market")
    player.pick("market")
    player.pick("market")
    assert isinstance(player.happenings[-1], Declined)
    assert "no storylet of 'market' is available" in player.happenings[-1].reason
    assert [p.code for p in check_graph(story(text))] == ["G007"]
    assert check_graph(story(MARKET)) == []


def test_groups_lead_to_all_their_beats_in_the_graph() -> None:
    assert story_ways(story(MARKET))["town"] == ["fish", "silk", "road", "road"]


@pytest.mark.parametrize(("old", "new", "code"), [
    ("storylet: market, once", "storylet: markt, once", "S150"),
    ("  market: {else: road}", "  town: {else: road}", "S151"),
    ("  market: {else: road}", "  market: {else: road}\n  fair: {}", "S152"),
    ('{ending: road}', '{ending: road, when: met}', "S153"),
    ("to: market,", "to: markets,", "S102"),
])  # fmt: skip
def test_slips_of_storylets_are_located(old: str, new: str, code: str) -> None:
    assert old in MARKET
    assert code in [one for _, one, _ in found(MARKET.replace(old, new))]


BESIDE = """\
hidden:
  - {id: ledger, on: {marker: ledger}, to: page, parallel: true, set: {met: true}}
beats:
  a:
    script: |
      LAN: One.
      LAN: Two.
    next: b
  page:
    script: |
      @wait 500ms
      LAN: A page.
    next: back
  back: {script: "LAN: The back.", return: true}
  b: {script: "LAN: Three.", ending: done}
"""


def test_a_parallel_plot_speaks_beside_the_main_path() -> None:
    p, _ = begin(story(BESIDE))
    p, happened = step(p, Found("marker", "ledger", 100))
    assert p.beat == "a" and p.value("met") is True and len(p.parallel) == 1
    said = [(False, one.line.text) for one in happened if isinstance(one, Spoken)]
    times = [0]
    while (due := next_due(p)) is not None:
        p, happened = step(p, Due(due))
        for one in happened:
            inner = one.happening if isinstance(one, InParallel) else one
            if isinstance(inner, Spoken):
                said.append((isinstance(one, InParallel), inner.line.text))
                times.append(inner.at)
            assert not isinstance(one, ParallelEnded) or said[-1][1] in ("Two.", "Three.")
    assert said == [(False, "One."), (True, "A page."), (False, "Two."), (True, "The back."),
                    (False, "Three.")]  # fmt: skip
    assert times == sorted(times) and p.ending == "done" and not p.parallel


def test_a_hold_delays_both_paths() -> None:
    plain, _ = begin(story(BESIDE))
    plain, _ = step(plain, Found("marker", "ledger", 100))
    plain, _ = step(plain, Due(100))
    held, _ = step(plain, Held(on=True, at=200))
    assert next_due(held) is None
    held, _ = step(held, Held(on=False, at=1200))
    due = next_due(plain)
    assert due is not None and next_due(held) == due + 1000


@pytest.mark.parametrize("instead", [
    "choice: {options: {x: {to: b}}}", "ending: other", 'script: "@detour back", return: true',
])  # fmt: skip
def test_a_parallel_plot_has_no_choice_ending_or_detour(instead: str) -> None:
    text = BESIDE.replace('script: "LAN: The back.", return: true', instead)
    assert "G009" in [p.code for p in check_graph(story(text))]


PHASES = """\
beats:
  a:
    script: "@wait 1s"
    choice:
      window: {shows: 500ms, lasts: 2s, grace: 100ms, hides: 300ms}
      options: {yes: {text: "Yes, {coins}", to: b}}
      else: b
  b: {ending: done}
"""
SECOND = 1_000_000_000


def test_a_choice_is_displayed_before_it_opens() -> None:
    p, _ = begin(story(PHASES))
    p, _ = step(p, Due(0))
    p, happened = step(p, Due(SECOND))
    (shown,) = happened
    assert isinstance(shown, ChoiceShown) and shown.values == {"coins": 3}
    assert p.phase == "shown" and [o.id for o in p.shown()] == ["yes"] and p.options() == ()
    _, declined = step(p, Picked("yes", SECOND + 1))
    assert isinstance(declined[0], Declined)
    p, happened = step(p, Due(SECOND + SECOND // 2))
    assert isinstance(happened[0], ChoiceOpened) and p.phase == "open"
    assert p.closes_at == 3 * SECOND + SECOND // 2


def test_viewers_can_have_more_time_or_no_limit() -> None:
    p, _ = begin(story(PHASES))
    slow, _ = step(p, TimeScaled(2.0, 0))
    slow, _ = step(slow, Due(2 * SECOND))
    assert slow.closes_at == 5 * SECOND + SECOND // 2
    free, _ = step(p, TimeScaled(math.inf, 0))
    free, _ = step(free, Due(100 * SECOND))
    assert free.phase == "open" and next_due(free) is None
    fast, _ = step(p, TimeScaled(0.5, 0))
    assert fast.time_scale == 1.0  # never less time than the author has given


EPISODE = """\
xrdrama: 1
id: episode_2
scene: harbour
vars:
  coins: {type: int, min: 0, max: 9, init: 3}
  boat: {type: bool}
cast:
  lan: {name: Lan}
  mo: {name: Old Mo}
beats:
  pier:
    script: "MO: You have {coins}."
    next: {to: done, set: {boat: true}}
"""
SEASON = "beats:\n  a: {script: 'LAN: Go.', next: pier}\n  done: {ending: done}\n"
INCLUDING = HEAD.replace("scene: lane\n", "scene: lane\ninclude: [episode_2]\n")


def files(text: str = EPISODE) -> dict[str, str]:
    return {"episode_2": text}


def reader(known: dict[str, str]):  # type: ignore[no-untyped-def]
    def read(name: str) -> tuple[str, str]:
        if name not in known:
            raise UsageError(f"there is no story {name!r}", "check the name")
        return f"{name}.branch.yaml", known[name]

    return read


def test_an_included_file_belongs_to_the_story() -> None:
    season = story(SEASON, INCLUDING, files=reader(files()))
    assert list(season.beats) == ["a", "done", "pier"]
    assert season.beats["pier"].scene == "harbour" and season.beats["a"].scene == "lane"
    assert season.beats["pier"].place.file == "episode_2.branch.yaml"
    assert [v.id for v in season.variables] == ["coins", "met", "mood", "boat"]
    player = Rehearsal(season)
    assert heard_from(player) == ["Go.", "-> pier", "You have 3.", "-> done"]


@pytest.mark.parametrize(("text", "code"), [
    (EPISODE.replace("  pier:", "  a:"), "S162"),
    (EPISODE.replace("max: 9, init: 3", "max: 8, init: 3"), "S162"),
    (EPISODE.replace("Lan}", "Lanlan}"), "S162"),
    (EPISODE.replace("scene: harbour", "scene: harbour\nlanguage: fr"), "S163"),
    (EPISODE.replace("scene: harbour", "include: [small]"), "S161"),
    (EPISODE.replace("scene: harbour", "include: [episode_3]"), "S160"),
    ("scene: 1\nid: x\n", ""),
])  # fmt: skip
def test_slips_of_included_files_are_located(text: str, code: str) -> None:
    problems = found(SEASON, INCLUDING, files=reader(files(text)))
    assert problems
    assert not code or code in [one for _, one, _ in problems]


def test_files_cannot_be_included_without_a_reader() -> None:
    assert "S160" in [code for _, code, _ in found(SEASON, INCLUDING)]
