"""Whether a hand is held still or moves: a pose counts only while it is held.

Without this an open palm that waves, or comes into the picture, would count as an open palm
that somebody shows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from math import dist

from xrdrama.adapters.gesture.poses import Point, palm_length
from xrdrama.timing import NS

WINDOW = NS // 10
"""Nanoseconds over which motion is averaged: three frames at 30 a second."""

STILL = 2.0
"""Palm lengths a second up to which a hand is held.

A hand that somebody tries to hold still drifts at about 0.5 with the landmarks' jitter in it; a
wave of 2 Hz and 22 degrees reaches 17 and is slower than this for 20 ms at each of its ends.
"""


class Stillness:
    """The motion of one hand over the last tenth of a second.

    still = Stillness()
    still.update(at, points)   # for each frame in order; None when there is no hand
    """

    def __init__(self) -> None:
        self._seen: deque[tuple[int, tuple[Point, ...]]] = deque()

    def update(self, at: int, points: tuple[Point, ...] | None) -> bool:
        """Note the landmarks (pixels) at a media time in ns; True when the hand is held.

        The first frame of a hand says nothing about its motion, so it is not held yet.
        """
        if points is None:
            self._seen.clear()
            return False
        self._seen.append((at, points))
        # The frame before always stays, so that slow cameras have something to compare with.
        while len(self._seen) > 2 and self._seen[0][0] < at - WINDOW:
            self._seen.popleft()
        return len(self._seen) > 1 and self._speed() <= STILL

    def _speed(self) -> float:
        """Palm lengths a second along the way, so that going there and back is not standing."""
        size = palm_length(self._seen[-1][1])
        seconds = (self._seen[-1][0] - self._seen[0][0]) / NS
        if size <= 0.0 or seconds <= 0.0:
            return float("inf")
        frames = [points for _, points in self._seen]
        way = sum(_moved(a, b) for a, b in pairwise(frames))
        return way / size / seconds


def _moved(before: Sequence[Point], after: Sequence[Point]) -> float:
    """How far the landmarks moved between two frames on average, in pixels."""
    return sum(dist(a, b) for a, b in zip(before, after, strict=True)) / len(after)
