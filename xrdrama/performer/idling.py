"""What a performer does without cues: it breathes, blinks, shifts its weight, and its eyes rest.

Everything is a function of the show's time and the temper's seed: nothing is remembered, and two
performers with different seeds are never in step.
"""

from __future__ import annotations

from math import cos, pi, radians, sin
from typing import Final

from xrdrama.performer.curves import minimum_jerk
from xrdrama.performer.model import Temper
from xrdrama.timing import NS

_MASK: Final = 2**64 - 1
_CLOSING, _OPENING = 0.075, 0.16
"""Seconds: lids close faster than they open."""
_DEEPEST: Final = 1.06
"""The greatest value of `_breath` at depth 1."""


def chance(seed: int, place: int, lane: int = 0) -> float:
    """A number from 0 to 1 that depends on nothing but its arguments (splitmix64)."""
    z = (seed * 0x9E3779B97F4A7C15 + place * 0xBF58476D1CE4E5B9 + lane * 0x94D049BB133111EB) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((z ^ (z >> 31)) >> 11) / 2.0**53


def idle(temper: Temper, now: int) -> tuple[dict[str, float], dict[str, float]]:
    """Channels (radians) and shapes (0 to 1) at `now`, for one that stands and waits."""
    seconds = now / NS
    breath = _breath(temper, seconds)
    sway = _wander(temper, seconds, 5.3, 1) * temper.sway
    lean = _wander(temper, seconds, 7.9, 2) * temper.sway
    channels = {
        "spine_tilt": radians(0.9) * breath - temper.stoop,
        "spine_roll": radians(-1.6) * sway,
        "hips_roll": radians(1.5) * sway,
        "spine_pan": radians(1.8) * lean,
        "head_pan": radians(2.2) * _wander(temper, seconds, 4.1, 3),
        "head_tilt": radians(1.4) * _wander(temper, seconds, 5.9, 4)
        - radians(0.4) * breath
        + 0.75 * temper.stoop,
        "head_roll": radians(1.6) * _wander(temper, seconds, 6.7, 5),
    }
    for side, sign in (("left", 1.0), ("right", -1.0)):
        channels[f"{side}_shrug"] = radians(1.3) * breath
        channels[f"{side}_arm_raise"] = radians(9.0 + 0.8 * breath)
        channels[f"{side}_arm_swing"] = radians(2.0 + 1.2 * sign * lean)
        channels[f"{side}_elbow"] = radians(16.0 + 1.5 * sign * sway)
        channels[f"{side}_fingers"] = radians(24.0)
        channels[f"{side}_index"] = radians(18.0)
        channels[f"{side}_thumb"] = radians(14.0)
    lids = blink(temper, seconds)
    return channels, {"eyeBlinkLeft": lids, "eyeBlinkRight": lids}


def resting(temper: Temper) -> dict[str, tuple[float, float]]:
    """The least and the greatest value of each channel while a performer of this temper idles."""
    deep, sway = _DEEPEST * temper.depth, temper.sway
    middles = {"spine_tilt": -temper.stoop, "head_tilt": 0.75 * temper.stoop}
    reach = {
        "spine_tilt": radians(0.9) * deep, "spine_roll": radians(1.6) * sway,
        "hips_roll": radians(1.5) * sway, "spine_pan": radians(1.8) * sway,
        "head_pan": radians(2.2), "head_tilt": radians(1.4 + 0.4 * deep), "head_roll": radians(1.6),
    }  # fmt: skip
    for side in ("left", "right"):
        for name, middle, far in (
            ("shrug", 0.0, 1.3 * deep), ("arm_raise", 9.0, 0.8 * deep),
            ("arm_swing", 2.0, 1.2 * sway), ("elbow", 16.0, 1.5 * sway),
            ("fingers", 24.0, 0.0), ("index", 18.0, 0.0), ("thumb", 14.0, 0.0),
        ):  # fmt: skip
            middles[f"{side}_{name}"], reach[f"{side}_{name}"] = radians(middle), radians(far)
    return {
        name: (middles.get(name, 0.0) - far, middles.get(name, 0.0) + far)
        for name, far in reach.items()
    }


def blink(temper: Temper, seconds: float) -> float:
    """How far the lids are closed, 0 to 1. One blink falls into each stretch of the temper's
    blinking time, at a place that chance decides; one in six is followed by a second."""
    period = temper.blink / NS
    slot = int(seconds // period)
    closed = 0.0
    for place in (slot - 1, slot):
        at = (place + 0.1 + 0.75 * chance(temper.seed, place)) * period
        closed = max(closed, _lid(seconds - at))
        if chance(temper.seed, place, 1) < 1 / 6:
            closed = max(closed, _lid(seconds - at - 0.32))
    return closed


def glance(temper: Temper, now: int) -> tuple[float, float]:
    """Pan and tilt of the eyes away from what they look at, radians: small jumps with rests."""
    seconds, period = now / NS, 1.3
    slot = int(seconds // period)
    pan, tilt = _aim(temper, slot)
    before = _aim(temper, slot - 1)
    share = minimum_jerk((seconds - slot * period) / 0.06)
    return before[0] + (pan - before[0]) * share, before[1] + (tilt - before[1]) * share


def _aim(temper: Temper, slot: int) -> tuple[float, float]:
    wide = radians(9.0) if chance(temper.seed, slot, 6) < 0.22 * temper.glance else radians(1.1)
    angle = 2.0 * pi * chance(temper.seed, slot, 7)
    return wide * cos(angle), 0.5 * wide * sin(angle)


def _lid(since: float) -> float:
    if since < 0.0:
        return 0.0
    if since < _CLOSING:
        return minimum_jerk(since / _CLOSING)
    return 1.0 - minimum_jerk((since - _CLOSING - 0.03) / _OPENING)


def _breath(temper: Temper, seconds: float) -> float:
    """-1 to 1: in is a little quicker than out."""
    phase = seconds / (temper.breath / NS) + chance(temper.seed, 0, 8)
    angle = 2.0 * pi * phase
    return (sin(angle) + 0.18 * sin(2.0 * angle)) * temper.depth


def _wander(temper: Temper, seconds: float, period: float, lane: int) -> float:
    """A slow movement between -1 and 1 that does not repeat within a scene."""
    first, second = chance(temper.seed, 1, lane), chance(temper.seed, 2, lane)
    return 0.65 * sin(2.0 * pi * (seconds / period + first)) + 0.35 * sin(
        2.0 * pi * (seconds / (period * 0.618) + second)
    )
