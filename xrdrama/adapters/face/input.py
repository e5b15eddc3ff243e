"""The face input: a process that converts frames to `Faced` events (see `vision.frames_input`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, ClassVar, Final

import msgspec

from xrdrama.adapters.face.landmarks import Landmarker
from xrdrama.adapters.face.models import FACE
from xrdrama.adapters.face.watching import Watch
from xrdrama.adapters.vision.frames_input import FrameSettings, FramesInput
from xrdrama.adapters.vision.sources import Camera, Picture, VideoFile
from xrdrama.show.ports import Input
from xrdrama.show.settings import PERFORMER, converted
from xrdrama.tracking.faces import Pace
from xrdrama.wire.events import Faced


class Settings(FrameSettings, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a show says about a face input: the performer that it drives, and its frames."""

    NOUN: ClassVar[str] = "face"

    performer: Annotated[str, PERFORMER, msgspec.Meta(min_length=1, max_length=64)]


SETTINGS = Settings
SOURCES: Final = {"camera": "0", "file": ""}
REQUIRES: Final = ("cv2", "mediapipe")


def open(name: str, settings: Mapping[str, Any]) -> Input:
    """The face input `name` of a show.

    UsageError if the settings are invalid; DeviceError when model, file or camera is missing.
    """
    wanted = converted(f"the {Settings.NOUN} input {name}", settings, Settings)
    return Faces(name, wanted, FACE.checked(), wanted.source())


class Faces(FramesInput):
    """A source of frames with a face."""

    def __init__(
        self, name: str, settings: Settings, model: bytes, source: VideoFile | Camera
    ) -> None:
        super().__init__(name, settings, source)
        self.notes: tuple[str, ...] = ()
        if isinstance(source, Camera):
            self.notes = (
                f"camera {source.index} is on: the face in front of it drives"
                f" {settings.performer}. Numbers are recorded, no picture",
            )
        self._model, self._performer = model, settings.performer

    @contextmanager
    def reading(self) -> Iterator[_Reading]:
        """The face model, loaded."""
        with Landmarker(self._model) as landmarker:
            watch = Watch(landmarker, self.name, self._performer)
            yield _Reading(watch, self.name, self._performer)


class _Reading:
    """The events of one face: its values at most 24 times a second, and its end."""

    def __init__(self, watch: Watch, name: str, performer: str) -> None:
        self._watch, self._name, self._performer = watch, name, performer
        self._pace = Pace()

    def look(self, picture: Picture, at: int, counts_at: int) -> Callable[[int], Faced] | None:
        glance = self._watch.look(picture, at)
        if not self._pace.is_news(glance.face):
            return None
        face, others = glance.face, max(0, glance.others)
        return lambda measured: Faced(
            self._name, self._performer, face.values(), face.turn(), counts_at, others, measured
        )

    def last(self, counts_at: int) -> Faced | None:
        if not self._pace.said_anything:
            return None
        return Faced(self._name, self._performer, (), (0, 0, 0), counts_at, ended=True)
