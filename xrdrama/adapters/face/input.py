"""The face input: a process that converts frames to `Faced` events.

Live, a file is played at its own pace, like a camera, and events are stamped when they arrive. On
the virtual clock frames are taken as fast as they can be, and an event is stamped with its frame's
time plus the declared, constant latency: how long the recogniser really took is in `measured` and
changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from xrdrama.adapters.face.landmarks import Landmarker
from xrdrama.adapters.face.models import FACE
from xrdrama.adapters.face.watching import Glance, Watch
from xrdrama.adapters.vision.sources import Camera, Picture, VideoFile
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.ports import Ingress, Input, Stop
from xrdrama.show.settings import FILE, PERFORMER, duration, record_of
from xrdrama.show.validation import explained
from xrdrama.timing import NS
from xrdrama.tracking.faces import Pace
from xrdrama.wire.events import DeviceLost, Faced

LATENCY = 120 * NS // 1000
"""The latency that is declared unless the show says otherwise: a frame, its exposure, detection."""
LATE = 100 * NS // 1000
"""How late a frame of a file may be, live, before it is passed over."""
NEVER: Final = 2**62 - 1
"""The latest time there is: what a source promises that has nothing more to say."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a show says about a face input: the performer that it drives, and one of `file` and
    `camera`.

    `at` is the ns of the show at which the file starts, `every` n looks at each nth frame only,
    `latency` is declared in ns, `loop` starts the file again at its end.
    """

    performer: Annotated[str, PERFORMER, msgspec.Meta(min_length=1, max_length=64)]
    file: Annotated[str, FILE, msgspec.Meta(description="a video of a face")] | None = None
    camera: Annotated[int, msgspec.Meta(ge=0, le=99, description="its number")] | None = None
    at: Annotated[int, duration(plausible=(0.001, 36_000, 10))] = 0
    latency: Annotated[int, duration(most=10 * NS, plausible=(0.005, 10, 0.2))] = LATENCY
    every: Annotated[int, msgspec.Meta(ge=1, le=30)] = 1
    loop: bool = False

    def __post_init__(self) -> None:
        """UsageError if the settings contradict each other."""
        if (self.file is None) == (self.camera is None):
            raise UsageError(
                "a face input needs exactly one source", "write file or camera, not both"
            )
        if self.camera is not None and (self.at or self.loop):
            raise UsageError("at and loop are only for a file", "remove at and loop")


SETTINGS = Settings
SOURCES: Final = {"camera": "0", "file": ""}
REQUIRES: Final = ("cv2", "mediapipe")


def open(name: str, settings: Mapping[str, Any]) -> Input:
    """The face input `name` of a show.

    UsageError if the settings are invalid; DeviceError when model, file or camera is missing.
    """
    plain = {
        key: str(value) if isinstance(value, Path) else value for key, value in settings.items()
    }
    try:
        wanted = msgspec.convert(plain, Settings, strict=False)
    except UsageError as error:
        raise UsageError(f"the face input {name}: {error.message}", error.remedy) from None
    except msgspec.ValidationError as error:
        message, remedy = explained(error, record_of(Settings).fields)
        raise UsageError(f"the face input {name}: {message}", remedy) from None
    model = FACE.checked()
    if wanted.camera is not None:
        return Faces(name, wanted, model, Camera(wanted.camera))
    return Faces(name, wanted, model, VideoFile(Path(str(wanted.file)), start=wanted.at))


class Faces:
    """A source of frames, watched. `passed_over` counts a file's frames that were late, live."""

    def __init__(
        self, name: str, settings: Settings, model: bytes, source: VideoFile | Camera
    ) -> None:
        self.name = name
        self.settings = settings
        self.passed_over = 0
        self.notes: tuple[str, ...] = ()
        if isinstance(source, Camera):
            self.notes = (
                f"camera {source.index} is on: the face in front of it drives"
                f" {settings.performer}. Numbers are recorded, no picture",
            )
        self._model = model
        self._source = source

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Load the model, wait for the start, then send what the frames show until they end.

        UsageError for a camera on the virtual clock. What fails on the way becomes a DeviceLost.
        """
        try:
            if isinstance(self._source, Camera) and ingress.fixed_rate:
                raise UsageError(
                    f"the camera of {self.name} cannot be used with --fixed-rate",
                    "run without --fixed-rate, or give the input a file",
                )
            with Landmarker(self._model) as landmarker:
                if ingress.wait_for_start(stop):
                    watch = Watch(landmarker, self.name, self.settings.performer)
                    if ingress.fixed_rate:
                        self._run_on_the_virtual_clock(watch, ingress, stop)
                    else:
                        self._run_live(watch, ingress, stop)
        finally:
            self._source.close()

    def _run_on_the_virtual_clock(self, watch: Watch, ingress: Ingress, stop: Stop) -> None:
        latency, at, pace = self.settings.latency, self.settings.at, Pace()
        try:
            for at, picture in self._frames():
                if stop.is_set():
                    return
                # The next frame is here, so nothing of this source can be earlier than it.
                ingress.promise(self.name, at + latency)
                began = time.perf_counter_ns()
                glance = watch.look(picture, at)
                if pace.is_news(glance.face):
                    took = time.perf_counter_ns() - began
                    ingress.record(self._event(glance, at, took), at + latency)
            if pace.said_anything:
                ingress.record(self._last(at), at + latency)
        except DeviceError as error:
            ingress.record(DeviceLost(self.name, str(error)[:500]), at + latency)
        ingress.promise(self.name, NEVER)

    def _run_live(self, watch: Watch, ingress: Ingress, stop: Stop) -> None:
        pace, is_camera, due = Pace(), isinstance(self._source, Camera), 0
        try:
            for at, picture in self._frames():
                # A camera's frame is of now; a file's is waited for.
                due = ingress.now() if is_camera else at
                if stop.wait(max(0, due - ingress.now()) / NS):
                    return
                if ingress.now() - due > LATE:
                    self.passed_over += 1
                    continue
                glance = watch.look(picture, at)
                if pace.is_news(glance.face):
                    ingress.record(self._event(glance, due, ingress.now() - due))
            if pace.said_anything:
                ingress.record(self._last(due))
        except DeviceError as error:
            ingress.record(DeviceLost(self.name, str(error)[:500]))

    def _frames(self) -> Iterator[tuple[int, Picture]]:
        """The frames that are to be looked at, at their times; repeated in a loop."""
        while True:
            for number, frame in enumerate(self._source.frames()):
                if number % self.settings.every == 0:
                    yield frame
            if isinstance(self._source, Camera) or not self.settings.loop:
                return
            self._source.close()
            self._source = VideoFile(self._source.path, start=self._source.end)

    def _event(self, glance: Glance, seen: int, measured: int) -> Faced:
        face = glance.face
        return Faced(
            self.name,
            self.settings.performer,
            face.values(),
            face.turn(),
            seen,
            max(0, glance.others),
            max(0, measured),
        )

    def _last(self, seen: int) -> Faced:
        """The event that ends a recording."""
        return Faced(self.name, self.settings.performer, (), (0, 0, 0), seen, ended=True)
