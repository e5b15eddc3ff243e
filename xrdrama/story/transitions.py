"""The form of a beat's transition: how the set changes when the beat begins."""

from __future__ import annotations

from typing import Final

from xrdrama.document import Field, Record
from xrdrama.document.quantities import Duration
from xrdrama.story.plan import Transition

SHORTEST_FADE: Final = 1_000_000
LONGEST_FADE: Final = 60_000_000_000
"""The longest cross-fade between two sets, nanoseconds."""

TRANSITION = Record(
    Transition,
    {
        "fade": Field(
            Duration(SHORTEST_FADE, LONGEST_FADE),
            "how long the two sets cross-fade (0.8s)",
            required=True,
        )
    },
    "How the set changes when the beat begins; default: a cut.",
    such_as="{fade: 0.8s}",
)
