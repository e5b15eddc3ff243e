"""Somebody who looks at the wall's live pictures, as a console does."""

from __future__ import annotations

import threading
import time
from hashlib import blake2b

from xrdrama.adapters.web.board.memory import BoardReader


class Wall(threading.Thread):
    """Looks at the wall's pictures as they come: when, and a hash of each."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.seen: list[tuple[int, bytes]] = []
        self.first = 0
        """The number that the first picture of all came with."""
        self._reader = BoardReader(port)
        self._over = threading.Event()

    def run(self) -> None:
        after = 0
        while not self._over.wait(0.005):
            self._reader.look("wall")
            found = self._reader.picture("wall", after)
            if found is not None:
                after = found.sequence
                self.first = self.first if self.seen else found.frame
                self.seen.append((time.monotonic_ns(), hash_of(found.data)))

    def close(self) -> None:
        self._over.set()
        if self.is_alive():
            self.join()
        self._reader.close()


def hash_of(picture: bytes) -> bytes:
    """What two equal pictures have in common."""
    return blake2b(picture, digest_size=16).digest()
