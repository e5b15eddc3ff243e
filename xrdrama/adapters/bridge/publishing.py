"""The core's end of the state lane: whole frames, and deltas while somebody wants them."""

from __future__ import annotations

from typing import Final

import zmq

from xrdrama.wire.deltas import Sender

WHOLE: Final = b"frame"
"""The topic of whole frames."""
CHANGES: Final = b"delta"
"""The topic of keyframes and deltas."""
AT_ONCE: Final = 500
"""Most subscriptions that are read in a row."""


class StatePublisher:
    """Used by one thread: the bridge's own, which polls `socket` (XPUB)."""

    def __init__(self, socket: zmq.Socket[bytes], epoch: int) -> None:
        # Every subscriber is reported, so that each gets a whole frame first.
        socket.setsockopt(zmq.XPUB_VERBOSE, 1)
        self.socket = socket
        self.frame: bytes | None = None
        """The newest frame."""
        self.made = 0
        """Deltas and keyframes that were made for the lane."""
        self._sender = Sender(epoch)
        self._wanted = self._joined = False

    def receive(self) -> None:
        """Note that somebody subscribes to deltas, or that nobody does any more."""
        for _ in range(AT_ONCE):
            try:
                said = self.socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            if said in ([b"\1" + CHANGES], [b"\0" + CHANGES]):
                self._wanted = self._joined = said[0][0] == 1

    def publish(self, frame: bytes) -> None:
        """Send the next frame to those that want whole ones, and to those that want changes."""
        self.frame = frame
        self.socket.send_multipart([WHOLE, frame])
        if self._wanted:
            self.made += 1
            message = self._sender.next(frame, whole=self._joined)
            self._joined = False
            self.socket.send_multipart([CHANGES, message])
        else:
            self._sender.skip(frame)

    def snapshot(self, *, deltas: bool) -> bytes | None:
        """The newest frame for one who asks, as a keyframe for one who follows deltas."""
        return (self._sender.keyframe() or None) if deltas else self.frame
