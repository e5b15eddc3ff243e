"""A render node that draws nothing, and its control: a process that a UDP broadcast wakes.

    python -m tests.bench.step_node node ENDPOINT NAME WORK_NS OUT
    python -m tests.bench.step_node udp PORT NAME WORK_NS OUT

Writes a line for each frame: its number and the time at which it was shown, in nanoseconds.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
import time
from pathlib import Path

from xrdrama.nodes.link import Link
from xrdrama.nodes.node import run_node
from xrdrama.wire.frame import Frame


def busy(nanoseconds: int) -> None:
    """Use the processor for so long."""
    end = time.thread_time_ns() + nanoseconds
    while time.thread_time_ns() < end:
        pass


class Drawer:
    """Draws nothing, and takes some time to show it."""

    def __init__(self, work: int) -> None:
        self._work = work

    def draw(self, frame: Frame) -> None:
        """Nothing."""

    def show(self) -> None:
        """Work."""
        busy(self._work)


def as_node(endpoint: str, name: str, work: int, lines: list[str]) -> None:
    link, stop = Link(endpoint, name), threading.Event()
    link.connect()
    wanted = link.content(stop)
    assert wanted is not None
    link.join(wanted.files)
    run_node(
        link, Drawer(work), stop,
        on_shown=lambda frame, at, due: lines.append(f"{frame.number} {at}\n"),
    )  # fmt: skip
    link.close()


def as_control(port: int, work: int, lines: list[str]) -> None:
    waiting = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    waiting.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    waiting.bind(("127.255.255.255", port))
    waiting.settimeout(60)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while (number := struct.unpack("<q", waiting.recv(8))[0]) >= 0:
        busy(work)
        lines.append(f"{number} {time.monotonic_ns()}\n")


if __name__ == "__main__":
    kind, where, name, work, out = sys.argv[1:]
    written: list[str] = []
    if int(work) > 0:  # as --real-time: other work of this machine is not what is measured
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(40))
    if kind == "node":
        as_node(where, name, int(work), written)
    else:
        as_control(int(where), int(work), written)
    Path(out).write_text("".join(written))
