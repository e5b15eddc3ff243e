"""The voice input: a process that converts samples to `Hearing` and `Heard` events.

Live, a file is played at its own pace, like a microphone, and events are
stamped when they arrive. On the virtual clock blocks are taken as fast as they can be: a `Heard`
is stamped with the end of speech plus the declared, constant latency, a `Hearing` with its
beginning plus `HEARING_LATENCY`. An event is sent once the media time has reached its stamp, and
then that media time is promised. How long the recogniser really took is in `measured` and changes
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from heapq import heappop, heappush
from pathlib import Path
from typing import Any, Final

import msgspec

from xrdrama.adapters.voice import moonshine, vosk
from xrdrama.adapters.voice.endpointing import ONSET, RATE
from xrdrama.adapters.voice.listening import LONGEST_TEXT, Listener
from xrdrama.adapters.voice.recognisers import Recogniser
from xrdrama.adapters.voice.settings import Settings, read
from xrdrama.adapters.voice.sources import BLOCK_NS, AudioFile, Microphone, Schedule, Source
from xrdrama.errors import DeviceError, UsageError
from xrdrama.show.ports import Ingress, Input, Stop
from xrdrama.timing import NS
from xrdrama.wire.events import DeviceLost, Heard, Hearing

HEARING_LATENCY: Final = ONSET + BLOCK_NS
"""From the beginning of speech to its `Hearing` on the virtual clock (ns)."""
NEVER: Final = 2**62 - 1
"""The latest time there is: what a source promises that has nothing more to say."""

SETTINGS = Settings
SOURCES: Final = {"microphone": "default", "file": ""}


def open(name: str, settings: Mapping[str, Any]) -> Input:
    """The voice input `name` of a show; `settings.Settings` has its settings.

    UsageError if the settings are invalid; DeviceError when model, file or device is missing.
    """
    wanted = read(name, settings)
    find = {"moonshine": moonshine.find_model, "vosk": vosk.find_model}[wanted.engine]
    find(wanted.model_path)
    return Voice(name, wanted, _source(wanted))


class Voice:
    """A source of samples, listened to."""

    def __init__(self, name: str, settings: Settings, source: Source) -> None:
        self.name = name
        self.settings = settings
        self.notes = source.notes
        self._source = source

    def run(self, ingress: Ingress, stop: Stop) -> None:
        """Load the model, wait for the start, then send events until the media or the show ends.

        UsageError for a microphone on the virtual clock. What fails on the way is a DeviceLost.
        """
        try:
            if isinstance(self._source, Microphone) and ingress.fixed_rate:
                raise UsageError(
                    f"the microphone of {self.name} cannot be used with --fixed-rate",
                    "run without --fixed-rate, or give the input a file or clips",
                )
            listener = Listener(self.name, _recogniser(self.settings), slow=self.settings.slow)
            if ingress.wait_for_start(stop):
                if ingress.fixed_rate:
                    self._run_on_the_virtual_clock(listener, ingress, stop)
                else:
                    self._run_live(listener, ingress, stop)
        finally:
            self._source.close()

    def _run_on_the_virtual_clock(self, listener: Listener, ingress: Ingress, stop: Stop) -> None:
        queue = _Queue(self.settings.latency)
        now = self.settings.at
        ingress.promise(self.name, now)
        try:
            for start, block in self._source.blocks():
                queue.put(listener.take(start, block, stop))
                if stop.is_set():
                    return
                now = start + len(block) * NS // RATE
                queue.send(ingress, until=now)
                ingress.promise(self.name, now)
        except DeviceError as error:
            queue.put_lost(DeviceLost(self.name, str(error)[:LONGEST_TEXT]), now)
        queue.put(listener.finish(stop))
        queue.send(ingress, until=NEVER)
        ingress.promise(self.name, NEVER)

    def _run_live(self, listener: Listener, ingress: Ingress, stop: Stop) -> None:
        is_microphone = isinstance(self._source, Microphone)
        origin = time.monotonic_ns() - ingress.now() if is_microphone else 0
        try:
            for start, block in self._source.blocks():
                at = start - origin
                # A microphone's block is there when it has ended; a file's is waited for.
                ended = at + len(block) * NS // RATE
                ahead = 0 if is_microphone else max(0, ended - ingress.now())
                if stop.wait(ahead / NS) if ahead else stop.is_set():
                    return
                self._send_live(listener.take(at, block, stop), ingress)
        except DeviceError as error:
            ingress.record(DeviceLost(self.name, str(error)[:LONGEST_TEXT]))
        self._send_live(listener.finish(stop), ingress)

    def _send_live(self, events: Iterable[Hearing | Heard], ingress: Ingress) -> None:
        for event in events:
            if isinstance(event, Heard):
                measured = max(0, ingress.now() - event.ended)
                ingress.record(msgspec.structs.replace(event, measured=measured))
            else:
                ingress.record(event)


class _Queue:
    """Events until the media time has reached their stamps, so that stamps never go back."""

    def __init__(self, latency: int) -> None:
        self._latency = latency
        self._number = 0
        self._waiting: list[tuple[int, int, Hearing | Heard | DeviceLost]] = []

    def put(self, events: Iterable[Hearing | Heard]) -> None:
        for event in events:
            if isinstance(event, Hearing):
                self._put(event, event.began + HEARING_LATENCY)
            else:
                self._put(event, event.ended + self._latency)

    def put_lost(self, event: DeviceLost, now: int) -> None:
        self._put(event, now + self._latency)

    def send(self, ingress: Ingress, *, until: int) -> None:
        while self._waiting and self._waiting[0][0] <= until:
            at, _, event = heappop(self._waiting)
            ingress.record(event, at)

    def _put(self, event: Hearing | Heard | DeviceLost, at: int) -> None:
        self._number += 1
        heappush(self._waiting, (at, self._number, event))


def _source(settings: Settings) -> Source:
    if settings.file is not None:
        return AudioFile(Path(settings.file), at=settings.at)
    if settings.clips is not None:
        clips = [(Path(clip.file), clip.at) for clip in settings.clips]
        return Schedule(clips, seed=settings.seed)
    return Microphone("default" if settings.microphone is None else settings.microphone)


def _recogniser(settings: Settings) -> Recogniser:
    if settings.engine == "vosk":
        return vosk.Vosk(settings.model_path, settings.phrases)
    return moonshine.Moonshine(settings.model_path)
