"""Recognise speech in a stream of samples: endpointing, recogniser, pronunciation."""

from __future__ import annotations

import time
from collections.abc import Iterator

from xrdrama.adapters.voice.endpointing import RATE, Began, Endpointer, Samples, Utterance
from xrdrama.adapters.voice.recognisers import Recogniser
from xrdrama.show.ports import Stop
from xrdrama.speech import pronounce
from xrdrama.timing import NS
from xrdrama.wire.events import Heard, Hearing

LONGEST_TEXT = 500
MOST_PHONES = 400
"""The limits of an utterance in a message."""

# Times are corrected when the microphone's clock differs from this machine's by more than this.
_DRIFT = 50 * NS // 1000


class Listener:
    """Converts blocks of samples to Hearing and Heard events; times are ns of the show.

    `slow` makes the recogniser take that many times as long, for tests.
    """

    def __init__(self, name: str, recogniser: Recogniser, *, slow: float = 1.0) -> None:
        self._name = name
        self._recogniser = recogniser
        self._slow = slow
        self._endpointer = Endpointer()
        self._taken = 0
        self._offset: int | None = None

    def take(self, start: int, block: Samples, stop: Stop) -> Iterator[Hearing | Heard]:
        """The events after a block whose first sample is at nanosecond `start` of the show."""
        offset = start - self._taken * NS // RATE
        if self._offset is None or abs(offset - self._offset) > _DRIFT:
            self._offset = offset
        self._taken += len(block)
        for event in self._endpointer.feed(block):
            yield self._event(event, stop)

    def finish(self, stop: Stop) -> Iterator[Heard | Hearing]:
        """The events of an utterance that the end of the media cut off."""
        for event in self._endpointer.flush():
            yield self._event(event, stop)

    def _event(self, event: Began | Utterance, stop: Stop) -> Hearing | Heard:
        offset = self._offset or 0
        if isinstance(event, Began):
            return Hearing(self._name, event.began + offset)
        clock = time.perf_counter_ns()
        text = " ".join(self._recogniser.transcribe(event.samples).split())[:LONGEST_TEXT]
        took = time.perf_counter_ns() - clock
        if self._slow > 1.0:
            stop.wait(took * (self._slow - 1.0) / NS)
            took = int(took * self._slow)
        # In media time, the end is known after the trailing silence; then the recogniser ran.
        waited = self._endpointer.now - event.ended
        return Heard(
            source=self._name,
            text=text,
            phones=pronounce(text)[:MOST_PHONES],
            began=event.began + offset,
            ended=event.ended + offset,
            measured=waited + took,
        )
