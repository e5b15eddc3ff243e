"""A peer's subscription to the state lane: a snapshot first, then every frame in order."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import zmq

from xrdrama.adapters.bridge.curve import encrypt
from xrdrama.adapters.bridge.keyring import Pair
from xrdrama.adapters.bridge.publishing import CHANGES
from xrdrama.wire.codec import MAX_STATE
from xrdrama.wire.deltas import Follower
from xrdrama.wire.frame import Frame

OnFrame = Callable[[Frame], None]
MOST_WAITING = 200
"""Messages that may wait for a slow reader; it misses further ones, and asks for a whole frame."""
ASK_AGAIN: Final = 0.1
"""Seconds between two requests for a whole frame."""


class StateLane:
    """Used by one thread: the peer's own, which polls. `on_frame` must be quick.

    `ask` requests a keyframe on the command lane; the answer goes to `snapshot`.
    """

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        poller: zmq.Poller,
        endpoint: str,
        on_frame: OnFrame,
        ask: Callable[[], None],
        pair: Pair | None = None,
    ) -> None:
        self._pair = pair
        self._context, self._poller = context, poller
        self._host = endpoint.rpartition(":")[0]
        self._on_frame, self._ask = on_frame, ask
        self._socket: zmq.Socket[bytes] | None = None
        self._follower = Follower()
        self._asked = 0.0
        """When a whole frame was requested that did not come yet; 0 where none is on its way."""

    @property
    def gaps(self) -> int:
        """How often messages were missing after the first frame."""
        return self._follower.gaps

    def follow(self, port: int, epoch: int) -> None:
        """Subscribe at the port that a welcome named: a core that comes back may name another."""
        self.close()
        self._follower.reset(epoch)
        socket = self._socket = self._context.socket(zmq.SUB)
        socket.linger = 0
        socket.setsockopt(zmq.MAXMSGSIZE, MAX_STATE)
        socket.setsockopt(zmq.RCVHWM, MOST_WAITING)
        socket.setsockopt(zmq.SUBSCRIBE, CHANGES)
        if self._pair:
            encrypt(socket, self._pair)
        socket.connect(f"{self._host}:{port}")
        self._poller.register(socket, zmq.POLLIN)
        self._request()

    def snapshot(self, keyframe: bytes) -> None:
        """A keyframe that was requested."""
        self._asked = 0.0
        self._pass_on(keyframe)

    def receive(self) -> None:
        """Pass on the waiting frames; ask for a whole one where some are missing."""
        while self._socket is not None:
            try:
                parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                break
            self._pass_on(parts[-1])
            if self._follower.lost and time.monotonic() - self._asked > ASK_AGAIN:
                self._request()

    def _pass_on(self, message: bytes) -> None:
        for frame in self._follower.take(message):
            self._on_frame(frame)

    def _request(self) -> None:
        self._asked = time.monotonic()
        self._ask()

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._poller.unregister(self._socket)
            self._socket.close()
            self._socket = None
