"""The check over reachable values knows what scripts, detours, storylets and parallel plots set."""

from __future__ import annotations

from tests.story.language.playing import story
from xrdrama.authoring.check_values import check_values
from xrdrama.authoring.reachable import reachable

HEAD = """\
xrdrama: 1
id: small
scene: lane
vars:
  nerve: {type: int, min: 0, max: 9}
  brave: {type: computed, from: nerve >= 3}
cast: {lan: {name: Lan}}
"""


def codes(beats: str) -> list[str]:
    return [p.code for p in check_values(reachable(story(beats, HEAD)))]


def test_a_script_sets_a_variable_that_a_later_condition_reads() -> None:
    beats = """\
beats:
  a: {script: "@set nerve = 4", next: [{to: b, if: brave}, c]}
  b: {ending: b, script: "LAN: Brave."}
  c: {ending: c}
"""
    assert codes(beats) == []
    assert codes(beats.replace("nerve = 4", "nerve = 2")) == ["G011"]


def test_a_detour_sets_a_variable() -> None:
    beats = """\
beats:
  a:
    script: "LAN: Go."
    choice: {options: {ask: {detour: d, to: b}, stay: {to: c}}}
  d: {script: "@set nerve = 5", return: true}
  b: {next: [{to: c, if: nerve >= 3}, e]}
  c: {ending: c}
  e: {ending: e}
"""
    found = reachable(story(beats, HEAD))
    assert found.states["b"]["nerve"] == frozenset((0, 5))
    assert codes(beats) == ["S119"]  # the computed variable has no use here


def test_a_storylet_is_entered_under_its_condition_only() -> None:
    beats = """\
storylets: {pool: {else: {to: out, set: {nerve: 7}}}}
beats:
  a: {script: "LAN: Go.", next: pool}
  deep: {storylet: pool, when: nerve >= 3, next: out}
  out: {script: "LAN: {nerve, plural, one {#} other {#}}", next: [{to: x, if: brave}, y]}
  x: {ending: x}
  y: {ending: y}
"""
    found = reachable(story(beats, HEAD))
    assert "deep" not in found.states and found.states["out"]["nerve"] == frozenset((7,))
    assert codes(beats) == ["G012", "G011"]  # deep is never entered


def test_a_parallel_plot_can_change_a_variable_at_any_time() -> None:
    beats = """\
hidden: [{id: p, on: {marker: m}, to: page, parallel: true}]
beats:
  a: {script: "LAN: Go.", next: [{to: b, if: brave}, c]}
  page: {script: "@set nerve = 3", return: true}
  b: {ending: b}
  c: {ending: c}
"""
    assert reachable(story(beats, HEAD)).states["a"]["nerve"] is None
    assert codes(beats) == []
