"""Walks and turns: where the root and both feet are at any time, with feet that do not slide.

A way is cut into windows of equal share. In each window one foot moves, the other one stands; a
foot lands where the root will be half a window to a whole one later, so steps are even and both
feet end side by side. All of it is a function of the share of the way that is covered.
"""

from __future__ import annotations

from math import atan2, ceil, cos, hypot, pi, radians, sin
from typing import Final, NamedTuple

import msgspec

from xrdrama.performer.curves import PEAK_SPEED, minimum_jerk
from xrdrama.performer.performing import Root, Travel
from xrdrama.spatial import Vec3
from xrdrama.timing import NS

TURNING: Final = radians(150.0)
"""Radians per second of a turn in place."""
_A_TURN: Final = radians(40.0)
"""Most radians that a foot turns in one step."""
_SMALL: Final = radians(4.0)
_SWING: Final = 0.86
"""The share of a window in which its foot is in the air."""


class Foot(NamedTuple):
    """A foot in the set: where it is on the floor, its pan, its height, and how far its step is."""

    x: float
    y: float
    pan: float
    lifted: float
    step: float
    """0 at toe-off to 1 at the landing; 0 while it stands."""


class Walked(msgspec.Struct, frozen=True):
    """A performer on its way: the root, both feet, and the phase of the gait."""

    root: Root
    left: Foot
    right: Foot
    stride: float = 0.0
    """-1 when the left foot is a full step ahead, 1 when the right one is, 0 when standing."""
    going: float = 0.0
    """0 when standing to 1 at full pace."""


class _Leg(NamedTuple):
    """A part of a way: from one root to another, within a share of its time."""

    start: Root
    end: Root
    weight: float
    windows: int


def standing(root: Root, apart: float) -> Walked:
    """Both feet beside each other, `apart` metres from the middle."""
    return Walked(root, _planted(root, -apart), _planted(root, apart))


def walked(travel: Travel, apart: float, step: float, now: int) -> Walked:
    """A performer at `now`, feet `apart` from the middle and steps of at most `step` metres."""
    legs = _legs(travel.start, travel.end, step)
    if not legs:
        return standing(travel.end, apart)
    share = (now - travel.began) / travel.lasts if travel.lasts > 0 else 1.0
    if share <= 0.0:
        return standing(travel.start, apart)
    whole = sum(leg.weight for leg in legs)
    for leg in legs:
        part = leg.weight / whole
        if share < part:
            return _stepped(leg, share / part, apart)
        share -= part
    return standing(travel.end, apart)


def time_of(start: Root, end: Root, pace: float, step: float) -> int:
    """Nanoseconds of a way at a pace in metres per second, as an unhurried walker needs."""
    seconds = 0.0
    for leg in _legs(start, end, step):
        length, angle = _distance(leg.start, leg.end), abs(_turn(leg.start.pan, leg.end.pan))
        seconds += max(length / pace + 0.5 if length > 0.0 else 0.0, angle / TURNING + 0.35)
    return round(seconds * NS)


def _legs(start: Root, end: Root, step: float) -> list[_Leg]:
    """Turn towards the end, go there, turn to its pan; each only if it is needed."""
    length = _distance(start, end)
    legs: list[_Leg] = []
    here = start
    if length > 0.02:
        ahead = _heading(start, end)
        legs += _turned(here, Root(start.at, ahead))
        here = Root(start.at, ahead)
        there = Root(end.at, ahead)
        legs.append(_Leg(here, there, length / 0.9 + 0.5, max(2, ceil(length / step) + 1)))
        here = there
    elif length > 0.0:  # a small step aside needs no turn
        here = Root(end.at, start.pan)
        legs.append(_Leg(start, here, 0.5, 2))
    legs += _turned(here, end)
    return legs


def _turned(start: Root, end: Root) -> list[_Leg]:
    angle = abs(_turn(start.pan, end.pan))
    if angle == 0.0:
        return []
    return [_Leg(start, end, angle / TURNING + 0.35, max(2, ceil(angle / _A_TURN) + 1))]


