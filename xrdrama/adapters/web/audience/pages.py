"""What the audience's server remembers of an open page, and of a seat."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import Final

from starlette.websockets import WebSocket

from xrdrama.adapters.web.access.limits import Claim
from xrdrama.adapters.web.audience.allowance import Allowance
from xrdrama.adapters.web.audience.finding import FINDS_A_SECOND, FINDS_AT_ONCE
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.wire.audience import Answer

ASKS_A_SECOND: Final = 10.0
ASKS_AT_ONCE: Final = 30.0
MOST_REMEMBERED: Final = 64
"""Answered requests of one seat that are remembered, in case it sends them again."""


class Page:
    """One open socket, the number of the state that it has, and its waiting answers."""

    def __init__(self, socket: WebSocket, seat: int, claim: Claim, stream: Stream) -> None:
        self.socket, self.seat, self.claim, self.stream = socket, seat, claim, stream
        self.n = -1
        self.answers: deque[Answer] = deque(maxlen=MOST_REMEMBERED)
        self.reason = ""
        self.wake = asyncio.Event()

    def answer(self, answer: Answer) -> None:
        """Queue an answer."""
        self.answers.append(answer)
        self.wake.set()


class Seat:
    """What is remembered of a seat: its answered requests, and its rate limit."""

    def __init__(self, now: float) -> None:
        self.answers: OrderedDict[int, Answer | None] = OrderedDict()
        """By id; None while the show has not answered."""
        self.allowance = Allowance(now, ASKS_A_SECOND, ASKS_AT_ONCE)
        self.finds = Allowance(now, FINDS_A_SECOND, FINDS_AT_ONCE)

    def keep(self, id: int, answer: Answer | None) -> None:
        """Remember the answer to a request."""
        self.answers[id] = answer
        while len(self.answers) > MOST_REMEMBERED:
            self.answers.popitem(last=False)
