"""One generated story in three languages: ours, ink and Yarn.

Every beat says two lines, one of which shows a value, and has two options with a condition, an
effect and a text, one of which shows a value. At least one option is always available, and coins
stay between 0 and 10.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

BEATS = 300


class Numbers(NamedTuple):
    """The numbers of a beat: what its options ask for, what they change, where they lead."""

    n: int
    least: int
    most: int
    more: int
    next: int
    far: int


def numbered(beats: int = BEATS) -> Iterator[Numbers]:
    """The numbers of each beat."""
    for n in range(beats):
        more = 1 + n % 4
        yield Numbers(n, 1 + n % 3, 4 + n % 3, more, (n + 1) % beats, (n * 7 + 3) % beats)


def as_branches(beats: int = BEATS) -> str:
    """The story as a .branch.yaml file."""
    head = (
        "xrdrama: 1\nid: same\nscene: lantern_street\n"
        "vars:\n  coins: {type: int, min: 0, max: 10, init: 5}\n"
        "cast:\n  mo: {name: Mo}\n  lan: {name: Lan}\nbeats:\n"
    )
    return head + "".join(_BRANCH.format(**one._asdict()) for one in numbered(beats))


_BRANCH = """\
  b{n}:
    script: |
      MO: Stop {n}, and you have {{coins}} coins.  #l{n:04}a
      LAN: The rain falls at stop {n}.  #l{n:04}b
    choice:
      options:
        "on": {{text: "Ride on with {{coins}} coins", to: b{next}, if: coins >= {least}, set: {{coins: coins - {least}}}}}
        "off": {{text: Get off here, to: b{far}, if: coins <= {most}, set: {{coins: coins + {more}}}}}
"""  # noqa: E501


def as_ink(beats: int = BEATS) -> str:
    """The same story as ink."""
    return "VAR coins = 5\n-> b0\n" + "".join(
        _INK.format(**one._asdict()) for one in numbered(beats)
    )


_INK = """\
=== b{n} ===
MO: Stop {n}, and you have {{coins}} coins.
LAN: The rain falls at stop {n}.
+ {{coins >= {least}}} [Ride on with {{coins}} coins]
  ~ coins = coins - {least}
  -> b{next}
+ {{coins <= {most}}} [Get off here]
  ~ coins = coins + {more}
  -> b{far}
"""


def as_yarn(beats: int = BEATS) -> str:
    """The same story as Yarn."""
    first = "title: Start\n---\n<<set $coins to 5>>\n<<jump b0>>\n===\n"
    return first + "".join(_YARN.format(**one._asdict()) for one in numbered(beats))


_YARN = """\
title: b{n}
---
MO: Stop {n}, and you have {{$coins}} coins.
LAN: The rain falls at stop {n}.
-> Ride on with {{$coins}} coins <<if $coins >= {least}>>
    <<set $coins to $coins - {least}>>
    <<jump b{next}>>
-> Get off here <<if $coins <= {most}>>
    <<set $coins to $coins + {more}>>
    <<jump b{far}>>
===
"""
