"""Values that cross a thread: `Latest` keeps the newest value, `Inbox` keeps every one. Both count.

Newest-wins or keep-all is said by the type: poses go through a `Latest`, picks through an `Inbox`.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """The newest value put; older ones that nobody took are counted in `replaced`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._value: T | None = None
        self._fresh = False
        self.replaced = 0

    def put(self, value: T) -> None:
        """Replace the value."""
        with self._lock:
            self.replaced += self._fresh
            self._value, self._fresh = value, True

    def take(self) -> T | None:
        """The value when it is new since the last take, else None."""
        with self._lock:
            fresh, self._fresh = self._fresh, False
            return self._value if fresh else None

    def peek(self) -> T | None:
        """The newest value there ever was."""
        return self._value


class Inbox(Generic[T]):
    """Every value in order, up to `most`; those beyond it are refused and counted."""

    def __init__(self, most: int) -> None:
        self._values: deque[T] = deque()
        self._lock = threading.Lock()
        self.most = most
        self.dropped = 0

    def put(self, value: T) -> bool:
        """Add a value; False when the box is full."""
        with self._lock:
            if len(self._values) >= self.most:
                self.dropped += 1
                return False
            self._values.append(value)
            return True

    def drain(self) -> list[T]:
        """All values, oldest first; the box is empty afterwards."""
        with self._lock:
            values = list(self._values)
            self._values.clear()
            return values

    def __len__(self) -> int:
        return len(self._values)
