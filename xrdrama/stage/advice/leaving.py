"""When the camera's frame leaves the walls: over a whole move, and one second ahead of now."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, sqrt

import msgspec

from xrdrama.spatial import ORIGIN, Pose, Quat, Vec3
from xrdrama.stage.advice.clipping import Edges, Point
from xrdrama.stage.advice.coverage import Coverage, Grazing, coverage, grazing
from xrdrama.stage.advice.overscan import PoseAt
from xrdrama.stage.advice.surfaces import Axes, Surface, contains, height_over
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


class Course(msgspec.Struct, frozen=True):
    """How a tracker moves now: metres and radians per second, and how fast both slow down (per
    second squared, 0 for a steady or accelerating move)."""

    speed: Vec3 = ORIGIN
    turn: Vec3 = ORIGIN
    """In the axes of the tracker."""
    slows: float = 0.0
    turn_slows: float = 0.0

    @classmethod
    def of(cls, samples: Sequence[tuple[int, Pose]]) -> Course:
        """The course from the newest samples, oldest first: three of them, `STEP` apart. At rest
        if there are not enough."""
        if len(samples) < 3:
            return cls()
        at, last = samples[-1]
        middle = _before(samples, at - STEP)
        first = _before(samples, middle[0] - STEP)
        new, old = (at - middle[0]) / NS, (middle[0] - first[0]) / NS
        if min(new, old) < SHORTEST_S:
            return cls()
        speed, before = (
            (last.position - middle[1].position) * (1.0 / new),
            (middle[1].position - first[1].position) * (1.0 / old),
        )
        turn, turned = _turn(middle[1], last, new), _turn(first[1], middle[1], old)
        step = (new + old) / 2
        return cls(speed, turn, _slowing(speed, before, step), _slowing(turn, turned, step))

    def onward(self, pose: Pose, ahead: float) -> Pose:
        """Where the tracker is `ahead` seconds after `pose`: it slows down as it does now, until
        it rests."""
        way = self.speed * _way(self.speed.length(), self.slows, ahead)
        turn = self.turn * _way(self.turn.length(), self.turn_slows, ahead)
        angle = turn.length()
        if angle < 1e-9:
            return Pose(pose.position + way, pose.rotation)
        return Pose(pose.position + way, pose.rotation * Quat.about(turn * (1.0 / angle), angle))


STEP = NS // 20
SHORTEST_S = 0.02


def _before(samples: Sequence[tuple[int, Pose]], at: int) -> tuple[int, Pose]:
    """The newest sample that is not after `at`; the oldest if all are."""
    return next((sample for sample in reversed(samples) if sample[0] <= at), samples[0])


def _turn(one: Pose, other: Pose, seconds: float) -> Vec3:
    q = one.rotation.conjugate() * other.rotation
    sine = sqrt(q.x * q.x + q.y * q.y + q.z * q.z)
    if sine < 1e-12:
        return ORIGIN
    rate = 2.0 * atan2(sine, abs(q.w)) / sine / seconds * (1.0 if q.w >= 0.0 else -1.0)
    return Vec3(q.x * rate, q.y * rate, q.z * rate)


def _slowing(now: Vec3, before: Vec3, seconds: float) -> float:
    fast = now.length()
    if fast < 1e-9:
        return 0.0
    return max(0.0, (before - now).dot(now) / fast / seconds)


def _way(fast: float, slows: float, ahead: float) -> float:
    """Seconds at the present speed that lead as far as `ahead` seconds with slowing down."""
    if fast < 1e-9 or slows <= 0.0:
        return ahead
    until = min(ahead, fast / slows)
    return until - slows * until * until / 2.0 / fast


class Outlook(msgspec.Struct, frozen=True):
    """Looks one second ahead of live cameras: whether the frame will leave the walls, and where.

    It samples the border of the frame, so it costs little; `coverage` measures exactly.
    """

    surfaces: tuple[Surface, ...]

    def side(self, camera: Pose, edges: Edges) -> str:
        """The edge at which the frame is off the walls, "" if it is nowhere off; `camera` is the
        pose of the entrance pupil."""
        axes = Axes.of(camera)
        left, right, bottom, top = edges
        missed = dict.fromkeys(("left", "right", "bottom", "top"), 0)
        near = 0
        for name, x, y in _BORDER:
            ray = axes.ray(left + x * (right - left), bottom + y * (top - bottom))
            found = _shown(self.surfaces, near, axes.eye, ray)
            if found is None:
                missed[name] += 1
            else:
                near = found
        side = max(missed, key=lambda name: missed[name])
        return side if missed[side] else ""

    def due(self, camera: Camera, pose: Pose, course: Course) -> tuple[float, str] | None:
        """In how many seconds the frame leaves the walls if the tracker continues from `pose`, and
        at which edge: 0 if it has left, at most the last of `AHEAD`; None if it does not."""
        edges = camera.lens.edges

        def side_in(ahead: float) -> str:
            return self.side(camera.perspective_centre(course.onward(pose, ahead)), edges)

        side, last = side_in(0.0), side_in(AHEAD[-1])
        if side or not last:
            return (0.0, side) if side else None
        found = ((ahead, side_in(ahead)) for ahead in AHEAD[1:-1])
        return next(((ahead, side) for ahead, side in found if side), (AHEAD[-1], last))


AHEAD = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Seconds at which the camera's way is looked at."""
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


def _shown(surfaces: Sequence[Surface], near: int, eye: Point, ray: Point) -> int | None:
    """The index of a surface that a ray meets, or in front of which or below which it meets the
    floor; None without one. Those around the index `near` are tried first."""
    count = len(surfaces)
    for step in range(count):
        # near, near + 1, near - 1, near + 2 ...: neighbouring rays meet neighbouring surfaces
        index = (near + ((step + 1) // 2 if step % 2 else -step // 2)) % count
        surface = surfaces[index]
        n = surface.normal
        fall = -(n[0] * ray[0] + n[1] * ray[1] + n[2] * ray[2])
        if fall <= 1e-12:
            continue
        height = height_over(surface, eye)
        if height <= 0.0:
            continue
        way = height / fall
        point = (eye[0] + ray[0] * way, eye[1] + ray[1] * way, eye[2] + ray[2] * way)
        if contains(surface, point):
            return index
        if surface.foot is not None and ray[2] < 0.0 and _passes_below(surface, point):
            return index
    return None


def _passes_below(surface: Surface, point: Point) -> bool:
    """True for a point of an upright surface's plane that is below its lower edge."""
    assert surface.foot is not None
    (ax, ay, _), (bx, by, _) = surface.foot
    dx, dy = bx - ax, by - ay
    along = ((point[0] - ax) * dx + (point[1] - ay) * dy) / (dx * dx + dy * dy)
    if not -1e-9 <= along <= 1.0 + 1e-9:
        return False
    low, high = surface.lowest
    return point[2] <= low + (high - low) * along
