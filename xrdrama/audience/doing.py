"""What each request of a viewer becomes: one function for each kind, in a table.

A viewer may only do what is in this table; whatever else a page sends is not a message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from xrdrama.adapters.web.audience.hub import CLOSED, Do, Recording, Refusal
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.audience.markers import Finds
from xrdrama.wire.audience import Answer, FromPage, MarkerFound, Recorded, Tap
from xrdrama.wire.events import MarkerSeen, Pressed

SOURCE: Final = "audience"
"""The source of all events of viewers begins with this: audience.SEAT, audience.SEAT.tap."""


def source_of(seat: int, how: str = "") -> str:
    """The source of a seat's events."""
    return f"{SOURCE}.{seat}.{how}" if how else f"{SOURCE}.{seat}"


def does(now: Callable[[], int]) -> Mapping[type[FromPage], Do]:
    """The table; `now` is the time of the show in nanoseconds."""

    finds = Finds()

    def marker(stream: Stream, seat: int, asked: MarkerFound) -> Recording | Refusal:
        frame = stream.frame
        story = stream.view.story
        may_open = stream.view.markers(frame) if frame is not None else ()
        if refusal := finds.refusal(story, seat, asked.marker, may_open):
            return refusal
        event = MarkerSeen(source_of(seat), asked.marker, now())

        def answer(seq: int) -> Answer:
            finds.recorded(story, seat, asked.marker)
            return Recorded(asked.id, seq)

        return Recording(event, answer)

    return {Tap: tap, MarkerFound: marker}


def tap(stream: Stream, seat: int, asked: Tap) -> Recording | Refusal:
    """Pick an option that can be picked now."""
    frame = stream.frame
    options = frame.open_choice.options if frame is not None and frame.open_choice else ()
    if asked.option not in [option.id for option in options]:
        return CLOSED
    event = Pressed(source_of(seat, asked.by), asked.option)
    return Recording(event, lambda seq: Recorded(asked.id, seq))
