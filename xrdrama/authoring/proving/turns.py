"""Alternatives in the states of a search: which one follows, and how often each was played.

The runtime counts plays without end (`story.choosing`). Here only what a choice can depend on is
kept: that an alternative was played at all, and how many more plays it has than the least played
one of its group, up to MOST_AHEAD. Of alternatives that are further ahead, any may be the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from xrdrama.authoring.proving.layout import Field, Layout
from xrdrama.authoring.proving.world import World
from xrdrama.story.choosing import Choose

MOST_AHEAD: Final = 7
_IN_TURN: Final = ("least_seen", "random", "cycle", "shuffle")
_FRESH: Final = ("sequence", "once")
_DRAWN: Final = ("random", "shuffle")


class Turn(NamedTuple):
    """One alternative of a group, or one storylet: its fields, None where nothing depends on
    them."""

    played: Field | None
    ahead: Field | None
    once: bool
    complexity: int


class Turns(NamedTuple):
    """A group of alternatives."""

    choose: Choose
    turns: tuple[Turn, ...]


def turns_of(
    layout: Layout, choose: Choose, name: str, members: Sequence[tuple[bool, int]]
) -> Turns:
    """A group with its fields added to the layout; members are (once, complexity)."""
    made = []
    for number, (once, complexity) in enumerate(members, 1):
        fresh = once or choose in _FRESH
        several = choose in _IN_TURN and len(members) > 1
        made.append(
            Turn(
                layout.counter(f"{name} {number} played", 1) if fresh else None,
                layout.counter(f"{name} {number} ahead", MOST_AHEAD) if several else None,
                once,
                complexity,
            )
        )
    return Turns(choose, tuple(made))


def mask_of(turns: Turns) -> int:
    """The bits of the fields of a group."""
    mask = 0
    for turn in turns.turns:
        for field in (turn.played, turn.ahead):
            mask |= field.mask if field else 0
    return mask


def may_play(turn: Turn, world: World) -> bool:
    """False for an alternative with `once` that was played."""
    return not (turn.once and turn.played is not None and world.get(turn.played))


def chosen_turn(turns: Turns, available: Sequence[int], world: World) -> int | None:
    """The number of the alternative that follows, as `story.choosing.chosen` says."""
    if not available:
        return None
    all_, choose = turns.turns, turns.choose
    if choose in _FRESH:
        for number in available:
            played = all_[number].played
            if played is not None and not world.get(played):
                return number
        return None if choose == "once" else available[-1]
    if choose == "first":
        return available[0]
    ahead = {number: _ahead(all_[number], world) for number in available}
    fewest = min(ahead.values())
    equals = [number for number in available if ahead[number] == fewest]
    if choose in ("best", "least_seen", "random"):
        specific = max(all_[number].complexity for number in equals)
        equals = [number for number in equals if all_[number].complexity == specific]
    if choose not in _DRAWN:
        equals = equals[:1]
    far = [number for number in available if ahead[number] == MOST_AHEAD and number not in equals]
    world.facts.wider = world.facts.wider or bool(far)
    candidates = [*equals, *far]
    return candidates[world.oracle.roll(len(candidates))]


def _ahead(turn: Turn, world: World) -> int:
    return 0 if turn.ahead is None else int(world.get(turn.ahead))


def count_turn(turns: Turns, number: int, world: World) -> None:
    """Count one play of an alternative."""
    turn = turns.turns[number]
    if turn.played is not None:
        world.set(turn.played, 1)
    if turn.ahead is None:
        return
    ahead = {one: int(world.get(t.ahead)) for one, t in enumerate(turns.turns) if t.ahead}
    ahead[number] = min(MOST_AHEAD, ahead[number] + 1)
    # One that can never be chosen again does not hold the others back.
    over = {one for one in ahead if not may_play(turns.turns[one], world)}
    fewest = min((count for one, count in ahead.items() if one not in over), default=0)
    for one, count in ahead.items():
        field = turns.turns[one].ahead
        if field is not None:
            kept = 0 if one in over else count if count == MOST_AHEAD else count - fewest
            world.set(field, kept)
