"""A peer's subscription to the state lane: a snapshot first, then every frame in order."""

from __future__ import annotations

from collections.abc import Callable

import zmq

from xrdrama.errors import RemoteProtocolError
from xrdrama.wire.codec import MAX_STATE, decode_frame
from xrdrama.wire.frame import Frame

OnFrame = Callable[[Frame], None]
MOST_WAITING = 200
"""Frames that may wait for a slow reader; it misses further ones."""


class StateLane:
    """Used by one thread: the peer's own, which polls. `on_frame` must be quick."""

    def __init__(
        self,
        context: zmq.Context[zmq.Socket[bytes]],
        poller: zmq.Poller,
        endpoint: str,
        on_frame: OnFrame,
    ) -> None:
        self._context, self._poller = context, poller
        self._host = endpoint.rpartition(":")[0]
        self._on_frame = on_frame
        self._socket: zmq.Socket[bytes] | None = None
        self._flows = False
        self._first = -1
        """The number of the snapshot; waiting frames on the lane may be older."""

    def follow(self, port: int) -> None:
        """Subscribe at the port that a welcome named: a core that comes back may name another."""
        self.close()
        self._flows, self._first = False, -1
        socket = self._socket = self._context.socket(zmq.SUB)
        socket.linger = 0
        socket.setsockopt(zmq.MAXMSGSIZE, MAX_STATE)
        socket.setsockopt(zmq.RCVHWM, MOST_WAITING)
        socket.setsockopt(zmq.SUBSCRIBE, b"frame")
        socket.connect(f"{self._host}:{port}")
        self._poller.register(socket, zmq.POLLIN)

    def snapshot(self, frame: Frame) -> None:
        """The frame that was requested on joining; ignored after the first frame of the lane."""
        if not self._flows:
            self._first = frame.number
            self._on_frame(frame)

    def receive(self) -> None:
        """Pass on the waiting frames."""
        while self._socket is not None:
            try:
                parts = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            try:
                frame = decode_frame(parts[-1])
            except RemoteProtocolError:
                continue  # the next one is whole again
            if not self._flows and frame.number <= self._first:
                continue
            self._flows = True
            self._on_frame(frame)

    def close(self) -> None:
        """Close the socket."""
        if self._socket is not None:
            self._poller.unregister(self._socket)
            self._socket.close()
            self._socket = None
