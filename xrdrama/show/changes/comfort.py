"""Commands for the comfort of viewers."""

from __future__ import annotations

from math import inf

from xrdrama import story as drama
from xrdrama.show.changes.commands import By, Outcome, applies
from xrdrama.show.changes.progress import story
from xrdrama.show.state import Show
from xrdrama.wire.commands import TimeScaled


@applies(TimeScaled)
def scale_time(show: Show, command: TimeScaled, by: By) -> Outcome:
    """Stretch the windows of choices from now on, the open one included."""
    scale = inf if command.scale is None else command.scale
    return story(show, drama.TimeScaled(scale, by.at))
