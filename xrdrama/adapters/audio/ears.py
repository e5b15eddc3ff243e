"""What reaches each ear of a head from a place: delay, shadow and distance (numpy).

The head is a rigid sphere: C. P. Brown and R. O. Duda, "A structural model for binaural sound
synthesis", IEEE Transactions on Speech and Audio Processing 6 (5), 1998. Each ear has the delay of
the way round the sphere and a filter with one pole and one zero, which leaves low tones as they
are and darkens the ear that is turned away. There is no pinna and no room in it: above and below
sound the same, and in front and behind differ only as the head turns.
"""

from __future__ import annotations

from functools import cache
from math import asin, cos, degrees, pi
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xrdrama.spatial import Vec3

SAMPLE_RATE: Final = 48_000
RADIUS: Final = 0.0875
"""Metres of the head's radius."""
SOUND: Final = 343.0
"""Metres per second."""
_ROUND: Final = RADIUS / SOUND
USUAL: Final = 2.0
"""Metres at which a sound is as loud as it was recorded."""
NEAREST, FARTHEST = 1.0, 8.0
"""Metres beyond which a sound gets no louder, or no softer, so that no line is lost. Between them
it falls by 6 dB with each doubling."""
INSIDE: Final = 0.15
"""Metres from the head's middle within which a sound has no direction."""
_LEAST, _DARKEST = 0.1, 150.0
"""The model's constants: how little of high tones reaches the darkest place of the sphere, and how
many degrees from the ear's axis that is."""
_HALF: Final = 16
"""Samples on each side of a fractional delay's middle."""
TAPS: Final = 2 * _HALF + 32 + 80
"""Samples of an ear's filter: a fractional delay, the longest way round, what the pole leaves."""

Samples = NDArray[np.float32]


@cache
def _filters() -> Samples:
    """(361, TAPS): the filter of an ear for each half degree between its axis and a source."""
    return np.stack([_filter(step / 2) for step in range(361)]).astype(np.float32)


def _filter(away: float) -> NDArray[np.float64]:
    """The filter of an ear whose axis is `away` degrees from a source."""
    angle = away * pi / 180.0
    way = -cos(angle) if angle < pi / 2 else angle - pi / 2
    delay = (1.0 + way) * _ROUND * SAMPLE_RATE + _HALF
    whole = int(delay)
    index = np.arange(2 * _HALF) - _HALF + 1
    at = index - (delay - whole)
    late = np.sinc(at) * np.cos(np.clip(at / (_HALF + 1), -1.0, 1.0) * pi / 2) ** 2
    alpha = 1.0 + _LEAST / 2 + (1.0 - _LEAST / 2) * cos(min(away / _DARKEST, 1.0) * pi)
    # Bilinear: s is 2 * rate * (1 - 1/z) / (1 + 1/z), and the corner 2 * SOUND / RADIUS.
    corner = _ROUND * SAMPLE_RATE
    pole = (1.0 - corner) / (1.0 + corner)
    first, second = (1.0 + alpha * corner) / (1.0 + corner), (1.0 - alpha * corner) / (1.0 + corner)
    shadow = np.zeros(80)
    shadow[0] = first
    shadow[1:] = (second - pole * first) * (-pole) ** np.arange(79)
    made = np.zeros(TAPS)
    start = whole - _HALF + 1
    heard = np.convolve(late / late.sum(), shadow)[: TAPS - start]
    made[start : start + len(heard)] = heard
    return made


def ear_filters(at: Vec3) -> tuple[Samples, Samples]:
    """The filters (TAPS,) of the left and the right ear for a sound at a place before the head
    (x right, y ahead, z up, metres), its distance in them."""
    away = at.length()
    side = at.x / away if away > INSIDE else 0.0
    right = 90.0 - degrees(asin(max(-1.0, min(1.0, side))))
    gain = np.float32(USUAL / max(NEAREST, min(FARTHEST, away)))
    table = _filters()
    return table[round((180.0 - right) * 2)] * gain, table[round(right * 2)] * gain


def filtered(sound: Samples, at: Vec3) -> Samples:
    """Samples (n, 2) at both ears of mono samples (n + TAPS - 1,), whose first TAPS - 1 are what
    came before."""
    left, right = ear_filters(at)
    return np.stack([np.convolve(sound, one, "valid") for one in (left, right)], axis=1)
