"""Finds of markers that wait until a frame says what they did.

The log records a find whether or not it opens something: only the show knows the conditions of its
hidden plots. The feedback of a frame says what came of it, and only then is the viewer answered.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from xrdrama.wire.audience import Answer, Code, Refused
from xrdrama.wire.frame import Feedback

WAITS_S: Final = 3.0
"""Seconds after which a find is answered although no frame has said what it did."""
MOST_FINDS: Final = 4096
FINDS_A_SECOND: Final = 1.0
FINDS_AT_ONCE: Final = 6.0
"""The rate limit of one viewer's finds: a page sends one when a marker comes into view."""


Words = tuple[str, Code]
"""A text for people, and its code."""
OPENS_NOTHING: Final[Words] = ("This marker opens nothing now.", "opens_nothing")
DIRECTOR: Final[Words] = ("The director decides whether this happens.", "opens_nothing")
NOT_KNOWN: Final[Words] = (
    "The show has not said what this marker did. Point the camera at it again.",
    "not_known",
)
TOO_OFTEN: Final[Words] = ("Too many markers at once. Wait a moment.", "too_often")
_WORDS: Final[Mapping[str, Words]] = {"nothing_open": OPENS_NOTHING, "candidate": DIRECTOR}


class Answered(NamedTuple):
    """An answer that can be given now, to a seat."""

    seat: int
    answer: Answer


class _Find:
    """One find: its number in the log and its verdict, in whichever order they come."""

    def __init__(self, seat: int, id: int, answer: Callable[[int], Answer], at: float) -> None:
        self.seat, self.id, self.at = seat, id, at
        self._answer = answer
        self.seq: int | None = None
        self.verdict = ""

    def answered(self) -> Answered | None:
        """The answer, when both are known."""
        if self.seq is None or not self.verdict:
            return None
        words = _WORDS.get(self.verdict)
        return Answered(self.seat, Refused(self.id, *words) if words else self._answer(self.seq))


class Finding:
    """The finds that wait, by the source of their event and the name of the marker."""

    def __init__(self) -> None:
        self._finds: OrderedDict[tuple[str, str], _Find] = OrderedDict()

    def add(
        self,
        source: str,
        marker: str,
        seat: int,
        id: int,
        answer: Callable[[int], Answer],
        at: float,
    ) -> bool:
        """Wait for what a find does; False where the same find of the same seat already waits."""
        if (source, marker) in self._finds or len(self._finds) >= MOST_FINDS:
            return False
        self._finds[source, marker] = _Find(seat, id, answer, at)
        return True

    def recorded(self, source: str, marker: str, seq: int) -> Answered | None:
        """A find is in the log; its answer where a frame has come first."""
        find = self._finds.get((source, marker))
        if find is None:
            return None
        find.seq = seq
        return self._done((source, marker), find)

    def forget(self, source: str, marker: str) -> None:
        """A find was not recorded."""
        self._finds.pop((source, marker), None)

    def judged(self, feedback: Iterable[Feedback]) -> list[Answered]:
        """The answers that follow from a frame."""
        found = []
        for one in feedback:
            find = self._finds.get((one.source, one.said))
            if find is None:
                continue
            find.verdict = one.verdict
            if (answered := self._done((one.source, one.said), find)) is not None:
                found.append(answered)
        return found

    def overdue(self, now: float) -> list[Answered]:
        """The answers to finds that have waited for too long; they are no longer waited for."""
        late = [key for key, find in self._finds.items() if now - find.at > WAITS_S]
        finds = [self._finds.pop(key) for key in late]
        return [Answered(find.seat, Refused(find.id, *NOT_KNOWN)) for find in finds]

    def _done(self, key: tuple[str, str], find: _Find) -> Answered | None:
        answered = find.answered()
        if answered is not None:
            del self._finds[key]
        return answered
