"""The clips, and what the hand does in each. Times in seconds, positions in metres."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import pi, sin
from typing import NamedTuple, TypeVar

import numpy as np
from hand import FIST, OPEN, POINT, RELAXED, THREE, VICTORY, Shape, turn
from mesh import Array
from picture import Look
from room import DAY, EVENING, STAGE, Mood

FPS = 30

T = TypeVar("T")

LIGHT = Look((0.66, 0.39, 0.28), (0.028, 0.034, 0.060))
MEDIUM = Look((0.47, 0.235, 0.135), (0.085, 0.022, 0.020))
DARK = Look((0.175, 0.082, 0.047), (0.060, 0.058, 0.048))


class Stance(NamedTuple):
    """Where the wrist is, seen from the lens, and how the arm is turned (degrees).

    `pan` turns the palm aside, `tilt` leans the fingers to the lens, `roll` turns in the picture.
    """

    x: float
    y: float
    away: float
    pan: float
    tilt: float
    roll: float


class Clip(NamedTuple):
    """A clip: how long, in which room, whose hand, what it does, and what is true of it when.

    `truth` lists (from, until, pose); what it leaves out is a hand on the way: nothing to judge.
    """

    name: str
    seconds: float
    mood: Mood
    seed: int
    look: Look
    left: bool
    shapes: Sequence[tuple[float, Shape]]
    stances: Sequence[tuple[float, Stance]]
    truth: Sequence[tuple[float, float, str]]
    sway: Callable[[float], float] = lambda at: 0.0

    def shape(self, at: float) -> Shape:
        """The form of the hand at a time."""
        before, after, share = _between(self.shapes, at)
        still = before.towards(after, share)
        wave = [1.6 * sin(2.0 * pi * (0.43 + 0.09 * i) * at + i * 1.7) for i in range(4)]
        curls = tuple(
            (a + w, b + 1.3 * w, c + 0.6 * w)
            for (a, b, c), w in zip(still.curls, wave, strict=True)
        )
        return still._replace(curls=curls)

    def place(self, points: Array, normals: Array, at: float) -> tuple[Array, Array]:
        """Points and normals of an arm as seen from the lens at a time."""
        before, after, share = _between(self.stances, at)
        x, y, away, pan, tilt, roll = (
            a + (b - a) * share for a, b in zip(before, after, strict=True)
        )
        # Nobody holds a hand like a statue.
        x += 0.0022 * sin(2.0 * pi * 0.51 * at) + 0.0011 * sin(2.0 * pi * 1.13 * at + 1.0)
        y += 0.0024 * sin(2.0 * pi * 0.39 * at + 2.0) + 0.0009 * sin(2.0 * pi * 1.37 * at)
        pan += 1.6 * sin(2.0 * pi * 0.33 * at + 0.7)
        roll += 1.0 * sin(2.0 * pi * 0.47 * at + 0.2)
        own = turn((0.0, 1.0, 0.0), pan) @ turn((1.0, 0.0, 0.0), tilt)
        whole = turn((0.0, 0.0, 1.0), roll) @ own
        # A waving arm turns about its elbow, which is a forearm below the wrist.
        swing = turn((0.0, 0.0, 1.0), self.sway(at))
        elbow = whole @ np.array([0.0, -0.26, 0.0])
        moved = (points @ whole.T - elbow) @ swing.T + elbow
        return moved + np.array([x, y, -away]), normals @ (swing @ whole).T


def _between(keys: Sequence[tuple[float, T]], at: float) -> tuple[T, T, float]:
    """The keys around a time, and the share of the way: at rest at both ends (least jerk)."""
    for (t0, a), (t1, b) in pairwise(keys):
        if at < t1:
            t = max(0.0, (at - t0) / (t1 - t0))
            return a, b, t * t * t * (10.0 - 15.0 * t + 6.0 * t * t)
    return keys[-1][1], keys[-1][1], 0.0


def _visit(
    stance: Stance, arrive: tuple[float, float], leave: tuple[float, float]
) -> list[tuple[float, Stance]]:
    """From below into the picture, and out again."""
    below = stance._replace(x=stance.x + 0.09, y=stance.y - 0.40, roll=stance.roll - 26.0)
    aside = stance._replace(x=stance.x + 0.05, y=stance.y - 0.42, roll=stance.roll - 12.0)
    return [
        (0.0, below),
        (arrive[0], below),
        (arrive[1], stance),
        (leave[0], stance),
        (leave[1], aside),
    ]


class _Person(NamedTuple):
    """Who is filmed where."""

    mood: Mood
    seed: int
    look: Look
    left: bool = False


def _held(name: str, shape: Shape, person: _Person, stance: Stance) -> Clip:
    """An open hand comes in, takes a shape, holds it for 1.9 s and leaves."""
    away = OPEN if shape is OPEN else RELAXED
    shapes = [(0.0, OPEN), (1.15, OPEN), (1.55, shape), (3.55, shape), (4.0, away)]
    truth = [(0.0, 0.5, "none"), (1.6, 3.5, name), (4.3, 4.5, "none")]
    return Clip(name, 4.5, *person, shapes, _visit(stance, (0.5, 1.3), (3.5, 4.25)), truth)


CLIPS = (
    _held("open_palm", OPEN, _Person(DAY, 3, MEDIUM), Stance(0.015, -0.070, 0.49, -10.0, 4.0, 4.0)),
    _held("fist", FIST, _Person(EVENING, 5, LIGHT), Stance(0.0, -0.040, 0.45, -14.0, 3.0, 3.0)),
    _held("point", POINT, _Person(STAGE, 8, MEDIUM), Stance(0.01, -0.065, 0.47, -12.0, 2.0, 5.0)),
    _held(
        "victory", VICTORY, _Person(DAY, 12, DARK, left=True),
        Stance(0.0, -0.065, 0.47, -8.0, 4.0, 3.0),
    ),
    Clip(
        "three", 4.5, EVENING, 17, MEDIUM, False, [(0.0, THREE)],
        _visit(Stance(0.01, -0.065, 0.48, -10.0, 3.0, 3.0), (0.5, 1.3), (3.5, 4.25)),
        [(0.0, 0.5, "none"), (1.35, 3.5, "other"), (4.3, 4.5, "none")],
    ),
    Clip(
        "wave", 4.5, DAY, 21, LIGHT, False, [(0.0, OPEN)],
        _visit(Stance(0.0, -0.07, 0.51, -6.0, 4.0, 0.0), (0.5, 1.1), (3.7, 4.3)),
        [(0.0, 0.5, "none"), (1.1, 3.7, "other"), (4.35, 4.5, "none")],
        lambda at: 22.0 * sin(2.0 * pi * 2.0 * at),
    ),
    Clip("empty", 3.0, EVENING, 29, LIGHT, False, [], [], [(0.0, 3.0, "none")]),
    Clip(
        "demo_hand", 4.6, EVENING, 2, LIGHT, False,
        [(0.0, RELAXED), (0.75, RELAXED), (1.45, OPEN), (3.35, OPEN), (4.1, RELAXED)],
        _visit(Stance(0.035, -0.068, 0.46, -12.0, 5.0, 5.0), (0.35, 1.45), (3.3, 4.35)),
        [(0.0, 0.35, "none"), (1.5, 3.3, "open_palm"), (4.4, 4.6, "none")],
    ),
)  # fmt: skip
