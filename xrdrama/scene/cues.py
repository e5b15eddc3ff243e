"""The values of params while a cue runs, as pure functions of the time since the cue began.

Nothing here is incremental: the values can be computed for any time in any order, so a frame that
is drawn alone or replayed is the same as in a run.
"""

from __future__ import annotations

from typing import assert_never

from xrdrama.scene.model import Cue, Ease, Move, ParamValue


def eased(ease: Ease, x: float) -> float:
    """The completed share of a move at the share `x` of its time: 0 for x <= 0, 1 for x >= 1.

    `in` starts slowly, `out` ends slowly, `smooth` does both, `step` jumps at the end.
    """
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    match ease:
        case "linear":
            return x
        case "smooth":
            return x * x * (3.0 - 2.0 * x)
        case "in":
            return x * x
        case "out":
            return x * (2.0 - x)
        case "step":
            return 0.0
        case _:
            assert_never(ease)


def value_at(move: Move, start_value: ParamValue, elapsed_ns: int) -> ParamValue:
    """The param's value `elapsed_ns` after the cue began; exactly `to` after the end of the move.

    Words (and a move from a word) change at the end of the move, since they cannot be interpolated.
    """
    if elapsed_ns >= move.delay + move.over:
        return move.to
    if elapsed_ns <= move.delay or isinstance(move.to, str) or isinstance(start_value, str):
        return start_value
    share = eased(move.ease, (elapsed_ns - move.delay) / move.over)
    return start_value + (move.to - start_value) * share


def length(cue: Cue) -> int:
    """Duration of a cue in nanoseconds, until the end of its last move."""
    return max((move.delay + move.over for move in cue.moves), default=0)
