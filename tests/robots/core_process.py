"""A core in a process of its own: 24 frames a second with the latches of one robot.

Arguments: port. A line `release` on stdin turns the director's key, `stop` stops the robot.
"""

from __future__ import annotations

import sys
import threading
import time

from xrdrama.adapters.bridge import Server
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.codec import encode
from xrdrama.wire.frame import Frame, Latched

RATE = FrameRate(24, 1)


class Door:
    """Takes every record in and keeps none."""

    failure = ""

    def record(self, event, at, origin=None, *, acknowledge=None):  # type: ignore[no-untyped-def]
        if acknowledge:
            acknowledge(1)
        return True

    def promise(self, source, at):  # type: ignore[no-untyped-def]
        return None

    def leave(self, source):  # type: ignore[no-untyped-def]
        return None


def main(port: int) -> None:
    origin = time.monotonic_ns()
    server = Server(
        show="night", rate=(24, 1), fixed_rate=False, door=Door(), port=port,
        now=lambda: time.monotonic_ns() - origin,
    )  # fmt: skip
    server.start()
    server.begin(origin)
    counts = {"stop": 0, "release": 0}

    def read() -> None:
        for line in sys.stdin:
            counts[line.strip()] += 1

    threading.Thread(target=read, daemon=True).start()
    number = 0
    while True:
        latches = (Latched("k1", counts["stop"], counts["release"]),)
        time_ = FrameTime.of(number, RATE)
        server.publish(encode(Frame(time_, "b", "s", {}, latches=latches)), [])
        number += 1
        wait = origin + RATE.shows_at(number) - time.monotonic_ns()
        time.sleep(max(0.0, wait / 1e9))  # until the next frame's time


main(int(sys.argv[1]))
