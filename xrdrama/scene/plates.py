"""Plates: which frame of a video a set shows at a moment, and what renderers need of its file.

A plate's time is the value of a param, in seconds. So it is part of every frame's value: a replay
shows the same pictures, and walls and viewers of one frame show the same frame of the plate.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

import msgspec

from xrdrama.scene.model import Param, Plate
from xrdrama.timing import NS

if TYPE_CHECKING:  # a check of a story does not need numpy
    import numpy as np
    from numpy.typing import NDArray

VIDEO_SUFFIXES: Final = ("mp4", "mov", "m4v", "mkv", "webm", "avi", "mxf", "mpg", "ts")
STILL_SUFFIXES: Final = ("png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp")
CLOCK, SPEED = "plate_time", "plate_speed"
LONGEST: Final = 86_400.0
"""Seconds after which `plate_time` starts again, unless the set declares it."""
_JUST_BEFORE: Final = 1e-3
"""A time that is rounded to just before a frame is that frame's: share of a frame."""


class PlateFacts(msgspec.Struct, frozen=True):
    """What a plate's file says: pixels, number of frames (1 for a still), frames per second.

    `hash` is that of its bytes. `transfer` is how its values become light, `matrix` and
    `full_range` how luma and chroma become red, green and blue.
    """

    hash: str
    width: int
    height: int
    frames: int
    rate: tuple[int, int]
    transfer: Literal["srgb", "rec709"] = "rec709"
    matrix: Literal["bt601", "bt709", "bt2020"] = "bt709"
    full_range: bool = False
    remarks: tuple[tuple[str, str], ...] = ()
    """What is not shown as the file says: message and hint."""


class Refused(msgspec.Struct, frozen=True):
    """Why a file cannot be a plate, and what to do."""

    message: str
    hint: str = ""


class SetPlate(msgspec.Struct, frozen=True):
    """A plate of a compiled set."""

    plate: Plate
    facts: PlateFacts

    @property
    def rate(self) -> float:
        """The frames per second at which it plays."""
        numerator, denominator = self.facts.rate
        return self.plate.rate or numerator / denominator

    @property
    def first(self) -> int:
        """The number of its first frame in the file."""
        numerator, denominator = self.facts.rate
        return round(self.plate.start / NS * numerator / denominator)

    @property
    def length(self) -> int:
        """The number of frames that it plays, at least 1."""
        return max(1, self.facts.frames - self.first)

    @property
    def seconds(self) -> float:
        """How long it plays until its end."""
        return self.length / self.rate

    def frame_at(self, seconds: float) -> int | None:
        """The number of the file's frame after so many seconds of play; None is black."""
        played = floor(seconds * self.rate + _JUST_BEFORE)
        return self._in_file(played)

    def following(self, seconds: float, count: int) -> tuple[int, ...]:
        """The different frames from a moment on, in the order of play, at most `count`."""
        played = floor(seconds * self.rate + _JUST_BEFORE)
        numbers = (self._in_file(played + ahead) for ahead in range(count))
        return tuple(dict.fromkeys(number for number in numbers if number is not None))

    def _in_file(self, played: int) -> int | None:
        if self.plate.at_end == "loop":
            return self.first + played % self.length
        if self.plate.at_end == "black" and played >= self.length:
            return None
        return self.first + min(max(0, played), self.length - 1)


class Planes(NamedTuple):
    """A decoded frame: 8-bit rows from the top of luma and two planes of chroma, which may be
    smaller."""

    luma: NDArray[np.uint8]
    blue: NDArray[np.uint8]
    red: NDArray[np.uint8]


class PlateSource(Protocol):
    """Where a renderer gets the decoded frames of one plate."""

    def frame(self, following: tuple[int, ...], *, wait: bool) -> Planes | None:
        """The first of these frames; the others will be needed next.

        None if it is not decoded yet, which happens only without `wait`. DeviceError when the file
        cannot be decoded there.
        """

    @property
    def ahead(self) -> int:
        """How many frames it can hold."""

    def close(self) -> None:
        """Stop decoding. Called once."""


def clock_of(params: Mapping[str, Param]) -> dict[str, Param]:
    """The params that plates without `moved_by` play by, those that a set has not declared."""
    speed = Param(SPEED, "real", 1.0, "Speed of the plates; 0 is a pause.", 0.0, 4.0)
    clock = Param(
        CLOCK, "real", 0.0, "Seconds that the plates have played since the set appeared.",
        0.0, LONGEST, grows_by=SPEED,
    )  # fmt: skip
    found = {}
    if CLOCK not in params:
        found[CLOCK] = clock
        if SPEED not in params:
            found[SPEED] = speed
    return found
