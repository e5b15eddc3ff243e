"""Where the film camera of a take really was: its tracking samples, the later ones included."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

from xrdrama.errors import UsageError
from xrdrama.show import Production
from xrdrama.show.camera import Placed, is_pose, placed, true_pose_at
from xrdrama.show.lenses import settings_of, true_optics_at, view_lens
from xrdrama.show.take import Take
from xrdrama.spatial import Pose
from xrdrama.stage import Camera
from xrdrama.stage.lenses import Setting
from xrdrama.tools.takes.replaying import open_take
from xrdrama.tracking import TrackingSample
from xrdrama.wire.frame import Frame, ViewLens


def tracked_in(take: Take) -> list[TrackingSample]:
    """The tracking samples of a take, in the order of its log."""
    return [e.event for e in take.entries if isinstance(e.event, TrackingSample)]


def samples_of(path: Path, camera: Camera) -> list[TrackingSample]:
    """The samples of a camera in a take, sorted by time; UsageError as `open_take`, and if the take
    has fewer than two."""
    take, _, _ = open_take(path, embedded=True)
    poses = [one for one in tracked_in(take) if is_pose(one)]
    own = [one for one in poses if one.subject == camera.subject]
    if len(own) < 2:
        subjects = sorted({one.subject for one in poses})
        raise UsageError(
            f"{path} has no tracking of the camera {camera.id!r} (subject {camera.subject!r})",
            f"choose another take or camera; the take has subject {' and '.join(subjects)}"
            if subjects
            else "choose a take of a show with a tracked camera",
        )
    return sorted(own, key=lambda one: one.at)


class FilmCamera:
    """The actual pose and lens of a film camera, from all samples of a tracker. `camera` is the id
    of one of the stage's, the first by default."""

    def __init__(
        self, samples: Iterable[TrackingSample], production: Production, camera: str = ""
    ) -> None:
        self._stage = stage = production.stage
        self._samples: list[Placed] = []
        self._settings: list[tuple[int, Setting]] = []
        self._ahead = 0
        self._apertures: list[tuple[int, float]] = []
        self._focus: list[tuple[int, float]] = []
        if stage is None:
            return
        self._camera = stage.camera_named(camera) if camera else stage.camera
        self._ahead = stage.delays.lookahead(production.rate)
        own = [one for one in samples if one.subject == self._camera.subject and is_pose(one)]
        self._samples = [placed(sample, stage) for sample in own]
        self._samples.sort(key=lambda sample: sample[0])
        own.sort(key=lambda sample: sample.at)
        self._settings = settings_of(own, stage, self._camera)
        late = stage.tracking.latency
        self._apertures = [(one.at - late, one.f_number) for one in own if one.f_number]
        self._focus = [(one.at - late, one.focus_m) for one in own if one.focus_m]

    @classmethod
    def of_take(cls, take: Take, production: Production, camera: str = "") -> FilmCamera:
        """That of a take."""
        return cls(tracked_in(take), production, camera)

    @property
    def count(self) -> int:
        """The number of samples of the camera."""
        return len(self._samples)

    def places(self, most: int) -> list[Pose]:
        """The tracker's poses in the stage at up to `most` of the samples, over the whole time."""
        step = max(1, len(self._samples) // most)
        return [pose for _, pose in self._samples[::step]]

    def at(self, frame: Frame) -> tuple[Pose | None, ViewLens | None]:
        """The pose of the entrance pupil at the time that the frame's views are predicted to (None
        when no sample is near it), and the lens (None without a lens file)."""
        return self.at_time(frame.time.shows_at + self._ahead)

    def at_time(self, now: int) -> tuple[Pose | None, ViewLens | None]:
        """The same at a time of the show, nanoseconds."""
        if self._stage is None:
            return None, None
        camera = self._camera
        optics = true_optics_at(camera, self._settings, now)
        lens = view_lens(optics, camera.sensor_mm) if optics else None
        return true_pose_at(camera, self._samples, now, optics), lens

    def iris_at(self, now: int) -> tuple[float | None, float | None]:
        """The f-number and the focus distance (metres) that the tracker sent last before a time;
        None for what it never sent."""
        return _newest(self._apertures, now), _newest(self._focus, now)


def _newest(values: list[tuple[int, float]], at: int) -> float | None:
    """The newest value at a time, or the first one before that."""
    if not values:
        return None
    return values[max(0, bisect_right(values, at, key=lambda value: value[0]) - 1)][1]
