"""Sequence numbers of a tracker's packets: which were lost, repeated or late."""

from __future__ import annotations

from collections import deque

MOST_MISSING = 256
"""Missing numbers that are remembered, to distinguish a late packet from a restart."""
RESTART_AFTER = 3
"""A number this often in a row behind the newest one is a sender that started again."""


class Sequences:
    """Counts the packets of one subject by sequence numbers that wrap at `modulus`.

    A number up to half the modulus ahead means lost packets between; one behind is late, and no
    longer lost if it was missing.
    """

    def __init__(self, modulus: int) -> None:
        self.modulus = modulus
        self.lost = self.repeated = self.late = 0
        self._newest: int | None = None
        self._missing: deque[int] = deque(maxlen=MOST_MISSING)
        self._behind: list[int] = []

    def received(self, number: int) -> int:
        """Count the next packet's number; returns how many packets were lost just before it."""
        newest = self._newest
        if newest is None:
            self._newest = number % self.modulus
            return 0
        step = (number - newest) % self.modulus
        if step == 1:  # nearly every packet
            self._newest = number % self.modulus
            if self._behind:
                self._behind.clear()
            return 0
        if step == 0:
            self.repeated += 1
            return 0
        if step <= self.modulus // 2:
            self._missing.extend(
                (newest + n) % self.modulus for n in range(1, step)[-MOST_MISSING:]
            )
            self.lost += step - 1
            self._newest = number % self.modulus
            self._behind.clear()
            return step - 1
        return self._late(number % self.modulus)

    def _late(self, number: int) -> int:
        if number in self._missing:
            self._missing.remove(number)
            self.lost -= 1
            self.late += 1
            return 0
        if self._behind and (number - self._behind[-1]) % self.modulus == 1:
            self._behind.append(number)
        else:
            self._behind = [number]
        if len(self._behind) >= RESTART_AFTER:
            self._newest, self.late = number, self.late - len(self._behind) + 1
            self._behind = []
            self._missing.clear()
        else:
            self.late += 1
        return 0
