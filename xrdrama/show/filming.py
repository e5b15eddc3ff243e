"""How a film camera takes its picture of a stage: which effects are simulated, with which values,
and what that means for one picture.

    filming = Filming(parse_effects("motion_blur,slip"))
    walls = LateWalls(rate, filming.lag(stage, rate), filming.ahead(stage, rate))
    shown, at = walls.shown(frame), walls.film_at(frame)
    open_for = filming.open_for(camera, rate)
    exposure = exposed(path, at, open_for, filming.iris(camera, stage, pose), camera, stage)

The film camera and the LED processor are in step: one picture of the walls lasts through the whole
exposure. So while the camera moves, the picture on the walls does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import ceil, hypot, inf

import msgspec

from xrdrama.errors import UsageError
from xrdrama.show.iris import Iris, Tracked, aperture_of, focus_of
from xrdrama.show.lenses import optics_of
from xrdrama.spatial import Pose, Vec3
from xrdrama.stage import Camera, Stage
from xrdrama.stage.delays import Delay
from xrdrama.stage.effects import NO_EFFECTS, Effects
from xrdrama.stage.exposure import (
    confusion,
    focused_at,
    instants,
    pictures_needed,
    pupil_radius,
)
from xrdrama.timing import NS, FrameRate
from xrdrama.wire.frame import Frame, ViewLens

Path = Callable[[int], tuple[Pose, ViewLens | None]]
"""The pose of a camera's entrance pupil and its lens at a time, nanoseconds of the show."""


class SubFrame(msgspec.Struct, frozen=True):
    """One of the pictures of which an exposure is the mean: from where, through which lens, and by
    how much its frame is shifted, as tangents to the right and up."""

    pose: Pose
    lens: ViewLens | None = None
    shift: tuple[float, float] = (0.0, 0.0)


class Filming(msgspec.Struct, frozen=True):
    """The effects that are simulated, and values that replace those of stage, lens and tracker."""

    effects: Effects = NO_EFFECTS
    shutter: float | None = None
    """Shutter angle, degrees."""
    aperture: float | None = None
    """f-number."""
    focus: float | None = None
    """Distance in focus, metres."""
    latency: Delay | None = None
    """How old the camera's pose is that the walls were drawn for, at the exposure."""

    def check(self) -> None:
        """UsageError for a value of an effect that is not simulated."""
        for given, option, effect in (
            (self.shutter, "--shutter", "motion_blur"),
            (self.aperture, "--aperture", "depth_of_field"),
            (self.focus, "--focus", "depth_of_field"),
            (self.latency, "--latency", "slip"),
        ):
            if given is not None and not getattr(self.effects, effect):
                raise UsageError(
                    f"{option} has no effect without {effect}", f"add --effects {effect}"
                )

    def lag(self, stage: Stage, rate: FrameRate) -> int:
        """Nanoseconds from the time of the frame on the walls to the exposure; 0 without slip.

        UsageError for slip without a latency, of the stage or given.
        """
        if not self.effects.slip:
            return 0
        if self.latency is not None:
            return stage.delays.lookahead(rate) + self.latency.at(rate)
        if not stage.delays.is_declared:
            raise UsageError(
                f"slip: the stage {stage.id!r} does not say how late its walls are",
                "add latency: to the stage file, or --latency '3 frames'",
            )
        return stage.delays.downstream(rate)

    def ahead(self, stage: Stage, rate: FrameRate) -> int:
        """Nanoseconds from a frame's own time to the exposure of walls that are in time: by as much
        as the stage predicts its cameras; 0 with slip, whose lag has it."""
        return 0 if self.effects.slip else stage.delays.lookahead(rate)

    def open_for(self, camera: Camera, rate: FrameRate) -> int:
        """Nanoseconds that the shutter is open; 0 without motion blur."""
        if not self.effects.motion_blur:
            return 0
        shutter = camera.shutter if self.shutter is None else self.shutter
        return round(shutter / 360.0 * rate.period * NS)

    def iris(
        self,
        camera: Camera,
        stage: Stage,
        pose: Pose,
        lens: ViewLens | None = None,
        tracked: Tracked = (None, None),
    ) -> Iris | None:
        """The iris at a pose; None without depth of field. `tracked` is what the tracker sent.
        UsageError if a value is missing.
        """
        if not self.effects.depth_of_field:
            return None
        aperture = aperture_of(self.aperture, camera, tracked)
        if aperture is None:
            raise UsageError(
                f"depth_of_field: the aperture of the camera {camera.id!r} is unknown",
                "add aperture: 2.8 to the camera in the stage file, or --aperture 2.8",
            )
        focus = focus_of(self.focus, camera, stage, pose, lens, tracked)
        if focus is None:
            raise UsageError(
                f"depth_of_field: the focus distance of the camera {camera.id!r} is unknown",
                "add focus_m: 4 to the camera in the stage file, or --focus 4",
            )
        return Iris(aperture.value, focus.value)


