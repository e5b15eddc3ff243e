"""A jaw from loudness, for recordings whose phones are not known.

It opens and closes with the voice and has no other shape: lips never round, p b m never close. A
track made this way says `source: energy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Final

from xrdrama.performer.mouth.track import MouthTrack

STEP: Final = 20_000_000
"""Nanoseconds between two levels."""
_RANGE_DB: Final = 26.0
"""What is so far below the loudest part leaves the mouth closed."""
_WIDEST: Final = 0.85


def energy_track(language: str, loudness: Sequence[float]) -> MouthTrack:
    """The track of a recording from its root mean square (linear, one every `STEP`)."""
    loudest = max(loudness, default=0.0)
    if loudest <= 0.0:
        return MouthTrack(language, "energy", levels=(), step=STEP)
    opened = [_opening(value / loudest) for value in loudness]
    smooth = [
        sum(opened[max(0, place - 1) : place + 2]) / len(opened[max(0, place - 1) : place + 2])
        for place in range(len(opened))
    ]
    levels = tuple(round(255 * _WIDEST * value) for value in smooth)
    return MouthTrack(language, "energy", levels=levels, step=STEP)


def _opening(ratio: float) -> float:
    """0 to 1 from a share of the loudest part."""
    if ratio <= 0.0:
        return 0.0
    return max(0.0, 1.0 + 20.0 * log10(ratio) / _RANGE_DB)
