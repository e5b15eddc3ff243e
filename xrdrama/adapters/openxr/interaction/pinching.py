"""Pinching: thumb and index finger of a bare hand are put together to pick.

A pinch closes below `CLOSED` and opens above `OPEN`, so that a trembling hand pinches once. A hand
that is found with its fingers together has not pinched: it must open first.
"""

from __future__ import annotations

from math import isfinite
from typing import Final

import msgspec

CLOSED: Final = 0.018
"""Metres between the tips of thumb and index finger below which they touch."""
OPEN: Final = 0.032
"""Metres above which they are apart again."""


class Pinch(msgspec.Struct, frozen=True):
    """The state of one hand: `ready` after it was open, `closed` while it pinches."""

    ready: bool = False
    closed: bool = False


def pinch(before: Pinch, apart: float | None) -> tuple[Pinch, bool]:
    """The state with the tips `apart` metres (None: the hand is not seen); and whether it pinches
    now, which is True once for each pinch."""
    if apart is None or not isfinite(apart) or apart < 0.0:
        return Pinch(), False
    if apart > OPEN:
        return Pinch(ready=True), False
    if apart < CLOSED and before.ready:
        return Pinch(closed=True), True
    return before, False
