"""What prediction and smoothing cost: noise and lag, in millimetres, degrees and wall pixels."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import degrees, sqrt

import msgspec

from xrdrama.spatial import Pose, Vec3
from xrdrama.stage.model import Stage
from xrdrama.stage.prediction import BASELINE, Sample, carried

MOST_COMPARED = 60
"""Samples of a window that are compared with their prediction."""
FEWEST = 8


class Noise(msgspec.Struct, frozen=True):
    """Standard deviation of predicted minus arrived: metres of the position, radians of the
    direction."""

    metres: float
    radians: float

    @property
    def degrees(self) -> float:
        """The direction's, in degrees."""
        return degrees(self.radians)


def prediction_noise(samples: Sequence[Sample], lead: int) -> Noise | None:
    """The noise of predicting poses `lead` nanoseconds ahead, as `prediction.predict` does; None
    for too few samples. `samples` are times and poses of one subject, oldest first."""
    times = [at for at, _ in samples]
    first = bisect_left(times, times[0] + lead + BASELINE) if times else 0
    usable = range(first, len(samples))
    if len(usable) < FEWEST:
        return None
    step = max(1, len(usable) // MOST_COMPARED)
    ways, turns = [], []
    for index in usable[::step]:
        at, arrived = samples[index]
        last = bisect_right(times, at - lead) - 1
        base = bisect_left(times, times[last] - BASELINE)
        predicted = carried(tuple(samples[base : last + 1]), at)
        ways.append(predicted.position - arrived.position)
        q = arrived.rotation.conjugate() * predicted.rotation
        turns.append(Vec3(q.x, q.y, q.z) * (2.0 if q.w >= 0 else -2.0))
    return Noise(_deviation(ways), _deviation(turns))


def _deviation(values: list[Vec3]) -> float:
    mean = sum(values, Vec3()) * (1 / len(values))
    return sqrt(sum((one - mean).dot(one - mean) for one in values) / len(values))


def speed_of(samples: Sequence[Sample]) -> tuple[float, float]:
    """Metres and radians per second over the last `BASELINE` of some samples; (0, 0) for fewer
    than two."""
    if len(samples) < 2:
        return 0.0, 0.0
    last_at, last = samples[-1]
    at, pose = next(one for one in samples if one[0] >= last_at - BASELINE)
    if at == last_at:
        return 0.0, 0.0
    seconds = (last_at - at) / 1e9
    way = (last.position - pose.position).length()
    return way / seconds, pose.rotation.angle_to(last.rotation) / seconds


def wall_pixels(stage: Stage, camera: Pose, metres: float, radians: float) -> float:
    """How far on the nearest wall an error of the camera's pose moves content that is far behind
    the wall, in that wall's pixels: (metres + radians x distance) / pitch, an upper bound.

    `camera` is the pose of the camera in the stage.
    """
    wall = min(stage.walls, key=lambda one: (one.centre - camera.position).length())
    distance = (wall.centre - camera.position).length()
    return (metres + radians * distance) / wall.pitch
