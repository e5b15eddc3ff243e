"""What a frame is made of: its time, and the stretch of the ingress log since the frame before."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from xrdrama.timing import FrameTime
from xrdrama.tracking import TrackingSample
from xrdrama.wire.events import AnyEvent, Entry, Gestured, Heard, Hearing


class Tick(msgspec.Struct, frozen=True):
    """The only input of `advance`.

    `entries` are all events that count before `time.shows_at` and did not before, in log order.
    """

    time: FrameTime
    entries: tuple[Entry, ...] = ()


def arrived(event: AnyEvent, at: int) -> AnyEvent:
    """An event of which nothing lies after its arrival, whatever its sender's clock says."""
    match event:
        case TrackingSample() if event.at > at:
            return replace(event, at=at)
        case Hearing() if event.began > at:
            return replace(event, began=at)
        case Heard() if event.ended > at or event.began > at:
            began, ended = min(event.began, at), min(event.ended, at)
            return replace(event, began=began, ended=ended)
        case Gestured() if event.seen > at:
            return replace(event, seen=at)
    return event
