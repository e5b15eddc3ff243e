"""Draw smaller pictures when frames are late: pure, from the time that each frame took.

A frame is late when its work took longer than the display's period. Pictures get a step smaller
after `MANY_LATE` late frames of the last `OF`. They get a step larger after `EASY_FRAMES` frames
whose work would have fitted at the larger size too, with room; each time that a larger size did not
last, that takes twice as long.
"""

from __future__ import annotations

from typing import Final

import msgspec

STEPS: Final = (1.0, 0.85, 0.7, 0.6, 0.5)
"""Shares of the width and height that the runtime recommends."""
MANY_LATE, OF = 6, 20
EASY_FRAMES: Final = 120
LONGEST_WAIT: Final = 16 * EASY_FRAMES
ROOM: Final = 0.8
"""Share of the period that work may take at a larger size."""


class Scaling(msgspec.Struct, frozen=True):
    """The size of the pictures: a step of `STEPS`, and what counts towards the next change.

    `changes` counts changes, `small` the frames that were drawn smaller, `smallest` is the smallest
    share of all.
    """

    step: int = 0
    late: tuple[bool, ...] = ()
    easy: int = 0
    wait: int = EASY_FRAMES
    grown: bool = False
    changes: int = 0
    small: int = 0
    smallest: float = 1.0

    @property
    def share(self) -> float:
        """The share of the recommended width and height."""
        return STEPS[self.step]


def after(scaling: Scaling, work_ns: int, period_ns: int) -> Scaling:
    """The size for the next frame, after one whose work took so long. Unknown periods (0) change
    nothing."""
    if period_ns <= 0 or work_ns < 0:
        return scaling
    small = scaling.small + (scaling.step > 0)
    late = (*scaling.late, work_ns > period_ns)[-OF:]
    if sum(late) >= MANY_LATE and scaling.step + 1 < len(STEPS):
        wait = scaling.wait * 2 if scaling.grown else scaling.wait
        step = scaling.step + 1
        return Scaling(
            step,
            wait=min(wait, LONGEST_WAIT),
            changes=scaling.changes + 1,
            small=small,
            smallest=min(scaling.smallest, STEPS[step]),
        )
    easy = 0
    if scaling.step:
        larger = (STEPS[scaling.step - 1] / STEPS[scaling.step]) ** 2
        easy = scaling.easy + 1 if work_ns * larger < period_ns * ROOM else 0
    if easy >= scaling.wait:
        return msgspec.structs.replace(
            scaling, step=scaling.step - 1, late=(), easy=0, grown=True,
            changes=scaling.changes + 1, small=small,
        )  # fmt: skip
    return msgspec.structs.replace(scaling, late=late, easy=easy, small=small)
