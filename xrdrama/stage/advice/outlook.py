"""Whether a live camera's frame leaves the walls within a second, and how sure that is.

The course of the tracker is carried on in two ways. If it continues as now, the frame *may* leave
the walls: operators often stop at the edge. If it leaves even though the operator begins to stop
now, within a second, then it *will* leave. That is said only when two looks in a row find it, or
when little time is left: a shaking hand is not a course.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.advice.clipping import Edges, Point
from xrdrama.stage.advice.course import Course
from xrdrama.stage.advice.sight import Piece, meets, prepared
from xrdrama.stage.advice.surfaces import Axes, Surface
from xrdrama.stage.advice.tree import Node, met, tree_below, tree_of
from xrdrama.stage.model import Camera

AHEAD = (0.25, 0.5, 0.75, 1.0)
"""Seconds ahead at which the camera's way is looked at."""
STOP_S = 1.0
"""The time in which an operator can stop any move."""
LOOKS = 2
"""Looks in a row that must find that the frame will leave the walls, unless it is due at once."""
AT_ONCE_S = 0.25


class Warned(msgspec.Struct, frozen=True):
    """That a frame is off the walls (0 seconds), or leaves them in `seconds` if the camera
    continues as now, and at which edge."""

    seconds: float
    side: str
    looks: int = 0
    """How many looks in a row found that it leaves even if the operator begins to stop."""
    sure: bool = False
    """It will leave; else it may."""


class Outlook(msgspec.Struct, frozen=True):
    """Looks one second ahead of live cameras: whether the frame will leave the walls, and where.

    It samples the border of the frame, so it costs little; `coverage` measures exactly.
    """

    pieces: tuple[Piece, ...]
    tree: Node
    below: Node

    @classmethod
    def on(cls, surfaces: Sequence[Surface]) -> Outlook:
        """The outlook of a stage with these pieces of walls."""
        return cls(tuple(map(prepared, surfaces)), tree_of(surfaces), tree_below(surfaces))

    def side(self, camera: Pose, edges: Edges) -> str:
        """The edge at which the frame is off the walls, "" if it is nowhere off; `camera` is the
        pose of the entrance pupil."""
        axes = Axes.of(camera)
        left, right, bottom, top = edges
        missed = dict.fromkeys(("left", "bottom", "right", "top"), 0)
        near = 0
        for name, x, y in _BORDER:
            ray = axes.ray(left + x * (right - left), bottom + y * (top - bottom))
            found = self._shown(near, axes.eye, ray)
            if found is None:
                missed[name] += 1
            else:
                near = found
        side = max(missed, key=lambda name: missed[name])
        return side if missed[side] else ""

    def due(self, camera: Camera, pose: Pose, course: Course) -> tuple[float, str] | None:
        """In how many seconds the frame leaves the walls if the tracker continues from `pose`, and
        at which edge: 0 if it has left, at most the last of `AHEAD`; None if it does not."""
        side = self.side(camera.perspective_centre(pose), camera.lens.edges)
        return (0.0, side) if side else self._later(camera, pose, course)

    def _later(self, camera: Camera, pose: Pose, course: Course) -> tuple[float, str] | None:
        """As `due`, for a frame that is on the walls now."""
        edges = camera.lens.edges

        def side_in(ahead: float) -> str:
            return self.side(camera.perspective_centre(course.onward(pose, ahead)), edges)

        last = side_in(AHEAD[-1])
        if not last:
            return None
        found = ((ahead, side_in(ahead)) for ahead in AHEAD[:-1])
        return next(((ahead, side) for ahead, side in found if side), (AHEAD[-1], last))

    def warned(
        self, camera: Camera, pose: Pose, course: Course, before: Warned | None
    ) -> Warned | None:
        """What is to be said of a camera at `pose` after a look that found `before`; None if the
        frame stays on the walls for the next second if the tracker continues as now."""
        due = self.due(camera, pose, course)
        if due is None:
            return None
        if not due[0]:
            return Warned(*due, sure=True)
        still = self._later(camera, pose, course.stopping(STOP_S))
        if still is None:
            return Warned(*due)
        looks = 1 + (before.looks if before else 0)
        return Warned(*due, looks, sure=looks >= LOOKS or still[0] <= AT_ONCE_S)

    def _shown(self, near: int, eye: Point, ray: Point) -> int | None:
        """The index of a piece that a ray meets, in front of whose foot it meets the floor, or
        whose plinth it meets; None without one. The piece `near` is tried first: neighbouring rays
        mostly meet the same one."""
        pieces = self.pieces
        if near < len(pieces) and meets(pieces[near], eye, ray):
            return near
        found: Iterable[int] = chain(met(self.tree, eye, ray), met(self.below, eye, ray))
        return next((number for number in found if meets(pieces[number], eye, ray)), None)


_INSET = 0.022
"""A corner is off when a triangle with an area of `coverage.OFF` is: its sides are twice this share
of the frame's, so the middle of its long side is this far from both edges."""
_BORDER = (
    ("bottom", _INSET, _INSET), ("bottom", 0.5, 0.0),
    ("right", 1 - _INSET, _INSET), ("right", 1.0, 0.5),
    ("top", 1 - _INSET, 1 - _INSET), ("top", 0.5, 1.0),
    ("left", _INSET, 1 - _INSET), ("left", 0.0, 0.5),
)  # fmt: skip
"""Points around the border of a frame, in order: edge, share of the width, share of the height."""
