"""Python's garbage collector during a show: no collection of everything while frames are made.

A collection of the oldest generation reads every object, which takes longer the larger a show is.
What was loaded cannot be garbage, so it is frozen; what a frame leaves behind is freed by
reference counts (a run of 7,200 frames leaves no cycle), so the oldest generation can wait.
"""

from __future__ import annotations

import gc
from typing import Final

NEVER: Final = 1 << 30
"""So many collections of the middle generation are before one of the oldest."""


def freeze() -> None:
    """Collect once, freeze what is loaded, and let the oldest generation wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], NEVER)


def unfreeze(thresholds: tuple[int, int, int]) -> None:
    """Collect as usual again."""
    gc.set_threshold(*thresholds)
    gc.unfreeze()
