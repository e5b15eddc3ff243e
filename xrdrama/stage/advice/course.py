"""How a tracked camera moves now, and where it will be if it continues."""

from __future__ import annotations

from collections.abc import Sequence
from math import atan2, sqrt

import msgspec

from xrdrama.spatial import ORIGIN, Pose, Quat, Vec3
from xrdrama.timing import NS


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

    def stopping(self, seconds: float) -> Course:
        """The course of an operator who begins to stop now: no move lasts longer than `seconds`."""
        return Course(
            self.speed,
            self.turn,
            self.slows + self.speed.length() / seconds,
            self.turn_slows + self.turn.length() / seconds,
        )

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
