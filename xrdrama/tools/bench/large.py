"""A large story for measurements: every beat has three lines, a condition and a choice."""

from __future__ import annotations

_HEAD = """\
xrdrama: 1
id: {id}
title: The Night Tram
scene: lantern_street
vars:
  trust: {{type: int, min: 0, max: 9, init: 9}}
  coins: {{type: int, min: 0, max: 9, init: 9}}
cast:
  mo: {{name: Mo}}
  lan: {{name: Lan}}
beats:
"""
_BEAT = """\
  b{n}:
    script: |
      MO: Stop {n}?  #l{n:04}a
      LAN: Not ours.  #l{n:04}b
      {{if trust > {few}}} MO: Stay.  #l{n:04}c
    choice:
      options:
        on: {{text: Ride on, to: b{next}, set: {{coins: "random(0, 9)"}}}}
        off: {{text: Get off, to: b{far}, if: coins > {few}, set: {{trust: coins}}}}
"""
_THIRD = "        ask: {{text: Ask him, to: b{next}, if: not seen(b{last})}}\n"
_LAST = """\
  b{n}:
    script: |
      MO: The last stop.  #l{n:04}a
    ending: terminus
"""


def large_story(beats: int, id: str = "night_tram") -> str:
    """A story of so many beats without errors: three lines, one of them with a condition, and
    two options in each beat, three in every fifth."""
    parts = [_HEAD.format(id=id)]
    for n in range(beats - 1):
        far = min(beats - 1, n + 2 + n * 7 % 40)
        numbers = {"n": n, "next": n + 1, "far": far, "few": n % 8, "last": n - 1}
        parts.append(_BEAT.format(**numbers))
        if n % 5 == 4:
            parts.append(_THIRD.format(**numbers))
    return "".join([*parts, _LAST.format(n=beats - 1)])
