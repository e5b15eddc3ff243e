"""One face through the frames of one source."""

from __future__ import annotations

from collections.abc import Sequence
from math import dist

import msgspec

from xrdrama.adapters.face.landmarks import Landmarker, Seen
from xrdrama.adapters.vision.sources import Picture
from xrdrama.tracking.faces import Angles, Face, shapes_by_name

REST_FRAMES = 12
"""So many first frames with a face say how the head is turned at rest: few cameras are straight
ahead of the actor."""
FAR = 0.5
"""A face farther from the last one than this many of its heights is another face."""


class Glance(msgspec.Struct, frozen=True):
    """What a frame shows: a face, with shapes () if none was found, and the number of others."""

    face: Face
    others: int = 0


class Watch:
    """Stays with the face that it saw first, or with the largest of several that come at once.

    The same frames at the same times give the same glances, on one machine to the last bit.
    """

    def __init__(self, landmarker: Landmarker, source: str, performer: str) -> None:
        self._landmarker = landmarker
        self._source, self._performer = source, performer
        self._last: Seen | None = None
        self._rest: Angles = (0.0, 0.0, 0.0)
        self._counted = 0

    def _against_rest(self, head: Angles) -> Angles:
        """A turn against the head's rest: the mean of the first half second with a face."""
        if self._counted < REST_FRAMES:
            self._counted += 1
            share = 1.0 / self._counted
            at_rest = [
                rest + (now - rest) * share for rest, now in zip(self._rest, head, strict=True)
            ]
            self._rest = at_rest[0], at_rest[1], at_rest[2]
        pan, tilt, roll = (now - rest for now, rest in zip(head, self._rest, strict=True))
        return pan, tilt, roll

    def look(self, picture: Picture, at: int) -> Glance:
        """The glance at a frame (RGB) at media time `at` in ns, which only goes forward."""
        seen = self._landmarker.find(picture, at)
        chosen = choose(seen, self._last)
        self._last = chosen
        if chosen is None:
            return Glance(Face(self._source, self._performer, at), len(seen))
        shapes, _ = shapes_by_name(chosen.shapes)
        face = Face(self._source, self._performer, at, shapes, self._against_rest(chosen.head))
        return Glance(face, len(seen) - 1)


def choose(seen: Sequence[Seen], last: Seen | None) -> Seen | None:
    """The face to use: the one that continues the last, else the largest; None without faces.

    While the last face is hidden another one is not taken for it: one frame has no face.
    """
    if not seen:
        return None
    if last is None:
        return max(seen, key=lambda face: face.height)
    nearest = min(seen, key=lambda face: dist(face.middle, last.middle))
    return nearest if dist(nearest.middle, last.middle) <= FAR * last.height else None
