"""A show on a virtual clock, in this process: frames, where the camera is, what walls still show.

No recogniser listens. Choices are made by keys, by a list of options, or by the story's own
fallback when their time is up.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from xrdrama.show import Production, Show, Tick, advance, opening
from xrdrama.show.filming import LateWalls
from xrdrama.spatial import Pose
from xrdrama.timing import FrameTime
from xrdrama.tools.takes.film_camera import FilmCamera
from xrdrama.tracking import TrackingSample
from xrdrama.wire.events import Entry, Pressed
from xrdrama.wire.frame import Frame, ViewLens


class Playback:
    """The frames of a production with its cameras' samples, one after another."""

    def __init__(
        self,
        production: Production,
        samples: Sequence[TrackingSample],
        lag: int,
        choices: Sequence[str] = (),
    ) -> None:
        """`lag` is the time, nanoseconds, from the time of the frame on late walls to the film
        camera's exposure; `choices` are options that are picked as soon as they are open, in this
        order."""
        self.production = production
        self._samples = sorted(samples, key=lambda sample: sample.at)
        self._lag = lag
        self._asked = tuple(choices)
        self.films = self._filmed()
        self._picks: dict[int, str] = {}
        """What was picked, by the number of the frame."""
        self.restart()

    def _filmed(self) -> dict[str, FilmCamera]:
        stage = self.production.stage
        assert stage is not None
        return {
            camera.id: FilmCamera(self._samples, self.production, camera.id)
            for camera in stage.cameras
        }

    def restart(self, *, keep_until: int = -1) -> None:
        """Begin again at the first frame; what was picked in frames up to `keep_until` is picked
        again in the same frames, later picks are undone."""
        self._picks = {at: pick for at, pick in self._picks.items() if at <= keep_until}
        self._show: Show = opening(self.production)
        self._next = self._read = self._entries = 0
        self._late = LateWalls(self.production.rate, self._lag)
        self.left = list(self._asked)
        """The options that are still to be picked."""
        self.offered: list[str] = []
        """The options that have been open while one of those was looked for."""

    def change(self, production: Production) -> None:
        """Continue with other cameras, such as another lens; the story continues."""
        self.production = production
        self._show = replace(self._show, production=production)
        self.films = self._filmed()

    @property
    def number(self) -> int:
        """The number of the next frame."""
        return self._next

    def press(self, option: str) -> None:
        """Pick an option in the next frame."""
        self._picks[self._next] = option

    def step(self) -> Frame:
        """The next frame."""
        rate, number = self.production.rate, self._next
        time = FrameTime.of(number, rate, start=self.production.start_timecode)
        found = []
        while self._read < len(self._samples) and self._samples[self._read].at < time.shows_at:
            sample = self._samples[self._read]
            found.append(self._entry(sample.at, sample))
            self._read += 1
        if number in self._picks:
            pick = Pressed("previs.key", self._picks[number])
            found.append(self._entry(max(0, time.shows_at - 1), pick))
        self._show, frame = advance(self._show, Tick(time, tuple(found)))
        self._next += 1
        self._newest, self._shown = frame, self._late.shown(frame)
        self._choose(frame)
        return frame

    def _entry(self, at: int, event: TrackingSample | Pressed) -> Entry:
        self._entries += 1
        return Entry(self._entries, at, event)

    def _choose(self, frame: Frame) -> None:
        """Pick the next wanted option once it is open."""
        if self.left and frame.open_choice is not None:
            open_ones = [option.id for option in frame.open_choice.options]
            self.offered = list(dict.fromkeys([*self.offered, *open_ones]))
            if self.left[0] in open_ones:
                self.press(self.left.pop(0))

    def walls(self, *, late: bool) -> Frame:
        """The frame that the walls show now: the newest, or with `late` the one that has come
        through the stage's delay line."""
        return self._shown if late else self._newest

    def exposed_at(self, *, late: bool) -> int:
        """The middle of the film camera's exposure of the newest frame, nanoseconds of the show:
        of walls in time, the time that their views are predicted to."""
        stage, rate = self.production.stage, self.production.rate
        assert stage is not None
        in_time = self._newest.time.shows_at + stage.delays.lookahead(rate)
        return self._late.film_at(self._newest) if late else in_time

    def film(self, camera: str, at: int) -> tuple[Pose, ViewLens | None]:
        """Where a camera is at a time, nanoseconds of the show, and its lens; the predicted ones of
        the newest frame without samples."""
        pose, lens = self.films[camera].at_time(at)
        if pose is not None:
            return pose, lens
        views = self._newest.views
        view = next(v for v in views if v.target == "inner" and v.camera == camera)
        return view.pose, view.lens
