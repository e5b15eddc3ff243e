"""Sources of frames: a video file or a camera, through OpenCV, each frame with its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.vision.quiet import quiet_stderr
from xrdrama.errors import DeviceError
from xrdrama.timing import NS

Picture = NDArray[np.uint8]
"""A frame as (height, width, 3) in RGB."""

MATROSKA, MP4 = b"\x1a\x45\xdf\xa3", b"ftyp"
LATEST_START = 30.0
"""Seconds; a video whose first frame is later was cut out of a longer recording."""

_INSTALL = 'pip install "xrdrama[gesture]"'


class Source(Protocol):
    """Frames in the order of their times."""

    def frames(self) -> Iterator[tuple[int, Picture]]:
        """Nanoseconds and an RGB picture (height, width, 3), until the source ends.

        DeviceError, after the last good frame, if the source fails before its end.
        """

    def close(self) -> None:
        """Close the file or device."""


class VideoFile:
    """A video whose time 0 is at `start` ns; its frames are where their timestamps say.

    Pixels that are not square are made square, by the sample aspect ratio that the file gives.
    DeviceError if the file does not exist, is not a video or has no frames.
    """

    def __init__(self, path: Path, start: int = 0) -> None:
        self.path = path
        self._start = start
        # OpenCV would take an address or a pattern of names, too; a file is what is meant.
        if not _is_file(path):
            raise DeviceError(f"the video {path} does not exist", "write the path of a video file")
        self._video, opened = _capture(str(path.resolve()), "CAP_FFMPEG")
        self._first = self._next() if opened else None
        if self._first is None:
            self.close()
            raise DeviceError(
                f"{path} is not a video, or has no frames", "export it as WebM or MP4"
            )
        self._first_at = self._media_time()
        self._late = self._begins_late()
        self._declared = self._declared_length()
        self.end = start
        """The ns at which the last frame ends; known once `frames` has ended."""

    def frames(self) -> Iterator[tuple[int, Picture]]:
        """The frames from the first one on; to be called once.

        DeviceError after the last one when the file is shorter than its header says.
        """
        picture, at, gap, longest = self._first, 0, self._usual_gap(), 0
        while picture is not None:
            yield self._start + self._late + at, picture
            picture = self._next()
            if picture is not None:
                gap = self._media_time() - self._first_at - at
                # A broken timestamp must not turn time back.
                gap = gap if gap > 0 else self._usual_gap()
                longest = max(longest, gap)
                at += gap
        lasts = at + gap
        self.end = self._start + self._late + lasts
        # A header rounds, and a last frame may be shown longer than the others.
        missing = self._declared - lasts
        if missing > 2 * max(longest, self._usual_gap()):
            raise DeviceError(
                f"{self.path} is truncated: it ends at {lasts / NS:.2f} s of "
                f"{self._declared / NS:.2f} s",
                "copy or export it again",
            )

    def close(self) -> None:
        """Close the file."""
        self._video.release()

    def _next(self) -> Picture | None:
        with quiet_stderr():
            good, picture = self._video.read()
        return self._squared(np.asarray(picture[:, :, ::-1], np.uint8)) if good else None

    def _squared(self, picture: Picture) -> Picture:
        """A picture with square pixels: it is made wider or higher, never smaller."""
        import cv2

        ratio = float(self._video.get(cv2.CAP_PROP_SAR_NUM)) / max(
            1.0, float(self._video.get(cv2.CAP_PROP_SAR_DEN))
        )
        if not 0.1 < ratio < 10.0 or abs(ratio - 1.0) < 0.01:  # 0: not given
            return picture
        if round(float(self._video.get(cv2.CAP_PROP_ORIENTATION_META))) % 180 == 90:
            ratio = 1.0 / ratio  # OpenCV has turned the picture upright, not its pixels
        height, width = picture.shape[:2]
        size = (round(width * ratio), height) if ratio > 1.0 else (width, round(height / ratio))
        return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR), np.uint8)

    def _begins_late(self) -> int:
        """How much later than its file's time 0 the first frame is, in ns.

        MP4 and Matroska count from 0. Others count from anywhere, as does what was cut out of a
        long recording: there the first frame is at 0.
        """
        import cv2

        with self.path.open("rb") as file:
            head = file.read(8)
        if head[:4] != MATROSKA and head[4:] != MP4:
            return 0
        rate = float(self._video.get(cv2.CAP_PROP_FPS))
        number = float(self._video.get(cv2.CAP_PROP_PTS))
        late = number / rate if 0.1 < rate <= 1000.0 else 0.0
        return round(late * NS) if 0.0 < late <= LATEST_START else 0

    def _media_time(self) -> int:
        import cv2

        ms = float(self._video.get(cv2.CAP_PROP_POS_MSEC))
        return round(ms * 1e6) if 0.0 <= ms < 1e11 else 0

    def _usual_gap(self) -> int:
        import cv2

        rate = float(self._video.get(cv2.CAP_PROP_FPS))
        return round(NS / rate) if 0.1 < rate <= 1000.0 else NS // 30

    def _declared_length(self) -> int:
        """What the header says from the first frame on, in ns; 0 when it does not say."""
        import cv2

        count = float(self._video.get(cv2.CAP_PROP_FRAME_COUNT))
        rate = float(self._video.get(cv2.CAP_PROP_FPS))
        # Some headers count from 0 even where the first frame is later.
        count -= max(0.0, float(self._video.get(cv2.CAP_PROP_PTS)))
        return round(count / rate * NS) if 0.0 < count < 1e9 and 0.1 < rate <= 1000.0 else 0


class Camera:
    """A camera by its number; frames are timed from the opening on this machine's clock.

    DeviceError when it is not there or gives no frame.
    """

    def __init__(self, index: int) -> None:
        self.index = index
        self._video, opened = _capture(index, "CAP_ANY")
        self._opened_at = time.monotonic_ns()
        if not opened or not self._read()[0]:
            self.close()
            raise DeviceError(
                f"camera {index} does not exist or sends no pictures",
                "connect it, close other programs that use it, or write another number",
            )
        # Old frames in a queue would only be late.
        import cv2

        self._video.set(cv2.CAP_PROP_BUFFERSIZE, 1)

    def frames(self) -> Iterator[tuple[int, Picture]]:
        """The frames as they arrive; DeviceError if the camera stops sending."""
        while True:
            good, picture = self._read()
            if not good:
                raise DeviceError(
                    f"camera {self.index} stopped sending pictures", "connect it again"
                )
            at = time.monotonic_ns() - self._opened_at
            yield at, np.asarray(picture[:, :, ::-1], np.uint8)

    def close(self) -> None:
        """Close the camera."""
        self._video.release()

    def _read(self) -> tuple[bool, Any]:
        with quiet_stderr():
            good, picture = self._video.read()
        return bool(good), picture


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name too long, a folder that may not be entered
        return False


def _capture(what: str | int, backend: str) -> tuple[Any, bool]:
    """An OpenCV capture and whether it could be opened."""
    try:
        import cv2
    except ImportError as error:
        raise DeviceError(f"OpenCV cannot be used ({error})", _INSTALL) from None
    with quiet_stderr():
        video = cv2.VideoCapture(what, getattr(cv2, backend))
        return video, bool(video.isOpened())
