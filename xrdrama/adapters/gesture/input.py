"""The gesture input: a process that converts frames to `Gestured` events.

Live, a file is played at its own pace, like a camera, and events are
stamped when they arrive. On the virtual clock frames are taken as fast as they can be, and an event
is stamped with its frame's time plus the declared, constant latency: how long the recogniser
really took is in `measured` and changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from xrdrama.adapters.gesture.landmarks import Landmarker
from xrdrama.adapters.gesture.models import checked_model
from xrdrama.adapters.gesture.watching import Glimpse, Watch
from xrdrama.adapters.vision.sources import Camera, Picture, VideoFile
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.ports import Ingress, Input, Stop
from xrdrama.show.settings import FILE, duration, record_of
from xrdrama.show.validation import explained
from xrdrama.timing import NS
from xrdrama.wire.events import DeviceLost, Gestured, HandPose

LATENCY = 120 * NS // 1000
"""The latency that is declared unless the show says otherwise: a frame, its exposure, detection."""
PAUSE = 100 * NS // 1000
"""How often a frame that says nothing new is sent, in ns."""
LATE = 100 * NS // 1000
"""How late a frame of a file may be, live, before it is passed over."""
NEVER: Final = 2**62 - 1
"""The latest time there is: what a source promises that has nothing more to say."""

_CHOOSING: Final[frozenset[HandPose]] = frozenset(("open_palm", "fist", "point", "victory"))


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a show says about a gesture input: one of `file` and `camera`, and how to use it.

    `at` is the ns of the show at which the file starts, `every` n looks at each nth frame only,
    `latency` is declared in ns, `loop` starts the file again at its end.
    """

    file: Annotated[str, FILE, msgspec.Meta(description="a recording")] | None = None
    camera: Annotated[int, msgspec.Meta(ge=0, le=99, description="its number")] | None = None
    at: Annotated[int, duration(plausible=(0.001, 36_000, 10))] = 0
    latency: Annotated[int, duration(most=10 * NS, plausible=(0.005, 10, 0.2))] = LATENCY
    every: Annotated[int, msgspec.Meta(ge=1, le=30)] = 1
    loop: bool = False

    def __post_init__(self) -> None:
        """UsageError if the settings contradict each other."""
        if (self.file is None) == (self.camera is None):
            raise UsageError(
                "a gesture input needs exactly one source", "write file or camera, not both"
            )
        if self.camera is not None and (self.at or self.loop):
            raise UsageError("at and loop are only for a file", "remove at and loop")


SETTINGS = Settings
SOURCES: Final = {"camera": "0", "file": ""}
REQUIRES: Final = ("cv2", "mediapipe")


def open(name: str, settings: Mapping[str, Any]) -> Input:
    """The gesture input `name` of a show.

    UsageError if the settings are invalid; DeviceError when model, file or camera is missing.
    """
    plain = {
        key: str(value) if isinstance(value, Path) else value for key, value in settings.items()
    }
    try:
        wanted = msgspec.convert(plain, Settings, strict=False)
    except UsageError as error:
        raise UsageError(f"the gesture input {name}: {error.message}", error.remedy) from None
    except msgspec.ValidationError as error:
        message, remedy = explained(error, record_of(Settings).fields)
        raise UsageError(f"the gesture input {name}: {message}", remedy) from None
    if wanted.camera is not None:
        return Gestures(name, wanted, checked_model(), Camera(wanted.camera))
    file = VideoFile(Path(str(wanted.file)), start=wanted.at)
    return Gestures(name, wanted, checked_model(), file)


def is_news(pose: HandPose, at: int, before: tuple[HandPose, int] | None) -> bool:
    """True when a frame is worth an event: pose and time in ns against the last one sent.

    A pose that can choose is sent with every frame, since the show counts frames; anything else
    when it is new, and every 100 ms after.
    """
    return before is None or pose in _CHOOSING or pose != before[0] or at - before[1] >= PAUSE


class Gestures:
    """A source of frames, watched. `passed_over` counts a file's frames that were late, live."""

    def __init__(
        self, name: str, settings: Settings, model: bytes, source: VideoFile | Camera
    ) -> None:
        self.name = name
        self.settings = settings
        self.passed_over = 0
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
                    watch = Watch(landmarker)
                    if ingress.fixed_rate:
                        self._run_on_the_virtual_clock(watch, ingress, stop)
                    else:
                        self._run_live(watch, ingress, stop)
        finally:
            self._source.close()

    def _run_on_the_virtual_clock(self, watch: Watch, ingress: Ingress, stop: Stop) -> None:
        latency, at = self.settings.latency, self.settings.at
        sent: tuple[HandPose, int] | None = None
        try:
            for at, picture in self._frames():
                if stop.is_set():
                    return
                # The next frame is here, so nothing of this source can be earlier than it.
                ingress.promise(self.name, at + latency)
                began = time.perf_counter_ns()
                glimpse = watch.look(picture, at)
                if is_news(glimpse.pose, at, sent):
                    took = time.perf_counter_ns() - began
                    ingress.record(self._event(glimpse, at, took), at + latency)
                    sent = glimpse.pose, at
        except DeviceError as error:
            ingress.record(DeviceLost(self.name, str(error)[:500]), at + latency)
        ingress.promise(self.name, NEVER)

    def _run_live(self, watch: Watch, ingress: Ingress, stop: Stop) -> None:
        sent: tuple[HandPose, int] | None = None
        is_camera = isinstance(self._source, Camera)
        try:
            for at, picture in self._frames():
                # A camera's frame is of now; a file's is waited for.
                due = ingress.now() if is_camera else at
                if stop.wait(max(0, due - ingress.now()) / NS):
                    return
                if ingress.now() - due > LATE:
                    self.passed_over += 1
                    continue
                glimpse = watch.look(picture, at)
                if is_news(glimpse.pose, due, sent):
                    ingress.record(self._event(glimpse, due, ingress.now() - due))
                    sent = glimpse.pose, due
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

    def _event(self, glimpse: Glimpse, seen: int, measured: int) -> Gestured:
        return Gestured(
            self.name, glimpse.pose, glimpse.score, seen, glimpse.position, max(0, measured)
        )
