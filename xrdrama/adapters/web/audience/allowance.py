"""How many messages one viewer or one address may send."""

from __future__ import annotations


class Allowance:
    """A rate limit (token bucket)."""

    def __init__(self, now: float, rate: float, at_once: float) -> None:
        self._rate, self._most = rate, at_once
        self.left, self.at = at_once, now

    def take(self, now: float) -> bool:
        """Whether one more message is within the rate."""
        self.left = min(self._most, self.left + (now - self.at) * self._rate)
        self.at = now
        self.left = max(-1.0, self.left - 1)
        return self.left >= 0
