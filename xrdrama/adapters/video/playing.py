"""Play plates: each frame when it is asked for, or decoded ahead in a thread.

At a fixed rate and in renderings nothing is late: `ExactPlate` decodes what is asked for. In a live
show `AheadPlate` holds the next frames; one that is not there yet is late, and the show continues.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from xrdrama.adapters.video.plates import Decoder
from xrdrama.errors import DeviceError
from xrdrama.scene.plates import Planes, PlateFacts

_MOST_AHEAD: Final = 8
_LEAST_AHEAD: Final = 3
_ROOM: Final = 256 << 20
"""Bytes that the frames ahead of one plate may take."""
_FIRST_TIMEOUT_S: Final = 20.0
"""Seconds to wait for the first frame."""


class ExactPlate:
    """Decodes every frame when it is asked for."""

    ahead = 1

    def __init__(self, path: Path, facts: PlateFacts) -> None:
        self._decoder = Decoder(path, facts)
        self._last: tuple[int, Planes] | None = None

    def frame(self, following: tuple[int, ...], *, wait: bool) -> Planes | None:
        """The first of these frames. DeviceError when it cannot be decoded."""
        number = following[0]
        if self._last is None or self._last[0] != number:
            self._last = number, self._decoder.frame(number)
        return self._last[1]

    def close(self) -> None:
        """Close the file."""
        self._decoder.close()


class AheadPlate:
    """Decodes ahead in a thread, as many frames as are asked for and no more."""

    def __init__(self, path: Path, facts: PlateFacts) -> None:
        size = facts.width * facts.height * 3 // 2
        self.ahead = max(_LEAST_AHEAD, min(_MOST_AHEAD, _ROOM // max(1, size)))
        self._path, self._decoder = path, Decoder(path, facts)
        self._changed = threading.Condition()
        self._wanted: tuple[int, ...] = ()
        self._held: dict[int, Planes] = {}
        self._failures: dict[int, DeviceError] = {}
        self._closed = False
        name = f"plate {path.name}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def frame(self, following: tuple[int, ...], *, wait: bool) -> Planes | None:
        """The first of these frames, None if it is late. DeviceError when it cannot be decoded, and
        when it is waited for in vain."""
        number = following[0]
        with self._changed:
            if following != self._wanted:
                self._wanted = following[: self.ahead]
                self._changed.notify_all()
            if wait and not self._changed.wait_for(
                lambda: self._is_known(number), _FIRST_TIMEOUT_S
            ):
                raise DeviceError(
                    f"the plate {self._path} was not decoded within {_FIRST_TIMEOUT_S:g} s",
                    "copy it to a faster disk, or scale it down",
                )
            if number in self._failures:
                raise self._failures[number]
            return self._held.get(number)

    def _is_known(self, number: int) -> bool:
        return number in self._held or number in self._failures

    def close(self) -> None:
        """Stop the thread, and close the file."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()
        self._decoder.close()

    def _run(self) -> None:
        while (number := self._next()) is not None:
            try:
                planes = self._decoder.frame(number)
            except DeviceError as error:
                with self._changed:
                    self._failures[number] = error
                    self._changed.notify_all()
                continue
            with self._changed:
                self._held[number] = planes
                self._changed.notify_all()

    def _next(self) -> int | None:
        """The next frame to decode, waiting for one; None to stop. Frees what is not wanted."""
        with self._changed:
            while not self._closed:
                for number in self._held.keys() - set(self._wanted):
                    del self._held[number]
                for number in self._wanted:
                    if not self._is_known(number):
                        return number
                self._changed.wait()
            return None
