"""The stance of the stand-in actor: it follows params of the set, and breathes.

A model that acts has `_MOTION` on its vertices: the joint about which each turns, and by how much
it follows, positive for the head, negative for the right forearm. The trunk turns by height.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import pi, radians, sin
from typing import Final

from panda3d.core import LVecBase4f, PTA_LVecBase4f

from xrdrama.scene.model import ParamValue
from xrdrama.stage import Stance, StandIn
from xrdrama.timing import NS
from xrdrama.wire.frame import Frame

_BREATH_HZ: Final = (0.23, 0.13, 0.17, 0.19)
_BREATH: Final = (0.9, 1.6, 0.8, 1.5)
"""Amplitude in degrees of the constant small movement of trunk, head, nod and forearm."""


Angles = tuple[float, float, float, float]


class Acting:
    """The uniform `stance` of an actor: radians that trunk, head, nod and forearm turn by."""

    def __init__(self, actor: StandIn | None) -> None:
        self._actor = actor
        self.array = PTA_LVecBase4f.empty_array(1)
        self.array.set_element(0, LVecBase4f(0.0))  # it is not initialised

    def update(self, frame: Frame) -> None:
        """Set the stance from the params of a frame, independent of earlier frames. While a set
        fades out, its params count by its share."""
        if self._actor is None:
            return
        angles = angles_of(stance(self._actor, frame.params))
        if frame.fade is not None:
            share = frame.fade.share
            before = angles_of(stance(self._actor, frame.fade.params))
            angles = _mixed(before, angles, share)
        seconds = frame.time.shows_at / NS
        breath = (
            most * sin(2 * pi * hz * seconds) for most, hz in zip(_BREATH, _BREATH_HZ, strict=True)
        )
        turns = (radians(held + moved) for held, moved in zip(angles, breath, strict=True))
        self.array.set_element(0, LVecBase4f(*turns))


def stance(actor: StandIn, params: Mapping[str, ParamValue]) -> Stance:
    """The stance of an actor; a param that is missing, or is a word, counts as 0."""
    sums = list(angles_of(actor.holds))
    for name, act in actor.acts.items():
        amount = params.get(name, 0.0)
        share = 0.0 if isinstance(amount, str) else float(amount)
        for index, angle in enumerate(angles_of(act)):
            sums[index] += share * angle
    return Stance(*sums)


def _mixed(before: Angles, after: Angles, share: float) -> Angles:
    """`share` of the first angles and the rest of the second ones."""
    turn, head, nod, arm = (
        share * one + (1.0 - share) * other for one, other in zip(before, after, strict=True)
    )
    return turn, head, nod, arm


def angles_of(held: Stance) -> Angles:
    """Trunk, head, nod, forearm: degrees."""
    return held.turn, held.head, held.nod, held.arm
