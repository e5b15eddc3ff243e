"""Where the film camera is at a time, and what it sees there: the one way from tracking samples.

Live, the pose is predicted from the samples that have arrived (`view_at`); from a take, whose later
samples are known, too, it is interpolated (`true_pose_at`). Both use `Placed` samples: taken at the
sample's time minus the tracker's latency, in the stage's frame of reference, unit rotation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from math import exp

from msgspec.structs import replace

from xrdrama.show.lenses import view_lens
from xrdrama.show.production import view_of
from xrdrama.spatial import Pose
from xrdrama.stage import Camera, Stage, inner_frustum
from xrdrama.stage.lenses import Optics
from xrdrama.stage.prediction import State, Track, observe, predict
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.wire.frame import View

NEAREST = NS // 4
"""A camera whose neighbouring samples are farther apart than this is not known between them."""

SMOOTHED_OVER = NS
"""After a longer pause between two samples, smoothing begins again."""

Placed = tuple[int, Pose]
"""When the camera was there, nanoseconds of the show, and the tracker's pose in the stage."""


def is_pose(sample: TrackingSample) -> bool:
    """False for a rotation that is too far from a unit quaternion to be one."""
    return 0.9 <= sample.pose.rotation.norm() <= 1.1


def placed(sample: TrackingSample, stage: Stage) -> Placed:
    """A sample of one of the stage's cameras in the stage's time and frame of reference."""
    pose = stage.tracking.origin * Pose(sample.pose.position, sample.pose.rotation.unit())
    return sample.at - stage.tracking.latency, pose


def smoothed(before: Placed | None, now: Placed, constant: int) -> Placed:
    """A placed sample after smoothing with a time constant in nanoseconds; `before` is the result
    for the sample before it. It lags a steady move by the constant. Unchanged after a pause."""
    if not constant or before is None or not 0 < now[0] - before[0] < SMOOTHED_OVER:
        return now
    share = 1.0 - exp((before[0] - now[0]) / constant)
    return now[0], before[1].lerp(now[1], share)


def followed(track: Track, sample: TrackingSample, stage: Stage, camera: Camera) -> Track:
    """The track of a camera of the stage after one more of its samples, without smoothing."""
    return carried_on(track, placed(sample, stage), stage, camera)


def carried_on(track: Track, sample: Placed, stage: Stage, camera: Camera) -> Track:
    """The track of a camera of the stage after one more placed sample."""
    latency = stage.tracking.latency
    return observe(track, *sample, stage.ladder, camera.parked, latency=latency)


def view_at(
    stage: Stage,
    camera: Camera,
    track: Track,
    at: int,
    optics: Optics | None = None,
    *,
    lookahead: int = 0,
) -> tuple[View, State]:
    """What a camera of the stage sees when a frame is shown at `at`, and how its pose is known.

    `optics` is its lens at that time; None for a camera without a lens file. `lookahead`
    nanoseconds later the frame is seen on the walls: the pose is predicted to then.
    """
    latency = stage.tracking.latency
    name = "inner" if camera is stage.cameras[0] else f"inner.{camera.id}"
    if optics is not None:
        camera = camera.with_optics(optics)
    pose, state = predict(
        track, at, stage.ladder, camera.parked, latency=latency, lookahead=lookahead
    )
    overscan = camera.inner.grown
    frustum = inner_frustum(
        camera.perspective_centre(pose),
        camera.lens,
        overscan=overscan,
        near=stage.near,
        far=stage.far,
    )
    view = view_of(name, "inner", frustum, overscan[0], camera.id)
    if optics is not None:
        view = replace(view, lens=view_lens(optics, camera.sensor_mm))
    return view, state


def true_pose_at(
    camera: Camera, samples: Sequence[Placed], at: int, optics: Optics | None = None
) -> Pose | None:
    """The entrance pupil of a camera at `at` among all its samples of a take, sorted by time; None
    where no sample is near. `optics` is its lens at that time, if it has a lens file."""
    if optics is not None:
        camera = camera.with_optics(optics)
    after = bisect_left(samples, at, key=lambda sample: sample[0])
    if not 0 < after < len(samples):
        return None
    (before_at, before), (after_at, following) = samples[after - 1], samples[after]
    if after_at - before_at > NEAREST:
        return None
    pose = before.lerp(following, (at - before_at) / (after_at - before_at))
    return camera.perspective_centre(pose)
