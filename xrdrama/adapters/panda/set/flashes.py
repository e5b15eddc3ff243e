"""Fireworks of a set: where each flashes at a time, and its light. Shaders get the result.

A pixel would need it many times: three directions, and three colours with exponentials each.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, floor
from typing import Final

import numpy as np

from xrdrama.scene.model import Flashes
from xrdrama.spatial import Vec3

SLOTS: Final = 3
"""So many flash in turns."""
PERIOD_S: Final = 2.4
"""Each slot flashes so often. `particle.vert` draws the sparks of the same flashes."""
_STAGGER: Final = 0.37
_LOOP: Final = 6000
"""Flashes of a slot until places and hues repeat."""
_GREY: Final = Vec3(0.3, 0.6, 0.1)
_TURN: Final = float(np.float32(12.9898))


def flash(flashes: Flashes, slot: int, seconds: float) -> tuple[Vec3, Vec3, Vec3]:
    """The directions (unit, from the stage) in which a slot's glow and its sparks are at a time
    within the loop, and the light (linear radiance) of the flash at full strength.

    The two directions differ in slot 0. Shaders of older versions hashed each for itself, and the
    compiler of one multiplied two factors first, which rounds otherwise; pictures stay the same.
    """
    beat = seconds / PERIOD_S + slot * _STAGGER
    age = (beat - floor(beat)) * PERIOD_S
    glow, sparks, hue = _place(flashes, slot, float(floor(beat) % _LOOP))
    # A burst, and the smoke that it leaves alight: some colour is always in the sky.
    lit = min(age / 0.07, 1.0)
    burn = lit * lit * (3.0 - 2.0 * lit) * (0.8 * exp(-2.6 * age) + 0.3 * exp(-age))
    return glow, sparks, hue * burn


@lru_cache(maxsize=SLOTS * 8)
def _place(flashes: Flashes, slot: int, count: float) -> tuple[Vec3, Vec3, Vec3]:
    """What stays the same for as long as a flash lasts: both directions and its colour."""
    number = count * SLOTS + slot
    rise = _hashed(_single(number + _single(7.1)) * _TURN) * 0.16

    def toward(turned: float) -> Vec3:
        to, spread = flashes.toward, (_hashed(turned) - 0.5) * 0.6
        return Vec3(to.x - to.y * spread, to.y + to.x * spread, to.z + rise).unit()

    sparks = glow = toward(number * _TURN)
    if slot == 0:
        glow = toward(count * _single(SLOTS * _TURN))
    # Gold, rose, violet: turns of the one colour.
    turn, gold = _hashed(_single(number + _single(3.3)) * _TURN), flashes.colour
    rose, violet = Vec3(gold.x, gold.z, gold.y), Vec3(gold.y, gold.z, gold.x)
    hue = gold.lerp(rose, turn * 1.5) if turn < 0.55 else rose.lerp(violet, (turn - 0.55) * 1.8)
    grey = hue.dot(_GREY)
    return glow, sparks, hue.lerp(Vec3(grey, grey, grey), 0.2)


def _hashed(turned: float) -> float:
    """0 to 1 of a number times `_TURN`, as llvmpipe computed it in a shader: in single precision,
    bit for bit, so that flashes are where they were in older pictures."""
    outer = _single(_sine(_single(turned)) * _single(43758.5453))
    return outer - floor(outer)


def _sine(x: float) -> float:
    """The sine of x >= 0 by the polynomials of Cephes in single precision, as Mesa computes it: a
    hash takes its last bits."""
    octant = (int(_single(x * _single(1.27323954473516))) + 1) & ~1
    for part in (0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8):
        x = _single(x - octant * _single(part))
    z = _single(x * x)
    if octant & 2:
        y = _polynomial(z, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2)
        y = _single(_single(y * z) * z)
        y = _single(_single(y - _single(z * 0.5)) + 1.0)
    else:
        y = _polynomial(z, -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1)
        y = _single(_single(y * z) * x + x)
    return -y if octant & 4 else y


def _polynomial(z: float, first: float, *others: float) -> float:
    y = _single(first)
    for coefficient in others:
        y = _single(y * z + _single(coefficient))
    return y


def _single(value: float) -> float:
    return float(np.float32(value))
