"""A render node's loop: draw what the core says, and show it when the core says."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

import msgspec

from xrdrama.nodes.link import Link
from xrdrama.show.ports import Stop
from xrdrama.timing import NS
from xrdrama.wire.frame import Frame
from xrdrama.wire.stepping import median_ms

LATE: Final = 0.25
"""Seconds after the time of a frame from which on it is not shown any more: the process was
stopped, and the other nodes are at another frame."""
PAUSE: Final = 0.001
"""Seconds without work after a frame was shown; the next one is made later than that."""
TIMEOUT: Final = 1.0
"""Seconds that a node waits for the order to show a frame."""


class Drawer(Protocol):
    """What draws a node's walls."""

    def draw(self, frame: Frame) -> None:
        """Draw a frame without showing it."""

    def show(self) -> None:
        """Show what was drawn."""


class Done(msgspec.Struct, frozen=True):
    """What a node did."""

    node: str
    drawn: int
    shown: int
    dropped: int
    """Frames that were drawn and not shown, because the other nodes were further."""
    joined: int
    draw_ms: float
    late_ms: float
    """Medians: how long drawing took, and how long after its time a frame was shown."""
    clock_trip_us: float
    """The shortest exchange about the clock: the core's time is known to half of this."""


def run_node(
    link: Link,
    drawer: Drawer,
    stop: Stop,
    *,
    stays: bool = False,
    on_shown: Callable[[Frame, int, int], None] = lambda frame, at, due: None,
) -> Done:
    """Draw and show frames until the run ends (unless the node `stays`) or `stop` is set.

    `on_shown(frame, at, due)` is called after each shown frame, with the times at which it was
    shown and should have been, nanoseconds of this machine's clock. DeviceError when the core
    refuses the node.
    """
    drawn = shown = dropped = 0
    took, late = deque[int](maxlen=10_000), deque[int](maxlen=10_000)
    while not stop.is_set() and (stays or not link.over):
        link.turn()
        frame = link.frame_to_draw(0.05)
        if frame is None:
            continue
        began = time.monotonic_ns()
        drawer.draw(frame)
        took.append(time.monotonic_ns() - began)
        link.drawn(frame, took[-1])
        drawn += 1
        due = link.time_to_show(frame, stop, TIMEOUT)
        if due is None or time.monotonic_ns() > due + LATE * NS:
            dropped += 1
            continue
        wait_until(due)
        drawer.show()
        at = time.monotonic_ns()
        time.sleep(PAUSE)  # other nodes on this machine show the frame now
        link.shown(frame, at)
        late.append(at - due)
        shown += 1
        on_shown(frame, at, due)
    trip = round(link.clock.trip / 1000, 1)
    return Done(
        link.name, drawn, shown, dropped, link.joined, median_ms(took), median_ms(late), trip
    )


def wait_until(at: int) -> None:
    """Sleep until a time of the monotonic clock, in nanoseconds."""
    while (left := at - time.monotonic_ns()) > 0:
        time.sleep(left / NS)  # to the frame's own time, which the core has set
