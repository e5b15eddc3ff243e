"""The live camera's picture beside the simulated one: a video file, or a camera of this machine.

They are read by the adapter that also reads them for gestures. A file starts with the show; its
picture at a time is the newest that is due then.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from xrdrama.adapters.vision.sources import Camera, Picture, VideoFile
from xrdrama.errors import DeviceError, UsageError
from xrdrama.timing import NS


class Live(Protocol):
    """A live picture: its name, how many pictures came, and its fault ("" without one)."""

    name: str
    pictures: int
    fault: str

    def at(self, now: int) -> Picture | None:
        """The picture at a nanosecond of the show; the last one after its end."""

    def restart(self) -> None:
        """Begin again, as the show does."""

    def close(self) -> None:
        """Close the file or device."""


def open_live(text: str) -> Live:
    """The live picture of `file:PATH`, `camera:NUMBER` or a path. UsageError for another form,
    DeviceError if it cannot be opened."""
    kind, colon, value = text.partition(":")
    if kind == "camera" and colon:
        if not (value or "0").isdecimal():
            raise UsageError(f"--live {text!r}: {value!r} is not the number of a camera",
                             "write --live camera:0")  # fmt: skip
        return LiveCamera(int(value or 0))
    path = value if kind == "file" and colon else text
    if not path:
        raise UsageError(f"--live {text!r} names no file", "write --live file:PATH or camera:0")
    return LiveFile(Path(path))


class LiveFile:
    """A video file that is played with the show."""

    def __init__(self, path: Path) -> None:
        self._path, self.name = path, path.name
        self.pictures, self.fault = 0, ""
        self._source: VideoFile | None = None
        self.restart()

    def restart(self) -> None:
        """Begin again with the first picture."""
        self.close()
        self._source = source = VideoFile(self._path)
        self._frames: Iterator[tuple[int, Picture]] = source.frames()
        self._shown: Picture | None = None
        self.fault = ""
        self._coming = self._read(source)

    def at(self, now: int) -> Picture | None:
        """The newest picture that is due at `now`."""
        source = self._source
        while source is not None and self._coming is not None and self._coming[0] <= now:
            self._shown = self._coming[1]
            self.pictures += 1
            self._coming = self._read(source)
        if source is not None and self._coming is None and now >= source.end:
            self.fault = self.fault or f"the video ended at {source.end / NS:.2f} s"
        return self._shown

    def _read(self, source: VideoFile) -> tuple[int, Picture] | None:
        try:
            return next(self._frames, None)
        except DeviceError as error:
            self.fault = str(error)
            return None

    def close(self) -> None:
        """Close the file."""
        if self._source is not None:
            self._source.close()


class LiveCamera:
    """A camera of this machine; a thread reads it, so that a slow camera delays nothing."""

    def __init__(self, index: int) -> None:
        self.name = f"camera {index}"
        self.pictures, self.fault = 0, ""
        self._camera = Camera(index)
        self._newest: Picture | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for _, picture in self._camera.frames():
                self._newest = picture
                self.pictures += 1
                if self._stop.is_set():
                    return
        except DeviceError as error:
            self.fault = str(error)

    def at(self, now: int) -> Picture | None:
        """The newest picture, whatever the time of the show."""
        return self._newest

    def restart(self) -> None:
        """Do nothing: a camera is always at its newest picture."""

    def close(self) -> None:
        """Close the device."""
        self._stop.set()
        self._thread.join(1.0)
        self._camera.close()
