"""`xrdrama prove`: what can happen in a story, proved over all its states."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from xrdrama import content
from xrdrama.authoring.graph import check_graph
from xrdrama.authoring.proving import Proof, Witness, find_witness, prove
from xrdrama.document import suggestion
from xrdrama.document.names import composed
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story import Story

Notice = Callable[[str], None]
_FATAL: Final = ("G002", "G009")
"""Loops without time, and hidden plots that cannot play beside the main path."""


def prove_story(name: str, states: int, notice: Notice) -> tuple[Story, Proof]:
    """A story and what is proved about it within `states` states.

    AuthoringError as for `play`; `notice` is called with the progress every second.
    """
    story = _loaded(name)
    return story, prove(story, states=states, progress=_progress(notice))


def prove_way(
    name: str, goal: str, states: int, notice: Notice
) -> tuple[Story, Witness | None, bool]:
    """A story, the shortest path to a beat or an ending (None if none was found), and whether all
    states were searched. UsageError if there is no such beat or ending."""
    story, goal = _loaded(name), composed(goal)
    known = [*story.beats, *(ending.id for ending in story.endings())]
    if goal not in known:
        raise UsageError(f"{story.id} has no beat or ending {goal!r}", suggestion(goal, known))
    return story, *find_witness(story, goal, states=states, progress=_progress(notice))


def _loaded(name: str) -> Story:
    story, _ = content.load_story_file(name)
    if fatal := [problem for problem in check_graph(story) if problem.code in _FATAL]:
        raise AuthoringError(fatal)
    return story


def _progress(notice: Notice) -> Callable[[int], None]:
    last = time.monotonic()

    def progress(states: int) -> None:
        nonlocal last
        if time.monotonic() - last > 1:
            last = time.monotonic()
            notice(f"{states:,} states explored")

    return progress
