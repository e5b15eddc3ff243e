"""The gesture input: a process that converts frames to `Gestured` events (see
`vision.frames_input`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from xrdrama.adapters.gesture.landmarks import Landmarker
from xrdrama.adapters.gesture.models import checked_model
from xrdrama.adapters.gesture.watching import Watch
from xrdrama.adapters.vision.frames_input import FrameSettings, FramesInput
from xrdrama.adapters.vision.sources import Camera, Picture, VideoFile
from xrdrama.show.ports import Input
from xrdrama.show.settings import converted
from xrdrama.timing import NS
from xrdrama.wire.events import Gestured, HandPose

PAUSE = 100 * NS // 1000
"""How often a frame that says nothing new is sent, in ns."""
_CHOOSING: Final[frozenset[HandPose]] = frozenset(("open_palm", "fist", "point", "victory"))


class Settings(FrameSettings, frozen=True, forbid_unknown_fields=True):
    """What a show says about a gesture input: its frames."""

    NOUN: ClassVar[str] = "gesture"


SETTINGS = Settings
SOURCES: Final = {"camera": "0", "file": ""}
REQUIRES: Final = ("cv2", "mediapipe")


def open(name: str, settings: Mapping[str, Any]) -> Input:
    """The gesture input `name` of a show.

    UsageError if the settings are invalid; DeviceError when model, file or camera is missing.
    """
    wanted = converted(f"the {Settings.NOUN} input {name}", settings, Settings)
    return Gestures(name, wanted, checked_model(), wanted.source())


def is_news(pose: HandPose, at: int, before: tuple[HandPose, int] | None) -> bool:
    """True when a frame is worth an event: pose and time in ns against the last one sent.

    A pose that can choose is sent with every frame, since the show counts frames; anything else
    when it is new, and every 100 ms after.
    """
    return before is None or pose in _CHOOSING or pose != before[0] or at - before[1] >= PAUSE


class Gestures(FramesInput):
    """A source of frames with a hand."""

    def __init__(
        self, name: str, settings: Settings, model: bytes, source: VideoFile | Camera
    ) -> None:
        super().__init__(name, settings, source)
        self._model = model

    @contextmanager
    def reading(self) -> Iterator[_Reading]:
        """The hand model, loaded."""
        with Landmarker(self._model) as landmarker:
            yield _Reading(Watch(landmarker), self.name)


class _Reading:
    """The events of one hand."""

    def __init__(self, watch: Watch, name: str) -> None:
        self._watch, self._name = watch, name
        self._sent: tuple[HandPose, int] | None = None

    def look(self, picture: Picture, at: int, counts_at: int) -> Callable[[int], Gestured] | None:
        seen = self._watch.look(picture, at)
        if not is_news(seen.pose, counts_at, self._sent):
            return None
        self._sent = seen.pose, counts_at
        return lambda measured: Gestured(
            self._name, seen.pose, seen.score, counts_at, seen.position, measured
        )

    def last(self, _: int) -> None:
        """A hand that is no longer there needs no event."""
