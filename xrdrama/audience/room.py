"""The room's show: all viewers follow it, and their events are recorded over the bridge."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from hashlib import blake2b
from typing import Final

from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.web.audience.hub import Outcome, Refusal
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.audience.doing import SOURCE
from xrdrama.errors import XrdramaError
from xrdrama.wire.audience import Code
from xrdrama.wire.events import AnyEvent, Joined
from xrdrama.wire.messages import Recorded, Refused

MOST_WAITING: Final = 1500
"""Most events that wait for the core's answer."""
BUSY: Final = Refusal("Too many people answered at the same moment. Please try again.", "too_much")
CODES: Final[dict[str, Code]] = {"too_much": "too_much", "id_reused": "id_reused"}


class Room:
    """One show for all seats. It is used on the event loop of the server."""

    def __init__(self, peer: Peer, stream: Stream) -> None:
        self._peer, self._stream = peer, stream
        self._joined = 0

    def stream(self, seat: int) -> Stream | str:
        """The states of the show."""
        return self._stream

    def left(self, seat: int) -> None:
        """Nothing depends on who watches."""

    def advance(self) -> None:
        """The core advances this show."""

    def joined(self, viewers: int) -> None:
        """Record how many viewers are joined, when that has changed."""
        if viewers == self._joined or self._peer.under_way >= MOST_WAITING:
            return
        with contextlib.suppress(XrdramaError):  # it is recorded again after the next change
            self._peer.record(Joined(SOURCE, viewers), id=secrets.randbits(52) + 1)
            self._joined = viewers

    def send(self, seat: int, id: int, event: AnyEvent, outcome: Outcome) -> None:
        """Record an event over the bridge.

        Its id there follows from seat and id, so that the core itself knows an event that is sent
        again, even after this process was restarted.
        """
        loop = asyncio.get_running_loop()

        def answered(answer: Recorded | Refused) -> None:
            with contextlib.suppress(RuntimeError):  # this process ends
                loop.call_soon_threadsafe(outcome, _outcome(answer))

        if self._peer.under_way >= MOST_WAITING:
            loop.call_soon(outcome, BUSY)
            return
        try:
            self._peer.record(event, on_answer=answered, id=record_id(seat, id))
        except XrdramaError as error:
            loop.call_soon(outcome, Refusal(str(error), "not_recorded"))


def record_id(seat: int, id: int) -> int:
    """The id on the bridge of a seat's request: 53 bits of a hash."""
    digest = blake2b(f"{seat}/{id}".encode(), digest_size=8).digest()
    return max(1, int.from_bytes(digest, "big") >> 11)


def _outcome(answer: Recorded | Refused) -> int | Refusal:
    if isinstance(answer, Recorded):
        return answer.seq
    return Refusal(answer.reason, CODES.get(answer.code, "not_recorded"))
