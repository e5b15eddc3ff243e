"""A live face as a frame carries it: 52 shapes in `SHAPES`' order, then the turn of the head."""

from __future__ import annotations

from collections.abc import Sequence
from math import radians
from typing import Final

from xrdrama.performer.shapes import SHAPES

FURTHEST: Final = radians(80.0)
"""The largest turn of the head that is carried: steps are of 0.6 degrees."""
EYES: Final = radians(30.0)
"""How far an eye is turned when a shape by which it looks aside, up or down is fully applied."""
_HEAD: Final = ("head_pan", "head_tilt", "head_roll")
_MIDDLE: Final = 127


def levels_of(values: Sequence[int], turn: Sequence[float]) -> tuple[int, ...]:
    """The levels (0 to 255) of a face: values of the shapes, and pan, tilt and roll in radians."""
    limited = (max(-FURTHEST, min(FURTHEST, angle)) for angle in turn)
    return (*values, *(round(angle / FURTHEST * _MIDDLE) + _MIDDLE for angle in limited))


def live_shapes(live: Sequence[int]) -> dict[str, float]:
    """The values of the shapes, 0 to 1."""
    return {name: level / 255.0 for name, level in zip(SHAPES, live, strict=False)}


def live_channels(live: Sequence[int]) -> dict[str, float]:
    """The channels of the head and of both eyes together, radians."""
    turns = zip(_HEAD, live[len(SHAPES) :], strict=False)
    found = {name: (level - _MIDDLE) / _MIDDLE * FURTHEST for name, level in turns}
    look = live_shapes(live)
    left = look["eyeLookOutLeft"] + look["eyeLookInRight"]
    right = look["eyeLookInLeft"] + look["eyeLookOutRight"]
    up = look["eyeLookUpLeft"] + look["eyeLookUpRight"]
    down = look["eyeLookDownLeft"] + look["eyeLookDownRight"]
    return {**found, "eyes_pan": (left - right) / 2 * EYES, "eyes_tilt": (up - down) / 2 * EYES}
