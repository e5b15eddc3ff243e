"""What a cue of a set comes to, move by move: the reference that tests compare with."""

from __future__ import annotations

from collections.abc import Mapping

from xrdrama.scene.cues import value_at
from xrdrama.scene.model import Cue, ParamValue


def values_at(
    cue: Cue, start_values: Mapping[str, ParamValue], elapsed_ns: int
) -> dict[str, ParamValue]:
    """The values of all params of a cue; a later move of a param starts at the end value of the
    first.

    `start_values` are the values when the cue began, for every param of the cue.
    """
    values: dict[str, ParamValue] = {}
    for move in cue.moves:
        start = values.get(move.param, start_values[move.param])
        values[move.param] = value_at(move, start, elapsed_ns)
    return values
