"""Picking by gaze: a card is picked when the viewer looks at it for long enough.

The gaze must first have been off all cards since the choice opened, and again after each pick, so
that nobody picks a card that appears where they already look. A blink or a short glance aside does
not restart the dwell time, and neither do slow frames between which nobody looked away. Times are
nanoseconds of any monotonic clock.
"""

from __future__ import annotations

import msgspec

DWELL = 1_200_000_000
LAPSE = 200_000_000
"""How long the gaze may leave a card without resetting the dwell time."""
SLOWEST = 1_000_000_000
"""Longest time between two frames that both count as looking."""


class Gaze(msgspec.Struct, frozen=True):
    """The state of the gaze: the card it rests on, since when, and when it was last there; `left`
    after it was found beside the card."""

    choice: str = ""
    card: str = ""
    since: int = 0
    seen: int = 0
    armed: bool = False
    left: bool = False


def look(gaze: Gaze, choice: str, card: str, now: int, dwell: int = DWELL) -> tuple[Gaze, str]:
    """The gaze after it was found on `card` ("" = on none) of `choice` ("" = none open), which is
    picked after `dwell` nanoseconds.

    The second value is the card that is picked now, or nothing.
    """
    if choice != gaze.choice:
        gaze = Gaze(choice)
    if not choice:
        return gaze, ""
    if not gaze.armed:
        return Gaze(choice, armed=not card), ""
    if not card:
        lost = gaze.card and now - gaze.seen > LAPSE
        away = Gaze(choice, armed=True) if lost else msgspec.structs.replace(gaze, left=True)
        return away, ""
    if card != gaze.card or now - gaze.seen > (LAPSE if gaze.left else SLOWEST):
        return Gaze(choice, card, now, now, armed=True), ""
    if now - gaze.since >= dwell:
        return Gaze(choice), card
    return msgspec.structs.replace(gaze, seen=now, left=False), ""


def progress(gaze: Gaze, now: int, dwell: int = DWELL) -> float:
    """The progress of the dwell time, 0 to 1."""
    if not gaze.card:
        return 0.0
    return min(1.0, max(0.0, (now - gaze.since) / dwell))
