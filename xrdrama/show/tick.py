"""What a frame is made of: its time, and the stretch of the ingress log since the frame before."""

from __future__ import annotations

from typing import assert_never

import msgspec
from msgspec.structs import replace

from xrdrama.timing import FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import Command
from xrdrama.wire.events import (
    AnyEvent,
    DeviceFound,
    DeviceLost,
    Entry,
    Faced,
    Gazed,
    Gestured,
    Heard,
    Hearing,
    Joined,
    MarkerSeen,
    Presented,
    Pressed,
    Reported,
    Voted,
)


class Tick(msgspec.Struct, frozen=True):
    """The only input of `advance`.

    `entries` are all events that count before `time.shows_at` and did not before, in log order.
    """

    time: FrameTime
    entries: tuple[Entry, ...] = ()


def arrived(event: AnyEvent, at: int) -> AnyEvent:
    """An event without times after its arrival, for any clock of its sender."""
    match event:
        case TrackingSample():
            return replace(event, at=at) if event.at > at else event
        case Hearing():
            return replace(event, began=at) if event.began > at else event
        case Heard():
            if event.ended <= at and event.began <= at:
                return event
            return replace(event, began=min(event.began, at), ended=min(event.ended, at))
        case Gestured() | Faced():
            return replace(event, seen=at) if event.seen > at else event
        case Gazed():
            if event.seen <= at and event.began <= at:
                return event
            return replace(event, began=min(event.began, at), seen=min(event.seen, at))
        case Command() | MarkerSeen() | Pressed() | DeviceLost() | DeviceFound() | Presented():
            return event  # they say no time of their own
        case Reported() | Voted() | Joined():
            return event  # nor do a body and the audience
        case _:
            assert_never(event)
