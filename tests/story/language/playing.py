"""Plays a small story and writes down what happens in it."""

from __future__ import annotations

from typing import Any

from xrdrama.story import Story, load_story, parse_story
from xrdrama.story.stepping.happenings import InParallel, Spoken, Taken
from xrdrama.story.stepping.rehearsal import Rehearsal
from xrdrama.story.text import render

HEAD = """\
xrdrama: 1
id: small
scene: lane
vars:
  coins: {type: int, min: 0, max: 9, init: 3}
  met: {type: bool}
  mood: {type: enum, of: [calm, angry]}
  rich: {type: computed, from: coins >= 5}
cast:
  lan: {name: Lan}
"""


def story(beats: str, head: str = HEAD, **options: Any) -> Story:
    return load_story(head + beats, "small.branch.yaml", **options)


def found(beats: str, head: str = HEAD, **options: Any) -> list[tuple[int, str, str]]:
    """Line, code and message of each problem."""
    _, problems, _ = parse_story(head + beats, "small.branch.yaml", **options)
    return [(p.line - head.count("\n"), p.code, p.message) for p in sorted(problems)]


def heard_from(player: Rehearsal) -> list[str]:
    """What was said, and the beats that were entered, since the last call."""
    said = []
    for one in player.happenings:
        if isinstance(one, InParallel) and isinstance(one.happening, Spoken):
            said.append("beside: " + one.happening.line.text)
        if isinstance(one, Spoken):
            said.append(render(one.line.text, one.values, "en"))
        elif isinstance(one, Taken):
            said.append(f"-> {one.to}")
    player.happenings = []
    return said
