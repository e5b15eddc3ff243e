"""What is said in a stream of samples? Endpointing, recogniser and pronunciation in a row."""

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
"""What the wire lets an utterance carry."""

# A microphone's clock and this machine's may part by this much before times are set anew.
_DRIFT = 50 * NS // 1000


class Listener:
    """Takes in blocks and tells what began and what was heard, in ns of the show.

    `slow` makes the recogniser take that many times as long.
    """

    def __init__(self, name: str, recogniser: Recogniser, *, slow: float = 1.0) -> None:
        self._name = name
        self._recogniser = recogniser
        self._slow = slow
        self._endpointer = Endpointer()
        self._taken = 0
        self._offset: int | None = None

    def take(self, start: int, block: Samples, stop: Stop) -> Iterator[Hearing | Heard]:
        """What is known after a block whose first sample is of nanosecond `start`."""
        offset = start - self._taken * NS // RATE
        if self._offset is None or abs(offset - self._offset) > _DRIFT:
            self._offset = offset
        self._taken += len(block)
        for told in self._endpointer.feed(block):
            yield self._event(told, stop)

    def finish(self, stop: Stop) -> Iterator[Heard | Hearing]:
        """What the end of the media cut short."""
        for told in self._endpointer.flush():
            yield self._event(told, stop)

    def _event(self, told: Began | Utterance, stop: Stop) -> Hearing | Heard:
        offset = self._offset or 0
        if isinstance(told, Began):
            return Hearing(self._name, told.began + offset)
        clock = time.perf_counter_ns()
        text = " ".join(self._recogniser.transcribe(told.samples).split())[:LONGEST_TEXT]
        took = time.perf_counter_ns() - clock
        if self._slow > 1.0:
            stop.wait(took * (self._slow - 1.0) / NS)
            took = int(took * self._slow)
        # In media it is known when the trailing silence is over; then it was worked on.
        waited = self._endpointer.now - told.ended
        return Heard(
            source=self._name,
            text=text,
            phones=pronounce(text)[:MOST_PHONES],
            began=told.began + offset,
            ended=told.ended + offset,
            measured=waited + took,
        )