def _stepped(leg: _Leg, time: float, apart: float) -> Walked:
    s = _eased(time)
    n = leg.windows
    # The foot on the side of a turn goes first, so that legs do not cross.
    left_first = _turn(leg.start.pan, leg.end.pan) >= 0.0
    feet = {}
    for side, sign in (("left", -1.0), ("right", 1.0)):
        first = (side == "left") == left_first
        feet[side] = _foot(leg, s, 0 if first else 1, n, sign * apart)
    root = _along(leg, s)
    gap = _gap(root, feet["right"]) - _gap(root, feet["left"])
    length = _distance(leg.start, leg.end)
    window = max(length / n, 1e-6)
    going = min(1.0, _pace(time) / PEAK_SPEED) if length > 1e-6 else 0.0
    stride = max(-1.0, min(1.0, gap / (2.0 * window))) if length > 1e-6 else 0.0
    return Walked(root, feet["left"], feet["right"], stride, going)


def _foot(leg: _Leg, s: float, first: int, n: int, aside: float) -> Foot:
    """The foot that moves in the windows `first`, `first + 2`, ... of `n`."""
    window = min(int(s * n), n - 1)
    moving = (window - first) % 2 == 0 and window >= first
    last = window if moving else window - 1
    start = _landing(leg, last - 2, first, n, aside)
    if not moving:
        return _landing(leg, last, first, n, aside) if last >= first else start
    end = _landing(leg, last, first, n, aside)
    u = (s * n - window - (1.0 - _SWING) / 2.0) / _SWING
    share = minimum_jerk(u)
    pan = start.pan + _turn(start.pan, end.pan) * share
    x, y = start.x + (end.x - start.x) * share, start.y + (end.y - start.y) * share
    u = max(0.0, min(1.0, u))
    far = hypot(end.x - start.x, end.y - start.y) + 0.25 * abs(_turn(start.pan, end.pan))
    lifted = min(0.075, 0.02 + 0.10 * far) * sin(pi * u) ** 2 * (1.25 - 0.5 * u)
    return Foot(x, y, pan, lifted, u if 0.0 < u < 1.0 else 0.0)


def _landing(leg: _Leg, window: int, first: int, n: int, aside: float) -> Foot:
    """The place of the foot after a window; that of the start before its first one."""
    if window < first:
        return _planted(leg.start, aside)
    # From half a window ahead of the root to a whole one, so that both feet end at the end.
    lead = 1.0 if window >= n - 2 else (window + 1.5 + 0.5 * window / (n - 2)) / n
    return _planted(_along(leg, lead), aside)


def _planted(root: Root, aside: float) -> Foot:
    return Foot(
        root.at.x + cos(root.pan) * aside, root.at.y + sin(root.pan) * aside, root.pan, 0.0, 0.0
    )


def _along(leg: _Leg, s: float) -> Root:
    pan = leg.start.pan + _turn(leg.start.pan, leg.end.pan) * s
    return Root(leg.start.at.lerp(leg.end.at, s), pan)


def _eased(time: float) -> float:
    """The share of the way at a share of the time: even, with a soft start and end."""
    soft = 0.22
    top = 1.0 / (1.0 - soft)
    if time <= 0.0:
        return 0.0
    if time >= 1.0:
        return 1.0
    if time < soft:
        return top * time * time / (2.0 * soft)
    if time > 1.0 - soft:
        left = 1.0 - time
        return 1.0 - top * left * left / (2.0 * soft)
    return top * (time - soft / 2.0)


def _pace(time: float) -> float:
    """0 at rest to `PEAK_SPEED` in the even part."""
    soft = 0.22
    return PEAK_SPEED * max(0.0, min(1.0, time / soft, (1.0 - time) / soft))


def _gap(root: Root, foot: Foot) -> float:
    """How far a foot is ahead of the root, in metres."""
    return -sin(root.pan) * (foot.x - root.at.x) + cos(root.pan) * (foot.y - root.at.y)


def _distance(start: Root, end: Root) -> float:
    return hypot(end.at.x - start.at.x, end.at.y - start.at.y)


def _heading(start: Root, end: Root) -> float:
    return atan2(-(end.at.x - start.at.x), end.at.y - start.at.y)


def _turn(start: float, end: float) -> float:
    """The shorter way from one pan to another, -pi to pi."""
    return (end - start + pi) % (2.0 * pi) - pi


def settled_at(travel: Travel, now: int) -> Root:
    """The root at `now` alone, for those who need no feet."""
    return walked(travel, 0.1, 0.5, now).root


def above(root: Root, height: float) -> Vec3:
    """The point `height` metres above a root."""
    return Vec3(root.at.x, root.at.y, root.at.z + height)
