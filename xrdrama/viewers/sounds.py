"""Captions for the sounds of a show, for viewers who do not hear them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Final

from xrdrama.timing import NS
from xrdrama.wire.frame import Caption, Frame, Sound

SAMPLES: Final = 48_000
LEAST_S, AMBIENCE_S, UNKNOWN_S = 2.0, 5.0, 3.0
"""Seconds for which a caption is shown at least, that of an ambience, and of a sound whose length
is not known."""
MOST: Final = 3
"""Most captions of sounds at a time; the newest are shown."""


class SoundCaptions:
    """Keeps the sounds that a show began. `lengths` are nanoseconds by the sound's id.

    `note` may be called by another thread.
    """

    def __init__(self, lengths: Mapping[str, int]) -> None:
        self._lengths = lengths
        self._heard: dict[str, tuple[float, float]] = {}
        """When each sound began and when its caption ends, seconds of the show."""
        self._lock = threading.Lock()

    def note(self, frame: Frame) -> None:
        """Keep the sounds of a frame. Every frame must be noted."""
        with self._lock:
            for sound in frame.sounds:
                self._heard.pop(sound.id, None)
                if sound.kind in ("effect", "ambience"):
                    self._heard[sound.id] = self._times(sound)
            # At most some: a story may play sounds of a few frames each.
            self._heard = dict(list(self._heard.items())[-4 * MOST :])

    def shown(self, seconds: float) -> tuple[Caption, ...]:
        """The captions at a time of the show, the oldest first."""
        with self._lock:
            now = [id for id, (begin, end) in self._heard.items() if begin <= seconds < end]
        return tuple(Caption(f"sound/{id}", "", {"": _words(id)}) for id in now[-MOST:])

    def _times(self, sound: Sound) -> tuple[float, float]:
        begin = sound.start_sample / SAMPLES
        lasts = self._lengths.get(sound.id)
        seconds = UNKNOWN_S if lasts is None else lasts / NS
        if sound.loop or sound.kind == "ambience":
            seconds = AMBIENCE_S
        return begin, begin + max(LEAST_S, min(seconds, 20.0))


def _words(id: str) -> str:
    """What a sound is called: the last part of its id, as the viewers' page writes it."""
    return f"[{id.rpartition('/')[2].replace('_', ' ')}]"
