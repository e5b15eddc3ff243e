"""Which finds of printed markers a show accepts from viewers' cameras."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from typing import Final

from xrdrama.adapters.web.audience import finding
from xrdrama.adapters.web.audience.hub import Refusal
from xrdrama.story import Story
from xrdrama.story.markers import uses_of

OPENS_NOTHING: Final = Refusal(*finding.OPENS_NOTHING)
AGAIN: Final = Refusal("You have used this marker already.", "marker_used")
MOST_SHOWN: Final = 60
"""Most letters of a marker's name in an answer."""
MOST_SEATS: Final = 4096
"""Seats whose finds are remembered; the one that found nothing for longest is forgotten."""


class Finds:
    """What each seat has found of markers that the author lets every viewer use once.

    A find counts when it opened something.
    """

    def __init__(self) -> None:
        self._used: OrderedDict[int, set[str]] = OrderedDict()

    def refusal(
        self, story: Story, seat: int, marker: str, may_open: Collection[str]
    ) -> Refusal | None:
        """Why a find of a seat is refused, or None. `may_open`: markers that may open something."""
        if marker not in uses_of(story):
            return unknown(marker)
        if marker in self._used.get(seat, ()):
            return AGAIN
        return None if marker in may_open else OPENS_NOTHING

    def opened(self, story: Story, seat: int, marker: str) -> None:
        """A find of a seat has opened something."""
        declared = story.markers.get(marker)
        if declared is None or declared.once != "viewer":
            return
        self._used.setdefault(seat, set()).add(marker)
        self._used.move_to_end(seat)
        while len(self._used) > MOST_SEATS:
            self._used.popitem(last=False)


def unknown(marker: str) -> Refusal:
    """The answer to a name that is not a marker of the story."""
    name = marker if len(marker) <= MOST_SHOWN else f"{marker[:MOST_SHOWN]}..."
    return Refusal(f"The marker {name!r} does not belong to this story.", "unknown_marker")
