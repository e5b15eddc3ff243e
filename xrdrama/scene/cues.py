"""Where is a param while a cue runs? Pure functions of the time since the cue began.

Nothing here is incremental: any moment can be asked for in any order, so a frame that is drawn
alone, replayed or skipped shows what it would have shown in a run.
"""

from __future__ import annotations

from collections.abc import Mapping

from xrdrama.scene.model import Cue, Ease, Move, ParamValue


def eased(ease: Ease, x: float) -> float:
    """The share of the way at the share `x` of the time: 0 for x <= 0 and 1 for x >= 1.

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


def value_at(move: Move, start_value: ParamValue, elapsed_ns: int) -> ParamValue:
    """The param's value `elapsed_ns` after the cue began; exactly `to` once the move is over.

    Words (and a move from a word) change at the end of the move, since nothing is between them.
    """
    if elapsed_ns >= move.delay + move.over:
        return move.to
    if elapsed_ns <= move.delay or isinstance(move.to, str) or isinstance(start_value, str):
        return start_value
    share = eased(move.ease, (elapsed_ns - move.delay) / move.over)
    return start_value + (move.to - start_value) * share


def values_at(
    cue: Cue, start_values: Mapping[str, ParamValue], elapsed_ns: int
) -> dict[str, ParamValue]:
    """The values of all params of a cue; a later move of a param starts where the one before ends.

    `start_values` are those that stood when the cue began; it must hold every param of the cue.
    """
    values: dict[str, ParamValue] = {}
    for move in cue.moves:
        start = values.get(move.param, start_values[move.param])
        values[move.param] = value_at(move, start, elapsed_ns)
    return values


def length(cue: Cue) -> int:
    """Nanoseconds until every move of the cue is over."""
    return max((move.delay + move.over for move in cue.moves), default=0)
