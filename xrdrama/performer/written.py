"""Performer and gesture files as they are written: text of keys, degrees, nanoseconds."""

from __future__ import annotations

import msgspec

from xrdrama.document import Place
from xrdrama.performer.model import Temper

Keys = dict[str, str]


class WrittenGesture(msgspec.Struct, frozen=True):
    """A gesture: for each channel or shape, the value as text by the time as text."""

    id: str
    place: Place
    doc: str = ""
    channels: dict[str, Keys] = {}
    shapes: dict[str, Keys] = {}


class WrittenMood(msgspec.Struct, frozen=True):
    """A mood: degrees by channel, 0 to 1 by shape."""

    id: str
    place: Place
    doc: str = ""
    channels: dict[str, float] = {}
    shapes: dict[str, float] = {}


class WrittenBook(msgspec.Struct, frozen=True):
    """A gesture file."""

    version: int
    id: str
    place: Place
    gestures: dict[str, WrittenGesture] = {}
    moods: dict[str, WrittenMood] = {}


class WrittenLimit(msgspec.Struct, frozen=True):
    """A limit in degrees; None where a person's counts."""

    place: Place
    least: float | None = None
    most: float | None = None
    speed: float | None = None
    acceleration: float | None = None


class Held(msgspec.Struct, frozen=True):
    """Files of the models that hands hold; "" for an empty hand."""

    left: str = ""
    right: str = ""

    def by_bone(self) -> dict[str, str]:
        """The files by the joint of the fist."""
        hands = {"leftHandGrip": self.left, "rightHandGrip": self.right}
        return {bone: file for bone, file in hands.items() if file}


class WrittenPerformer(msgspec.Struct, frozen=True):
    """A performer file."""

    version: int
    id: str
    place: Place
    title: str = ""
    doc: str = ""
    figure: str = ""
    holds: Held = Held()
    robot: str = ""
    gestures: tuple[str, ...] = ()
    mood: str = ""
    temper: Temper = Temper()
    """With its stoop in degrees."""
    limits: dict[str, WrittenLimit] = {}
    given: dict[str, Place] = {}
    """The position of each key in the file."""
