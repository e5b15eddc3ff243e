"""When the camera's frame leaves the walls during a whole move."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xrdrama.stage.advice.coverage import Coverage, Grazing, coverage, grazing
from xrdrama.stage.advice.overscan import PoseAt
from xrdrama.stage.advice.surfaces import Surface
from xrdrama.stage.model import Camera
from xrdrama.timing import NS, FrameRate


class Moment(msgspec.Struct, frozen=True):
    """What a camera sees in one frame of a move."""

    at: int
    """Nanoseconds of the move."""
    seen: Coverage
    grazing: Grazing | None
    off_in: float | None
    """Seconds until the frame is off the walls; 0 if it is, None if it stays on them."""


class Departure(msgspec.Struct, frozen=True):
    """A time in which the frame is off the walls, seconds of the move, and by which edge it left.

    `until` is None if it does not come back within the move.
    """

    at: float
    until: float | None
    side: str
    worst: float
    """The largest share of the frame that is off."""


def timeline(
    surfaces: Sequence[Surface], camera: Camera, pose_at: PoseAt, length: int, rate: FrameRate
) -> tuple[Moment, ...]:
    """What the camera sees in each frame of a move of `length` nanoseconds."""
    edges = camera.lens.edges
    seen = []
    for number in range(rate.frame_at(length) + 1):
        at = rate.shows_at(number)
        pose = camera.perspective_centre(pose_at(at))
        seen.append((at, coverage(surfaces, pose, edges), grazing(surfaces, pose, edges)))
    moments: list[Moment] = []
    off_at: int | None = None
    for at, covered, angles in reversed(seen):
        off_at = at if covered.is_off else off_at
        due = None if off_at is None else (off_at - at) / NS
        moments.append(Moment(at, covered, angles, due))
    return tuple(reversed(moments))


def departures(moments: Sequence[Moment]) -> tuple[Departure, ...]:
    """The times in which the frame is off the walls."""
    found: list[Departure] = []
    start: Moment | None = None
    worst = 0.0
    for moment in moments:
        if moment.seen.is_off:
            start, worst = start or moment, max(worst, moment.seen.off)
        elif start is not None:
            found.append(Departure(start.at / NS, moment.at / NS, start.seen.side, worst))
            start, worst = None, 0.0
    if start is not None:
        found.append(Departure(start.at / NS, None, start.seen.side, worst))
    return tuple(found)
