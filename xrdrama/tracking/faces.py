"""A measured face: the values of ARKit's 52 shapes, and how the head is turned.

The names are ARKit's, in camelCase as glTF's `targetNames` has them, in alphabetical order. Left
and right are the actor's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, radians
from typing import Final

import msgspec

from xrdrama.timing import NS
from xrdrama.tracking.datagrams import Fault

ARKIT: Final = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight",
    "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft",
    "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight",
    "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose",
    "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight",
    "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower",
    "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight", "mouthStretchLeft",
    "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight", "noseSneerLeft",
    "noseSneerRight", "tongueOut",
)  # fmt: skip
"""The shapes of a face, in the order in which their values are recorded."""
FULL: Final = 255
"""The recorded value of a shape that is fully applied."""
HALF_TURN: Final = 1800
"""The largest recorded angle: tenths of a degree."""
WITHIN: Final = 1e-3
"""How far outside 0 to 1 a value may be without being a fault: a device rounds."""

RATE: Final = 24
"""Events a second, at most."""

Angles = tuple[float, float, float]
"""Pan (positive to the own left), tilt (up) and roll (to the own right shoulder), radians."""


class Face(msgspec.Struct, frozen=True):
    """A face at nanosecond `at`: a value from 0 to 1 for each of ARKIT; () if no face was found.

    `head` is its turn against the camera or device, None if unknown. `subject` is the name that the
    device gives the face.
    """

    source: str
    subject: str
    at: int
    shapes: tuple[float, ...] = ()
    head: Angles | None = None

    def values(self) -> tuple[int, ...]:
        """The values as they are recorded: 0 to 255 in the order of ARKIT, or ()."""
        return tuple(round(value * FULL) for value in self.shapes)

    def turn(self) -> tuple[int, int, int]:
        """Pan, tilt and roll as they are recorded: tenths of a degree; 0 if unknown."""
        pan, tilt, roll = self.head or (0.0, 0.0, 0.0)
        return tenths(pan), tenths(tilt), tenths(roll)


def tenths(angle: float) -> int:
    """An angle in radians as whole tenths of a degree, at most a half turn."""
    return max(-HALF_TURN, min(HALF_TURN, round(angle / radians(0.1))))


def shapes_by_name(given: Mapping[str, float]) -> tuple[tuple[float, ...], tuple[Fault, ...]]:
    """Values in the order of ARKIT from values by name, and what is wrong with them.

    A value that is NaN or infinite counts as 0, one outside 0 to 1 as the nearer of both; a shape
    that is not given is 0. Names that ARKit does not have are faults.
    """
    faults = [Fault(f"shapes.{name}", "unknown shape: ignored") for name in given.keys() - _KNOWN]
    values = []
    for name in ARKIT:
        value = given.get(name, 0.0)
        if not isfinite(value):
            faults.append(Fault(f"shapes.{name}", "NaN or infinite: 0 is used"))
            value = 0.0
        elif not -WITHIN <= value <= 1.0 + WITHIN:
            faults.append(Fault(f"shapes.{name}", f"{value:g} is outside 0 to 1: limited"))
        values.append(min(1.0, max(0.0, value)))
    return tuple(values), tuple(sorted(faults, key=lambda fault: fault.path))


class Pace:
    """Decides which faces become events: `RATE` a second, and one when a face is lost."""

    def __init__(self) -> None:
        self.is_there = False
        self.said_anything = False
        """Whether there was an event."""
        self._due = -(2**62)

    def is_news(self, face: Face) -> bool:
        """True when the face is worth an event. A source that never had one has none."""
        is_there = bool(face.shapes)
        came_or_went = is_there != self.is_there
        self.is_there = is_there
        if not came_or_went and (not is_there or face.at < self._due - _EARLY):
            return False
        # Frames come a little early or late, and there are no fewer events for it.
        since = face.at if came_or_went else face.at - _PERIOD
        self._due = max(self._due, since) + _PERIOD
        self.said_anything = True
        return True


_PERIOD: Final = NS // RATE
_EARLY: Final = _PERIOD // 4
_KNOWN = frozenset(ARKIT)
