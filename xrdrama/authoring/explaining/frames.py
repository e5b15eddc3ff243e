"""Whole stories around the examples of explanations: `framed` is what `xrdrama check` reads."""

from __future__ import annotations

from typing import Final

_TOP = """\
xrdrama: 1
id: night
scene: lantern_street
"""
_VARS = "vars: {trust: {type: int, min: 0, max: 3}, mood: {type: enum, of: [calm, cross]}}\n"
_CAST = "cast: {lan: {name: Lan}}\n"
_ASKED = """\
  asked:
    script: |
      {if trust > 1} LAN: You stayed.  #laaaaa
      {if mood == 'cross'} LAN: Go.  #laaaab
    next: [{to: cold, if: trust > 2}, home]
"""
_REST = "  home: {ending: home}\n  cold: {ending: cold}\n"
_START = """\
  start: {next: {to: hub, set: {trust: "random(0, 3)"}}}
  hub:
    choice:
      options:
        on: {text: Walk, to: porch}
        cross: {text: Run away, to: porch, set: {mood: cross}}
        ask: {text: Ask her, to: asked}
        demand: {text: Ask her twice, to: asked, set: {mood: cross}}
"""

FRAMES: Final[dict[str, tuple[str, int, str]]] = {
    "file": ("", 0, ""),
    "bare": (_TOP, 0, ""),
    "vars": (_TOP + "vars:\n", 2, "beats:\n  porch: {next: home}\n  home: {ending: home}\n"),
    "cast": (_TOP + "cast:\n", 2, "beats:\n  porch: {next: home}\n  home: {ending: home}\n"),
    "beats": (_TOP + _VARS + _CAST + "beats:\n" + _START, 2, _ASKED + _REST),
    "beat": (_TOP + _VARS + _CAST + "beats:\n" + _START + "  porch:\n", 4, _ASKED + _REST),
    "script": (
        _TOP + _VARS + _CAST + "beats:\n" + _START + "  porch:\n    script: |\n", 6,
        "    next: home\n" + _ASKED + _REST,
    ),
    "choice": (
        _TOP + _VARS + _CAST + "beats:\n" + _START + "  porch:\n    choice:\n", 6, _ASKED + _REST,
    ),
    "options": (
        _TOP + _VARS + _CAST + "beats:\n" + _START + "  porch:\n    choice:\n      options:\n", 8,
        _ASKED + _REST,
    ),
}  # fmt: skip
"""Where an example is in a story: the text before it, its indentation, the text after it."""


def framed(example: str, inside: str) -> str:
    """The whole story of an example."""
    before, depth, after = FRAMES[inside]
    rows = (" " * depth + row if row else row for row in example.rstrip("\n").split("\n"))
    return before + "\n".join(rows) + "\n" + after


PLAYED: Final = """\
xrdrama: 1
id: night
title: Night
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  porch:
    script: |
      LAN: Count again.  #lexamp
    ending: {id: home, title: Home}
"""
"""The story of the examples of string tables (`a table`) and test plans (`a test plan`)."""