AS_SEEN = Filming()


class LateWalls:
    """What walls show that are late: the frame that was due `lag` nanoseconds before.

    It lasts until the next one is due. Before the first frame there was none: the walls show it.
    """

    def __init__(self, rate: FrameRate, lag: int, ahead: int = 0) -> None:
        """`ahead` is the time, nanoseconds, from a frame to its exposure when there is no lag."""
        self._frames: deque[Frame] = deque()
        self._ahead = ahead
        self.late = ceil(lag / NS / rate.period - 1e-6)
        """Whole frames."""
        self._rate = rate
        self._early = rate.shows_at(self.late) - lag

    def film_at(self, frame: Frame) -> int:
        """The middle of the exposure, nanoseconds: the frame's own time and `ahead`, or less than a
        frame before it if the lag has a fraction of a frame."""
        return frame.time.shows_at + self._ahead - self._early

    def shown(self, frame: Frame) -> Frame:
        """The frame that the walls show at a frame's time; call it with every frame, in order."""
        self._frames.append(frame)
        due = frame.number - self.late
        while len(self._frames) > 1 and self._frames[1].number <= due:
            self._frames.popleft()
        return self._frames[0]


def exposed(
    path: Path, at: int, open_for: int, iris: Iris | None, camera: Camera, stage: Stage
) -> tuple[SubFrame, ...]:
    """The pictures of an exposure of `open_for` nanoseconds around `at`; only the one at `at`, from
    the middle of the aperture, if nothing is blurred by as much as can be seen."""
    pose, lens = path(at)
    middle = SubFrame(pose, lens)
    focal = lens.focal_mm / 1000 if lens else camera.lens.focal
    pixels = camera.picture[0] / camera.lens.sensor[0]
    depths = _depths(pose, camera, lens, stage)
    streak = disc = 0.0
    if open_for:
        ends = path(at - open_for // 2), path(at + open_for // 2)
        streak = _streak(*ends, camera, depths) * focal * pixels
    focus, radius = inf, 0.0
    if iris is not None:
        focus = focused_at(iris.focus, focal)
        radius = pupil_radius(focal, iris.aperture, focus)
        disc = max(confusion(d, focal, iris.aperture, focus) for d in depths) * pixels
    count = pictures_needed(streak, disc)
    if count == 1:
        return (middle,)
    found = []
    for time, right, up in instants(count):
        pose, lens = path(at + round(time * open_for)) if open_for else (pose, lens)
        x, z = right * radius, up * radius
        moved = Pose(pose.position + pose.rotation.rotate(Vec3(x, 0.0, z)), pose.rotation)
        found.append(SubFrame(moved, lens, (x / focus, z / focus)))
    return tuple(found)


def _depths(pose: Pose, camera: Camera, lens: ViewLens | None, stage: Stage) -> list[float]:
    """Distances along the optical axis of what a camera sees: parts of walls, the stand-in."""
    if lens is not None:
        camera = camera.with_optics(optics_of(lens))
    left, right, bottom, top = camera.lens.edges
    back = pose.inverse()
    points = [corner for wall in stage.walls for facet in wall.facets for corner in facet.corners]
    points += [facet.centre for wall in stage.walls for facet in wall.facets]
    if stage.stand_in is not None:
        points.append(stage.stand_in.at + Vec3(0.0, 0.0, 1.5))
    seen = []
    for point in points:
        at = back.apply(point)
        if (
            at.y > 0.2
            and left * at.y <= at.x <= right * at.y
            and bottom * at.y <= at.z <= top * at.y
        ):
            seen.append(at.y)
    if not seen:  # a flat wall has its corners outside of the frame
        ahead = [back.apply(facet.centre).y for wall in stage.walls for facet in wall.facets]
        seen = [depth for depth in ahead if depth > 0.2] or [1.0]
    return seen


def _streak(
    opens: tuple[Pose, ViewLens | None],
    closes: tuple[Pose, ViewLens | None],
    camera: Camera,
    depths: list[float],
) -> float:
    """How far a point moves in the picture between two poses at most, as a tangent."""
    left, right, bottom, top = camera.lens.edges
    (first, _), (last, _) = opens, closes
    back, longest = last.inverse(), 0.0
    for depth in (min(depths), max(depths)):
        for x, z in ((0.0, 0.0), (left, bottom), (right, top), (left, top), (right, bottom)):
            at = back.apply(first.apply(Vec3(x * depth, depth, z * depth)))
            if at.y > 0.05:
                longest = max(longest, hypot(at.x / at.y - x, at.z / at.y - z))
    return longest
