"""Values of a performer: body, gestures, moods, temper. Angles in radians, times in nanoseconds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from xrdrama.document import Place
from xrdrama.performer.channels import LIMITS, Limit
from xrdrama.spatial import Vec3
from xrdrama.timing import NS


class Key(msgspec.Struct, frozen=True):
    """A value at a time after a gesture's start; None lets the channel go back to what moves it
    without this gesture."""

    at: int
    value: float | None


class Gesture(msgspec.Struct, frozen=True):
    """Keyed curves of channels and shapes. Between keys a curve has minimum jerk; before its first
    key it comes from what stands, after its last one it holds."""

    id: str
    place: Place
    doc: str = ""
    channels: Mapping[str, tuple[Key, ...]] = {}
    shapes: Mapping[str, tuple[Key, ...]] = {}

    @property
    def length(self) -> int:
        """Nanoseconds until the last key."""
        curves = (*self.channels.values(), *self.shapes.values())
        return max((keys[-1].at for keys in curves), default=0)

    @property
    def returns(self) -> bool:
        """True when nothing is held after the last key."""
        curves = (*self.channels.values(), *self.shapes.values())
        return all(keys[-1].value is None for keys in curves)


class Mood(msgspec.Struct, frozen=True):
    """The expression below everything else: shapes 0 to 1, channels in radians."""

    id: str
    place: Place
    doc: str = ""
    channels: Mapping[str, float] = {}
    shapes: Mapping[str, float] = {}


class Repertoire(msgspec.Struct, frozen=True):
    """Gestures and moods by name: those of all gesture files that a performer uses."""

    gestures: Mapping[str, Gesture] = {}
    moods: Mapping[str, Mood] = {}


class Temper(msgspec.Struct, frozen=True):
    """How a performer is alive without cues. Times in nanoseconds, shares 0 to 1."""

    blink: int = 4 * NS
    """From one blink to the next, on average."""
    breath: int = 3_600_000_000
    """One breath in and out."""
    depth: float = 0.5
    """How deep the breath is."""
    sway: float = 0.5
    """How much the weight shifts from foot to foot."""
    glance: float = 0.5
    """How often the eyes leave what they look at."""
    pace: float = 0.85
    """Metres per second of a walk."""
    stoop: float = 0.0
    """Forward bend of the spine in radians."""
    seed: int = 0


class Skeleton(msgspec.Struct, frozen=True):
    """Where the bones of a figure begin at rest (T-pose), by VRM 1.0 name.

    Metres in the body's own frame: X to its right, Y ahead, Z up, the floor at 0.
    """

    bones: Mapping[str, Vec3]
    shapes: tuple[str, ...] = ()
    """The ARKit shapes that the figure has."""

    def between(self, first: str, second: str) -> float:
        """The distance of two bones in metres."""
        return (self.bones[second] - self.bones[first]).length()


class Body(msgspec.Struct, frozen=True):
    """What a performer can do: limits of each channel it has, its shapes, its skeleton."""

    kind: str
    """figure or robot."""
    limits: Mapping[str, Limit] = msgspec.field(default_factory=lambda: LIMITS)
    shapes: frozenset[str] = frozenset()
    skeleton: Skeleton | None = None
    height: float = 1.7
    """Of the eyes above the floor, metres: where others look."""


class Performer(msgspec.Struct, frozen=True):
    """A performer as shows use it."""

    id: str
    title: str
    body: Body
    repertoire: Repertoire
    temper: Temper = Temper()
    mood: str = ""
    steady: bool = False
    """It holds something: its trunk does not turn with its gaze."""


LEGS_OF: Final = {
    side: (f"{side}UpperLeg", f"{side}LowerLeg", f"{side}Foot") for side in ("left", "right")
}
NEEDED: Final = ("hips", "head", *LEGS_OF["left"], *LEGS_OF["right"])
"""Bones without which a figure cannot stand or look."""
