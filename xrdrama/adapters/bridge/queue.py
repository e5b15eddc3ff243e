"""A queue with a file descriptor, so that one poller can wait for queues and sockets."""

from __future__ import annotations

import os
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class WakingQueue(Generic[T]):
    """Many writers, one reader. `fileno` becomes readable when something waits (eventfd)."""

    def __init__(self) -> None:
        self._values: deque[T] = deque()
        self._descriptor = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def fileno(self) -> int:
        """The descriptor to poll."""
        return self._descriptor

    def put(self, value: T) -> None:
        """Add a value and wake the reader."""
        self._values.append(value)
        self.wake()

    def wake(self) -> None:
        """Wake the reader with nothing to read."""
        os.eventfd_write(self._descriptor, 1)

    def drain(self) -> list[T]:
        """All waiting values, oldest first."""
        try:
            os.eventfd_read(self._descriptor)
        except BlockingIOError:
            return []
        values = []
        while self._values:
            values.append(self._values.popleft())
        return values

    def __del__(self) -> None:
        os.close(self._descriptor)
