"""What a frame says of a performer: all that decides its pose, and nothing that follows from it.

A client that draws evaluates the curves (`xrdrama.performer.evaluate`) at the frame's time or,
between frames, at another. Times are in nanoseconds of the show, positions in the set's frame.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from xrdrama.spatial import Vec3

Time = Annotated[int, msgspec.Meta(ge=-(2**62), lt=2**62)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Angle = Annotated[float, msgspec.Meta(ge=-1e3, le=1e3)]
Level = Annotated[int, msgspec.Meta(ge=0, le=255)]
Side = Literal["", "left", "right"]


class Root(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Where a performer stands: metres, and pan in radians; at pan 0 it faces +Y of the set."""

    at: Vec3 = Vec3()
    pan: Angle = 0.0


class Act(msgspec.Struct, frozen=True, array_like=True):
    """A gesture that was begun: `over` is its length where a cue says so, else 0; with `side` the
    gesture is mirrored to begin with that hand."""

    gesture: str
    began: Time
    over: Time = 0
    side: Side = ""


class Travel(msgspec.Struct, frozen=True, array_like=True):
    """A walk or a turn in place, from one root to another."""

    start: Root
    end: Root
    began: Time
    lasts: Time


class Gaze(msgspec.Struct, frozen=True, array_like=True):
    """The point that is looked at since a time, and the one before; None is straight ahead."""

    at: Vec3 | None = None
    since: Time = 0
    before: Vec3 | None = None


class Expression(msgspec.Struct, frozen=True, array_like=True):
    """A mood that fades in over a time, and the one it replaces."""

    mood: str = ""
    began: Time = 0
    over: Time = 0
    before: str = ""


class Performing(msgspec.Struct, frozen=True, array_like=True):
    """A performer in one frame.

    `mouth` are pairs of a viseme's index and its weight (0 to 255); `live` is empty or the 52
    shapes of a live face in `SHAPES`' order (0 to 255), then its head's pan, tilt and roll as
    angle / 80 degrees * 127 + 127; `live_share` is how much of it counts. `presence` is 0 for one
    that is not there to 1; `on` says whether it is in the set or on the physical stage. `state` is
    what a robot reported last.
    """

    id: str
    root: Root = Root()
    acts: tuple[Act, ...] = ()
    expression: Expression = Expression()
    gaze: Gaze = Gaze()
    travel: Travel | None = None
    mouth: tuple[Level, ...] = ()
    live: tuple[Level, ...] = ()
    live_share: Share = 0.0
    presence: Share = 1.0
    on: Literal["set", "stage"] = "set"
    state: str = ""
