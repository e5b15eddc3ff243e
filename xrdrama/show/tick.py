"""What a frame is made of: its time, and the stretch of the ingress log since the frame before."""

from __future__ import annotations

import msgspec

from xrdrama.timing import FrameTime
from xrdrama.wire.events import Entry


class Tick(msgspec.Struct, frozen=True):
    """The only input of `advance`.

    `entries` are all events that count before `time.shows_at` and did not before, in log order.
    """

    time: FrameTime
    entries: tuple[Entry, ...] = ()
