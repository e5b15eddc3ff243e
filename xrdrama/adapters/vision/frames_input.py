"""An input that looks at frames: a video file or a camera, and what a recogniser makes of it.

Live, a file is played at its own pace, like a camera, and events are stamped when they arrive. On
the virtual clock frames are taken as fast as they can be, and an event is stamped with its frame's
time plus the declared, constant latency: how long the recogniser really took is in `measured` and
changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, ClassVar, Final, Protocol

import msgspec

from xrdrama.adapters.vision.sources import Camera, Picture, VideoFile
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.ports import Ingress, Stop
from xrdrama.show.settings import FILE, duration
from xrdrama.timing import NS
from xrdrama.wire.events import AnyEvent, DeviceLost

LATENCY: Final = 120 * NS // 1000
"""The latency that is declared unless the show says otherwise: a frame, its exposure, detection."""
LATE: Final = 100 * NS // 1000
"""How late a frame of a file may be, live, before it is passed over."""
NEVER: Final = 2**62 - 1
"""The latest time there is: what a source promises that has nothing more to say."""


class FrameSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a show says about such an input: one of `file` and `camera`, and how to use it.

    `at` is the ns of the show at which the file starts, `every` n looks at each nth frame only,
    `latency` is declared in ns, `loop` starts the file again at its end.
    """

    NOUN: ClassVar[str] = ""
    """What the input looks at, for messages."""

    file: Annotated[str, FILE, msgspec.Meta(description="a video")] | None = None
    camera: Annotated[int, msgspec.Meta(ge=0, le=99, description="its number")] | None = None
    at: Annotated[int, duration(plausible=(0.001, 36_000, 10))] = 0
    latency: Annotated[int, duration(most=10 * NS, plausible=(0.005, 10, 0.2))] = LATENCY
    every: Annotated[int, msgspec.Meta(ge=1, le=30)] = 1
    loop: bool = False

    def __post_init__(self) -> None:
        """UsageError if the settings contradict each other."""
        if (self.file is None) == (self.camera is None):
            raise UsageError(
                f"a {self.NOUN} input needs exactly one source", "write file or camera, not both"
            )
        if self.camera is not None and (self.at or self.loop):
            raise UsageError("at and loop are only for a file", "remove at and loop")

    def source(self) -> VideoFile | Camera:
        """The source of frames; DeviceError when it cannot be opened."""
        if self.camera is not None:
            return Camera(self.camera)
        return VideoFile(Path(str(self.file)), start=self.at)


class Reading(Protocol):
    """What a recogniser says of the frames of one source, in their order."""

    def look(self, picture: Picture, at: int, counts_at: int) -> Callable[[int], AnyEvent] | None:
        """What a frame (RGB, media time `at`) is to send, given how many ns that took; None for
        a frame without news. It counts at `counts_at` of the show."""
        ...

    def last(self, counts_at: int) -> AnyEvent | None:
        """What the end of the frames is to send; None for nothing."""
        ...


class FramesInput:
    """A source of frames, watched. `passed_over` counts a file's frames that were late, live."""

    def __init__(self, name: str, settings: FrameSettings, source: VideoFile | Camera) -> None:
        self.name = name
        self.passed_over = 0
        self._wanted = settings
        self._source = source

    def reading(self) -> AbstractContextManager[Reading]:
        """The recogniser, loaded."""
        raise NotImplementedError

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
            with self.reading() as reading:
                if ingress.wait_for_start(stop):
                    if ingress.fixed_rate:
                        self._run_on_the_virtual_clock(reading, ingress, stop)
                    else:
                        self._run_live(reading, ingress, stop)
        finally:
            self._source.close()

    def _run_on_the_virtual_clock(self, reading: Reading, ingress: Ingress, stop: Stop) -> None:
        latency, at = self._wanted.latency, self._wanted.at
        try:
            for at, picture in self._frames():
                if stop.is_set():
                    return
                # The next frame is here, so nothing of this source can be earlier than it.
                ingress.promise(self.name, at + latency)
                began = time.perf_counter_ns()
                if news := reading.look(picture, at, at):
                    ingress.record(news(time.perf_counter_ns() - began), at + latency)
            if last := reading.last(at):
                ingress.record(last, at + latency)
        except DeviceError as error:
            ingress.record(DeviceLost(self.name, str(error)[:500]), at + latency)
        ingress.promise(self.name, NEVER)

    def _run_live(self, reading: Reading, ingress: Ingress, stop: Stop) -> None:
        is_camera, due = isinstance(self._source, Camera), 0
        try:
            for at, picture in self._frames():
                # A camera's frame is of now; a file's is waited for.
                due = ingress.now() if is_camera else at
                if stop.wait(max(0, due - ingress.now()) / NS):
                    return
                if ingress.now() - due > LATE:
                    self.passed_over += 1
                    continue
                if news := reading.look(picture, at, due):
                    ingress.record(news(max(0, ingress.now() - due)))
            if last := reading.last(due):
                ingress.record(last)
        except DeviceError as error:
            ingress.record(DeviceLost(self.name, str(error)[:500]))

    def _frames(self) -> Iterator[tuple[int, Picture]]:
        """The frames that are to be looked at, at their times; repeated in a loop."""
        while True:
            for number, frame in enumerate(self._source.frames()):
                if number % self._wanted.every == 0:
                    yield frame
            if isinstance(self._source, Camera) or not self._wanted.loop:
                return
            self._source.close()
            self._source = VideoFile(self._source.path, start=self._source.end)
