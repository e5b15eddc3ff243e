"""What each count of a run means: the one definition that terminal, JSON, report and console use.

made + skipped is every frame number of the run. At a fixed rate nothing is late or skipped.
"""

from __future__ import annotations

from typing import Final

COUNTS: Final = {
    "made": "frames whose values were computed and recorded in the take",
    "drawn": "made frames that were also drawn: live, or from the take at a fixed rate;"
    " 0 when the run draws nothing itself",
    "late": "made frames that were computed too late to be drawn live; `xrdrama render` draws them"
    " from the take",
    "skipped": "frame numbers that were not computed, because the machine was more than 20 s late;"
    " neither the take nor its videos have them",
    "dropped": "events of inputs, peers and trackers that were refused and are not in the take,"
    " because too many waited or the disk was full",
}


def counted(made: int, drawn: int, late: int, skipped: int, dropped: int) -> str:
    """The counts of frames and events in one line."""
    return (
        f"{made} frames made, {drawn} drawn, {late} late, {skipped} skipped;"
        f" {dropped} events dropped"
    )
