"""Chooses among alternatives: the lines of a group in a script, the beats of a storylet group.

The names follow Yarn Spinner (saliency strategies) and ink (sequence, cycle, once, shuffle).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from xrdrama.story.chance import draw
from xrdrama.story.expressions.kinds import Expression

Choose = Literal["first", "best", "least_seen", "random", "sequence", "cycle", "once", "shuffle"]
WAYS_TO_CHOOSE: Final[tuple[Choose, ...]] = get_args(Choose)


def complexity(condition: Expression | None, *, once: bool) -> int:
    """How specific an alternative is: one for a condition, for each operator in it, for `once`."""
    return (1 + condition.complexity if condition else 0) + once


def chosen(
    choose: Choose,
    available: Sequence[int],
    plays: Sequence[int],
    complexity: Sequence[int],
    dice: int,
) -> tuple[int | None, int]:
    """The chosen candidate, or None, and the next state of the dice.

    `available` are the candidates that can be chosen, in the order of the file; `plays` and
    `complexity` say for each candidate how often it was played and how specific it is.

    first: the first. best: the most specific. least_seen: the least played, of these the most
    specific. random: any of those that least_seen could choose. sequence: each in turn, then always
    the last. cycle: each in turn, again and again. once: each in turn, then none. shuffle: any of
    the least played.
    """
    if not available:
        return None, dice
    fewest = min(plays[one] for one in available)
    if choose in ("sequence", "once"):
        fresh = next((one for one in available if not plays[one]), None)
        return (fresh if fresh is not None or choose == "once" else available[-1]), dice
    rank = {
        "first": lambda one: 0,
        "best": lambda one: -complexity[one],
        "cycle": lambda one: plays[one] - fewest,
        "shuffle": lambda one: plays[one] - fewest,
    }.get(choose, lambda one: (plays[one] - fewest, -complexity[one]))
    best = min(map(rank, available))  # type: ignore[type-var]
    equals = [one for one in available if rank(one) == best]
    if choose in ("random", "shuffle") and len(equals) > 1:
        dice, number = draw(dice, 0, len(equals) - 1)
        return equals[number], dice
    return equals[0], dice
