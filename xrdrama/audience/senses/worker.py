"""The process that listens to, or looks at, viewers' phones: the recognisers of the show itself.

Sounds and pictures are in its memory while it works on them; nothing is written to a disk.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Protocol

import msgspec

from xrdrama.audience.senses.pipe import (
    FORGET,
    MESSAGE,
    PICTURE,
    SOUND,
    FromRecogniser,
    Ready,
    RecogniserSettings,
    Said,
    Saw,
    Speaks,
    Unreadable,
)
from xrdrama.errors import UsageError, XrdramaError
from xrdrama.processes.child import end_with_parent
from xrdrama.timing import NS
from xrdrama.wire.events import Hearing
from xrdrama.wire.senses import RATE

if TYPE_CHECKING:
    from xrdrama.adapters.gesture.landmarks import Landmarker
    from xrdrama.adapters.gesture.watching import Watch
    from xrdrama.adapters.voice.listening import Listener
    from xrdrama.adapters.voice.recognisers import Recogniser

Say = Callable[[FromRecogniser], None]


class Worker(Protocol):
    """Listens or looks, for each seat apart."""

    def take(self, seat: int, what: int, at: int, data: bytes) -> None:
        """A message of the server."""


class Listeners:
    """A stream of speech for each seat, and one recogniser for all."""

    def __init__(self, recogniser: Recogniser, say: Say, stop: threading.Event) -> None:
        self._recogniser, self._say, self._stop = recogniser, say, stop
        self._listeners: dict[int, Listener] = {}

    def take(self, seat: int, what: int, at: int, data: bytes) -> None:
        """A sound that ended at `at`; utterances that end in it are recognised now."""
        if what == FORGET:
            self._listeners.pop(seat, None)
            return
        if what != SOUND:
            return
        from xrdrama.adapters.voice.listening import Listener
        from xrdrama.adapters.voice.pcm import samples_of

        if seat not in self._listeners:
            self._listeners[seat] = Listener(str(seat), self._recogniser)
        start = at - len(data) // 2 * NS // RATE
        for event in self._listeners[seat].take(start, samples_of(data), self._stop):
            if isinstance(event, Hearing):
                self._say(Speaks(seat, event.began))
            else:
                self._say(Said(seat, event.text, event.phones, event.began, event.ended))


class Watchers:
    """A hand landmarker for each seat: it follows one hand from picture to picture."""

    def __init__(self, open_landmarker: Callable[[], Landmarker], say: Say) -> None:
        self._open, self._say = open_landmarker, say
        self._watches: dict[int, tuple[Landmarker, Watch]] = {}
        self._spare: Landmarker | None = open_landmarker()

    def take(self, seat: int, what: int, at: int, data: bytes) -> None:
        """A picture that was taken at `at`. Every one is answered."""
        if what == FORGET:
            if found := self._watches.pop(seat, None):
                found[0].close()
            return
        if what != PICTURE:
            return
        from xrdrama.adapters.vision.jpeg import decoded

        picture = decoded(data)
        if picture is None:
            self._say(Unreadable(seat))
            return
        seen = self._watch(seat).look(picture, at)
        self._say(Saw(seat, seen.pose, seen.score, at, seen.position))

    def _watch(self, seat: int) -> Watch:
        from xrdrama.adapters.gesture.watching import Watch

        if seat not in self._watches:
            landmarker, self._spare = self._spare or self._open(), None
            self._watches[seat] = landmarker, Watch(landmarker)
        return self._watches[seat][1]


def worker_of(settings: RecogniserSettings, say: Say, stop: threading.Event) -> Worker:
    """The worker, its model loaded. DeviceError when a package or a model is missing."""
    from pathlib import Path

    if settings.sense == "gesture":
        from xrdrama.adapters.gesture.landmarks import Landmarker
        from xrdrama.adapters.gesture.models import checked_model

        model = checked_model()
        return Watchers(lambda: Landmarker(model), say)
    folder = Path(settings.model) if settings.model else None
    if settings.engine == "vosk":
        from xrdrama.adapters.voice.vosk import Vosk

        return Listeners(Vosk(folder, settings.phrases), say, stop)
    from xrdrama.adapters.voice.moonshine import Moonshine

    return Listeners(Moonshine(folder), say, stop)


def run_recogniser(stdin: BinaryIO, stop: threading.Event) -> None:
    """Work until stdin ends. DeviceError when a package or a model is missing."""
    threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    try:
        settings = msgspec.json.decode(stdin.readline(), type=RecogniserSettings)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise UsageError(
            f"the settings of a recogniser are not valid: {error}", "this is an internal command"
        ) from None
    # Libraries write to stdout; the server reads ours alone.
    out = os.dup(1)
    os.dup2(2, 1)

    def say(message: FromRecogniser) -> None:
        line = msgspec.json.encode(message) + b"\n"
        while line:
            line = line[os.write(out, line) :]

    worker = worker_of(settings, say, stop)
    say(Ready())
    while not stop.is_set():
        header = stdin.read(MESSAGE.size)
        if len(header) < MESSAGE.size:
            return
        size, seat, what, at = MESSAGE.unpack(header)
        data = stdin.read(size)
        if len(data) < size:
            return
        worker.take(seat, what, at, data)


def recognise(stop: threading.Event) -> int:
    """`run_recogniser` on this process's stdin; the exit status. Why it ended is the last line of
    stderr."""
    try:
        run_recogniser(sys.stdin.buffer, stop)
    except XrdramaError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 2
    return 0
