"""What performers do at a cue: gestures, looks, walks, turns and moods. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from math import atan2, radians
from typing import Final

from msgspec.structs import replace

from xrdrama.performer import Act, Expression, Gesture, Root, Travel
from xrdrama.performer.acting import REST, kept, kept_until
from xrdrama.performer.evaluating import measures
from xrdrama.performer.walking import time_of
from xrdrama.show.aims import Aims, root_at
from xrdrama.show.state import Show
from xrdrama.show.state.staged import Looking, Staged
from xrdrama.spatial import settle
from xrdrama.story.model import CueCall

MOOD_TIME: Final = 600_000_000


def act(show: Show, cue: CueCall, at: int) -> Show:
    """The show after a performer took a cue at nanosecond `at`.

    A performer that is not in this set does nothing; `xrdrama check` reports cues that name an
    unknown performer, gesture, mark or mood.
    """
    staged = show.staged.get(cue.performer)
    if staged is None:
        return show
    changed = _acted(show, cue, staged, at)
    return replace(show, staged={**show.staged, cue.performer: changed})


def _acted(show: Show, cue: CueCall, staged: Staged, at: int) -> Staged:
    performer = show.production.cast[cue.performer].performer
    if cue.act == "look":
        return replace(staged, looking=Looking(cue.target, at, staged.looking.at))
    if cue.act == "mood":
        over = MOOD_TIME if cue.over is None else cue.over
        expression = Expression(cue.target, at, over, staged.expression.mood)
        return replace(staged, expression=expression)
    if cue.act in ("walk", "turn"):
        here = root_at(staged, at)
        there = _way(show, cue, here, at)
        if there is None:
            return staged
        _, step = measures(performer)
        lasts = cue.over or time_of(here, there, performer.temper.pace, step)
        return replace(staged, root=there, travel=Travel(here, there, at, lasts))
    gestures = _gestures(show, cue.performer)
    if cue.act != REST and cue.act not in gestures:
        return staged
    begun = Act(cue.act, at, cue.over or 0, cue.side)
    return _with_acts(staged, (*staged.acts, begun), gestures, at)


def without_ended_acts(show: Show, at: int) -> Show:
    """The show without acts that decide nothing any more at nanosecond `at`."""
    changed = {
        name: _with_acts(staged, staged.acts, _gestures(show, name), at)
        for name, staged in show.staged.items()
        if staged.acts_until <= at
    }
    return replace(show, staged={**show.staged, **changed}) if changed else show


def _gestures(show: Show, name: str) -> Mapping[str, Gesture]:
    return show.production.cast[name].performer.repertoire.gestures


def _with_acts(
    staged: Staged, acts: tuple[Act, ...], gestures: Mapping[str, Gesture], at: int
) -> Staged:
    acts = kept(acts, gestures, at)
    return replace(staged, acts=acts, acts_until=kept_until(acts, gestures, at))


def _way(show: Show, cue: CueCall, here: Root, at: int) -> Root | None:
    """Where a walk or turn ends; None where its target is not in this set."""
    mark = show.stack.scene.places.get(cue.target)
    if cue.act == "walk":
        return None if mark is None else Root(mark.at, radians(mark.pan))
    point = mark.at if mark else Aims(show, at).point(cue.target, cue.performer)
    if point is None:
        return None
    return Root(here.at, settle(atan2(-(point.x - here.at.x), point.y - here.at.y)))
