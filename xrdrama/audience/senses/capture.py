"""One open microphone or camera of a viewer's page: its rate, its clock, and words for the page."""

from __future__ import annotations

import asyncio
from typing import Final

from xrdrama.adapters.web.audience.tasks import Socket
from xrdrama.timing import NS
from xrdrama.wire.events import HandPose
from xrdrama.wire.senses import RATE, PageClock, Picture, Sense, Sound, Standing, Understood

SOUNDS_A_SECOND: Final = 1.25 * RATE
SOUNDS_AT_ONCE: Final = 3.0 * RATE
"""Samples: after the network stood still, three seconds come at once."""
PICTURES_A_SECOND: Final = 16.0
PICTURES_AT_ONCE: Final = 16.0
MOST_WAITING: Final = 16
"""Words that wait for a page; the newest."""


class Capture:
    """One socket of a seat. `now` is the clock of this machine in ns."""

    def __init__(self, socket: Socket, seat: int, sense: Sense, now: int) -> None:
        self.socket, self.seat, self.sense = socket, seat, sense
        self.clock = PageClock()
        self._rate = SOUNDS_A_SECOND if sense == "voice" else PICTURES_A_SECOND
        self._most = SOUNDS_AT_ONCE if sense == "voice" else PICTURES_AT_ONCE
        self._left, self._at = self._most, now
        self.dropped = self.unreadable = 0
        self.is_muted = self.is_late = False
        self.is_busy = False
        """A picture is being looked at."""
        self.posed: tuple[HandPose, int] | None = None
        """The hand that was recorded last, and roughly when."""
        self.closes: tuple[int, str] | None = None
        self.waiting: list[Standing | Understood] = []
        self.wake = asyncio.Event()
        self._standing: Standing | None = None

    def may(self, found: Sound | Picture, now: int) -> bool:
        """Whether a sound or picture is within the rate."""
        cost = found.samples if isinstance(found, Sound) else 1
        self._left = min(self._most, self._left + (now - self._at) / NS * self._rate)
        self._at = now
        if cost > self._left:
            return False
        self._left -= cost
        return True

    def notify(self, message: Standing | Understood) -> None:
        """Queue a message for the page; a standing that it knows is not repeated."""
        if isinstance(message, Standing):
            if message == self._standing:
                return
            self._standing = message
        self.waiting = [*self.waiting, message][-MOST_WAITING:]
        self.wake.set()

    def close(self, code: int, reason: str) -> None:
        """Close it with a reason, which the page shows."""
        self.closes = code, reason.encode()[:120].decode("utf-8", "ignore")
        self.wake.set()
